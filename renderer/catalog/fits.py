"""Whether a value fits a parameter schema: the quick answer, without importing jsonschema.

It knows the words of `load.KEYWORDS` and means by them what JSON Schema means; a property
test compares the two. Where it says no, jsonschema explains why.
"""

from collections.abc import Callable, Mapping
from typing import Any

Json = Any
Schema = Mapping[str, Json]


def fits(schema: Schema, value: Json) -> bool:
    """Whether the value is valid; total, never raises for values made of JSON types."""
    return all(test(schema, value) for word, test in _TESTS.items() if word in schema)


def same(one: Json, other: Json) -> bool:
    """Whether two scalars are the same JSON value: 1 is 1.0, but not true."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def is_number(value: Json) -> bool:
    """Whether the value is a JSON number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Json) -> bool:
    return is_number(value) and (isinstance(value, int) or value.is_integer())


_TYPES: dict[str, Callable[[Json], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": is_number,
    "integer": _is_integer,
}


def _properties(schema: Schema, value: Json) -> bool:
    if not isinstance(value, dict):
        return True
    parts = schema["properties"]
    if schema.get("additionalProperties") is False and not value.keys() <= parts.keys():
        return False
    return all(fits(parts[key], item) for key, item in value.items() if key in parts)


def _required(schema: Schema, value: Json) -> bool:
    return not isinstance(value, dict) or all(key in value for key in schema["required"])


def _items(schema: Schema, value: Json) -> bool:
    return not isinstance(value, list) or all(fits(schema["items"], item) for item in value)


_TESTS: dict[str, Callable[[Schema, Json], bool]] = {
    "type": lambda schema, value: _TYPES[schema["type"]](value),
    "enum": lambda schema, value: any(same(value, allowed) for allowed in schema["enum"]),
    "const": lambda schema, value: same(value, schema["const"]),
    "minimum": lambda schema, value: not is_number(value) or not value < schema["minimum"],
    "maximum": lambda schema, value: not is_number(value) or not value > schema["maximum"],
    "minLength": lambda s, value: not isinstance(value, str) or len(value) >= s["minLength"],
    "maxLength": lambda s, value: not isinstance(value, str) or len(value) <= s["maxLength"],
    "minItems": lambda s, value: not isinstance(value, list) or len(value) >= s["minItems"],
    "maxItems": lambda s, value: not isinstance(value, list) or len(value) <= s["maxItems"],
    "required": _required,
    "properties": _properties,
    "items": _items,
    "anyOf": lambda schema, value: any(fits(part, value) for part in schema["anyOf"]),
}
