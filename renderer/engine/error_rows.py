"""Faults of the catalog as Runware's errors: code, parameter, type, allowed values."""

from collections.abc import Mapping

from renderer.catalog.catalog import VideoModel
from renderer.catalog.check import Fault
from renderer.catalog.parameter_schema import ParameterSchema
from renderer.engine.responses import Row, error
from renderer.json_types import Json, JsonObject

_DIMENSIONS = ("width", "height", "resolution", "inputs.frameImages")
_TYPES = {"number": "float", "array": "array", "object": "object"}


def rows(model: VideoModel, task: JsonObject, faults: tuple[Fault, ...]) -> list[Row]:
    """Return one error a fault, addressed to the task."""
    return [_row(model, task, fault) for fault in faults]


def _row(model: VideoModel, task: JsonObject, fault: Fault) -> Row:
    message = f"{fault.what}; {fault.todo}."
    missing = _missing(model, task, fault)
    if not fault.path and not missing:
        return error(
            "missingDimensionParameters",
            message,
            task,
            parameter=_DIMENSIONS,
            type="integer|array",
        )
    if missing:
        code = "missingPositivePrompt" if missing == "positivePrompt" else "missingParameter"
        return error(code, message, task, parameter=_dotted((*fault.path, missing)))
    schema = _schema(model, fault.path)
    if schema is None:
        return error("unsupportedParameter", message, task, parameter=_dotted(fault.path))
    return error(
        _code(task, fault.path),
        message,
        task,
        parameter=_dotted(fault.path),
        type=_kind(schema),
        allowedValues=_allowed(model, fault.path, schema),
    )


def _missing(model: VideoModel, task: JsonObject, fault: Fault) -> str:
    """Return the name of a required key that the fault is about."""
    schema: ParameterSchema = _schema(model, fault.path) or {}
    options = (schema, *schema.get("anyOf", ()))
    value = _value(task, fault.path)
    names = [key for option in options for key in option.get("required", ()) if _lacks(value, key)]
    return next((key for key in names if f"`{key}`" in fault.what), "")


def _lacks(value: Json, key: str) -> bool:
    return isinstance(value, Mapping) and key not in value


def _value(task: JsonObject, path: tuple[str | int, ...]) -> Json:
    value: Json = task
    for part in path:
        if isinstance(value, Mapping) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def _schema(model: VideoModel, path: tuple[str | int, ...]) -> ParameterSchema | None:
    """Return the schema of a parameter, None if the model has no such parameter."""
    schemas: list[ParameterSchema] = [model.schema]
    for part in path:
        inner = [option for schema in schemas for option in (schema, *schema.get("anyOf", ()))]
        if isinstance(part, int):
            schemas = [option["items"] for option in inner if "items" in option]
        else:
            schemas = [s["properties"][part] for s in inner if part in s.get("properties", {})]
    return schemas[0] if schemas else None


def _code(task: JsonObject, path: tuple[str | int, ...]) -> str:
    head = path[0]
    if head == "positivePrompt":
        text = isinstance(task.get("positivePrompt"), str)
        return "invalidPositivePromptLength" if text else "invalidPositivePrompt"
    if head == "resolution" and "width" in task:
        return "incompatibleParameters"
    return {"duration": "unsupportedDuration", "model": "invalidModel"}.get(
        str(head), "invalidParameter"
    )


def _kind(schema: ParameterSchema) -> str | None:
    if "anyOf" in schema:
        return "|".join(option.get("type", "string") for option in schema["anyOf"])
    kind = schema.get("type")
    return _TYPES.get(kind, kind) if kind else None


def _allowed(
    model: VideoModel, path: tuple[str | int, ...], schema: ParameterSchema
) -> list[Json] | None:
    if path[0] in {"width", "height"}:
        return [f"{width}x{height}" for width, height in model.named]
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if "enum" in schema else None


def _dotted(path: tuple[str | int, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
