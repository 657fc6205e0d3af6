"""What the schema of a request's parameters may say: a part of JSON Schema."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from renderer.json_types import Json, Scalar

Kind = Literal["object", "array", "string", "boolean", "number", "integer"]

# No `$ref`: nothing is ever fetched. No `pattern`: no expression of a file is ever run.
# `fits` and the messages know exactly these words.
ParameterSchema = TypedDict(
    "ParameterSchema",
    {
        "$schema": str,
        "title": str,
        "description": str,
        "default": Json,
        "format": str,
        "type": Kind,
        "enum": Sequence[Scalar],
        "const": Scalar,
        "minimum": float,
        "maximum": float,
        "minLength": int,
        "maxLength": int,
        "minItems": int,
        "maxItems": int,
        "items": "ParameterSchema",
        "anyOf": "Sequence[ParameterSchema]",
        "properties": "Mapping[str, ParameterSchema]",
        "required": Sequence[str],
        "additionalProperties": bool,
    },
    total=False,
)
KEYWORDS = ParameterSchema.__optional_keys__
