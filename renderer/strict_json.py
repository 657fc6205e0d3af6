"""Strict JSON parsing: bounded, unambiguous, and fit to be written again."""

import json
import re
from collections.abc import Iterator

from renderer.errors import InputError
from renderer.json_types import Json
from renderer.sanitize import visible

DEPTH = 64
PIECES = 1_000_000  # lists and objects, each of some 100 bytes; in long texts commas too
_SMALL = 10 << 20
_LARGEST = 10**30
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")
_HALVED = "half a character (a lone surrogate)"

Pairs = list[tuple[str, Json]]


class NotStrictError(InputError, ValueError):
    """Why a text is not strict JSON; `line` and `column` count from 1, 0 if unknown.

    `twice` is the key that is given twice, if that is why.
    """

    def __init__(self, what: str, *, line: int = 0, column: int = 0, twice: str = "") -> None:
        self.twice = twice
        self.what = what
        self.line = line
        self.column = column
        super().__init__(what)


def read(source: str | bytes, *, most: int, depth: int = DEPTH, pieces: int = PIECES) -> Json:
    """Return the one JSON value of a text of at most `most` characters or bytes.

    Raises NotStrictError for anything that is damaged, ambiguous, endless or nested deeper than
    `depth`. With `depth` 0 the caller looks at every value itself, and only text is checked.
    """
    text = bounded(source, most=most, pieces=pieces)
    value = _decoded(text)
    if depth:
        check(value, depth)
    if may_be_halved(text) and any(map(_HALF.search, texts(value))):
        raise NotStrictError(_HALVED)
    return value


def may_be_halved(text: str) -> bool:
    """Whether a JSON text may hold half a character: UTF-8 itself has none, escapes may."""
    return "\\" in text and _SURROGATE.search(text) is not None


def bounded(source: str | bytes, *, most: int, pieces: int = PIECES) -> str:
    """Return the text, if it is no larger than what may be read at all."""
    if len(source) > most:
        raise NotStrictError(f"larger than {most} bytes")
    text = source if isinstance(source, str) else _utf8(source)
    if not text.isascii() and isinstance(source, str) and _HALF.search(text):
        raise NotStrictError(_HALVED)
    if count(text) > pieces:
        raise NotStrictError(f"more than {pieces} values")
    return text


def count(text: str) -> int:
    """Return about how many values a JSON text has: what bounds the memory that it takes."""
    # Scalars of a smaller text fit into memory whatever their number, and counting takes time.
    # (To look for a mark that is not there costs nothing; to count it does.)
    marks = "[{" if len(text) < _SMALL else "[{,"
    return sum(text.count(mark) for mark in marks if mark in text)


def _utf8(source: bytes) -> str:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotStrictError(f"not UTF-8 at byte {error.start}") from None


def _decoded(text: str) -> Json:
    try:
        value: Json = json.loads(text, object_pairs_hook=unique, parse_constant=_constant)
    except json.JSONDecodeError as error:
        what = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise NotStrictError(what, line=error.lineno, column=error.colno) from None
    except NotStrictError:
        raise
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        raise NotStrictError("nested too deeply" if deep else "a number too long") from None
    return value


def unique(pairs: Pairs) -> dict[str, Json]:
    """Return an object whose keys are all different; for `object_pairs_hook`."""
    found = dict(pairs)
    if len(found) < len(pairs):
        key = _twice(pairs)
        raise NotStrictError(f"the key '{visible(key[:80])}' is given twice", twice=key)
    return found


def _twice(pairs: Pairs) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key
        seen.add(key)
    return ""


def check(value: Json, depth: int = DEPTH) -> None:
    """Raise NotStrictError for a value that is nested too deeply or holds an endless number."""
    level = [value]
    for _ in range(depth + 1):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return
    raise NotStrictError(f"nested too deeply (over {depth})")


def _inside(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list):
        return value
    if isinstance(value, int | float) and not -_LARGEST < value < _LARGEST:
        raise NotStrictError("a number too large")
    return []


def texts(value: Json) -> Iterator[str]:
    """Yield every text of a value, keys too."""
    open_ = [value]
    while open_:
        one = open_.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield from one
            open_ += one.values()
        elif isinstance(one, list):
            open_ += one


def repaired(value: Json) -> Json:
    """Return a value of bounded depth with every half character replaced by U+FFFD."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_HALF.sub("\ufffd", key): repaired(inner) for key, inner in value.items()}
    return [repaired(inner) for inner in value] if isinstance(value, list) else value


def _constant(word: str) -> Json:
    raise NotStrictError(f"{word} is not a number")
