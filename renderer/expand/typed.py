"""Texts of data as the type that a setting takes: `5` for a duration is a number."""

from collections.abc import Sequence

from renderer.catalog.parameter_schema import ParameterSchema
from renderer.json_types import Json
from renderer.spec.scalars import LookAlikeError, plain

_NAMES: dict[type, str] = {int: "integer", float: "number", bool: "boolean", str: "string"}


def kinds(schema: ParameterSchema, path: Sequence[str | int]) -> frozenset[str]:
    """Return which types the schema of all settings takes at a path."""
    if not path:
        return frozenset(_types(schema))
    head, *rest = path
    found: set[str] = set()
    for branch in schema.get("anyOf", [schema]):
        inner = branch.get("properties", {}).get(str(head))
        inner = branch.get("items") if isinstance(head, int) else inner
        if inner is not None:
            found |= kinds(inner, rest)
    return frozenset(found)


def _types(schema: ParameterSchema) -> set[str]:
    found = {name for branch in schema.get("anyOf", ()) for name in _types(branch)}
    found |= {schema["type"]} if "type" in schema else set()
    values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    return found | {_NAMES[type(value)] for value in values if type(value) in _NAMES}


def typed(text: str, wanted: frozenset[str]) -> Json:
    """Return a text as a number, true or false where that is wanted and it is one; else the text."""
    try:
        value = plain(text) if text else text
    except LookAlikeError:  # 007, 1e3: for the judge of the settings, who says what is wrong
        return text
    kind = _NAMES.get(type(value), "")
    fits = kind in wanted or (kind == "integer" and "number" in wanted)
    return value if fits else text
