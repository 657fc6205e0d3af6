"""What the provider's safety check flags: recorded with the take, shown, and never a default."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.continuity.conftest import SPEC, bought, edit, engine, lock, steps, story
from tests.harness.paying import Call
from tests.harness.served import Served

__all__ = ["engine", "steps", "story"]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def project(story: Path) -> Path:
    return story


@pytest.fixture
def flagging(story: Path, engine: Served) -> Served:
    """Flag every result that the engine checks."""
    edit(story, "seed: 7", "seed: 7, safety: {checkContent: true}")
    engine.change = lambda answer: answer.replace(
        b'"NSFWContent":false', b'"NSFWContent":true'
    ).replace(b'"NSFWContent": false', b'"NSFWContent": true')
    return engine


def test_a_flagged_take_is_recorded_and_nothing_goes_on_from_it_unasked(
    story: Path,
    flagging: Served,
    paid: Call,
    call: Call,
    steps: Callable[..., dict[str, Any]],
    capsys: Out,
) -> None:
    assert paid("--only", "harbour/bell") == 0
    (take,) = lock(story)["harbour/bell"]["takes"].values()
    assert take["NSFWContent"] is True

    assert {one["action"] for one in steps().values()} == {"choose"}
    assert paid() == 4
    assert bought(flagging) == 1
    for command in (("takes", "harbour/bell"), ("show", "harbour/bell")):
        capsys.readouterr()
        assert call(*command, "--provider", "runware") == 0
        assert "the provider's safety check flagged it" in capsys.readouterr().out
    capsys.readouterr()
    assert call("picks", "--provider", "runware", "--format", "json") == 0
    shots = json.loads(capsys.readouterr().out)["shots"]
    assert [one["default"] for one in shots] == [None] * 3

    assert call("pick", "--provider", "runware", "harbour/bell#1", "--why", "fine") == 0
    found = steps()
    assert (found["chase"]["action"], found["chase"].get("waits")) == ("create", None)


def test_a_chain_stops_at_a_take_that_comes_back_flagged_and_says_what_to_choose(
    story: Path, flagging: Served, paid: Call, capsys: Out
) -> None:
    assert paid() == 4

    assert bought(flagging) == 1
    said = capsys.readouterr().err
    assert "not made: harbour/chase: waits for a pick of harbour/bell" in said
    assert "renderer pick" in said
    assert lock(story).keys() == {"harbour/bell"}


def test_a_flagged_draft_becomes_no_final_unless_it_was_picked(
    story: Path, flagging: Served, paid: Call, call: Call, steps: Callable[..., dict[str, Any]]
) -> None:
    edit(story, "resolution: 480p", "resolution: 720p")
    edit(story, 'aspect: "16:9"', 'aspect: "16:9"\ndraft: true')
    only = ("--only", "harbour/bell")
    assert paid(*only) == 0
    edit(story, "draft: true", "draft: false")
    assert steps(*only)["bell"]["action"] == "choose"

    assert call("pick", "--provider", "runware", "harbour/bell#1", "--why", "fine") == 0

    assert steps(*only)["bell"]["action"] == "promote"
    assert paid(*only) == 0
    assert bought(flagging) == 2
    assert (story / SPEC).exists()


def test_a_lockfile_without_the_key_reads_as_before_and_is_written_without_it(
    story: Path, engine: Served, paid: Call
) -> None:
    assert paid() == 0
    assert "NSFWContent" not in (story / "renderer.lock").read_text()
    assert bought(engine) == 3
