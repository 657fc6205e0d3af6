"""A rejected take is not followed by a chained shot: the plan notices, also where it was empty before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.continuity.conftest import Call, bought, edit
from tests.harness.served import Served

Steps = Callable[..., dict[str, Any]]
BELL = "prompt: A bell tolls over the harbour.\n"


def judged(call: Call, take: str, word: str) -> int:
    return call("notes", "verdict", take, word, "--who", "Ann", "--provider", "runware")


def test_a_shot_follows_the_next_take_once_the_first_is_rejected(
    story: Path, engine: Served, paid: Call, call: Call, steps: Steps
) -> None:
    edit(story, BELL, BELL + "    settings: {numberResults: 2}\n")
    assert paid() == 0
    assert steps() == steps() == {}
    money = bought(engine)

    for word in ("approve", "circle"):
        assert judged(call, "bell#1", word) == 0
        assert steps() == {}
    assert judged(call, "bell#1", "reject") == 0
    assert {at: step["action"] for at, step in steps().items()} == {
        "chase": "change",
        "escape": "change",
    }
    assert judged(call, "bell#1", "none") == 0
    assert steps() == {}
    assert bought(engine) == money


def test_a_pick_of_a_rejected_take_is_followed_all_the_same(
    story: Path, engine: Served, paid: Call, call: Call, steps: Steps
) -> None:
    edit(story, BELL, BELL + "    settings: {numberResults: 2}\n")
    assert paid() == 0
    assert engine.paid
    assert call("pick", "bell#1", "--provider", "runware") == 0

    assert judged(call, "bell#1", "reject") == 0
    assert steps() == {}


def test_a_shot_waits_where_every_take_is_rejected(
    engine: Served, paid: Call, call: Call, steps: Steps
) -> None:
    assert paid() == 0
    assert engine.paid
    assert judged(call, "bell#1", "reject") == 0

    assert {at: step["action"] for at, step in steps().items()} == {
        "chase": "choose",
        "escape": "choose",
    }
    assert paid() == 4
