"""Draft, pick, final, larger final: over a chain with a matrix, with what was bought counted."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.continuity.conftest import SPEC, Call, bought, edit, lock
from tests.harness.served import Served

Out = pytest.CaptureFixture[str]
Steps = Callable[..., dict[str, Any]]
MATRIX = """\
version: 1
scene: harbour
aspect: "16:9"
draft: true
settings: {model: "bytedance:seedance@1.5-pro", resolution: 720p, duration: 4}
matrix: {seed: [7, 8]}
shots:
  - id: bell
    prompt: A bell tolls over the harbour.
  - id: chase
    prompt: The courier runs to the docks.
    frames: {first: {shot: bell}}
"""
SEVEN, EIGHT = "harbour/bell@seed=7", "harbour/bell@seed=8"


@pytest.fixture
def pick(call: Call) -> Callable[..., int]:
    return lambda *names: call("pick", "--provider", "runware", *names, "--why", "calm")


@pytest.fixture
def drafted(story: Path, engine: Served, paid: Call) -> Served:
    """Make drafts of two shots with two seeds each."""
    (story / SPEC).write_text(MATRIX)
    assert paid() == 0
    return engine


def ask(call: Call, capsys: Out, *argv: str) -> Any:
    capsys.readouterr()
    call(*argv, "--provider", "runware", "--format", "json")
    return json.loads(capsys.readouterr().out)


def charged(engine: Served) -> Decimal:
    return sum((line.cost for line in engine.store.billing.charged), Decimal(0))


def total(steps: dict[str, Any]) -> Decimal:
    return sum((Decimal(one["cost"]["high"]) for one in steps.values()), Decimal(0))


def actions(steps: dict[str, Any]) -> dict[str, str]:
    return {at: one["action"] for at, one in steps.items()}


def final(story: Path) -> None:
    edit(story, "draft: true", "draft: false")


def test_several_drafts_wait_for_a_choice_and_none_is_bought(
    story: Path, drafted: Served, paid: Call, call: Call, steps: Steps, capsys: Out
) -> None:
    final(story)

    assert set(actions(steps()).values()) == {"choose"}
    assert call("plan", "--provider", "runware", "--exit-code") == 3
    assert call("lock", "check", "--provider", "runware") == 4
    capsys.readouterr()
    assert paid() == 4
    said = capsys.readouterr().err
    assert f"not made: {SEVEN}: pick one of 2: {SEVEN}#1, {EIGHT}#1" in said
    assert "renderer pick" in said
    assert bought(drafted) == 4


def test_a_render_makes_all_that_waits_for_no_choice_and_says_what_does(
    story: Path, drafted: Served, paid: Call, pick: Callable[..., int], steps: Steps
) -> None:
    with (story / SPEC).open("a") as file:
        file.write("  - id: lamp\n    prompt: A lamp is lit.\n")
    assert paid() == 0
    final(story)
    assert pick(f"{EIGHT}#1") == 0
    text = """\
  - id: coda
    prompt: Gulls settle.
    matrix: {seed: [9]}
    frames: {first: {shot: chase}}
  - id: gate
    prompt: A gate is shut.
    matrix: {seed: [9]}
    frames: {first: {shot: lamp}}
"""
    (story / SPEC).write_text((story / SPEC).read_text() + text)
    found = steps()
    # The second draft of `chase` is the only one that goes on from the pick.
    assert actions(found) == {
        "bell@seed=8": "promote",
        "chase@seed=8": "promote",
        "coda@seed=9": "create",
        "lamp@seed=7": "choose",
        "lamp@seed=8": "choose",
        "gate@seed=9": "choose",
    }
    assert found["coda@seed=9"]["waits"] == ["harbour/chase"]
    before = charged(drafted)

    assert paid() == 4

    assert charged(drafted) - before == total(found)
    assert set(actions(steps()).values()) == {"choose"}


def test_from_draft_to_pick_with_a_cut_to_final_to_a_larger_one(  # noqa: PLR0917 - fixtures
    story: Path,
    drafted: Served,
    paid: Call,
    call: Call,
    pick: Callable[..., int],
    steps: Steps,
    capsys: Out,
) -> None:
    assert pick(f"{EIGHT}#1:2f-9f") == 0
    assert paid() == 0  # what goes on from the pick is made once more, as drafts
    assert steps() == {}
    assert pick("harbour/chase@seed=7#2") == 0
    final(story)

    for size, spent in (("720p", 2), ("1080p", 2)):
        if size != "720p":
            edit(story, "720p", size)
        found = steps()
        assert actions(found) == {"bell@seed=8": "promote", "chase@seed=7": "promote"}
        before, count = charged(drafted), bought(drafted)
        out = story / f"{size}.json"
        assert call("plan", "--provider", "runware", "--out", str(out)) == 0
        assert paid("--plan", str(out)) == 0
        assert bought(drafted) - count == spent
        assert charged(drafted) - before == total(found)
        assert call("plan", "--provider", "runware", "--exit-code") == 0
        assert call("lock", "check", "--provider", "runware") == 0
        assert call("picks", "--check", "--provider", "runware") == 0

        kept = {one["shot"]: one for one in ask(call, capsys, "picks")["shots"]}["harbour/bell"]
        (part,) = kept["pick"]["parts"]
        assert (kept["state"], kept["pick"]["why"]) == ("picked", "calm")
        assert (part["in"], part["out"]) == ("2f", "9f")
        takes = lock(story)[EIGHT]["takes"]
        assert part["sha256"] == takes[f"#{len(takes)}"]["sha256"]
        assert takes[f"#{len(takes)}"]["draft"] == takes["#1"]["sha256"]


def test_another_pick_is_promoted_and_the_first_final_stays(
    story: Path, drafted: Served, paid: Call, pick: Callable[..., int], steps: Steps
) -> None:
    assert pick(f"{SEVEN}#1") == 0
    final(story)
    only = ("--only", "harbour/bell")
    assert paid(*only) == 0
    assert bought(drafted) == 5

    assert pick(f"{EIGHT}#1") == 0
    assert actions(steps(*only)) == {"bell@seed=8": "promote"}
    assert paid(*only) == 0

    assert bought(drafted) == 6
    assert steps(*only) == {}
    assert pick(f"{SEVEN}#2") == 0
    assert steps(*only) == {}


def test_all_finals_buys_one_of_each_draft_and_no_more(
    story: Path, engine: Served, paid: Call, steps: Steps
) -> None:
    results = MATRIX.replace("duration: 4", "duration: 4, numberResults: 2")
    (story / SPEC).write_text(results.replace("matrix: {seed: [7, 8]}\n", ""))
    assert paid() == 0
    final(story)
    assert set(actions(steps()).values()) == {"choose"}
    found = steps("--all-finals")
    assert [one["takes"] for one in found.values()] == [2, 2]
    before = charged(engine)

    assert paid("--all-finals") == 0

    assert charged(engine) - before == total(found)
    assert steps() == {}
    assert steps("--all-finals") == {}
    for task in lock(story).values():
        takes = task["takes"].values()
        drafts = {take["sha256"] for take in takes if "draftId" in take}
        assert drafts == {take["draft"] for take in takes if "draft" in take}


def test_a_saved_plan_with_another_draft_in_it_is_not_carried_out(
    story: Path, engine: Served, paid: Call, call: Call, pick: Callable[..., int]
) -> None:
    (story / SPEC).write_text(
        MATRIX.replace("duration: 4", "duration: 4, numberResults: 2").replace(
            "matrix: {seed: [7, 8]}\n", ""
        )
    )
    assert paid("--only", "harbour/bell") == 0
    final(story)
    assert pick("harbour/bell#1") == 0
    out = str(story / "plan.json")
    only = ("--only", "harbour/bell")
    assert call("plan", "--provider", "runware", *only, "--out", out) == 0
    assert pick("harbour/bell#2") == 0
    count = bought(engine)

    assert paid(*only, "--plan", out) == 4
    assert bought(engine) == count


def test_a_saved_plan_knows_that_all_finals_were_asked_for(
    story: Path, drafted: Served, paid: Call, call: Call, steps: Steps
) -> None:
    final(story)
    out = str(story / "plan.json")
    assert call("plan", "--provider", "runware", "--all-finals", "--out", out) == 0
    assert paid() == 4
    assert bought(drafted) == 4

    assert paid("--plan", out) == 0

    assert bought(drafted) == 8
    assert steps() == {}


def test_a_pick_of_the_draft_that_is_planned_anyway_leaves_a_saved_plan_good(
    story: Path, drafted: Served, paid: Call, call: Call, pick: Callable[..., int]
) -> None:
    edit(story, "seed: [7, 8]", "seed: [7]")
    final(story)
    out = str(story / "plan.json")
    assert call("plan", "--provider", "runware", "--out", out) == 0
    assert pick(f"{SEVEN}#1") == 0

    assert paid("--plan", out) == 0
    assert bought(drafted) == 6


@pytest.mark.usefixtures("engine")
def test_show_says_how_many_are_wanted_of_what_was_a_draft(
    story: Path, paid: Call, call: Call, pick: Callable[..., int], capsys: Out
) -> None:
    edit(story, 'aspect: "16:9"', 'aspect: "16:9"\ndraft: true')
    edit(story, "480p", "720p")
    edit(story, "harbour.\n", "harbour.\n    settings: {numberResults: 2}\n")
    assert paid("--only", "harbour/bell") == 0
    assert pick("harbour/bell#2") == 0
    final(story)
    assert paid("--only", "harbour/bell") == 0
    capsys.readouterr()

    assert call("show", "--provider", "runware", "harbour/bell") == 0
    assert "1 wanted" in capsys.readouterr().out
