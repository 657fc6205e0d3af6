"""JSON Schema of what commands print, from the types of the documents: draft-07, as for specs."""

import types
from collections.abc import Mapping
from enum import Enum
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from renderer.json_types import Json

Schema = dict[str, Json]
_DRAFT = "http://json-schema.org/draft-07/schema#"
_PLAIN = {str: "string", int: "integer", bool: "boolean", float: "number", type(None): "null"}


def output_schema(kind: Any, title: str, *, closed: bool = False) -> Schema:
    """Return the schema of a document's type; `closed`: with no keys but those of the type.

    What ships is open: a later version adds keys, and no check of a script may break of it.
    """
    writer = _Writer(closed=closed)
    body = _beside_others(writer.schema(kind))
    parts = dict(sorted(writer.parts.items()))
    return {"$schema": _DRAFT, "title": title, **body, "definitions": parts}


class _Writer:
    def __init__(self, *, closed: bool) -> None:
        self.closed = closed
        self.parts: dict[str, Schema] = {}
        self.kinds: dict[str, Any] = {}

    def schema(self, kind: Any) -> Schema:
        """Return the schema of a type; mappings with names are definitions."""
        if kind in _PLAIN:
            return {"type": _PLAIN[kind]}
        if is_typeddict(kind):
            return self._reference(kind)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"enum": [one.value for one in kind]}
        return {} if kind is object else self._made_of_others(kind)

    def _made_of_others(self, kind: Any) -> Schema:
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (NotRequired, Required):
            return self.schema(inner[0])
        if origin is Annotated:
            return self._described(self.schema(inner[0]), inner[1])
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (Union, types.UnionType):
            return self._either([self.schema(one) for one in inner])
        if origin is list:
            return {"type": "array", "items": self.schema(inner[0])}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.schema(inner[1])}
        raise TypeError(f"no schema can be written of {kind}")

    def _described(self, schema: Schema, text: str) -> Schema:
        """Add a description."""
        return {"description": text, **_beside_others(schema)}

    def _either(self, options: list[Schema]) -> Schema:
        kinds = [one["type"] for one in options if one.keys() == {"type"}]
        return {"type": kinds} if len(kinds) == len(options) else {"anyOf": [*options]}

    def _reference(self, kind: Any) -> Schema:
        name = kind.__name__
        if self.kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"two types are called {name}")
        if name not in self.parts:
            self.parts[name] = {}  # a type may hold itself
            self.parts[name] = self._mapping(kind)
        return {"$ref": f"#/definitions/{name}"}

    def _mapping(self, kind: Any) -> Schema:
        hints = get_type_hints(kind, include_extras=True)
        return {
            "description": " ".join((kind.__doc__ or "").split()),
            "type": "object",
            "properties": {name: self.schema(inner) for name, inner in hints.items()},
            "required": [name for name in hints if name in kind.__required_keys__],
            **({"additionalProperties": False} if self.closed else {}),
        }


def _beside_others(schema: Schema) -> Schema:
    """Return a schema that may have siblings: a reference has none in draft-07."""
    return {"allOf": [schema]} if "$ref" in schema else schema
