"""Three shots, each going on from the one before, and an engine that can be paid."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from renderer.animatic.spec import AnimaticSpec
from renderer.cli.main import run
from tests.harness.clip import clip, variant
from tests.harness.served import Served, environment, served

STORY = """\
version: 1
scene: harbour
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4, seed: 7}
shots:
  - id: bell
    prompt: A bell tolls over the harbour.
  - id: chase
    prompt: The courier runs to the docks.
    frames: {first: {shot: bell}}
  - id: escape
    prompt: The boat leaves at dawn.
    frames: {first: {shot: harbour/chase, frame: last}}
"""
SPEC = "specs/harbour.yaml"
Call = Callable[..., int]


def large(brief: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
    """Make a real video that frames can be cut out of: other frames for each brief."""
    progress(50)
    digest = hashlib.sha256(repr(brief).encode()).hexdigest()
    path.write_bytes(variant(clip(width=480, height=320, grey=int(digest[:2], 16)), digest))


def alike(brief: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
    """Make a video of other bytes for each brief, whose frames are always the same."""
    progress(50)
    digest = hashlib.sha256(repr(brief).encode()).hexdigest()
    path.write_bytes(variant(clip(width=480, height=320), digest))


@pytest.fixture
def story(write: Callable[..., Path], tmp_path: Path) -> Path:
    write(SPEC, STORY)
    return tmp_path


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=large, dated=True) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def call(story: Path) -> Call:
    return lambda *argv: run(["-C", str(story), *argv])


@pytest.fixture
def paid(call: Call) -> Call:
    return lambda *argv: call("render", "--provider", "runware", "--yes", "--max-cost", "5", *argv)


@pytest.fixture
def steps(call: Call, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Return the plan's steps that do something, by shot."""

    def of(*argv: str) -> dict[str, Any]:
        capsys.readouterr()
        assert call("plan", "--provider", "runware", "--format", "json", *argv) == 0
        tasks = json.loads(capsys.readouterr().out)["tasks"]
        return {one["address"].partition("/")[2]: one for one in tasks if one["action"] != "keep"}

    return of


def edit(story: Path, old: str, new: str) -> None:
    text = (story / SPEC).read_text()
    assert old in text
    (story / SPEC).write_text(text.replace(old, new))


def lock(story: Path) -> Any:
    return json.loads((story / "renderer.lock").read_text())["tasks"]


def bought(engine: Served) -> int:
    """Return how many takes were paid for."""
    return len(engine.store.billing.charged)


def sent(engine: Served) -> dict[str, list[dict[str, Any]]]:
    """Return the video tasks that were asked for, by their prompt."""
    found: dict[str, list[dict[str, Any]]] = {}
    for body in engine.bodies("videoInference"):
        for task in json.loads(body):
            if task["taskType"] == "videoInference":
                found.setdefault(task["positivePrompt"], []).append(task)
    return found
