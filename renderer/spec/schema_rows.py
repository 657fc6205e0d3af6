"""The schema of a shot that stands for many: where a row gives a value, its expression is allowed."""

from collections.abc import Mapping

from renderer.json_types import Json, JsonObject, mapping, sequence

Schema = dict[str, Json]

# What may be made of a row; vars take any value as it is.
_MADE = ("id", "title", "prompt", "settings", "frames", "lines")
_EXPRESSION: Schema = {"type": "string", "pattern": r"\{\{"}
_TEXTS = ("title", "description", "examples", "default")
_FREE = frozenset({"type", *_TEXTS})


def parts(of: JsonObject, word: str) -> dict[str, Schema]:
    """Return the schemas that are below a word, by their names."""
    found = mapping(of.get(word)) or {}
    return {name: dict(mapping(part) or {}) for name, part in found.items()}


def shots_schema(known: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the definitions of a shot that is itself, and of one that stands for its rows."""
    shot = known["Shot"]
    properties = parts(shot, "properties")
    properties["each"] = parts(known["EachShot"], "properties")["each"]
    made = {name: _relaxed(properties[name], known) for name in _MADE}
    made["id"] = {**_EXPRESSION, **_texts(properties["id"])}
    required = [*(sequence(shot["required"]) or ()), "each"]
    many = {**shot, "properties": properties | made, "required": required}
    return {"Shot": {**shot, "properties": properties}, "EachShot": many}


def either(one: str, many: str) -> Schema:
    """Return the schema of an entry of `shots`: what it has to be depends on `each`."""
    return {"if": {"required": ["each"]}, "then": {"$ref": many}, "else": {"$ref": one}}


def _relaxed(value: Schema, known: Mapping[str, Schema]) -> Schema:
    """Return a schema that takes an expression for every value that is no free text."""
    if "$ref" in value:
        name = str(value["$ref"]).rpartition("/")[2]
        return _relaxed(known[name], known) if name in known else value
    for word in ("anyOf", "oneOf", "allOf"):
        if word in value:
            rest = {name: part for name, part in value.items() if name != word}
            inner = [dict(mapping(one) or {}) for one in sequence(value[word]) or ()]
            return {**rest, "anyOf": [_relaxed(branch, known) for branch in inner]}
    if not {"properties", "patternProperties", "items"} & value.keys():
        return _or_expression(value)
    return _inside(value, known)


def _inside(value: Schema, known: Mapping[str, Schema]) -> Schema:
    found = dict(value)
    for word in ("properties", "patternProperties"):
        if word in value:
            found[word] = {name: _relaxed(one, known) for name, one in parts(value, word).items()}
    items = mapping(value.get("items"))
    return found if items is None else {**found, "items": _relaxed(dict(items), known)}


def _or_expression(value: Schema) -> Schema:
    if value.get("type") == "string" and value.keys() <= _FREE:
        return value
    rest = {name: part for name, part in value.items() if name not in _TEXTS}
    return {**_texts(value), "anyOf": [rest, _EXPRESSION]}


def _texts(value: Schema) -> Schema:
    return {name: value[name] for name in _TEXTS if name in value}
