"""Plain data and how it is addressed, merged and written in one canonical way.

Data is what JSON has: dicts, lists, text, numbers, true, false, null.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from renderer.json_types import Json

# Made once: an encoder for each call costs more than what it encodes.
_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode
ABSENT = object()


def merge(below: Mapping[str, Json], above: Mapping[str, Json]) -> dict[str, Json]:
    """Lay `above` over `below`: mappings merge at every depth, all else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, dict):
            merged[key] = merge(under, value)
        else:
            merged[key] = value
    return merged


def put(values: Mapping[str, Json], path: Sequence[str], value: Json) -> dict[str, Json]:
    """Return `values` with `value` at `path`; what it shares with the original is not copied."""
    head, *rest = path
    under = values.get(head)
    inner = under if isinstance(under, dict) else {}
    return {**values, head: put(inner, rest, value) if rest else value}


def get(values: Json, path: Sequence[str | int]) -> Json:
    """Return what is at `path`, or None."""
    for key in path:
        if isinstance(values, Mapping):
            values = values.get(key) if isinstance(key, str) else None
        elif isinstance(values, Sequence) and isinstance(key, int) and key < len(values):
            values = values[key]
        else:
            return None
    return values


def find(values: object, path: Sequence[str | int]) -> object:
    """Return what is at `path`: ABSENT if it is not written, None if null unsets it."""
    for key in path:
        if values is None:
            return None
        if not isinstance(values, Mapping) or key not in values:
            return ABSENT
        values = values[key]
    return values


def without(values: Mapping[str, Json], path: Sequence[str]) -> dict[str, Json]:
    """Return `values` without what is at `path`; what it shares with the original is not copied."""
    head, *rest = path
    under = values.get(head)
    if not rest:
        return {key: value for key, value in values.items() if key != head}
    return {**values, head: without(under, rest)} if isinstance(under, Mapping) else dict(values)


def has_null(values: Mapping[str, Json]) -> bool:
    """Return whether anything is null in a mapping, or in one below it."""
    for value in values.values():
        if value is None or (type(value) is dict and has_null(value)):
            return True
    return False


def without_nulls(values: Mapping[str, Json]) -> dict[str, Json]:
    """Leave out what is null, and every mapping that held nothing else; lists are as they are."""
    kept: dict[str, Json] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value:
            inner = without_nulls(value)
            if inner:
                kept[key] = inner
        elif value is not None:
            kept[key] = value
    return kept


def leaves(values: Mapping[str, Json], prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Yield every value that is not a mapping with its dotted name; lists are leaves."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def canonical(value: Json) -> str:
    """Write JSON data so that equal data is equal text: sorted, NFC, 8.0 as 8."""
    return _encode(_plain(value))


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _plain(value: Json) -> Json:
    if isinstance(value, str):
        return _nfc(value)
    if isinstance(value, dict):
        return {_nfc(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
