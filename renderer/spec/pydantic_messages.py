"""Pydantic's errors in plain English: where, what is wrong, what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from renderer.json_types import Json
from renderer.spec import model
from renderer.spec.faults import show
from renderer.spec.lines import Line
from renderer.spec.names import NameFaultError, identifier
from renderer.spec.reader import Document
from renderer.spec.scalars import spell
from renderer.spec.values import ASPECTS
from renderer.spec.vocabulary import closest, is_secret, unknown_key

Path = tuple[str | int, ...]


Detail = Mapping[str, Any]  # of pydantic: what is in it depends on the type of the error


@dataclass(frozen=True, slots=True)
class Message:
    """One error as it is reported: the path in the document, what, what to do, key or value."""

    path: Path
    what: str
    todo: str
    key: bool = False


def message_of(detail: Detail, document: Document, kind: type[BaseModel]) -> Message:
    """Turn one of pydantic's error details into words."""
    loc, on_key = _loc(detail["loc"])
    path = _in_document(loc, document.value)
    if isinstance(detail["input"], float):
        detail = {**detail, "written": document.written(path, detail["input"])}
    message = _TELLERS.get(detail["type"], _other)
    found = message(detail, path, kind)
    return Message(found.path, found.what, found.todo, found.key or on_key)


def _loc(loc: Path) -> tuple[Path, bool]:
    on_key = bool(loc) and loc[-1] == "[key]"
    steps = loc[:-1] if on_key else loc
    # Matrix gathers its axes under a name that nobody wrote.
    kept = [
        step
        for at, step in enumerate(steps)
        if not (step == "axes" and at and steps[at - 1] == "matrix")
    ]
    return tuple(kept), on_key


def _in_document(loc: Path, document: Json) -> Path:
    """Drop the steps that only pydantic knows, such as the arm of a union; keep a missing last."""
    path: list[str | int] = []
    for at, step in enumerate(loc):
        if step in _ARMS:
            continue
        known, document = _part(document, step)
        if known or at == len(loc) - 1:
            path.append(step)
    return tuple(path)


def _part(value: Json, step: str | int) -> tuple[bool, Json]:
    """Return whether a value has a part, and the part."""
    if isinstance(value, dict) and isinstance(step, str):
        return step in value, value.get(step)
    if isinstance(value, list) and isinstance(step, int) and -1 < step < len(value):
        return True, value[step]
    return False, None


def _missing(_: Detail, path: Path, __: type[BaseModel]) -> Message:
    name = str(path[-1])
    what, todo = _MISSING.get(name, (f"'{name}' is missing", f"add {name}:"))
    return Message(path[:-1], what, todo)


def _extra(_: Detail, path: Path, kind: type[BaseModel]) -> Message:
    known = _known_keys(path[:-1], kind)
    what, todo = unknown_key(show(str(path[-1])), known)
    return Message(path, what, todo, key=True)


def _known_keys(path: Path, kind: type[BaseModel]) -> list[str]:
    owner: type[BaseModel] = kind
    for step in path:
        owner = _OWNERS.get(str(step), owner)
    if owner is model.Matrix and len(path) > path.index("matrix") + 1:
        owner = model.DataFile  # of an axis
    return [field.alias or name for name, field in owner.model_fields.items()]


def _fault(detail: Detail, path: Path, _: type[BaseModel]) -> Message:
    context = detail["ctx"]
    full = (*path, *context["path"])
    todo = context["todo"]
    if full[-2:-1] == ("matrix",) and isinstance(detail["input"], str | int | float):
        todo = _axis_of_ours(str(full[-1]), detail["input"]) or todo
    return Message(full, f"{_subject(detail, full)} {context['what']}", todo)


def _axis_of_ours(name: str, value: object) -> str:
    """Say what to write at an axis whose values are known, if this value is none of them."""
    if name == "aspect" and value not in ASPECTS:
        return f'write ["{ASPECTS[0]}"], or others of {", ".join(ASPECTS[1:])} in quotes'
    return "write [true, false]" if name == "draft" and not isinstance(value, bool) else ""


def _subject(detail: Detail, path: Path) -> str:
    value = detail["input"]
    if detail["loc"] and detail["loc"][-1] == "[key]":
        return f"'{show(str(value))}'"
    if isinstance(value, str) and value.strip() and path and isinstance(path[-1], str):
        return f"{show(path[-1])} '{show(value)}'"
    return _name(path)


def _wrong_type(detail: Detail, path: Path, _: type[BaseModel]) -> Message:
    name = str(path[-1]) if path else ""
    if detail["input"] is None and name in _MISSING:
        return Message(path, *_MISSING[name])
    wanted, todo = _SHAPES.get(name, _WANTED[detail["type"]])
    if isinstance(path[-1] if path else "", int) and len(path) > 1:
        wanted, todo = _ITEMS.get(str(path[-2]), (wanted, todo))
    return Message(
        path,
        f"{_name(path)} must be {wanted}, found {_found(detail, path)}",
        todo if name in _FRAMES else _quoted(detail, name) or todo,
    )


def _as_text(name: str, text: str) -> str:
    """Say how a number becomes text, unless that text would be refused in its turn."""
    if name in _IDS:
        try:
            identifier(text)
        except NameFaultError as error:
            return error.todo
    if name == "prompt" and len(text) < _SHORTEST:
        return "say what the shot shows"
    return f'write "{text}" in quotes'


def _quoted(detail: Detail, name: str) -> str:
    value = detail["input"]
    if detail["type"] == "string_type" and isinstance(value, bool | int | float):
        return _as_text(name, _written(detail))
    if detail["type"] == "bool_type" and isinstance(value, str):
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}
        word = meant.get(value.lower(), value.lower())
        return f"write {word} without quotes" if word in {"true", "false"} else ""
    return ""


def _written(detail: Detail) -> str:
    return detail.get("written") or spell(detail["input"])


def _found(detail: Detail, path: Path) -> str:
    value = detail["input"]
    if value is None:
        return "nothing"
    if isinstance(value, bool | int | float):
        return _written(detail)
    if isinstance(value, str):
        return "text" if _hidden(path) else f"the text '{show(value)}'"
    return "a mapping" if isinstance(value, dict) else "a list"


def _literal(detail: Detail, path: Path, kind: type[BaseModel]) -> Message:
    if path == ("version",):
        return Message(path, f"version must be the number 1, found {_found(detail, path)}", _ONE)
    allowed = _allowed(path, kind)
    value = detail["input"]
    near = _near_aspect(str(value)) if "16:9" in allowed else closest(str(value), allowed)
    options = ", ".join(f'"{option}"' if ":" in option else option for option in allowed)
    hint = f"did you mean {near}? " if near else ""
    what = f"{_name(path)} cannot be {_found(detail, path).removeprefix('the text ')}"
    return Message(path, what, f"{hint}use one of {options}")


def _near_aspect(text: str) -> str:
    sides = text.lower().replace(" ", "").replace("x", ":").replace("/", ":")
    return f'"{sides}"' if sides in ASPECTS else ""


def _allowed(path: Path, kind: type[BaseModel]) -> list[str]:
    owner: type[BaseModel] = kind
    for step in path[:-1]:
        owner = _OWNERS.get(str(step), owner)
    notes = get_args(owner.model_fields[str(path[-1])].annotation)
    return [
        str(option)
        for arm in notes
        for option in (get_args(arm) or [arm])
        if isinstance(option, str)
    ]


def _length(detail: Detail, path: Path, _: type[BaseModel]) -> Message:
    limit = detail["ctx"]["max_length"]
    return Message(path, f"{_name(path)} is longer than {limit}", "shorten it")


def _other(detail: Detail, path: Path, _: type[BaseModel]) -> Message:
    return Message(
        path, f"{_name(path)} is not valid: {detail['msg']}", "see the documentation of the format"
    )


def _name(path: Path) -> str:
    """Return the words for what is at a path: 'prompt', or an entry of 'shots'."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of {_name(path[:-1])}"
    return f"'{show(path[-1])}'"


def _hidden(path: Path) -> bool:
    return any(isinstance(step, str) and is_secret(step) for step in path)


_ONE = "write version: 1"
_FRAMES = frozenset({"first", "last"})
_IDS = frozenset({"scene", "id"})
_SHORTEST = 2  # characters of a prompt that any video model takes
_ARMS = frozenset(
    {
        *("<text>", "<file>", "<shot>", "<keyframe>", "<one>", "<many>", "<list>", "<data>"),
        "<locales>",
    }
)
_OWNERS: dict[str, type[BaseModel]] = {
    "shots": model.EachShot,
    "each": model.RowsFile,
    "lines": Line,
    "prompt": model.PromptFile,
    "frames": model.Frames,
    "first": model.ShotFrame,
    "last": model.ShotFrame,
    "keyframes": model.ShotFrame,
    "matrix": model.Matrix,
}
_MISSING = {
    "version": ("'version' is missing", "begin the file with `version: 1`"),
    "scene": ("'scene' is missing", "name the scene, such as `scene: clocktower`"),
    "shots": ("'shots' is missing", "add `shots:` with at least one `- id: …`"),
    "id": ("the shot has no id", "begin it with `- id: …`"),
    "prompt": ("the shot has no prompt", "add `prompt:` with text, or with {file: …}"),
    "shot": ("the frame names no shot", "write {shot: id}, or {keyframe: name}, or a file"),
    "at": ("the line has no time", "say when it begins, in seconds: at: 1.5"),
    "for": ("the line has no length", "say how long it lasts, in seconds: for: 2"),
    "text": ("the line has no text", "add `text:`"),
    "file": ("the prompt names no file", "write prompt: {file: name.j2}, or the prompt as text"),
}
_SHAPES = {
    "shots": ("a list of shots", "begin each shot with `- id: …`"),
    "prompt": ("text, or {file: …}", "write long text below `prompt: |`, indented"),
    "settings": ("a mapping", "write `name: value` lines under it"),
    "vars": ("a mapping", "write `name: value` lines under it"),
    "frames": ("a mapping", "write frames: {first: …, last: …}"),
    "keyframes": ("a mapping", "write `name: image` lines under it"),
    "first": ("an image, {shot: …} or {keyframe: …}", "write a file below the project in text"),
    "last": ("an image, {shot: …} or {keyframe: …}", "write a file below the project in text"),
    "matrix": ("a mapping", "write `axis: [values]` lines under it"),
    "lines": ("a list of lines", "begin each line with `- at: …`"),
    "text": ("text, or one for each locale", "write text, or {en: …, de: …}"),
    "include": ("a list of mappings", "write include: [{axis: value}]"),
    "exclude": ("a list of mappings", "write exclude: [{axis: value}]"),
}
_ITEMS = {
    "lines": ("a mapping", "write {at: 0.5, for: 2, text: …}"),
    "shots": ("a mapping", "begin the shot with `- id: …`, and indent the rest below"),
    "include": ("a mapping", "write {axis: value}"),
    "exclude": ("a mapping", "write {axis: value}"),
}
_WANTED = {
    "string_type": ("text", "write text"),
    "bool_type": ("true or false", "write true or false"),
    "dict_type": ("a mapping", "write `key: value` lines under it"),
    "model_type": ("a mapping", "write `key: value` lines under it"),
    "model_attributes_type": ("a mapping", "write `key: value` lines under it"),
    "tuple_type": ("a list", "write `- ` before each entry"),
    "list_type": ("a list", "write `- ` before each entry"),
}
_TELLERS: dict[str, Callable[[Detail, Path, type[BaseModel]], Message]] = {
    "missing": _missing,
    "extra_forbidden": _extra,
    "fault": _fault,
    "literal_error": _literal,
    "too_long": _length,
    "string_too_long": _length,
    **dict.fromkeys(_WANTED, _wrong_type),
}
