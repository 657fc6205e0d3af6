"""JSON from strangers: bounded, and strict about what is ambiguous."""

import json
from decimal import Decimal
from typing import Any

Json = Any
LIMIT = 16 * 1024 * 1024  # bytes


def read_json(data: bytes) -> Json:
    """Decode a body; ValueError for anything that is not one unambiguous JSON text.

    Numbers that are no numbers become null, fractions become Decimal.
    """
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_constant=lambda _: None,
            parse_float=Decimal,
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return value


def excerpt(data: bytes, limit: int = 200) -> str:
    """Return the start of a foreign body for people: one line, control characters as ^X."""
    return safe_text(data[: 4 * limit].decode("utf-8", "replace"))[:limit]


def safe_text(text: str) -> str:
    """Return foreign text with nothing in it that a terminal would obey."""
    return "".join(map(_safe, text))


def _safe(char: str) -> str:
    code = ord(char)
    if code < 32 or code == 127:
        return " " if char in "\n\r\t" else "^" + chr(code ^ 64)
    return char if char.isprintable() else f"<U+{code:04X}>"
