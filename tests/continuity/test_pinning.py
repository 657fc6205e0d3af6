"""Pinned frames stay until they are told otherwise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.continuity.conftest import Call, bought, edit, lock
from tests.harness.served import Served

Out = pytest.CaptureFixture[str]
Steps = Callable[..., dict[str, Any]]


@pytest.fixture
def pinned(story: Path, engine: Served, paid: Call) -> Served:
    edit(story, "{shot: bell}", "{shot: bell, mode: pin}")
    assert paid() == 0
    return engine


def test_a_new_take_of_the_first_shot_changes_nothing_that_pins_it(
    story: Path, pinned: Served, paid: Call, steps: Steps
) -> None:
    edit(story, "A bell", "A great bell")

    assert list(steps()) == ["bell"]
    assert paid() == 0
    assert steps() == {}
    assert bought(pinned) == 4


def test_from_chain_to_pin_and_back_shows_what_it_means(
    story: Path, pinned: Served, paid: Call, steps: Steps
) -> None:
    edit(story, "A bell", "A great bell")
    assert paid() == 0

    edit(story, ", mode: pin", "")
    assert list(steps()) == ["chase", "escape"]
    edit(story, "{shot: bell}", "{shot: bell, mode: pin}")
    assert steps() == {}
    assert bought(pinned) == 4


def test_repin_lets_the_frame_follow_once_more(
    story: Path, pinned: Served, paid: Call, call: Call, steps: Steps, capsys: Out
) -> None:
    edit(story, "A bell", "A great bell")
    assert paid() == 0

    assert call("repin", "--provider", "runware", "harbour/chase") == 0

    assert "harbour/chase: its pinned frames were removed" in capsys.readouterr().out
    assert list(steps()) == ["chase", "escape"]
    assert paid() == 0
    assert steps() == {}
    kept = lock(story)["harbour/chase"]["frames"]["first"]["take"]
    assert kept == lock(story)["harbour/bell"]["takes"]["#2"]["sha256"]
    assert bought(pinned) == 6


def test_a_pin_survives_a_new_prompt_of_the_shot_that_pins(
    story: Path, pinned: Served, steps: Steps
) -> None:
    edit(story, "A bell", "A great bell")
    edit(story, "runs to", "sneaks to")

    found = steps()
    assert list(found) == ["bell", "chase", "escape"]
    assert [one["field"] for one in found["chase"]["reasons"]] == ["positivePrompt"]
    assert "waits" not in found["chase"]
    assert bought(pinned) == 3


def test_another_shot_or_another_frame_is_another_pin(
    story: Path, pinned: Served, steps: Steps
) -> None:
    edit(story, "mode: pin", "mode: pin, frame: 0.5")
    assert list(steps()) == ["chase", "escape"]
    assert "0.5 s" in steps()["chase"]["reasons"][0]["new"]
    assert bought(pinned) == 3


def test_renaming_the_other_shot_keeps_the_pin(
    story: Path, pinned: Served, paid: Call, steps: Steps
) -> None:
    edit(story, "A bell", "A great bell")
    assert paid() == 0
    edit(story, "id: bell", "id: tower")
    edit(story, "{shot: bell", "{shot: tower")

    assert [one["action"] for one in steps().values()] == ["move"]
    assert paid() == 0
    assert steps() == {}
    assert lock(story)["harbour/chase"]["frames"]["first"]["shot"] == "harbour/tower"
    assert bought(pinned) == 4


@pytest.mark.parametrize(
    ("name", "told"),
    [("harbour/bell", "pins no frame of another shot"), ("harbour/chas", "did you mean")],
)
def test_repin_says_what_it_cannot_do(
    pinned: Served, call: Call, name: str, told: str, capsys: Out
) -> None:
    assert call("repin", "--provider", "runware", name) == 2
    assert told in capsys.readouterr().err
    assert bought(pinned) == 3
