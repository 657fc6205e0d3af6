"""Plain data to YAML as a person would write it; read back, it is the same data."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from renderer.json_types import Json, JsonObject, mapping
from renderer.spec.scalars import LookAlikeError, plain

SCHEMA_LINE = "# yaml-language-server: $schema=../schemas/scene.schema.json"
_WIDTH = 96
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _./@%?=&+~'():-]*[A-Za-z0-9_./@%?=&+~')-])?")
_FOLDABLE = re.compile(r"(?<=\S) (?=\S)")
_OPEN = frozenset({"settings", "frames"})  # always written one line a key, to be edited


def scene_text(scene: JsonObject) -> str:
    """Write a scene: the schema's line for editors, and a free line before each shot."""
    return "\n".join([SCHEMA_LINE, *_mapping(scene, 0), ""])


def _mapping(values: JsonObject, indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, value in values.items():
        name = f"{pad}{_scalar(key)}:"
        if isinstance(value, Mapping | list) and value:
            short = None if key in _OPEN else _flow(value)
            if short is not None and len(name) + 1 + len(short) <= _WIDTH:
                yield f"{name} {short}"
            else:
                yield name
                yield from _nested(value, indent + 2, apart=key == "shots")
        elif isinstance(value, str) and _is_block(value, len(name)):
            yield from _block(value, name, indent + 2)
        else:
            yield f"{name} {_scalar(value)}"


def _nested(value: JsonObject | list[Json], indent: int, *, apart: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _mapping(value, indent)
        return
    for at, item in enumerate(value):
        if at and apart:
            yield ""
        filled = mapping(item)
        first, *rest = _mapping(filled, indent + 2) if filled else [_inline(item)]
        yield f"{' ' * indent}- {first.strip()}"
        yield from rest


def _inline(value: Json) -> str:
    return _flow(value, deep=True) or _scalar(value)


def _flow(value: Json, *, deep: bool = False) -> str | None:
    """Write a collection in one line; None if it holds collections (unless `deep`)."""
    if not isinstance(value, Mapping | list):
        return None
    inner = value.values() if isinstance(value, Mapping) else value
    if not deep and any(isinstance(one, Mapping | list) and one for one in inner):
        return None
    if isinstance(value, Mapping):
        pairs = (f"{_scalar(key)}: {_inline(one)}" for key, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    return "[" + ", ".join(map(_inline, value)) + "]"


def _is_block(text: str, used: int) -> bool:
    """Return whether a text is written below its key: it has lines, or is long prose."""
    one_line = "\n" not in text
    if "\t" in text or text != text.strip() or (one_line and not _FOLDABLE.search(text)):
        return False
    return not one_line or len(text) + used + 3 > _WIDTH


def _block(text: str, name: str, indent: int) -> Iterator[str]:
    """Write a literal text, or a folded one where its lines are too long to read."""
    pad, lines = " " * indent, text.split("\n")
    indented = any(line.startswith(" ") for line in lines)
    if indented or all(len(line) + indent <= _WIDTH for line in lines):
        yield f"{name} |-"
        yield from (pad + line if line else "" for line in lines)
        return
    yield f"{name} >-"
    for at, line in enumerate(lines):
        if at:
            yield ""
        yield from (pad + part for part in _wrapped(line, _WIDTH - indent))


def _wrapped(line: str, width: int) -> Iterator[str]:
    """Break only at a single space between two words: folding gives exactly that back."""
    part = ""
    for word in _FOLDABLE.split(line) if line else ():
        if part and len(part) + 1 + len(word) > width:
            yield part
            part = word
        else:
            part = f"{part} {word}" if part else word
    if part:
        yield part


def _scalar(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        digits = format(Decimal(repr(value)), "f")
        return digits if "." in digits else f"{digits}.0"
    if isinstance(value, str):
        return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, int) else json.dumps(value)


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or ": " in text:
        return False
    try:
        return plain(text) == text
    except LookAlikeError:
        return False
