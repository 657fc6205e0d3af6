"""Where a JSON text holds what is refused of sound JSON: a parser only says that it does."""

import json
import re
from collections.abc import Iterator

from renderer.spec.faults import FORBIDDEN, show

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|-?[A-Za-z]+|[\[\]{}:,]')
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})
_LARGEST = 1e30
_KEY = re.compile(r"\s*:")

_Keys = set[str] | None  # of an object that is open; None for a list


def first_refused(text: str, depth: int) -> tuple[int, str] | None:
    """Return the index and the reason of the first value that is refused, if one is."""
    return next(_refused(text, depth), None)


def _refused(text: str, depth: int) -> Iterator[tuple[int, str]]:
    open_: list[_Keys] = []
    for hit in _WORD.finditer(text):
        word = hit[0]
        if word in ("[", "{"):
            open_.append(set() if word == "{" else None)
            if len(open_) > depth:
                yield hit.start(), f"it is nested too deeply (over {depth})"
        elif word in ("]", "}"):
            del open_[-1:]
        elif word[0] == '"':
            is_key = open_ and _KEY.match(text, hit.end())
            what = _of_text(word, open_[-1] if is_key else None)
            yield from [(hit.start(), what)] if what else []
        elif what := _of_number(word):
            yield hit.start(), what


def _of_number(word: str) -> str:
    if word in _NO_NUMBERS:
        return f"{word} is not a number"
    if word[0] not in "-0123456789":
        return ""
    try:
        return "" if -_LARGEST < float(word) < _LARGEST else "a number is too large"
    except ValueError:
        return f"'{show(word)}' is not a number"


def _of_text(word: str, keys: _Keys) -> str:
    try:
        text = json.loads(word) if "\\" in word else word[1:-1]
    except ValueError:
        return "a text holds what may not be in one"
    half = next((one for one in FORBIDDEN.findall(text) if "\ud800" <= one <= "\udfff"), "")
    if half:
        return f"U+{ord(half):04X} is half a character (a lone surrogate)"
    if keys is None:
        return ""
    twice = text in keys
    keys.add(text)
    return f"the key '{show(text)}' is given twice" if twice else ""
