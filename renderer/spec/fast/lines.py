"""The quick way to read lines; `spec/lines.py` is the truth."""

from collections.abc import Callable, Mapping
from typing import Any

from renderer.json_types import Json
from renderer.spec import names
from renderer.spec.fast.sure import as_items, as_mapping, as_text, sure
from renderer.spec.timecode import moment
from renderer.spec.values import MAX_ITEMS, MAX_LINE, MAX_WHO, Line


def lines(value: Json) -> tuple[Line, ...]:
    """Return the lines of a shot; raise NotSureError unless they are surely right."""
    return tuple(map(_line, as_items(value)))


def _line(value: Json) -> Line:
    given = as_mapping(value)
    said = {key: _LINE[key](inner) for key, inner in given.items() if inner is not None}
    sure(len(said) == len(given))
    return Line(**{_LENGTH.get(key, key): inner for key, inner in said.items()})


def _line_text(value: Json) -> str | Mapping[str, str]:
    if type(value) is not dict:
        return _one_text(value)
    sure(0 < len(value) <= MAX_ITEMS)
    return {names.locale(name): _one_text(inner) for name, inner in value.items()}


def _one_text(value: Json) -> str:
    text = as_text(value)
    sure(text.strip() and len(text) <= MAX_LINE)
    return text


def _who(value: Json) -> str:
    text = as_text(value)
    sure(len(text) <= MAX_WHO and "\n" not in text)
    return text


def _kind(value: Json) -> str:
    sure(value in ("dialogue", "caption"))
    return str(value)


_LENGTH = {"for": "length"}
_LINE: dict[str, Callable[[Json], Any]] = {
    "at": moment,
    "for": moment,
    "who": _who,
    "text": _line_text,
    "kind": _kind,
}
