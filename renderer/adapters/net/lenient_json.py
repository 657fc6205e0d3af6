"""Lenient JSON parsing: bounded, and strict about what is ambiguous."""

import json
from decimal import Decimal, InvalidOperation

from renderer.json_types import Json
from renderer.strict_json import Pairs, bounded, check, may_be_halved, repaired

LIMIT = 16 * 1024 * 1024  # bytes
_DIGITS = 40


def read_json(data: bytes) -> Json:
    """Decode a body; ValueError for anything that is not one unambiguous JSON text.

    An answer may be the only trace of a task that was paid for, so what can be saved of it is:
    numbers that are none, or are endless, become null, half characters U+FFFD. Fractions become
    Decimal (which the type does not say: nobody but `runware.messages` looks at them).
    """
    text = bounded(data, most=LIMIT)
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_constant=lambda _: None,
            parse_float=_fraction,
            parse_int=_whole,
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    check(value)
    return repaired(value) if may_be_halved(text) else value


def _pairs(pairs: Pairs) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):  # the key is not named: it may be anything
        raise ValueError("a key occurs twice in one object")
    return value


def _fraction(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:  # an exponent of 20 digits
        return None
    return number if -_DIGITS < number.adjusted() < _DIGITS else None


def _whole(text: str) -> int | None:
    return int(text) if len(text) < _DIGITS else None


def excerpt(data: bytes, limit: int = 200) -> str:
    """Return the start of a foreign body for people: one line, control characters as ^X."""
    return safe_text(data[: 4 * limit].decode("utf-8", "replace"))[:limit]


def safe_text(text: str) -> str:
    """Return foreign text with nothing in it that a terminal would interpret."""
    return "".join(map(_safe, text))


def _safe(char: str) -> str:
    code = ord(char)
    if code < 32 or code == 127:
        return " " if char in "\n\r\t" else "^" + chr(code ^ 64)
    return char if char.isprintable() else f"<U+{code:04X}>"
