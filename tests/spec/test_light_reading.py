"""What is read lightly is what the full judges would have read: never more, never other values."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.errors import InputError
from renderer.spec import validate
from renderer.spec.fast import build
from renderer.spec.fast.read import quick
from renderer.spec.faults import Faults
from renderer.spec.reader import Document, read
from renderer.spec.source import clean
from tests.harness import grammar

ROOT = Path(__file__).parents[2]
SCENE: dict[str, Any] = {
    "version": 1,
    "scene": "pier",
    "title": "Fog",
    "notes": "for us\nalone",
    "aspect": "16:9",
    "draft": True,
    "settings": {"model": "m", "providerSettings": {"bytedance": {"audio": False}}},
    "vars": {"look": "grey", "n": [1, 2.5, {"a": True}], "hero": {"coat": "red", "token": "t"}},
    "keyframes": {"dusk": "assets/b.png", "tolled": {"shot": "pier/bell", "frame": 1.5}},
    "frames": {"first": "assets/a.png"},
    "matrix": {
        "seed": [1, 2],
        "look": ["a", "b"],
        "aspect": ["1:1"],
        "draft": [True, False],
        "include": [{"seed": 9}],
        "exclude": [{"seed": 1, "look": "b"}],
        "locale": {"file": "data/locales.csv", "column": "code"},
    },
    "shots": [
        {"id": "gulls", "prompt": "Gulls rise.", "skip": True, "settings": {"seed": 4}},
        {
            "id": "horn",
            "prompt": {"file": "pier/horn.j2"},
            "vars": {"look": "x"},
            "frames": {"first": {"shot": "gulls", "mode": "pin"}, "last": {"keyframe": "dusk"}},
        },
        {"id": "bell", "prompt": "{{ look }}", "frames": {"last": "https://h.example/a.png"}},
        {
            "id": "crier",
            "prompt": "{{ lines }}",
            "lines": [
                {"at": 0.5, "for": "36f", "who": "Mara", "text": "Go."},
                {"at": 3, "for": 1, "text": {"en": "Stop", "de": "Halt"}, "kind": "caption"},
            ],
        },
        {
            "id": "pack-{{ item.sku }}",
            "each": [{"sku": "a", "n": [1]}, {"sku": "b"}],
            "title": "{{ item.sku }}",
            "prompt": {"file": "{{ item.kind }}.j2"},
            "vars": {"n": "{{ item.n }}"},
        },
        {"id": "{{ item.code }}", "each": {"file": "data/p.csv"}, "prompt": "x", "skip": True},
    ],
}
PROJECT: dict[str, Any] = {
    "version": 1,
    "keyframes": {"a": "a.png"},
    "provider": "local",
    "title": "t",
    "settings": {"model": "m"},
}
KEYS = (
    *("version", "scene", "shots", "id", "prompt", "file", "settings", "vars", "matrix", "frames"),
    *("first", "last", "include", "exclude", "axes", "title", "skip", "look", "seed", "apiKey"),
    *("token", "positivePrompt", "a.b", "numberResults", "a b", "if", "draft", "aspect"),
    *("keyframes", "keyframe", "shot", "frame", "mode", "dusk"),
    *("each", "column", "lines", "at", "for", "who", "text", "kind", "item"),
)
ODD: tuple[Any, ...] = (
    *(None, 0, 1, 1.0, -3, 10**19, 0.5, True, False, "", " ", "x", "a\nb", "B", "a" * 300, "16:9"),
    *([], {}, [[]], [None], [1, 1.0], ["1", 1], [True, "true"], {"file": "a.j2"}, {"a": None}),
    *(
        {"file": "con.j2"},
        {"shot": "gulls", "frame": "last"},
        {"keyframe": "dusk"},
        {"shot": "a/b", "mode": "pin"},
        "data:image/png;base64,AAAA",
    ),
    *("../a.png", "a.png", "con", [{"seed": 1}], [{}], [{"seed": [1]}], {"password": "p"}),
    *({"file": "data/x.csv"}, {"file": "../x.csv"}, {"file": "a.csv", "column": "c"}),
    *([{"sku": 1}, 2], [{"at": 0, "for": 1, "text": "x"}], {"e n": "x"}, "{{ item.sku }}", "36f"),
    *([[[[[[["deep"]]]]]]], [[[[[["deep"]]]]]], {"a": {"apiKey": 1}}, ["16:9", "16:9"], "local"),
)


def as_written(value: Any) -> Document:
    return read(json.dumps(value), "s.yaml")


def spots(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    return [path, *(spot for step, inner in pairs for spot in spots(inner, (*path, step)))]


def bent(base: dict[str, Any], changes: list[tuple[int, str, str, Any]]) -> Any:
    """Return a document with values put in, taken out or renamed at some of its places."""
    value: Any = copy.deepcopy(base)
    for at, way, key, odd in changes:
        found = spots(value)
        path = found[at % len(found)]
        if not path:
            continue
        inner = value
        for step in path[:-1]:
            inner = inner[step]
        if way == "remove":
            del inner[path[-1]]
        elif way == "rename" and isinstance(inner, dict):
            inner[key] = inner.pop(path[-1])
        elif way == "add" and isinstance(inner, dict):
            inner[key] = copy.deepcopy(odd)
        else:
            inner[path[-1]] = copy.deepcopy(odd)
    return value


changes = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(["put", "put", "add", "rename", "remove"]),
        st.sampled_from(KEYS),
        st.sampled_from(ODD) | grammar.tree,
    ),
    max_size=3,
)


def agree(document: Document) -> None:
    """Compare both readings of a document, as a scene and as a project."""
    for lightly, fully in ((build.scene, validate.scene), (build.project, validate.project)):
        found = lightly(document.value)
        if found is not None:
            assert found == fully(document)
            assert repr(found) == repr(fully(document))  # 1 is no 1.0 and no True


def test_everything_that_a_scene_may_say_is_read_lightly() -> None:
    assert build.scene(SCENE) is not None
    assert build.project(PROJECT) is not None
    agree(as_written(SCENE))
    agree(as_written(PROJECT))


@given(changes)
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
def test_what_is_read_lightly_is_what_the_types_accept(
    made: list[tuple[int, str, str, Any]],
) -> None:
    for base in (SCENE, PROJECT):
        try:
            document = as_written(bent(base, made))
        except InputError:
            continue
        agree(document)


@given(grammar.specs)
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_specs_by_grammar_are_read_alike_by_both(text: str) -> None:
    try:
        document = read(text, "s.yaml")
    except InputError:
        return
    agree(document)


@pytest.mark.parametrize("path", [path for path in spots(SCENE) if path], ids=str)
def test_no_odd_value_at_any_place_is_taken_for_sure(path: tuple[str | int, ...]) -> None:
    for odd in ODD:
        value = copy.deepcopy(SCENE)
        inner: Any = value
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = odd
        if build.scene(value) is not None:
            agree(as_written(value))


def test_the_scenes_of_this_repository_are_read_lightly() -> None:
    found = [*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/golden/specs/*.yaml")]
    texts = [clean(path.read_bytes(), Faults(path.name)) for path in found]
    assert texts
    assert [path.name for path, text in zip(found, texts, strict=True) if not quick(text)] == []
    assert [
        path.name
        for path, text in zip(found, texts, strict=True)
        if build.scene(quick(text)) is None
    ] == []
