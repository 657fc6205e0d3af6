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
from renderer.spec.fast.lines import lines
from renderer.spec.fast.sure import NotSureError, as_items, as_mapping, as_text, sure, surely
from renderer.spec.frames import classify
from renderer.spec.project_paths import data_file
from renderer.spec.rows import row_faults
from renderer.spec.rules import misplaced_setting
from renderer.spec.scalars import reading
from renderer.spec.timecode import frame_moment
from renderer.spec.values import (
    ASPECTS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_TITLE,
    UNSETTABLE,
    DataFile,
    Each,
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


def scene(value: Json) -> Scene | None:
    """Return the scene of a document's value; None if it is not surely right."""
    return surely(lambda: Scene(**_words(value, _SCENE)))


def project(value: Json) -> Project | None:
    """Return the defaults of a document's value; None if it is not surely right."""
    return surely(lambda: Project(**_words(value, _PROJECT)))


def shot(value: Json) -> Shot | None:
    """Return a single shot of a value; None if it is not surely right."""
    return surely(lambda: _shot(value))


def _words(value: Json, known: "Mapping[str, _Read]") -> dict[str, Any]:
    """Read the words of a layer; those that unset what a farther one says are named."""
    given = as_mapping(value)
    said = {key: known[key](inner) for key, inner in given.items() if inner is not None}
    unset = given.keys() - said.keys()
    sure(unset <= UNSETTABLE & known.keys())
    return {**said, "unset": tuple(sorted(unset))} if unset else said


def _version(value: Json) -> int:
    sure(type(value) is int and value == 1)
    return 1


def _identifier(value: Json) -> str:
    return names.identifier(as_text(value))


def _shot_name(value: Json) -> str:
    return names.shot(as_text(value))


def _flag(value: Json) -> bool:
    sure(type(value) is bool)
    return bool(value)


def _deliver(value: Json) -> tuple[str, ...]:
    axes = tuple(names.axis(as_text(one)) for one in as_items(value))
    sure(len(set(axes)) == len(axes) <= MAX_ITEMS)
    return axes


def _title(value: Json) -> str:
    text = as_text(value)
    sure(len(text) <= MAX_TITLE and "\n" not in text)
    return text


def _aspect(value: Json) -> str:
    sure(value in ASPECTS)
    return str(value)


def _provider(value: Json) -> str:
    sure(value in PROVIDERS)
    return str(value)


def _prompt(value: Json) -> str | PromptFile:
    if type(value) is str:
        sure(value.strip())
        return value
    given = as_mapping(value)
    sure(len(given) == 1)
    return _prompt_file(as_text(given["file"]))


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
    given = as_mapping(value)
    sure(len(given) <= MAX_ITEMS and all(map(_setting, given)))
    for inner in given.values():
        if inner is not None:
            _data(inner, _open_setting)
    return given


def _variables(value: Json) -> Mapping[str, Json]:
    given = as_mapping(value)
    sure(len(given) <= MAX_ITEMS and all(map(_variable, given)))
    for inner in given.values():
        if inner is not None:
            _data(inner, _open_variable)
    return given


def _data(value: Json, known: Callable[[str], bool], left: int = MAX_DEPTH) -> None:
    """Check a value as variables have it: no deeper, no longer, and nothing empty in it."""
    if type(value) in _SCALARS:
        sure(type(value) is not float or isfinite(value))
        return
    sure(left)
    if type(value) is dict:
        sure(len(value) <= MAX_ITEMS and all(map(known, value)))
        inside = [inner for inner in value.values() if inner is not None]  # null unsets
    else:
        inside = as_items(value)
    for inner in inside:
        _data(inner, known, left - 1)


def _matrix(value: Json) -> Matrix:
    given = as_mapping(value)
    rules = {name: _rules(given[name]) for name in ("include", "exclude") if name in given}
    named = {name: axis for name, axis in given.items() if name not in rules}
    sure(len(named) <= MAX_ITEMS)
    files = {name: _axis_file(name, one) for name, one in named.items() if type(one) is dict}
    axes = {
        name: () if name in files else _axis(name, axis)
        for name, axis in named.items()
        if axis is not None
    }
    unset = sorted(map(names.axis, named.keys() - axes.keys()))
    include, exclude = rules.get("include"), rules.get("exclude")
    return Matrix(axes=axes, include=include, exclude=exclude, unset=tuple(unset), files=files)


def _axis_file(name: str, value: Json) -> DataFile:
    names.axis(name)
    found = {key: as_text(inner) for key, inner in as_mapping(value).items()}
    sure(found.keys() <= {"file", "column"} and found.get("column") != "")
    return DataFile(**{**found, "file": data_file(found["file"])})


def _axis(name: str, values: Json) -> tuple[Scalar, ...]:
    names.axis(name)
    given = as_items(values)
    sure(given)
    if name in _WORDS:
        for value in given:
            _WORDS[name](value)
    scalars = tuple(map(_scalar, given))
    sure(len(set(map(reading, scalars))) == len(scalars))
    return scalars


def _scalar(value: Json) -> Scalar:
    if value is None or isinstance(value, str | int):
        return value
    if type(value) is float and isfinite(value):
        return value
    raise NotSureError


def _rules(value: Json) -> tuple[Mapping[str, Scalar], ...]:
    if value is None:
        return ()
    rules = tuple(map(_rule, as_items(value)))
    sure(all(rules))
    return rules


def _rule(value: Json) -> Mapping[str, Scalar]:
    return {names.axis(name): _scalar(scalar) for name, scalar in as_mapping(value).items()}


def _frames(value: Json) -> Frames:
    given = as_mapping(value)
    sure(given)
    found = {at: _frame(image) for at, image in given.items() if image is not None}
    unset = given.keys() - found.keys()
    sure(unset <= {"first", "last"})
    return Frames(**found, unset=tuple(sorted(unset)))


def _frame(value: Json) -> FrameSource:
    if type(value) is dict and "keyframe" in value:
        sure(len(value) == 1)
        return SharedFrame(keyframe=names.identifier(as_text(value["keyframe"])))
    return _keyframe(value)


def _keyframe(value: Json) -> str | ShotFrame:
    if type(value) is dict:
        return ShotFrame(**{key: _SHOT_FRAME[key](inner) for key, inner in value.items()})
    classify(as_text(value))
    return str(value)


def _keyframes(value: Json) -> Mapping[str, str | ShotFrame | None]:
    given = as_mapping(value)
    sure(len(given) <= MAX_ITEMS)
    return {
        names.identifier(name): None if image is None else _keyframe(image)
        for name, image in given.items()
    }


def _mode(value: Json) -> str:
    sure(value in ("chain", "pin"))
    return str(value)


def _shots(value: Json) -> tuple[Shot, ...]:
    found = tuple([_one_or_many(shot) for shot in as_items(value)])
    single = [shot.id for shot in found if shot.each is None]
    sure(found and len(set(single)) == len(single))
    return found


def _one_or_many(value: Json) -> Shot:
    return _each_shot(value) if "each" in as_mapping(value) else _shot(value)


def _shot(value: Json) -> Shot:
    return Shot(**_words(value, _SHOT))


def _each_shot(value: Json) -> Shot:
    """Read what is known of a shot for each row; the rest is read when there is a row."""
    given = as_mapping(value)
    said = {key: _EACH[key](inner) for key, inner in given.items() if inner is not None}
    unset = given.keys() - said.keys()
    sure(unset <= UNSETTABLE | _OPEN and "prompt" in said)
    each = Each.of(said["each"], given)
    return Shot(id=said["id"], prompt="", skip=said.get("skip", False), each=each)


def _row_id(value: Json) -> str:
    text = as_text(value)
    sure(names.is_template(text) and "item" in text)
    return text


def _rows(value: Json) -> tuple[Json, ...] | DataFile:
    if type(value) is dict:
        sure(len(value) == 1)
        return DataFile(file=data_file(as_text(value["file"])))
    if type(value) is not list or any(row_faults(value)):
        raise NotSureError
    return tuple(value)


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
_FILMED: dict[str, _Read] = {**_LAYER, "notes": as_text, "frames": _frames}
_SHOT: dict[str, _Read] = {
    **_FILMED,
    "id": _identifier,
    "prompt": _prompt,
    "lines": lines,
    "skip": _flag,
}
_OPEN = frozenset({"title", "prompt", "frames", "lines"})  # what is judged with a row
_EACH: dict[str, _Read] = {
    **_SHOT,
    **dict.fromkeys(_OPEN, lambda value: value),
    "id": _row_id,
    "each": _rows,
}
_SHOT_FRAME: dict[str, _Read] = {"shot": _shot_name, "frame": frame_moment, "mode": _mode}
_SCENE: dict[str, _Read] = {
    **_FILMED,
    "keyframes": _keyframes,
    "version": _version,
    "deliver": _deliver,
    "scene": _identifier,
    "shots": _shots,
}
_PROJECT: dict[str, _Read] = {
    **_LAYER,
    "version": _version,
    "provider": _provider,
    "require_why": _flag,
    "deliver": _deliver,
    "keyframes": _keyframes,
}
