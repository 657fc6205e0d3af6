"""A hint about a value, done as it is written, is not refused in its turn."""

import copy
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from renderer.adapters.disk.resources import model_texts
from renderer.errors import Problem
from tests.spec.test_hints_followed import SCENE, Spec, inside, problems, root

__all__ = ["root"]
Way = tuple[str | int, ...]
SCHEMA = json.loads(
    next(one for one in model_texts().values() if '"bytedance:seedance@1.5-pro"' in one)
)
OURS: tuple[Way, ...] = (
    ("version",),
    ("scene",),
    ("title",),
    ("notes",),
    ("aspect",),
    ("draft",),
    ("vars",),
    ("matrix",),
    ("keyframes",),
    ("shots", 0, "id"),
    ("shots", 0, "title"),
    ("shots", 0, "skip"),
    ("shots", 0, "draft"),
    ("shots", 0, "aspect"),
    ("shots", 0, "prompt"),
    ("shots", 0, "frames"),
    ("shots", 0, "frames", "first"),
    *(("matrix", name) for name in ("seed", "duration", "aspect", "resolution", "draft", "look")),
)
WRONG: tuple[Any, ...] = (
    *("x", "", "4", "5s", "4.5", "-1", "true", "yes", "no", "null", "720", "720P", "1080", "4k"),
    *("16x9", "16/9", "17:9", "mp4", "h264", "sync", "url", "864px", "Big Name", "ä", "a b", "~"),
    *(0, 1, -1, 3, 13, 100, 1000, 10**12, 10**20, 4.5, True, False, None),
    *([], [1], ["x"], [True], {}, {"a": 1}, {"first": 1}),
)
AXES_OF_OURS = ("aspect", "draft")
SPARE = {"seed": [1], "look": ["wet"]}  # axes of their own beside the one that is tried


def settings(properties: dict[str, Any], way: Way = ()) -> Iterator[Way]:
    """Yield the way to each parameter of the model, and to each mapping of them."""
    for name, inner in properties.items():
        known = inner | next(iter(inner.get("anyOf", ())), {})
        yield (*way, name)
        if known.get("type") == "object":
            yield from settings(known["properties"], (*way, name))


WAYS = (*OURS, *(("settings", *way) for way in settings(SCHEMA["parameters"]["properties"])))


def values(todo: str) -> Iterator[Any]:
    """Yield each value that a hint tells a person to write."""
    said = re.search(r"did you mean (\S+?)\?", todo)
    if said:
        yield yaml.safe_load(said[1])
    listed = re.search(r"(?:allowed: |use one of |the catalog has )(.+?)(?:, in quotes)?$", todo)
    if listed and "…" not in todo and " more" not in todo:
        quoted = '"' in listed[1] or "in quotes" in todo
        yield from (
            one.strip('"') if quoted else yaml.safe_load(one) for one in listed[1].split(", ")
        )
    for low, high in re.findall(r"write a number from (\d+) to (\d+)", todo):
        yield from (int(low), int(high))
    for low in re.findall(r"write (\d+) or more", todo):
        yield int(low)
    for low, high in re.findall(r"write (\d+) to (\d+) characters", todo):
        yield from ("a" * int(low), "a" * int(high))
    if "write version: 1" in todo:
        yield 1
    if "write true or false" in todo:
        yield from (True, False)
    yield from _written(todo)


def _written(todo: str) -> Iterator[Any]:
    """Yield what a hint writes out whole."""
    forms = (
        r"write (true|false) without quotes",
        r"write (\S+) without quotes",
        r'write (".*") in quotes$',
        r"write (\[[^]]*\])",
        r"write ([a-z0-9_-]+)$",
        r"an id is [^:]*: (\S+)$",
    )
    hits = (re.search(form, todo) for form in forms)
    hit = next((one for one in hits if one), None)
    if hit and hit[1] not in ("text", "mapping", "them"):
        shown = hit[1]
        yield yaml.safe_load(shown if shown[0] in '["' or "without" in todo else f'"{shown}"')


def applied(value: Any, way: Way) -> Spec:
    spec = copy.deepcopy(SCENE)
    if way == ("settings", "model"):
        spec["settings"]["resolution"] = "1080p"  # the one size whose price is known of each model
    if way[-1] in ("width", "height"):
        del spec["aspect"], spec["settings"]["resolution"]
        spec["settings"] |= {"width": 864, "height": 496}
    if way[:1] == ("matrix",) and len(way) > 1:
        spec["matrix"] = {name: one for name, one in SPARE.items() if name != way[-1]}
    inside(spec, way[:-1])[way[-1]] = value
    return spec


def contradicted(root: Path, value: Any, way: Way) -> tuple[int, list[str]]:
    """Return how many hints about a wrong value were followed, and what was said against it."""
    done, bad = 0, []
    for one in problems(root, applied(value, way)):
        if isinstance(value, dict) and way == ("matrix",):
            continue  # what is said is about an axis inside
        for better in values(one.todo):
            if way[:1] == ("matrix",) and way[-1] not in AXES_OF_OURS and better == [value]:
                continue  # the person's own value, which nobody judged yet
            done += 1
            again = [
                str(two) for two in problems(root, applied(better, way)) if _same(one, two, better)
            ]
            bad += [f"{way}: {value!r}: {one}: {better!r}: {two}" for two in again]
    return done, bad


def _same(one: Problem, two: Problem, better: Any) -> bool:
    """Whether two problems are about one value; the entries of a list are on lines of their own."""
    if one.place is None or two.place is None or two.severity != "error":
        return False
    lines = len(better) if isinstance(better, list) else 0
    return one.place.line <= two.place.line <= one.place.line + lines


def check(root: Path, tries: list[tuple[Any, Way]]) -> int:
    bad: list[str] = []
    total = 0
    for value, way in tries:
        done, found = contradicted(root, value, way)
        total += done
        bad += found
    assert not bad, f"{len(bad)}:\n" + "\n".join(sorted(bad)[:40])
    return total


EVERY = [(value, way) for way in WAYS for value in WRONG]


def test_a_value_that_a_hint_names_is_not_refused(root: Path) -> None:
    tries = EVERY.copy()
    random.Random(5).shuffle(tries)  # noqa: S311
    assert check(root, tries[:150]) > 50


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_no_value_that_any_hint_names_is_refused(root: Path) -> None:
    assert check(root, EVERY) > 1000
