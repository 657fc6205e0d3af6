"""Schema errors in plain English: what is wrong with which setting, and what to do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from renderer.catalog.parameter_schema import ParameterSchema
from renderer.catalog.settings_schema import FILLED_BY_THE_TOOL
from renderer.catalog.video_model import VideoModel
from renderer.json_types import Json
from renderer.synonyms import Synonym, folded, nested, synonym

SchemaError = Any  # of jsonschema, whose types say of each part that it may be unset
FaultPath = tuple[str | int, ...]
_SHOWN = 60
_EVIDENT = 0.8

_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a request; `path` leads to the setting, () is the request itself."""

    path: FaultPath
    what: str
    todo: str


def shown(value: Json) -> str:
    """Return a value as it is written in a spec, cut to a bearable length."""
    match value:
        case bool() | None:
            text = {True: "true", False: "false", None: "null"}[value]
        case str():
            text = f"'{value}'" if len(value) <= _SHOWN else f"'{value[:_SHOWN]}…'"
        case int() if abs(value) >= 10**24:
            text = "a number of more than 24 digits"
        case dict():
            text = "a mapping"
        case list():
            text = "a list"
        case _:
            text = str(value)
    return text


def listed(values: Iterable[Json]) -> str:
    """Return allowed values as one line, text without quotes."""
    return ", ".join(value if isinstance(value, str) else shown(value) for value in values)


def dotted(path: FaultPath) -> str:
    """Return a path as people write it: `inputs.frameImages[0].frame`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def explain(model: VideoModel, error: SchemaError) -> Iterator[Fault]:
    """Turn one jsonschema error into faults; a kind that has no words here keeps its own."""
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        yield from _unknown(model, error, path)
    elif error.validator == "required":
        yield from _missing(error, path)
    elif error.validator == "anyOf":
        yield from _nearest(model, error, path)
    else:
        what, todo = _WORDS.get(error.validator, _other)(error)
        yield Fault(path=path, what=f"`{dotted(path) or 'request'}` {what}", todo=todo)


def _unknown(model: VideoModel, error: SchemaError, path: FaultPath) -> Iterator[Fault]:
    known = error.schema["properties"]
    for key in error.instance:
        if key not in known:
            what = f"unknown setting '{str(key)[:_SHOWN]}' of {model.title}"
            yield Fault(path=(*path, key), what=what, todo=_suggest(model, str(key), known))


def _missing(error: SchemaError, path: FaultPath) -> Iterator[Fault]:
    where = f" in {dotted(path)}" if path else ""
    for key in error.validator_value:
        if key not in error.instance:
            yield Fault(path=path, what=f"`{key}` is missing{where}", todo=f"add `{key}`")


def _suggest(model: VideoModel, key: str, known: Mapping[str, Json]) -> str:
    for place in _places(model.schema, ()):
        if place[-1].lower() == key.lower() and place[-1] not in known:
            return _elsewhere(place)
    alike = {folded(name): name for name in known}
    other = synonym(key) if folded(key) not in alike else None
    if other and _has(model, other):
        return other.in_settings
    meant = alike.get(folded(key)) or _near(key, known)
    if meant:
        return f"did you mean '{meant}'?"
    return f"known here: {listed(name for name in known if name not in FILLED_BY_THE_TOOL)}"


def _elsewhere(place: tuple[str, ...]) -> str:
    if place[0] in FILLED_BY_THE_TOOL:
        return f"remove it: `{place[0]}` belongs at the top level of a request, and is filled in there"
    return f"write it as `{nested(dotted(place))}`"


def _near(key: str, known: Iterable[str]) -> str:
    """Return the name that was most likely meant; of what is filled in only an evident slip."""
    near = {name.lower(): name for name in known}
    (found, *_) = (*get_close_matches(key.lower()[:200], near, n=1), "")
    evident = get_close_matches(key.lower()[:200], [found], n=1, cutoff=_EVIDENT)
    return near[found] if found and (evident or near[found] not in FILLED_BY_THE_TOOL) else ""


def _has(model: VideoModel, other: Synonym) -> bool:
    """Return whether what a word stands for is a setting of this model, or none at all."""
    return not other.setting or tuple(other.setting.split(".")) in _places(model.schema, ())


def _places(schema: ParameterSchema, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, part in schema.get("properties", {}).items():
        yield (*path, key)
        yield from _places(part, (*path, key))


def _nearest(model: VideoModel, error: SchemaError, path: FaultPath) -> Iterator[Fault]:
    """Explain by the one branch whose type the value has; else name all types."""
    inner = [e for e in error.context if len(e.relative_path) or e.validator != "type"]
    kinds = [_KINDS[e.validator_value] for e in error.context if e not in inner]
    if inner:
        for part in inner:
            yield from explain(model, part)
    else:
        what = f"`{dotted(path)}` is {shown(error.instance)}"
        yield Fault(path=path, what=what, todo=f"write {' or '.join(kinds)}")


def _type(error: SchemaError) -> tuple[str, str]:
    wanted = _KINDS.get(error.validator_value, str(error.validator_value))
    return f"must be {wanted}, found {shown(error.instance)}", f"write {wanted}"


def _choice(error: SchemaError) -> tuple[str, str]:
    allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
    text = {value.lower(): value for value in allowed if isinstance(value, str)}
    near = get_close_matches(str(error.instance).lower()[:200], text, n=1, cutoff=0.7)
    hint = f"did you mean '{text[near[0]]}'? " if near else ""
    return f"cannot be {shown(error.instance)}", f"{hint}allowed: {listed(allowed)}"


_PIXELS = ("width", "height")


def _bound(error: SchemaError) -> tuple[str, str]:
    low, high = error.schema.get("minimum"), error.schema.get("maximum")
    todo = f"write a number from {low} to {high}"
    if error.absolute_path and error.absolute_path[-1] in _PIXELS:  # most numbers are no size
        todo = "write that of a size of the model, or give `resolution` with `aspect`"
    elif low is None or high is None:
        todo = f"write {high} or less" if low is None else f"write {low} or more"
    return f"is {shown(error.instance)}, out of range", todo


def _length(error: SchemaError) -> tuple[str, str]:
    low, high = error.schema.get("minLength", 0), error.schema.get("maxLength", "any number of")
    count = len(error.instance)
    found = f"has {count} character{'' if count == 1 else 's'}"
    return found, f"write {low} to {high} characters"


def _count(error: SchemaError) -> tuple[str, str]:
    low, high = error.schema.get("minItems", 0), error.schema.get("maxItems", "any number of")
    return f"has {len(error.instance)} entries", f"write {low} to {high} entries"


def _other(error: SchemaError) -> tuple[str, str]:
    return f"does not fit: {str(error.message)[:200]}", "see the model's parameters"


_WORDS: dict[str, Callable[[SchemaError], tuple[str, str]]] = {
    "type": _type,
    "enum": _choice,
    "const": _choice,
    "minimum": _bound,
    "maximum": _bound,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _count,
    "maxItems": _count,
}
