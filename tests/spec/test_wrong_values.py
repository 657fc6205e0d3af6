"""A value of a wrong type, at any key of a sound project, is answered at its line; nothing breaks.

The whole campaign: `pytest -m campaign tests/spec/test_wrong_values.py` (50,000 cases).
"""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from renderer.errors import InputError, Problem
from tests.harness.boards import MODEL, expanded

Path = tuple[str | int, ...]
Spec = dict[str, Any]

SETTINGS: Spec = {
    "model": MODEL,
    "duration": 4,
    "seed": 7,
    "outputFormat": "MP4",
    "outputQuality": 95,
    "numberResults": 2,
    "ttl": 60,
    "includeCost": True,
    "safety": {"checkContent": True, "mode": "fast"},
    "providerSettings": {"bytedance": {"audio": False, "cameraFixed": True}},
}
PROJECT: Spec = {
    "version": 1,
    "title": "Film",
    "provider": "local",
    "aspect": "16:9",
    "settings": {**SETTINGS, "resolution": "480p"},
    "vars": {"look": "wet"},
    "keyframes": {"dusk": "a.png"},
}
PARTS: dict[str, Spec] = {
    "matrix": {
        "matrix": {
            "seed": [1, 2],
            "providerSettings.bytedance.audio": [True, False],
            "weather": ["mist", "rain"],
            "include": [{"seed": 1, "outputQuality": 90}],
            "exclude": [{"seed": 2, "weather": "rain"}],
        }
    },
    "frames": {"frames": {"first": "a.png", "last": {"keyframe": "dusk"}}},
    "draft": {"draft": True},
    "size": {"settings": {"width": 1280, "height": 720}},
    "images": {"settings": {"inputs": {"frameImages": [{"image": "a.png", "frame": "first"}]}}},
}
# What is right wherever a text, or anything, is taken: it is no wrong value there.
ODD: tuple[Any, ...] = (
    *(3, -1, 10**19, 2.5, 1e30, True, False, "two", "", "2", "null", "a\nb", "x" * 300),
    *([], [2], [None], ["a"], [[1]], {}, {"a": 1}, {"a": None}, {"audio": [True]}, [{"a": 1}]),
)


def merged(one: Spec, other: Spec) -> Spec:
    both = {key: merged(one[key], other[key]) for key in one.keys() & other.keys()
            if isinstance(one[key], dict)}  # fmt: skip
    return {**one, **other, **both}


def scene(parts: list[str], where: str) -> Spec:
    """Return a sound scene: these parts stand in the scene, or in its shot."""
    said: Spec = {"settings": {"outputQuality": 90}, "vars": {"hero": {"coat": "red"}}}
    for part in parts:
        said = merged(said, PARTS[part])
    shot: Spec = {"id": "a", "title": "A", "prompt": "{{ weather|default(look) }} gulls rise."}
    above: Spec = {"version": 1, "scene": "pier", "title": "Pier", "notes": "n"}
    if where == "shot":
        return {**above, "shots": [{**shot, **said}, {**shot, "id": "b", "skip": True}]}
    return {**above, **said, "shots": [shot, {**shot, "id": "b", "title": "B", "notes": "m"}]}


def spots(value: Any, path: Path = ()) -> Iterator[Path]:
    pairs: Any = value.items() if isinstance(value, dict) else ()
    pairs = enumerate(value) if isinstance(value, list) else pairs
    for step, inner in pairs:
        yield (*path, step)
        yield from spots(inner, (*path, step))


def put(spec: Spec, path: Path, value: Any) -> Spec:
    changed = copy.deepcopy(spec)
    inner: Any = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


def kind(value: Any) -> str:
    """Return the JSON kind of a value; whole numbers and others are not one kind."""
    return type(value).__name__


def is_wrong(path: Path, old: Any, new: Any) -> bool:
    """Tell whether a value is surely wrong: of another kind, where only one kind is right."""
    names = [step for step in path if isinstance(step, str)]
    if "vars" in names or "weather" in names or names[-1] in ("duration", "exclude", "frame"):
        return False
    if names[-1] == "frameImages" and isinstance(path[-1], int):
        return kind(new) not in ("str", "dict")  # Base64 is text of any letters
    if names[0] == "shots" and names[-1] in ("notes", "title", "prompt", "file"):
        return kind(new) not in ("str", "dict")
    return kind(new) != kind(old) and not (kind(old) == "dict" and new in ({}, None))


def found(project: Spec, film: Spec) -> tuple[Problem, ...]:
    """Expand what was written, one key a line, as a person's files are."""
    texts = [json.dumps(spec, indent=1) for spec in (film, project)]
    try:
        return expanded(texts[0], texts[1], whole=True).problems
    except InputError as error:
        return error.problems


def case(roll: random.Random) -> None:
    parts = roll.sample(sorted(PARTS), roll.randint(0, 3))
    if {"frames", "images"} <= set(parts):
        parts.remove("images")
    specs = [PROJECT, scene(parts, roll.choice(["scene", "shot"]))]
    at = roll.randrange(2)
    path = roll.choice(list(spots(specs[at])))
    old: Any = specs[at]
    for step in path:
        old = old[step]
    new = roll.choice(ODD)
    specs[at] = put(specs[at], path, new)
    problems = found(specs[0], specs[1])
    told = f"{path} = {new!r} in {specs}"
    assert all(one.place and one.place.line and one.what for one in problems), told
    if is_wrong(path, old, new):
        assert problems, told
        file = ("renderer.yaml", "specs/pier.yaml")[at]
        assert any(one.place and one.place.file == file for one in problems), told


def campaign(cases: int) -> None:
    roll = random.Random(f"wrong values {cases}")  # noqa: S311 - no secret
    for _ in range(cases):
        case(roll)


@pytest.mark.parametrize("where", ["scene", "shot"])
@pytest.mark.parametrize("part", [None, *PARTS])
def test_the_projects_that_are_bent_are_sound(part: str | None, where: str) -> None:
    assert found(PROJECT, scene([part] if part else [], where)) == ()


def test_a_wrong_value_at_any_key_is_answered_at_its_line() -> None:
    campaign(1_500)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_fifty_thousand_wrong_values_are_answered() -> None:
    campaign(50_000)
