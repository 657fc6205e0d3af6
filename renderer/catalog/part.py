"""A part of a request, as one layer says it, against the video models: types, names, limits.

What a nearer layer replaces is never sent, so only a value that no model takes is wrong here;
the request as a whole is judged by `check`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from renderer.catalog.fast.fits import Test, compiled
from renderer.catalog.parameter_schema import ParameterSchema
from renderer.catalog.schema_messages import Fault, explain
from renderer.catalog.video_model import VideoModel
from renderer.fast_paths import FAST
from renderer.json_types import Json, mapping

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


def part_faults(
    models: Sequence[VideoModel], model: VideoModel, settings: Mapping[str, Json]
) -> tuple[Fault, ...]:
    """Return what is wrong with settings that no model takes, in the words of this model.

    null takes a value away: it is right wherever there is a setting of this name.
    """
    wrong = {
        key: value
        for key, value in settings.items()
        if not any(_takes(one, key, value) for one in models)
    }
    if not wrong:
        return ()
    kept = mapping(_written(part_schema(model), wrong))
    return tuple(dict.fromkeys(_explained(model, kept))) if kept else ()


def _takes(model: VideoModel, key: str, value: Json) -> bool:
    part = model.schema["properties"].get(key)
    if part is None:
        return False
    tests = _tests(model) if FAST.on else _judges(model)
    return value is None or tests[key](_written(part, value))


def _written(schema: ParameterSchema, value: Json) -> Json:
    """Return a value without the nulls that take a known setting away."""
    if not isinstance(value, dict):
        return value
    known: Mapping[str, ParameterSchema] = schema.get("properties", {})
    return {
        key: _written(known.get(key, {}), inner)
        for key, inner in value.items()
        if inner is not None or key not in known
    }


@lru_cache(maxsize=64)
def _tests(model: VideoModel) -> Mapping[str, Test]:
    properties = part_schema(model)["properties"].items()
    return {key: compiled(schema) for key, schema in properties}


@lru_cache(maxsize=64)
def _judges(model: VideoModel) -> Mapping[str, Test]:
    properties = part_schema(model)["properties"].items()
    return {key: _validator(schema).is_valid for key, schema in properties}


@lru_cache(maxsize=64)
def part_schema(model: VideoModel) -> ParameterSchema:
    """Return a model's schema with nothing required, as far as mappings merge."""
    return _optional(model.schema)


def _optional(schema: ParameterSchema) -> ParameterSchema:
    if "properties" not in schema:
        return schema
    properties = {key: _optional(part) for key, part in schema["properties"].items()}
    kept: ParameterSchema = {**schema, "properties": properties}
    kept.pop("required", None)
    return kept


def _explained(model: VideoModel, settings: Mapping[str, Json]) -> Iterable[Fault]:
    for error in _validator(part_schema(model)).iter_errors(settings):
        yield from explain(model, error)


def _validator(schema: ParameterSchema) -> "Draft202012Validator":
    # Late: jsonschema takes 0.15 s to import, and most runs have no fault to explain.
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415

    return Draft202012Validator(schema, registry=Registry())
