"""Chains of drafts become chains of finals: each from its own draft, none bought anew."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.continuity.conftest import Call, bought, edit, lock, sent
from tests.harness.served import Served

Out = pytest.CaptureFixture[str]
Steps = Callable[..., dict[str, Any]]


@pytest.fixture
def drafted(story: Path, engine: Served, paid: Call) -> Served:
    edit(story, 'aspect: "16:9"', 'aspect: "16:9"\ndraft: true')
    edit(story, "480p", "720p")
    assert paid() == 0
    engine.calls.clear()
    return engine


def final(story: Path) -> None:
    edit(story, "draft: true", "draft: false")


def test_every_shot_of_the_chain_is_promoted_from_its_own_draft_at_once(
    story: Path, drafted: Served, paid: Call, steps: Steps
) -> None:
    final(story)

    found = steps()
    assert [one["action"] for one in found.values()] == ["promote"] * 3
    assert not any("waits" in one for one in found.values())
    assert paid() == 0

    asked = [task for tasks in sent(drafted).values() for task in tasks]
    assert len(asked) == 3
    assert len({task["inputs"]["draftId"] for task in asked}) == 3
    assert not any("frameImages" in task["inputs"] for task in asked)
    assert steps() == {}
    takes = lock(story)["harbour/bell"]["takes"]
    assert takes["#2"]["draft"] == takes["#1"]["sha256"]


def test_a_shot_that_joins_later_goes_on_from_the_final(
    story: Path, drafted: Served, paid: Call, steps: Steps
) -> None:
    final(story)
    assert paid() == 0
    text = "  - id: coda\n    prompt: Gulls settle.\n    frames: {first: {shot: bell}}\n"
    path = story / "specs" / "harbour.yaml"
    path.write_text(path.read_text() + text)
    assert list(steps()) == ["coda"]

    assert paid() == 0

    (frame,) = sent(drafted)["Gulls settle."][0]["inputs"]["frameImages"]
    bell = lock(story)["harbour/bell"]["takes"]
    cut = [path.name for path in (story / ".renderer" / "frames").iterdir()]
    assert f"{bell['#2']['sha256']}.last.png" in cut
    assert frame["image"].startswith("data:image/png")
    assert lock(story)["harbour/coda"]["frames"]["first"]["take"] == bell["#1"]["sha256"]


def test_a_shot_without_a_draft_waits_for_the_final_it_goes_on_from(
    story: Path, drafted: Served, steps: Steps
) -> None:
    text = "  - id: coda\n    prompt: Gulls settle.\n    frames: {first: {shot: bell}}\n"
    path = story / "specs" / "harbour.yaml"
    path.write_text(path.read_text() + text)
    final(story)

    found = steps()
    assert found["coda"]["action"] == "create"
    assert found["coda"]["waits"] == ["harbour/bell"]
    assert bought(drafted) == 3


def test_a_new_prompt_besides_is_a_new_generation_for_all_that_follows(
    story: Path, drafted: Served, steps: Steps
) -> None:
    final(story)
    edit(story, "A bell", "A great bell")

    found = steps()
    assert [one["action"] for one in found.values()] == ["change"] * 3
    assert found["chase"]["waits"] == ["harbour/bell"]
    assert bought(drafted) == 3


def test_the_pick_of_a_draft_counts_for_the_final_that_is_made_from_it(
    story: Path, engine: Served, paid: Call, call: Call, steps: Steps
) -> None:
    edit(story, 'aspect: "16:9"', 'aspect: "16:9"\ndraft: true')
    edit(story, "480p", "720p")
    edit(story, "harbour.\n", "harbour.\n    settings: {numberResults: 2}\n")
    assert paid("--only", "harbour/bell") == 0
    assert call("pick", "--provider", "runware", "harbour/bell#2:0-9f", "--why", "calm") == 0
    assert paid() == 0
    edit(story, "    settings: {numberResults: 2}\n", "")
    final(story)

    assert [one["action"] for one in steps().values()] == ["promote"] * 3
    assert paid() == 0

    assert steps() == {}
    made = lock(story)["harbour/bell"]["takes"]
    assert made["#3"]["draft"] == made["#2"]["sha256"]
    assert lock(story)["harbour/chase"]["frames"]["first"] == {
        "shot": "harbour/bell",
        "frame": "last",
        "take": made["#2"]["sha256"],
        "moment": "before 9f",
    }
    assert bought(engine) == 7
