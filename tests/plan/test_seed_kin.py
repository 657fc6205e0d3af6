"""The seed that was drawn, written down, is the same picture; taken out again, it is still."""

import json
from pathlib import Path

import pytest

from renderer.app.project.lockfile import LockFile
from renderer.app.rendering.job import Job, RenderOptions
from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from renderer.lock.model import Lock
from tests.expand.test_addresses import CATALOG
from tests.review.conftest import Studio

Out = pytest.CaptureFixture[str]
HEAD = """\
version: 1
scene: a
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
shots:
"""


def scene(*shots: str) -> str:
    return HEAD + "".join(f"  - {one}\n" for one in shots)


def pier(
    settings: str = "", *, prompt: str = "A pier.", more: str = "", name: str = "pier"
) -> str:
    return f"{{id: {name}, prompt: {prompt!r}, settings: {{{settings}}}{more}}}"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return CATALOG


@pytest.fixture
def studio(tmp_path: Path, catalog: Catalog) -> Studio:
    """A shot without a seed that wants three takes; the seeds that were drawn are 7, 8 and 9."""
    made = Studio(root=tmp_path, catalog=catalog)
    made.spec(scene(pier("numberResults: 3")))
    made.render(b"one", b"two")
    return made


def call(studio: Studio, *argv: str) -> int:
    return run(["-C", str(studio.root), *argv])


def lock(studio: Studio) -> Lock:
    return LockFile.of(studio.root, "local").read()


def wanted(studio: Studio, capsys: Out, *shots: str) -> dict[str, int]:
    """Return how many takes a plan of these shots would make, by address."""
    studio.spec(scene(*shots))
    capsys.readouterr()
    assert call(studio, "plan", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["tasks"]
    return {row["address"]: row["takes"] for row in rows if row["action"] != "remove"}


@pytest.mark.parametrize(
    ("shot", "missing"),
    [
        (pier("seed: 7"), {"a/pier": 0}),
        (pier("seed: 9"), {"a/pier": 0}),
        (pier("seed: 7, numberResults: 3"), {"a/pier": 0}),
        (pier("seed: 8, numberResults: 3"), {"a/pier": 1}),
        (pier("seed: 6, numberResults: 2"), {"a/pier": 1}),
        (pier("seed: 10"), {"a/pier": 1}),
        (pier("seed: 8, duration: 5"), {"a/pier": 1}),
        (pier("seed: 8", prompt="A quay."), {"a/pier": 1}),
        (pier("seed: 8", name="quay"), {"a/quay": 0}),
        (
            pier(more=", matrix: {seed: [7, 9, 11]}"),
            {f"a/pier@seed={n}": n // 11 for n in (7, 9, 11)},
        ),
    ],
)
def test_a_seed_that_was_drawn_is_not_bought_again(
    studio: Studio, shot: str, missing: dict[str, int], capsys: Out
) -> None:
    assert wanted(studio, capsys, shot) == missing


def test_what_is_written_down_and_taken_out_again_is_nothing_to_do(
    studio: Studio, capsys: Out
) -> None:
    bare, seeded = pier("numberResults: 3"), pier("seed: 7, numberResults: 3")
    for shot in (seeded, bare, seeded, bare):
        assert wanted(studio, capsys, shot) == {"a/pier": 0}
        assert call(studio, "plan", "--exit-code") == 0
        assert call(studio, "render") == 0
        entry = lock(studio).entries["a/pier"]
        assert [take.number for take in entry.of(entry.fingerprint)] == [1, 2, 3]
        assert entry.fields.get("seed") == (7 if shot == seeded else None)


def test_a_revert_of_everything_at_once_is_free(studio: Studio, capsys: Out) -> None:
    bare, seeded = pier("numberResults: 3"), pier("seed: 7, numberResults: 3")
    studio.spec(scene(seeded))
    assert call(studio, "render") == 0
    studio.spec(scene(pier("seed: 7", prompt="A quay.")))
    studio.render(b"three")

    assert wanted(studio, capsys, bare) == {"a/pier": 0}
    assert wanted(studio, capsys, pier("seed: 8, numberResults: 2")) == {"a/pier": 0}


def test_a_take_that_another_shot_wants_is_shared_and_not_taken_away(
    studio: Studio, capsys: Out
) -> None:
    both = (pier("numberResults: 3"), pier("seed: 8", name="quay"))

    assert wanted(studio, capsys, *both) == {"a/pier": 0, "a/quay": 0}
    assert call(studio, "render") == 0
    assert len(lock(studio).entries["a/pier"].takes) == 3
    (shared,) = lock(studio).entries["a/quay"].takes
    assert shared.seed == 8
    assert wanted(studio, capsys, *both) == {"a/pier": 0, "a/quay": 0}


def test_a_shot_without_a_seed_does_not_live_on_the_takes_of_another_shot(
    studio: Studio, capsys: Out
) -> None:
    (studio.root / "renderer.local.lock").unlink()
    seeded = pier("seed: 7", name="quay")
    studio.spec(scene(seeded))
    studio.render(b"one")

    assert wanted(studio, capsys, seeded, pier()) == {"a/quay": 0, "a/pier": 1}


def test_only_the_seeds_that_are_not_there_are_asked_for(studio: Studio) -> None:
    studio.spec(scene(pier("seed: 6, numberResults: 4")))
    (order,) = Job.of(studio.workspace, RenderOptions()).orders
    assert (order.request["seed"], order.count, order.number) == (6, 1, 4)

    studio.spec(scene(pier("seed: 8, numberResults: 4")))
    (order,) = Job.of(studio.workspace, RenderOptions()).orders
    assert (order.request["seed"], order.count) == (10, 2)


def test_a_pick_of_a_take_holds_when_its_seed_is_written_down(studio: Studio, capsys: Out) -> None:
    assert call(studio, "pick", "a/pier#2", "--why", "the rope") == 0
    for settings in ("seed: 8", "numberResults: 3", "seed: 7, numberResults: 2"):
        studio.spec(scene(pier(settings)))
        capsys.readouterr()
        assert call(studio, "picks", "--format", "json") == 0
        assert json.loads(capsys.readouterr().out)["shots"][0]["state"] == "picked"

    studio.spec(scene(pier("seed: 9")))
    capsys.readouterr()
    assert call(studio, "picks", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["shots"][0]["state"] == "lapsed"


@pytest.mark.parametrize("other", ["duration: 5", "resolution: 720p", "outputFormat: WEBM"])
def test_another_picture_with_the_same_seed_is_bought(
    studio: Studio, other: str, capsys: Out
) -> None:
    assert wanted(studio, capsys, pier(f"seed: 7, {other}")) == {"a/pier": 1}
