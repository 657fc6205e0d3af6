"""Which film a person names: `locale=de,aspect=9:16`, or with some of its axes."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from renderer.errors import InputError, Problem
from renderer.expand.deliverable import Deliverable, agree, deliverables, words, written
from renderer.expand.task import Task
from renderer.json_types import Scalar
from renderer.spec.faults import show

_PART = re.compile(r'([^=,"]*)(?:=(\s*"(?:[^"\\]|\\.)*"\s*|[^,"]*))?(?:,|\Z)')
Values = Mapping[str, Mapping[str, Scalar]]
_WRITE = "write AXIS=VALUE, with commas between several"


def wanted(text: str, tasks: Sequence[Task]) -> Deliverable:
    """Return the deliverable that a person named; raise InputError with what there is."""
    known = deliverables(tasks)
    values = _values(known)
    asked, problems = _read(text)
    problems += [] if problems else _unknown(asked, values)
    if problems or not asked:
        raise InputError(problems or "no deliverable is named", _listed(known))
    film = {axis: values[axis][_name(values[axis], value) or ""] for axis, value in asked.items()}
    if not any(film.keys() <= one.keys() and agree(film, one) for one in known):
        raise InputError(f"there is no deliverable {show(text, 200)}", _listed(known))
    return film


def _values(known: Sequence[Deliverable]) -> Values:
    """Return by axis the values that films have, by how they are written."""
    values: dict[str, dict[str, Scalar]] = {}
    for film in known:
        for axis, value in film.items():
            values.setdefault(axis, {}).setdefault(_folded(written(value)), value)
    return values


def _read(text: str) -> tuple[dict[str, str], list[Problem]]:
    """Return the axes and the values that a person wrote, and what is wrong with how."""
    asked: dict[str, str] = {}
    problems: list[Problem] = []
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            what = f"'{show(text[at:], 200)}' is not an axis and its value"
            problems.append(Problem(what=what, todo=f"{_WRITE}; quotes come in pairs"))
            break
        at = part.end()
        axis, value = part[1].strip(), part[2]
        if value is None and axis:
            problems.append(Problem(what=f"'{show(axis, 200)}' has no value", todo=_WRITE))
        elif axis in asked:
            problems.append(
                Problem(what=f"'{show(axis, 200)}' is named twice", todo="name it once")
            )
        elif value is not None:
            asked[axis] = _folded(value.strip())
    return asked, problems


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _name(values: Mapping[str, Scalar], value: str) -> str | None:
    """Return how a value is written that a person wrote, in quotes or not; None if there is none."""
    names = (value, json.dumps(value, ensure_ascii=False), value.strip('"'))
    return next((name for name in names if name in values), None)


def _unknown(asked: Mapping[str, str], values: Values) -> Iterator[Problem]:
    for axis, value in asked.items():
        if axis not in values:
            yield Problem(
                what=f"'{show(axis, 200)}' is not an axis of the deliverables",
                todo=f"there are: {', '.join(values) or 'none'}",
            )
        elif _name(values[axis], value) is None:
            yield Problem(
                what=f"no deliverable has {axis}={show(value, 200)}",
                todo=f"there are: {', '.join(values[axis])}",
            )


def _listed(known: Sequence[Deliverable]) -> str:
    names = [name for film in known[:5] if (name := words(film))]
    more = f" and {len(known) - 5} more" if len(known) > 5 else ""
    return f"there are: {'; '.join(names)}{more}" if names else "the project is one film"
