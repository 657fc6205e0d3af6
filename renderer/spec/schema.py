"""JSON Schema for editors, from the types: what may be written, and what it means.

Draft-07, since that is what YAML language servers know best. Where null unsets what a farther
layer says, the schema takes null.
"""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from renderer.json_types import Json, JsonObject, mapping, sequence
from renderer.spec.base import Spec
from renderer.spec.model import Scene
from renderer.spec.names import AXIS_PATTERN
from renderer.spec.project_model import Project
from renderer.spec.schema_rows import either, parts, shots_schema
from renderer.spec.values import ASPECTS, UNSETTABLE
from renderer.spec.vocabulary import OURS

Schema = dict[str, Json]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_HERE = "#/definitions/"
_MADE_BY_US = ("taskType", "taskUUID", "positivePrompt")
# A layer holds a part of a request, so rules over a whole request cannot hold in it.
_WHOLE_REQUEST = [
    "$schema",
    "$id",
    "$defs",
    "definitions",
    "title",
    "description",
    "examples",
    "required",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "default",
    "minProperties",
]
_TEXTS = ("default", "title", "description", "examples")
_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}


def scene_schema(settings_schema: Mapping[str, object]) -> Schema:
    """Return the schema of a scene; `settings_schema` describes a request's parameters."""
    return _schema(Scene, "Scene", "One scene file in `specs/`.", settings_schema)


def project_schema(settings_schema: Mapping[str, object]) -> Schema:
    """Return the schema of renderer.yaml; `settings_schema` describes a request's parameters."""
    return _schema(Project, "Project", "Defaults of all scenes.", settings_schema)


class _Generate(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of names: they say nothing new in an editor."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def _schema(kind: type[Spec], title: str, about: str, settings: Mapping[str, object]) -> Schema:
    given = mapping(settings) or {}
    made: Schema = kind.model_json_schema(
        schema_generator=_Generate, ref_template=f"{_HERE}{{model}}"
    )
    known = {name: _plain(part) for name, part in parts(made, "$defs").items()}
    made.pop("$defs", None)
    own = {"settings": _settings(parts(made, "properties")["settings"], given), **_inner(given)}
    known.pop("JsonValue", None)
    known |= {"Matrix": _matrix(known["Matrix"], given)} | own
    top = _plain(made) | {"title": title, "description": about}
    if "Shot" in known:
        known |= shots_schema(known)
        own_words = parts(top, "properties")
        entry = either(f"{_HERE}Shot", f"{_HERE}EachShot")
        top["properties"] = own_words | {"shots": {**own_words["shots"], "items": entry}}
    return {"$schema": _DRAFT, **top, "definitions": dict(sorted(known.items()))}


def _plain(part: Schema) -> Schema:
    """Point `settings` at its definition, and keep a reference free of siblings, as draft-07 wants."""
    properties = {
        name: _word(name, _alone(value), part)
        for name, value in sorted(parts(part, "properties").items(), key=_as_written)
    }
    return {**part, **({"properties": properties} if properties else {})}


def _word(name: str, value: Schema, part: Schema) -> Schema:
    if name == "settings":
        return _or_null({"description": value["description"], "$ref": f"{_HERE}settings"})
    closed = _closed(value)
    if name == "keyframes":
        named = parts(closed, "patternProperties").items()
        closed["patternProperties"] = {key: _or_null(image) for key, image in named}
    unsettable = {"first", "last"} if "first" in parts(part, "properties") else UNSETTABLE
    return _or_null(closed) if name in unsettable else closed


def _or_null(value: Schema) -> Schema:
    """Let null stand for a value as well; what an editor shows of it stays in front."""
    if "const" in value or not {"type", "enum"} & value.keys():
        about = {key: part for key, part in value.items() if key in _TEXTS}
        rest = {key: part for key, part in value.items() if key not in _TEXTS}
        branches = sequence(rest.get("oneOf") or rest.get("allOf")) if len(rest) == 1 else None
        return {**about, "anyOf": [*(branches or [rest]), {"type": "null"}]}
    either = dict(value)
    if "type" in value:
        kinds = value["type"] if isinstance(value["type"], list) else [value["type"]]
        either["type"] = list(dict.fromkeys([*kinds, "null"]))
    if "enum" in value:
        either["enum"] = [*(sequence(value["enum"]) or ()), None]
    return either


def _as_written(named: tuple[str, Schema]) -> int:
    return OURS.index(named[0]) if named[0] in OURS else len(OURS)


def _closed(value: Schema) -> Schema:
    """Refuse names that no pattern takes: pydantic leaves such a mapping open."""
    each = value.get("items")
    items = {"items": _closed(each)} if isinstance(each, dict) else {}
    shut = {"additionalProperties": False} if "patternProperties" in value else {}
    return {**value, **items, **shut}


def _alone(value: Schema) -> Schema:
    if "$ref" not in value or len(value) == 1:
        return value
    return {"allOf": [{"$ref": value["$ref"]}], **{k: v for k, v in value.items() if k != "$ref"}}


def _settings(about: Schema, given: JsonObject) -> Schema:
    properties = {name: _unset(_moved(value)) for name, value in _parameters(given).items()}
    kept = {name: value for name, value in given.items() if name not in _WHOLE_REQUEST}
    texts: Schema = {name: about[name] for name in ("description", "examples") if name in about}
    return {"type": "object", **kept, **texts, "properties": properties}


def _unset(value: Schema) -> Schema:
    """Let null stand for a setting, and for each that is deeper in it; lists are one value."""
    inner = {name: _unset(part) for name, part in parts(value, "properties").items()}
    return _or_null({**value, "properties": inner} if inner else value)


def _parameters(given: JsonObject) -> dict[str, Schema]:
    found = parts(given, "properties")
    return {name: value for name, value in found.items() if name not in _MADE_BY_US}


def _inner(given: JsonObject) -> dict[str, Schema]:
    shared = {**parts(given, "definitions"), **parts(given, "$defs")}
    return {f"settings.{name}": _moved(value) for name, value in shared.items()}


def _moved(part: JsonObject) -> Schema:
    """Return a part of the settings' schema with its references pointing into this document."""
    return {
        key: f"{_HERE}settings.{inner.rsplit('/', 1)[-1]}"
        if key == "$ref" and isinstance(inner, str)
        else _moved_value(inner)
        for key, inner in part.items()
    }


def _moved_value(value: Json) -> Json:
    if isinstance(value, list):
        return [_moved_value(inner) for inner in value]
    return _moved(value) if isinstance(value, Mapping) else value


def _matrix(made: Schema, settings: JsonObject) -> Schema:
    axes: dict[str, Schema] = {
        "aspect": {"enum": list(ASPECTS), "description": "Shape of the picture."},
        "draft": {"type": "boolean", "description": "The cheap draft, the final, or both."},
        **_scalars(_parameters(settings), ""),
    }
    known = parts(made, "properties")
    rules = {name: _or_null(_closed(known[name])) for name in ("include", "exclude")}
    return {
        "type": "object",
        "title": "Matrix",
        "description": made["description"],
        "properties": {**{name: _filled(_axis(of)) for name, of in axes.items()}, **rules},
        "propertyNames": {"pattern": AXIS_PATTERN},
        "additionalProperties": _filled(
            _axis(_SCALAR | {"description": "Values of a prompt variable."})
        ),
    }


def _filled(axis: Schema) -> Schema:
    """Let a file stand for the values of an axis, and null for no axis."""
    about = {name: part for name, part in axis.items() if name in _TEXTS}
    rest = {name: part for name, part in axis.items() if name not in _TEXTS}
    return {**about, "anyOf": [rest, {"$ref": f"{_HERE}DataFile"}, {"type": "null"}]}


def _scalars(properties: Mapping[str, Schema], prefix: str) -> dict[str, Schema]:
    """Return the settings that can be an axis, the nested ones by their dotted names."""
    found: dict[str, Schema] = {}
    for name, value in properties.items():
        if "properties" in value:
            found |= _scalars(parts(value, "properties"), f"{prefix}{name}.")
        elif value.get("type") not in {"array", "object"} and name != "numberResults":
            found[prefix + name] = _moved(value)
    return found


def _axis(of: Schema) -> Schema:
    about = {"description": of["description"]} if "description" in of else {}
    items = {name: value for name, value in of.items() if name not in _TEXTS}
    return {"type": "array", **about, "items": items, "minItems": 1, "uniqueItems": True}
