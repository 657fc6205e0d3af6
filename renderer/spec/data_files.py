"""Rows from data: a file of the project in CSV, JSON or YAML, or a list in a spec."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json import JSONDecoder

from renderer import strict_json
from renderer.errors import InputError, Place, Problem
from renderer.json_types import Json, sequence
from renderer.spec.csv_rows import CELLS, read_csv
from renderer.spec.faults import Faults
from renderer.spec.json_places import first_refused
from renderer.spec.reader import read as read_yaml
from renderer.spec.rows import IN_YAML, row_faults
from renderer.spec.source import clean_data, point
from renderer.spec.values import MAX_DEPTH

BYTES = 8 << 20
_DEPTH = MAX_DEPTH + 4
_IN_JSON = 'write [{"name": "value"}, …], a mapping for each'
_SPACE = " \t\n\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows, each a mapping or a plain value; `text` says that every value is one (CSV).

    `place` says where a row is written.
    """

    name: str
    rows: Sequence[Json]
    place: Callable[[int], Place]
    text: bool = False


def read_table(content: bytes, name: str) -> Table:
    """Return the rows of a data file; raise InputError with every problem of it."""
    if name.endswith((".csv", ".tsv")):
        found = read_csv(content, name)
        lines = found.lines
        return Table(
            name=name,
            rows=found.rows,
            text=True,
            place=lambda at: Place(file=name, line=lines[at], column=1),
        )
    return _json(content, name) if name.endswith(".json") else _yaml(content, name)


def _checked(
    rows: Json, faults: Faults, place: Callable[[int], Place], example: str = ""
) -> list[Json]:
    for path, what, todo in row_faults(rows, example or IN_YAML):
        said = f"row {int(path[0]) + 1}: {what}" if path else f"the file {what}"
        faults.add(place(int(path[0])) if path else (1, 1), said, todo)
        if faults.full:
            break
    faults.raise_if_any()
    return list(sequence(rows) or ())


def _yaml(content: bytes, name: str) -> Table:
    document = read_yaml(content, name)

    def place(at: int) -> Place:
        return document.place((at,))

    rows = _checked(document.value, Faults(name), place)
    return Table(name=name, rows=rows, place=place)


def _json(content: bytes, name: str) -> Table:
    faults = Faults(name)
    text = clean_data(content, faults)
    try:
        value = strict_json.read(text, most=BYTES, depth=_DEPTH, pieces=CELLS)
    except strict_json.NotStrictError as error:
        raise InputError(_not_json(error, text, name)) from None

    def place(at: int) -> Place:
        line, column = point(text, _offset(text, at))
        return Place(file=name, line=line, column=column)

    return Table(name=name, rows=_checked(value, faults, place, _IN_JSON), place=place)


def _not_json(error: strict_json.NotStrictError, text: str, name: str) -> Problem:
    what, at = error.what, (error.line, error.column)
    if not error.line and (found := first_refused(text, _DEPTH)):
        what, at = found[1], point(text, found[0])
    return Problem(
        what=f"it is no JSON that can be read: {what}",
        todo="correct it, or write it again with a program",
        place=Place(file=name, line=at[0] or 1, column=at[1] or 1),
    )


def _offset(text: str, at: int) -> int:
    """Return where an entry of the list that a sound text holds begins."""
    decoder, here = JSONDecoder(), _next(text, 0) + 1
    for _ in range(at):
        here = _next(text, decoder.raw_decode(text, _next(text, here))[1]) + 1
    return _next(text, here)


def _next(text: str, here: int) -> int:
    while text[here] in _SPACE:
        here += 1
    return here
