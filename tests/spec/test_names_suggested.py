"""A name that is suggested is one that is taken: shots, keyframes, models, values, variables."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.expand import expansion
from renderer.templates.filters import FILTERS
from tests.harness.repo import CATALOG
from tests.tooling.pretend import REPOSITORY

Spec = dict[str, Any]
SCENE: Spec = {
    "version": 1,
    "scene": "a",
    "aspect": "16:9",
    "vars": {"look": "blue hour", "keeper": {"name": "Ada", "coat": "yellow"}},
    "keyframes": {"dock": "a.jpg", "deck": "a.jpg"},
    "settings": {"model": "bytedance:seedance@1.5-pro", "resolution": "480p", "duration": 4},
    "shots": [{"id": f"pier-{at}", "prompt": f"A pier {at}."} for at in range(4)],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film")
    image = next((REPOSITORY / "assets").rglob("*.jpg"))
    (folder / "a.jpg").write_bytes(image.read_bytes())
    (folder / "specs").mkdir()
    (folder / "templates").mkdir()
    (folder / "templates" / "lamp.j2").write_text("{% macro light() %}a lamp{% endmacro %}")
    return folder


def said(root: Path, spec: Spec) -> list[str]:
    (root / "specs" / "a.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    return [str(one) for one in expansion(ProjectFiles(root=root), CATALOG).problems]


def suggested(root: Path, make: Any, wrong: str) -> None:
    """Write a wrong name, take the one that is suggested, and have no problem left."""
    told = said(root, make(wrong))
    hints = [
        hit[1] for hit in (re.search(r"did you mean '?\"?([^'\"?]+)", one) for one in told) if hit
    ]
    if hints:
        assert said(root, make(hints[0])) == [], (wrong, hints)


def link(shots: dict[int, str]) -> Any:
    """Return what makes a spec whose shots take frames from each other as given, and one more."""

    def make(name: str) -> Spec:
        spec = copy.deepcopy(SCENE)
        for at, source in {**shots, 0: name}.items():
            spec["shots"][at]["frames"] = {"first": {"shot": source}}
        return spec

    return make


@pytest.mark.parametrize(
    "chain",
    [
        {},
        {1: "pier-0"},
        {1: "pier-0", 2: "pier-1"},
        {1: "pier-0", 2: "pier-1", 3: "pier-2"},
        {3: "pier-2"},
    ],
)
@pytest.mark.parametrize("wrong", ["pier-9", "pier-00", "pier", "a/pier-x", "peer-0", "pier-1x"])
def test_a_shot_that_is_suggested_closes_no_circle(
    root: Path, chain: dict[int, str], wrong: str
) -> None:
    suggested(root, link(chain), wrong)


def test_a_shot_that_is_suggested_is_not_skipped(root: Path) -> None:
    def make(name: str) -> Spec:
        spec: Spec = link({})(name)
        for shot in spec["shots"][1:3]:
            shot["skip"] = True
        return spec

    suggested(root, make, "pier-2x")
    suggested(root, make, "pier-x")


def keyframe(name: str) -> Spec:
    spec = copy.deepcopy(SCENE)
    spec["shots"][0]["frames"] = {"first": {"keyframe": name}}
    return spec


def setting(name: str) -> Any:
    def make(value: str) -> Spec:
        spec = copy.deepcopy(SCENE)
        spec["settings"][name] = value
        return spec

    return make


def prompt(text: str) -> Any:
    def make(name: str) -> Spec:
        spec = copy.deepcopy(SCENE)
        spec["shots"][0]["prompt"] = text.replace("NAME", name)
        return spec

    return make


def template(name: str) -> Spec:
    spec = copy.deepcopy(SCENE)
    spec["shots"][0]["prompt"] = {"file": name}
    return spec


def aspect(name: str) -> Spec:
    return {**copy.deepcopy(SCENE), "aspect": name}


MAKERS = {
    "dock": keyframe,
    "bytedance:seedance@1.5-pro": setting("model"),
    "720p": setting("resolution"),
    "WEBM": setting("outputFormat"),
    "16:9": aspect,
    "look": prompt("{{ NAME }}"),
    "keeper": prompt("{{ NAME.coat }}"),
    "coat": prompt("{{ keeper.NAME }}"),
    "light": prompt("{% import 'lamp.j2' as lamp %}{{ lamp.NAME() }}"),
    "lamp.j2": template,
    **{name: prompt("{{ look | NAME }}") for name in FILTERS},
}


@pytest.mark.parametrize("right", MAKERS)
@given(data=st.data())
@settings(
    max_examples=8, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_slip_in_a_name_is_answered_with_one_that_is_taken(
    root: Path, right: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(right) - 1))
    other = data.draw(st.sampled_from(["", "x", right[at] * 2, right[at].swapcase()]))

    told = said(root, MAKERS[right](right))
    if not told:  # some filters want something else than a text
        suggested(root, MAKERS[right], right[:at] + other + right[at + 1 :])
