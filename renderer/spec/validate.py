"""A document judged by pydantic's types: its values, or all that is wrong with it at once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from renderer.errors import InputError, Problem
from renderer.json_types import Json, mapping
from renderer.spec import values
from renderer.spec.base import Spec
from renderer.spec.faults import Faults, show
from renderer.spec.lines import Line
from renderer.spec.model import (
    DataFile,
    EachShot,
    Frames,
    Matrix,
    PromptFile,
    RowsFile,
    Scene,
    SharedFrame,
    Shot,
    ShotFrame,
)
from renderer.spec.project_model import Project
from renderer.spec.pydantic_messages import Message, message_of
from renderer.spec.reader import Document
from renderer.spec.rest import Rest, rest_of_project, rest_of_scene
from renderer.spec.rules import Breach, layer_breaches, repeated_ids, scene_breaches
from renderer.spec.rules import shots as shots_of
from renderer.spec.values import MAX_ITEMS

VERSION = 1

_PLAIN: dict[type[Spec], Any] = {
    Scene: values.Scene,
    Shot: values.Shot,
    PromptFile: values.PromptFile,
    Frames: values.Frames,
    RowsFile: values.DataFile,
    DataFile: values.DataFile,
    Line: values.Line,
    ShotFrame: values.ShotFrame,
    SharedFrame: values.SharedFrame,
    Matrix: values.Matrix,
    Project: values.Project,
}
_Made = TypeVar("_Made", bound=Spec)


def scene(document: Document) -> values.Scene:
    """Return the scene of a file in specs/; raise InputError with every problem."""
    made: values.Scene = _plain(_parse(document, Scene))
    if not any(one.each for one in made.shots):
        return made
    return replace(made, shots=tuple(map(_as_written, made.shots, shots_of(document.value))))


def project(document: Document) -> values.Project:
    """Return the project's defaults from renderer.yaml; raise InputError with every problem."""
    made: values.Project = _plain(_parse(document, Project))
    return made


def shot(document: Document) -> values.Shot:
    """Return one shot, which is a whole document here; raise InputError with every problem."""
    made: values.Shot = _plain(_judged(document, Shot, _breaches(document, Shot)))
    return made


def rest_of(document: Document, *, scene: bool) -> Rest | None:
    """Return the sound parts of a document with faults; None if nothing is worth reading."""
    kind: type[Spec] = Scene if scene else Project
    try:
        _check_top(document)
    except InputError:
        return None
    paths = [one.path for one in _breaches(document, kind)]
    try:
        kind.model_validate(document.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        paths += [message_of(one, document, kind).path for one in details]
    return (rest_of_scene if scene else rest_of_project)(document, paths, partial(_sound, kind))


def _sound(kind: type[Spec], value: Json) -> values.Scene | values.Project | None:
    try:
        made: values.Scene | values.Project = _plain(_parse(Document("", "", value), kind))
    except InputError:
        return None
    return made


def _plain(made: Any) -> Any:
    if isinstance(made, tuple):
        return tuple(map(_plain, made))
    if isinstance(made, dict):
        return {name: _plain(inner) for name, inner in made.items()}
    if isinstance(made, EachShot):
        return _each(made)
    kind = _PLAIN.get(type(made))
    return made if kind is None else kind(**_said(made))


def _each(made: EachShot) -> values.Shot:
    each = values.Each(rows=_plain(made.each), shot={})  # as written: known to the document
    return values.Shot(id=made.id, prompt="", skip=made.skip, each=each)


def _as_written(shot: values.Shot, written: Json) -> values.Shot:
    if shot.each is None:
        return shot
    return replace(shot, each=values.Each.of(shot.each.rows, mapping(written) or {}))


def _said(made: Spec) -> dict[str, Any]:
    """Return what was written, and under `unset` the names that were set to null."""
    if isinstance(made, Matrix):
        return _said_of_matrix(made)
    if isinstance(made, Line):
        names = {"for_": "length"}
        return {names.get(key, key): _plain(one) for key, one in made if one is not None}
    said = {name: _plain(inner) for name, inner in made if inner is not None}
    nullable = {"first", "last"} if isinstance(made, Frames) else values.UNSETTABLE
    unset = sorted(name for name in made.model_fields_set & nullable if name not in said)
    return {**said, "unset": tuple(unset)} if unset else said


def _said_of_matrix(made: Matrix) -> dict[str, Any]:
    given = {name: axis for name, axis in made.axes.items() if axis is not None}
    files = {name: _plain(axis) for name, axis in given.items() if isinstance(axis, DataFile)}
    axes = {name: () if name in files else axis for name, axis in given.items()}
    unset = tuple(sorted(made.axes.keys() - axes.keys()))
    rules = {name: getattr(made, name) for name in ("include", "exclude")}
    return {"axes": axes, "unset": unset, "files": files, **rules}


def _parse(document: Document, kind: type[_Made]) -> _Made:
    _check_top(document)
    return _judged(document, kind, _breaches(document, kind))


def _judged(document: Document, kind: type[_Made], breaches: Iterable[Message]) -> _Made:
    faults = Faults(document.name)
    _note_all(faults, document, breaches)
    try:
        made = kind.model_validate(document.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        _note_all(faults, document, (message_of(one, document, kind) for one in details))
        faults.raise_if_any()
        raise
    faults.raise_if_any()
    return made


def _note_all(faults: Faults, document: Document, messages: Iterable[Message]) -> None:
    seen = {(problem.place, problem.what) for problem in faults.problems}
    for one in messages:
        place = document.place(one.path, key=one.key)
        # A value that is shared by an anchor, or seen by two rules, is reported once.
        if (place, one.what) not in seen:
            seen.add((place, one.what))
            faults.add(place, one.what, one.todo)
        if faults.full:
            return


def _breaches(document: Document, kind: type[Spec]) -> Iterator[Message]:
    if kind is not Scene:
        yield from map(_as_message, layer_breaches(document.value))
        return
    yield from map(_as_message, scene_breaches(document.value))
    for at, first, name in repeated_ids(document.value):
        line = document.place(("shots", first, "id")).line
        what = f"shot id '{show(name)}' is used twice, first at line {line}"
        yield Message(("shots", at, "id"), what, "give one another id")


def _as_message(breach: Breach) -> Message:
    return Message(breach.path, breach.what, breach.todo, breach.key)


def _check_top(document: Document) -> None:
    value = document.value
    if not isinstance(value, dict):
        what = f"the top of the file must be a mapping, found {_shape(value)}"
        todo = "write `key: value` lines, beginning with `version: 1`"
        raise InputError(Problem(what=what, todo=todo, place=document.place(())))
    if len(value) > MAX_ITEMS:
        what = f"the file has {len(value)} keys at its top, the limit is {MAX_ITEMS}"
        raise InputError(Problem(what=what, todo="remove some", place=document.place(())))
    version = value.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        what = f"version {version} is newer than this program reads ({VERSION})"
        todo = "upgrade storyboard-renderer, or write version: 1 if that is what the file holds"
        raise InputError(Problem(what=what, todo=todo, place=document.place(("version",))))


def _shape(value: object) -> str:
    return (
        "a list" if isinstance(value, list) else "nothing" if value is None else "a single value"
    )
