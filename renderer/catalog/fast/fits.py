"""Whether a value fits a parameter schema: the quick answer, without importing jsonschema.

It knows the words of `ParameterSchema` and means by them what JSON Schema means. The truth is
jsonschema, and a property test compares the two; where this says no, jsonschema explains why.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from renderer.catalog.parameter_schema import Kind, ParameterSchema
from renderer.json_types import Json, Scalar, is_number

_Length = Literal["minLength", "maxLength", "minItems", "maxItems"]
Test = Callable[[Json], bool]


def compiled(schema: ParameterSchema) -> Test:
    """Return a test for values made of JSON types; it is total and never raises."""
    tests = tuple(make(schema) for word, make in _MAKERS.items() if word in schema)
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def _is_integer(value: Json) -> bool:
    return type(value) is int or (isinstance(value, float) and value.is_integer())


_TYPES: Mapping[Kind, Test] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": is_number,
    "integer": _is_integer,
}


def _one_of(allowed: Sequence[Scalar]) -> Test:
    """Test for scalars; 1 is 1.0 but not true."""
    truths = {value for value in allowed if isinstance(value, bool)}
    others = {value for value in allowed if not isinstance(value, bool)}

    def test(value: Json) -> bool:
        if isinstance(value, bool):
            return value in truths
        return (value is None or isinstance(value, str | int | float)) and value in others

    return test


def _properties(schema: ParameterSchema) -> Test:
    parts = {key: compiled(part) for key, part in schema["properties"].items()}
    closed = schema.get("additionalProperties") is False
    required = schema.get("required", ())

    def test(value: Json) -> bool:
        if not isinstance(value, dict):
            return True
        if any(key not in value for key in required):
            return False
        for key, item in value.items():
            part = parts.get(key)
            if closed if part is None else not part(item):
                return False
        return True

    return test


def _items(schema: ParameterSchema) -> Test:
    part = compiled(schema["items"])
    return lambda value: not isinstance(value, list) or all(map(part, value))


def _any_of(schema: ParameterSchema) -> Test:
    parts = [compiled(part) for part in schema["anyOf"]]
    return lambda value: any(part(value) for part in parts)


def _bound(word: Literal["minimum", "maximum"], *, low: bool) -> Callable[[ParameterSchema], Test]:
    def make(schema: ParameterSchema) -> Test:
        limit = schema[word]
        # Put as "not beyond": NaN is beyond nothing, for jsonschema too.
        if low:
            return lambda value: not is_number(value) or not value < limit
        return lambda value: not is_number(value) or not value > limit

    return make


def _length(
    word: _Length, kind: type[str] | type[list[Json]], *, low: bool
) -> Callable[[ParameterSchema], Test]:
    def make(schema: ParameterSchema) -> Test:
        limit = schema[word]
        if low:
            return lambda value: not isinstance(value, kind) or len(value) >= limit
        return lambda value: not isinstance(value, kind) or len(value) <= limit

    return make


_MAKERS: Mapping[str, Callable[[ParameterSchema], Test]] = {
    "type": lambda schema: _TYPES[schema["type"]],
    "enum": lambda schema: _one_of(schema["enum"]),
    "const": lambda schema: _one_of([schema["const"]]),
    "minimum": _bound("minimum", low=True),
    "maximum": _bound("maximum", low=False),
    "minLength": _length("minLength", str, low=True),
    "maxLength": _length("maxLength", str, low=False),
    "minItems": _length("minItems", list, low=True),
    "maxItems": _length("maxItems", list, low=False),
    "properties": _properties,
    "items": _items,
    "anyOf": _any_of,
}
