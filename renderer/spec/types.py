"""The small types that scenes are made of: ids, names, scalars, values of variables."""

import math
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

from renderer.json_types import Json
from renderer.spec import frames, names, project_paths, timecode
from renderer.spec.faults import SlipError
from renderer.spec.rows import row_faults
from renderer.spec.scalars import reading, spell
from renderer.spec.values import MAX_DEPTH, MAX_ITEMS

Path = tuple[str | int, ...]


def fault(what: str, todo: str, path: Path = ()) -> PydanticCustomError:
    """Return an error in our own words; `path` continues from where pydantic is."""
    return PydanticCustomError("fault", "{what}", {"what": what, "todo": todo, "path": path})


def few(value: object) -> object:
    """Return a list or a mapping that is not too long; its entries are judged only then."""
    if isinstance(value, list | tuple | dict) and len(value) > MAX_ITEMS:
        raise fault(f"has {len(value)} entries, the limit is {MAX_ITEMS}", "shorten or split it")
    return value


def _validator(rule: Callable[[str], object]) -> Callable[[str], str]:
    def validated(text: str) -> str:
        try:
            rule(text)
        except SlipError as error:
            raise fault(error.what, error.todo) from None
        return text

    return validated


def _moment(value: object) -> str:
    try:
        return timecode.frame_moment(value)
    except SlipError as error:
        raise fault(error.what, f"{error.todo}, or first or last") from None


def _time(value: object) -> str:
    try:
        return timecode.moment(value)
    except SlipError as error:
        raise fault(error.what.replace("a moment of a take", "a time"), error.todo) from None


def _rows(value: object) -> tuple[Json, ...]:
    if not isinstance(value, list):
        raise fault(
            "must be a list of rows, or {file: …}", "write each: {file: data/products.csv}"
        )
    for path, what, todo in row_faults(value):
        raise fault(what, todo, path)
    return tuple(value)


def _row_id(text: str) -> str:
    if not names.is_template(text) or "item" not in text:
        raise fault(
            "is the same for every row", 'take it from the data: `id: "NAME-{{ item.COLUMN }}"`'
        )
    return text


def _scalar(value: object) -> object:
    plain = value is None or isinstance(value, str | int)
    if plain or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise fault("must be text, a number, true or false", "write one plain value")


def _a_list(value: object) -> object:
    if isinstance(value, list | tuple):
        return few(value)
    if isinstance(value, str | int | float):
        raise fault("must be a list of values", f"write [{spell(value)}]")
    raise fault("must be a list of values", "write them as [one, two]")


def _distinct(values: "tuple[Scalar, ...]") -> "tuple[Scalar, ...]":
    if not values:
        raise fault("is empty", "give it a value, or remove the axis")
    seen: dict[str, Scalar] = {}
    for at, value in enumerate(values):
        first = seen.setdefault(reading(value), value)
        if seen[reading(value)] is not value or at >= len(seen):
            same = "twice" if type(first) is type(value) else f"beside {spell(first)}, its twin"
            what = f"has the value {spell(value)} {same}: one task would be paid for twice"
            raise fault(what, "remove one of the two", (at,))
    return values


def _value(value: object) -> object:
    if value is None:  # it unsets
        return value
    for path, what, todo in _value_faults(value, ()):
        raise fault(what, todo, path)
    return value


def _value_faults(value: object, path: Path) -> Iterator[tuple[Path, str, str]]:
    if len(path) > MAX_DEPTH:
        yield path, f"is nested deeper than {MAX_DEPTH}", "flatten it"
        return
    if isinstance(value, list | dict):
        if len(value) > MAX_ITEMS:
            yield path, f"has {len(value)} entries, the limit is {MAX_ITEMS}", "shorten it"
            return
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for step, inner in pairs:
            if inner is not None or isinstance(value, list):  # null in a mapping unsets
                yield from _value_faults(inner, (*path, step))
    elif not isinstance(value, str | int | float):
        yield path, "has no value", 'write one, or "" for an empty text'


Id = Annotated[
    str,
    AfterValidator(_validator(names.identifier)),
    WithJsonSchema({"type": "string", "pattern": names.ID_PATTERN}),
]
VariableName = Annotated[
    str,
    AfterValidator(_validator(names.variable)),
    WithJsonSchema({"type": "string", "pattern": names.VARIABLE_PATTERN}),
]
AxisName = Annotated[
    str,
    AfterValidator(_validator(names.axis)),
    WithJsonSchema({"type": "string", "pattern": names.AXIS_PATTERN}),
]
TemplateName = Annotated[
    str,
    AfterValidator(_validator(names.template)),
    WithJsonSchema({"type": "string", "pattern": names.TEMPLATE_PATTERN}),
]
ShotName = Annotated[
    str,
    AfterValidator(_validator(names.shot)),
    WithJsonSchema({"type": "string", "pattern": names.SHOT_PATTERN}),
]
Time = Annotated[
    str,
    PlainValidator(_time),
    WithJsonSchema({"type": ["string", "number"], "pattern": timecode.TIME_PATTERN, "minimum": 0}),
]
LocaleName = Annotated[
    str,
    AfterValidator(_validator(names.locale)),
    WithJsonSchema({"type": "string", "pattern": names.LOCALE_PATTERN}),
]
DataName = Annotated[
    str, AfterValidator(_validator(project_paths.data_file)), WithJsonSchema({"type": "string"})
]
Rows = Annotated[
    tuple[Any, ...],
    PlainValidator(_rows),
    WithJsonSchema({"type": "array", "minItems": 1}),
]
RowId = Annotated[str, AfterValidator(_row_id)]
Moment = Annotated[
    str,
    PlainValidator(_moment),
    WithJsonSchema({"type": ["string", "number"], "pattern": timecode.PATTERN, "minimum": 0}),
]
FrameText = Annotated[
    str,
    AfterValidator(_validator(frames.classify)),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
Scalar = Annotated[
    str | int | float | bool | None,
    PlainValidator(_scalar),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"]}),
]
Value = Annotated[
    Json,
    PlainValidator(_value),
    WithJsonSchema({"type": ["string", "number", "boolean", "array", "object", "null"]}),
]
AxisValues = Annotated[
    tuple[Scalar, ...],
    Strict(strict=False),
    AfterValidator(_distinct),
    BeforeValidator(_a_list),
    Field(json_schema_extra={"minItems": 1, "uniqueItems": True}),
]


def _once(axes: tuple[str, ...]) -> tuple[str, ...]:
    for at, axis in enumerate(axes):
        if axis in axes[:at]:
            raise fault(f"names '{axis}' twice", "remove one of the two", (at,))
    return axes


Deliver = Annotated[
    tuple[AxisName, ...], Strict(strict=False), BeforeValidator(few), AfterValidator(_once)
]
