"""CSV to rows: comma, semicolon or tab, a header, and every cell a text."""

import re
from collections.abc import Iterable, Iterator
from csv import Error, reader
from dataclasses import dataclass, field

from renderer.spec.faults import Faults, show
from renderer.spec.rows import ROWS
from renderer.spec.source import clean_data
from renderer.spec.vocabulary import is_secret, secret_key

COLUMNS = 200
CELLS = 200_000
CELL = 64 * 1024
NAME = 100
_MARKS = ",;\t"
_LONGER = 'put a text that holds a separator in "quotes", or name the other columns'
_SHORTER = "add what is missing: an empty cell needs its separator, too"
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(slots=True)
class CsvRows:
    """The rows of a file by the names of its header, and the line where each begins."""

    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


class _BrokenError(ValueError):
    """The record that begins at a line cannot be read."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def read_csv(content: bytes, name: str) -> CsvRows:
    """Read a CSV file; raise InputError with every problem of it."""
    faults = Faults(name)
    text = clean_data(content, faults)
    found = CsvRows()
    mark = _mark(text, faults, tabs=name.endswith(".tsv"))
    try:
        _fill(found, _records(text, mark), faults)
    except _BrokenError as error:
        faults.add((error.line, 1), *_broken(str(error)))
    faults.raise_if_any()
    return found


def _mark(text: str, faults: Faults, *, tabs: bool) -> str:
    """Return what separates cells: tabs, as the name says, or the mark that the header has most of."""
    header = text.partition("\n")[0]
    if not header.strip(f" {_MARKS}"):
        what = "the first line names no column" if text.strip() else "the file is empty"
        faults.add((1, 1), what, "name the columns in the first line, such as sku,name,price")
        faults.raise_if_any()
    if tabs:
        return "\t"
    bare = _QUOTED.sub("", header)
    counts = {mark: bare.count(mark) for mark in _MARKS}
    best = max(counts, key=counts.__getitem__)
    twins = [mark for mark, count in counts.items() if count and count == counts[best]]
    if len(twins) > 1:
        what = "the header has two kinds of separators, and as many of the one as of the other"
        faults.add((1, 1), what, 'put a name that holds a separator in "quotes"')
        faults.raise_if_any()
    return best


def _records(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that holds anything with the line where it begins."""
    rows = reader((f"{line}\n" for line in text.split("\n")), delimiter=mark, strict=True)
    begin = 1
    try:
        for cells in rows:
            if any(cells):
                yield begin, cells
            begin = rows.line_num + 1
    except Error as error:
        raise _BrokenError(begin, str(error)) from None


def _fill(found: CsvRows, records: Iterable[tuple[int, list[str]]], faults: Faults) -> None:
    names: list[str] = []
    for line, cells in records:
        if faults.full:
            return
        if line == 1:
            names = _header(cells, faults)
        elif len(found.rows) >= min(ROWS, CELLS // max(len(names), 1)):
            faults.add((line, 1), *_too_many(len(names)))
            return
        elif len(cells) != len(names):
            what = f"the row has {_counted(len(cells))}, the header has {len(names)}"
            faults.add((line, 1), what, _LONGER if len(cells) > len(names) else _SHORTER)
        elif long := next(
            (name for name, cell in zip(names, cells, strict=True) if len(cell) > CELL), ""
        ):
            what = f"the cell '{show(long)}' has more than {CELL} characters"
            faults.add((line, 1), what, "shorten it")
        else:
            found.rows.append(dict(zip(names, cells, strict=True)))
            found.lines.append(line)
    if not found.rows and not faults.problems:
        faults.add((1, 1), "there is a header, and no row below it", "add a row")


def _too_many(columns: int) -> tuple[str, str]:
    if columns * ROWS > CELLS:
        return (
            f"there are more than {CELLS} cells",
            "remove columns that nothing uses, or split it",
        )
    return f"there are more than {ROWS} rows", "split the file"


def _counted(cells: int) -> str:
    return f"{cells} cell{'' if cells == 1 else 's'}"


def _header(cells: list[str], faults: Faults) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) > COLUMNS:
        what = f"there are {len(names)} columns, the limit is {COLUMNS}"
        faults.add((1, 1), what, "remove those that nothing uses")
        faults.raise_if_any()
    for at, name in enumerate(names):
        if fault := _name_fault(name, names.index(name), at):
            faults.add((1, 1), *fault)
    faults.raise_if_any()  # a row by the wrong names would be all noise
    return names


def _name_fault(name: str, first: int, at: int) -> tuple[str, str] | None:
    if not name:
        return f"column {at + 1} has no name in the header", "name it, or remove the column"
    if first != at:
        return f"column {at + 1} has the name of column {first + 1}, '{show(name)}'", "rename one"
    if len(name) > NAME:
        return f"the name of column {at + 1} is longer than {NAME} characters", "shorten it"
    return secret_key(show(name)) if is_secret(name, prompt=True) else None


def _broken(message: str) -> tuple[str, str]:
    if "unexpected end" in message:
        return (
            'a quote (") is opened and never closed',
            'close it; a quote in a text is written ""',
        )
    if "field limit" in message:
        return f"a cell has more than {CELL} characters", "close its quote, or shorten it"
    return f"it is no CSV: {message}", 'a text that holds a quote is in quotes, with "" for each'
