"""A document that is plainly right, to values, without loading the types that tell what is wrong.

The truth is `spec/model.py` with `spec/validate.py`. This takes less than they take, and never
more: a property test compares the two. Whatever it is not sure of is left to them.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isfinite
from typing import Any

from renderer.json_types import Json, Scalar
from renderer.providers import PROVIDERS
from renderer.spec import names
from renderer.spec.faults import SlipError
from renderer.spec.frames import classify
from renderer.spec.rules import misplaced_setting
from renderer.spec.scalars import reading
from renderer.spec.timecode import frame_moment
from renderer.spec.values import (
    ASPECTS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_TITLE,
    UNSETTABLE,
    Frames,
    FrameSource,
    Matrix,
    Project,
    PromptFile,
    Scene,
    SharedFrame,
    Shot,
    ShotFrame,
)
from renderer.spec.vocabulary import is_secret

_SCALARS = frozenset({str, int, float, bool})


class _NotSureError(ValueError):
    """This may be right or wrong."""


# What an object of a wrong shape, an unknown key or a missing one raises on the way.
_UNSURE = (_NotSureError, SlipError, KeyError, TypeError, AttributeError)


def scene(value: Json) -> Scene | None:
    """Return the scene of a document's value; None if it is not surely right."""
    try:
        return Scene(**_words(value, _SCENE))
    except _UNSURE:
        return None


def project(value: Json) -> Project | None:
    """Return the defaults of a document's value; None if it is not surely right."""
    try:
        return Project(**_words(value, _PROJECT))
    except _UNSURE:
        return None


def _words(value: Json, known: "Mapping[str, _Read]") -> dict[str, Any]:
    """Read the words of a layer; those that unset what a farther one says are named."""
    given = _mapping(value)
    said = {key: known[key](inner) for key, inner in given.items() if inner is not None}
    unset = given.keys() - said.keys()
    _sure(unset <= UNSETTABLE & known.keys())
    return {**said, "unset": tuple(sorted(unset))} if unset else said


def _sure(known: object) -> None:
    if not known:
        raise _NotSureError


def _version(value: Json) -> int:
    _sure(type(value) is int and value == 1)
    return 1


def _text(value: Json) -> str:
    if type(value) is str:
        return value
    raise _NotSureError


def _identifier(value: Json) -> str:
    return names.identifier(_text(value))


def _shot_name(value: Json) -> str:
    return names.shot(_text(value))


def _flag(value: Json) -> bool:
    _sure(type(value) is bool)
    return bool(value)


def _title(value: Json) -> str:
    text = _text(value)
    _sure(len(text) <= MAX_TITLE and "\n" not in text)
    return text


def _aspect(value: Json) -> str:
    _sure(value in ASPECTS)
    return str(value)


def _provider(value: Json) -> str:
    _sure(value in PROVIDERS)
    return str(value)


def _prompt(value: Json) -> str | PromptFile:
    if type(value) is str:
        _sure(value.strip())
        return value
    given = _mapping(value)
    _sure(len(given) == 1)
    return _prompt_file(_text(given["file"]))


# What is in many shots is looked at once.


@lru_cache(maxsize=1024)
def _prompt_file(name: str) -> PromptFile:
    return PromptFile(file=names.template(name))


@lru_cache(maxsize=1024)
def _setting(key: str) -> bool:
    return misplaced_setting(key) is None and not is_secret(key)


@lru_cache(maxsize=1024)
def _open_setting(key: str) -> bool:
    return not is_secret(key)


@lru_cache(maxsize=1024)
def _variable(key: str) -> bool:
    return bool(names.variable(key)) and not is_secret(key, prompt=True)


@lru_cache(maxsize=1024)
def _open_variable(key: str) -> bool:
    return not is_secret(key, prompt=True)


def _settings(value: Json) -> Mapping[str, Json]:
    given = _mapping(value)
    _sure(len(given) <= MAX_ITEMS and all(map(_setting, given)))
    for inner in given.values():
        if inner is not None:
            _data(inner, _open_setting)
    return given


def _variables(value: Json) -> Mapping[str, Json]:
    given = _mapping(value)
    _sure(len(given) <= MAX_ITEMS and all(map(_variable, given)))
    for inner in given.values():
        if inner is not None:
            _data(inner, _open_variable)
    return given


def _mapping(value: Json) -> dict[str, Json]:
    if type(value) is dict:
        return value
    raise _NotSureError


def _list(value: Json) -> list[Json]:
    if type(value) is list and len(value) <= MAX_ITEMS:
        return value
    raise _NotSureError


def _data(value: Json, known: Callable[[str], bool], left: int = MAX_DEPTH) -> None:
    """Check a value as variables have it: no deeper, no longer, and nothing empty in it."""
    if type(value) in _SCALARS:
        _sure(type(value) is not float or isfinite(value))
        return
    _sure(left)
    if type(value) is dict:
        _sure(len(value) <= MAX_ITEMS and all(map(known, value)))
        inside = [inner for inner in value.values() if inner is not None]  # null unsets
    else:
        inside = _list(value)
    for inner in inside:
        _data(inner, known, left - 1)


def _matrix(value: Json) -> Matrix:
    given = _mapping(value)
    rules = {name: _rules(given[name]) for name in ("include", "exclude") if name in given}
    named = {name: axis for name, axis in given.items() if name not in rules}
    _sure(len(named) <= MAX_ITEMS)
    axes = {name: _axis(name, axis) for name, axis in named.items() if axis is not None}
    unset = sorted(map(names.axis, named.keys() - axes.keys()))
    return Matrix(axes=axes, unset=tuple(unset), **rules)


def _axis(name: str, values: Json) -> tuple[Scalar, ...]:
    names.axis(name)
    given = _list(values)
    _sure(given)
    if name in _WORDS:
        for value in given:
            _WORDS[name](value)
    scalars = tuple(map(_scalar, given))
    _sure(len(set(map(reading, scalars))) == len(scalars))
    return scalars


def _scalar(value: Json) -> Scalar:
    if value is None or isinstance(value, str | int):
        return value
    if type(value) is float and isfinite(value):
        return value
    raise _NotSureError


def _rules(value: Json) -> tuple[Mapping[str, Scalar], ...]:
    if value is None:
        return ()
    rules = tuple(map(_rule, _list(value)))
    _sure(all(rules))
    return rules


def _rule(value: Json) -> Mapping[str, Scalar]:
    return {names.axis(name): _scalar(scalar) for name, scalar in _mapping(value).items()}


def _frames(value: Json) -> Frames:
    given = _mapping(value)
    _sure(given)
    found = {at: _frame(image) for at, image in given.items() if image is not None}
    unset = given.keys() - found.keys()
    _sure(unset <= {"first", "last"})
    return Frames(**found, unset=tuple(sorted(unset)))


def _frame(value: Json) -> FrameSource:
    if type(value) is dict and "keyframe" in value:
        _sure(len(value) == 1)
        return SharedFrame(keyframe=names.identifier(_text(value["keyframe"])))
    return _keyframe(value)


def _keyframe(value: Json) -> str | ShotFrame:
    if type(value) is dict:
        return ShotFrame(**{key: _SHOT_FRAME[key](inner) for key, inner in value.items()})
    classify(_text(value))
    return str(value)


def _keyframes(value: Json) -> Mapping[str, str | ShotFrame | None]:
    given = _mapping(value)
    _sure(len(given) <= MAX_ITEMS)
    return {
        names.identifier(name): None if image is None else _keyframe(image)
        for name, image in given.items()
    }


def _mode(value: Json) -> str:
    _sure(value in ("chain", "pin"))
    return str(value)


def _shots(value: Json) -> tuple[Shot, ...]:
    found = tuple([Shot(**_words(shot, _SHOT)) for shot in _list(value)])
    _sure(found and len({shot.id for shot in found}) == len(found))
    return found


_Read = Callable[[Json], Any]
_WORDS: dict[str, _Read] = {"aspect": _aspect, "draft": _flag}
_LAYER: dict[str, _Read] = {
    "title": _title,
    "aspect": _aspect,
    "draft": _flag,
    "settings": _settings,
    "vars": _variables,
    "matrix": _matrix,
}
_FILMED: dict[str, _Read] = {**_LAYER, "notes": _text, "frames": _frames}
_SHOT: dict[str, _Read] = {**_FILMED, "id": _identifier, "prompt": _prompt, "skip": _flag}
_SHOT_FRAME: dict[str, _Read] = {"shot": _shot_name, "frame": frame_moment, "mode": _mode}
_SCENE: dict[str, _Read] = {
    **_FILMED,
    "keyframes": _keyframes,
    "version": _version,
    "scene": _identifier,
    "shots": _shots,
}
_PROJECT: dict[str, _Read] = {
    **_LAYER,
    "version": _version,
    "provider": _provider,
    "require_why": _flag,
    "keyframes": _keyframes,
}
