"""The parameters of all video models in one schema, for `settings:` in editors."""

from collections.abc import Iterable, Mapping
from functools import reduce

from renderer.catalog.parameter_schema import ParameterSchema
from renderer.catalog.video_model import VideoModel

FILLED_BY_THE_TOOL = frozenset({"taskType", "taskUUID", "positivePrompt"})
_ABOUT = ("title", "description", "default")


def settings_schema(models: Iterable[VideoModel]) -> ParameterSchema:
    """Return the JSON Schema of `settings:`: what any of the models takes, nothing required."""
    merged = reduce(_merge, [model.schema for model in models])
    properties = merged["properties"].items()
    return {
        "title": "Settings",
        "description": "Request parameters, spelled as the API spells them.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: part for key, part in properties if key not in FILLED_BY_THE_TOOL},
    }


def _merge(one: ParameterSchema, other: ParameterSchema) -> ParameterSchema:
    if "properties" in one and "properties" in other:
        return {**one, "properties": _merge_each(one["properties"], other["properties"])}
    if "enum" in one and "enum" in other:
        more = [value for value in other["enum"] if value not in one["enum"]]
        return {**_about(one, other), "enum": [*one["enum"], *more]}
    if _bare(one) == _bare(other):
        return one
    return {"anyOf": [*_branches(one), *(b for b in _branches(other) if b not in _branches(one))]}


def _about(one: ParameterSchema, other: ParameterSchema) -> ParameterSchema:
    kept = one.copy()
    if one.get("default") != other.get("default"):
        kept.pop("default", None)
    return kept


def _merge_each(
    one: Mapping[str, ParameterSchema], other: Mapping[str, ParameterSchema]
) -> dict[str, ParameterSchema]:
    merged = dict(one)
    for key, part in other.items():
        merged[key] = _merge(one[key], part) if key in one else part
    return merged


def _bare(schema: ParameterSchema) -> dict[str, object]:
    return {key: value for key, value in schema.items() if key not in _ABOUT}


def _branches(schema: ParameterSchema) -> list[ParameterSchema]:
    return list(schema["anyOf"]) if "anyOf" in schema else [schema]
