"""A chain is bought as it was agreed to: what is edited while it runs is for the next run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.continuity.conftest import Call, edit, sent
from tests.harness.served import Served

Steps = Callable[..., dict[str, Any]]


def during_the_first_shot(engine: Served, act: Callable[[], object]) -> None:
    """Do something once, when the POST of the first shot arrives."""
    done: list[None] = []

    def gate(body: bytes) -> bool:
        if b'"videoInference"' in body and not done:
            done.append(None)
            act()
        return True

    engine.gate = gate


EDITS: dict[str, Callable[[Path], object]] = {
    "another prompt": lambda story: edit(story, "The courier runs", "Two couriers run"),
    "more takes": lambda story: edit(
        story, "    frames: {first: {shot: bell}}", "    settings: {numberResults: 4, seed: 99}"
    ),
    "a longer take": lambda story: edit(
        story, "  - id: chase\n", "  - id: chase\n    settings: {duration: 12}\n"
    ),
    "a larger take": lambda story: edit(story, "resolution: 480p", "resolution: 1080p"),
    "another shot": lambda story: edit(
        story, "  - id: escape\n", "  - {id: coda, prompt: Rain.}\n  - id: escape\n"
    ),
    "a shot that left": lambda story: edit(
        story,
        "  - id: escape\n    prompt: The boat leaves at dawn.\n"
        "    frames: {first: {shot: harbour/chase, frame: last}}\n",
        "",
    ),
    "no specs that can be read": lambda story: (story / "specs/harbour.yaml").write_text("{"),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("saved", [False, True])
def test_what_is_edited_while_a_chain_runs_is_for_the_next_run(
    story: Path, engine: Served, paid: Call, call: Call, name: str, *, saved: bool
) -> None:
    argv: tuple[str, ...] = ()
    if saved:
        file = str(story / "plan.json")
        assert call("plan", "--provider", "runware", "--out", file) == 0
        argv = ("--plan", file)
    during_the_first_shot(engine, lambda: EDITS[name](story))

    assert paid(*argv) == 0

    assert f"{engine.store.billing.spent:f}" == "0.29229"
    assert [len(tasks) for tasks in sent(engine).values()] == [1, 1, 1]
    takes = json.loads((story / "renderer.lock").read_text())["tasks"]
    assert len(takes) == 3


def test_a_pick_that_is_made_while_a_chain_runs_is_for_the_next_run(
    story: Path, engine: Served, paid: Call, call: Call, steps: Steps
) -> None:
    edit(story, "prompt: A bell tolls over the harbour.",
         "prompt: A bell tolls over the harbour.\n    settings: {numberResults: 2}")  # fmt: skip
    assert paid("--only", "harbour/bell") == 0
    picks = story / "picks.yaml"
    assert call("pick", "harbour/bell#2", "--why", "calmer", "--provider", "runware") == 0
    text = picks.read_text()
    picks.unlink()
    during_the_first_shot(engine, lambda: picks.write_text(text))

    assert paid() == 0

    assert steps().keys() == {"chase", "escape"}  # they follow the pick now
    assert len(engine.store.billing.charged) == 4
