"""Chained shots: what a new take upstream makes stale, at what price, and what is really sent."""

import base64
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from tests.continuity.conftest import Call, alike, bought, edit, lock, sent
from tests.harness.served import Served, environment, served

Out = pytest.CaptureFixture[str]
Steps = Callable[..., dict[str, Any]]
HTML = {".html", ".js", ".json"}
BELL, CHASE, ESCAPE = (
    "A bell tolls over the harbour.",
    "The courier runs to the docks.",
    "The boat leaves at dawn.",
)


def image(engine: Served, prompt: str) -> np.ndarray:
    """Return the pixels of the first frame that a shot was asked with."""
    (task,) = sent(engine)[prompt]
    (frame,) = task["inputs"]["frameImages"]
    assert frame["frame"] == "first"
    data = base64.b64decode(frame["image"].partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def frames(path: Path) -> list[np.ndarray]:
    with av.open(path) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def test_a_chain_is_made_shot_after_shot_in_one_render(
    story: Path, engine: Served, paid: Call, call: Call, capsys: Out
) -> None:
    assert paid() == 0

    assert "Made 3 takes for $0.29229" in capsys.readouterr().out
    assert [len(tasks) for tasks in sent(engine).values()] == [1, 1, 1]
    assert list(sent(engine)) == [BELL, CHASE, ESCAPE]
    assert call("plan", "--provider", "runware", "--exit-code") == 0
    assert lock(story)["harbour/chase"]["frames"]["first"]["shot"] == "harbour/bell"


def test_the_input_of_the_second_shot_is_the_last_frame_of_the_first_pixel_for_pixel(
    story: Path, engine: Served, paid: Call
) -> None:
    assert paid() == 0

    made = frames(story / "renders" / "harbour" / "bell.take1.mp4")
    assert not np.array_equal(made[-1], made[-2])  # or it could be any frame
    assert np.array_equal(image(engine, CHASE), made[-1])


def test_it_goes_on_from_the_pick_up_to_where_the_pick_is_cut(
    story: Path, engine: Served, paid: Call, call: Call, steps: Steps
) -> None:
    edit(story, "harbour.\n", "harbour.\n    settings: {numberResults: 2}\n")
    assert paid("--only", "harbour/bell") == 0
    assert call("pick", "--provider", "runware", "harbour/bell#2:2f-9f", "--why", "quieter") == 0

    assert steps()["chase"]["action"] == "create"
    assert paid() == 0

    made = frames(story / "renders" / "harbour" / "bell.take2.mp4")
    assert np.array_equal(image(engine, CHASE), made[8])


def test_another_take_of_the_first_shot_makes_the_others_stale_and_prices_them(
    story: Path, engine: Served, paid: Call, steps: Steps
) -> None:
    assert paid() == 0
    edit(story, "A bell", "A great bell")

    found = steps()

    assert list(found) == ["bell", "chase", "escape"]
    assert [one["cost"]["high"] for one in found.values()] == ["0.09743"] * 3
    assert found["bell"].get("waits") is None
    (reason,) = found["chase"]["reasons"]
    assert reason == {
        "field": "frames.first",
        "old": "last frame of harbour/bell#1",
        "new": "last frame of harbour/bell, to be made",
        "cause": "harbour/bell",
    }
    assert found["escape"]["waits"] == ["harbour/chase"]
    assert found["escape"]["reasons"][0]["cause"] == "harbour/chase"
    assert bought(engine) == 3


def test_another_pick_makes_what_goes_on_from_it_stale(
    story: Path, engine: Served, paid: Call, call: Call, steps: Steps
) -> None:
    edit(story, "harbour.\n", "harbour.\n    settings: {numberResults: 2}\n")
    assert paid() == 0
    assert steps() == {}

    assert call("pick", "--provider", "runware", "harbour/bell#2", "--why", "quieter") == 0
    found = steps()
    assert list(found) == ["chase", "escape"]
    assert found["chase"]["reasons"][0]["new"] == "last frame of harbour/bell#2"
    assert "waits" not in found["chase"]

    assert call("pick", "--provider", "runware", "--undo", "harbour/bell") == 0
    assert steps() == {}
    assert bought(engine) == 4


def test_a_revert_upstream_makes_the_old_takes_good_again_for_nothing(
    story: Path, engine: Served, paid: Call, steps: Steps
) -> None:
    assert paid() == 0
    edit(story, "A bell", "A great bell")
    assert paid() == 0
    assert bought(engine) == 6

    edit(story, "A great bell", "A bell")

    found = steps()
    assert all(one["takes"] == 0 for one in found.values())
    assert paid() == 0
    assert bought(engine) == 6


def test_a_shot_whose_source_came_out_as_before_is_made_already(
    story: Path, tmp_path_factory: pytest.TempPathFactory, paid: Call, steps: Steps
) -> None:
    folder = tmp_path_factory.mktemp("alike")
    with served(folder, make=alike, dated=True) as engine, environment(**engine.environment()):
        assert paid() == 0
        edit(story, "A bell", "A great bell")
        assert list(steps()) == ["bell", "chase", "escape"]

        assert paid() == 0

        assert steps() == {}
        assert bought(engine) == 5  # the same frame made the same chase, and that the same escape


def test_a_new_seed_for_a_task_that_has_takes_changes_no_frame(
    story: Path, engine: Served, paid: Call, steps: Steps
) -> None:
    assert paid() == 0
    edit(story, "harbour.\n", "harbour.\n    settings: {numberResults: 3}\n")

    assert list(steps()) == ["bell"]  # two more takes; the first one stays the first
    assert paid() == 0
    assert steps() == {}
    assert bought(engine) == 5


def test_the_limit_is_held_against_the_whole_chain_before_the_first_request(
    engine: Served, paid: Call, capsys: Out
) -> None:
    assert paid("--max-cost", "0.29228") == 4
    assert "$0.29229 for 3 takes" in capsys.readouterr().err
    assert engine.calls == []


def test_what_was_spent_before_counts_for_the_whole_chain(
    engine: Served, paid: Call, capsys: Out
) -> None:
    assert paid("--only", "harbour/bell") == 0
    capsys.readouterr()
    calls = len(engine.calls)

    assert paid("--max-cost", "0.1") == 4
    assert len(engine.calls) == calls


def test_a_shot_that_waits_for_one_that_was_not_chosen_is_refused(
    story: Path, engine: Served, paid: Call, call: Call, capsys: Out
) -> None:
    out = story / "plan.json"
    only = ("--provider", "runware", "--only", "harbour/escape")
    assert call("plan", *only) == call("plan", *only, "--out", str(out)) == 4
    assert not out.exists()
    assert paid("--only", "harbour/escape") == 4

    told = capsys.readouterr().err
    assert "harbour/escape depends on harbour/chase, which is not made and not chosen" in told
    assert "--only harbour/chase" in told
    assert engine.calls == []


def test_a_shot_that_fails_leaves_the_rest_of_its_chain_unmade_and_unpaid(
    engine: Served, paid: Call, capsys: Out
) -> None:
    def refuse(answer: bytes) -> bytes:
        body: dict[str, Any] = json.loads(answer)
        rows = [row for row in body.get("data", ()) if row["taskType"] == "videoInference"]
        error = {"code": "invalidPositivePrompt", "message": "no"}
        if not rows:
            return answer
        errors = [
            error | {"taskUUID": row["taskUUID"], "taskType": "videoInference"} for row in rows
        ]
        return json.dumps({"data": [], "errors": errors}).encode()

    engine.change = refuse
    assert paid() == 1
    told = capsys.readouterr().err
    assert "not made: harbour/chase: it depends on a shot that was not made" in told
    assert CHASE not in sent(engine)


def test_after_a_crash_before_the_frame_was_cut_out_the_chain_goes_on_from_the_store(
    story: Path, engine: Served, paid: Call
) -> None:
    assert paid("--only", "harbour/bell") == 0  # as after a kill between download and extraction
    assert not (story / ".renderer" / "frames").exists()

    assert paid() == 0

    assert [len(tasks) for tasks in sent(engine).values()] == [1, 1, 1]
    shutil.rmtree(story / ".renderer" / "frames")
    assert paid() == 0
    assert bought(engine) == 3


def test_on_a_machine_without_the_video_the_plan_says_that_it_is_fetched_first(
    story: Path, engine: Served, paid: Call, call: Call, steps: Steps, capsys: Out
) -> None:
    assert paid("--only", "harbour/bell") == 0
    planned = steps()
    shutil.rmtree(story / ".renderer")
    shutil.rmtree(story / "renders")

    found = steps()
    assert found["chase"].pop("fetches") == ["harbour/bell#1"]
    assert found == planned
    capsys.readouterr()
    out = story / "plan.json"
    assert call("plan", "--provider", "runware", "--exit-code", "--out", str(out)) == 3
    told = capsys.readouterr().out
    assert "needs harbour/bell#1, not on this machine: render fetches it first" in told
    assert json.loads(out.read_text())["not_here"] == ["harbour/bell#1"]

    assert paid("--plan", str(out)) == 0
    assert bought(engine) == 3
    assert len(list((story / "renders").rglob("*.mp4"))) == 3


def test_a_chain_is_refused_where_its_first_video_is_nowhere(
    story: Path, engine: Served, paid: Call, capsys: Out
) -> None:
    assert paid("--only", "harbour/bell") == 0
    shutil.rmtree(story / ".renderer")
    shutil.rmtree(story / "renders")
    engine.change = lambda answer: b'{"data": []}' if b"videoURL" in answer else answer

    assert paid() == 2

    told = capsys.readouterr().err
    assert "harbour/chase depends on a take whose video is not in the store" in told
    assert bought(engine) == 1


def test_a_saved_plan_of_a_chain_is_carried_out_to_its_end(
    story: Path, engine: Served, paid: Call, call: Call
) -> None:
    out = str(story / "plan.json")
    assert call("plan", "--provider", "runware", "--out", out) == 0
    assert paid("--plan", out) == 0
    assert bought(engine) == 3
    assert paid("--plan", out) == 4


def test_the_embedded_engine_makes_chains_too(story: Path, call: Call, capsys: Out) -> None:
    assert call("render") == 0
    assert "Made 3 takes" in capsys.readouterr().out

    made = frames(story / "renders" / "harbour" / "bell.take1.mp4")[-1].astype(int)
    going = frames(story / "renders" / "harbour" / "chase.take1.mp4")[0].astype(int)
    picture = slice(40, 430)  # without the slate's lines
    assert np.abs(made[picture] - going[picture]).mean() < 4
    assert call("plan", "--exit-code") == 0


def test_show_and_the_page_name_the_frame_by_its_take(
    story: Path, engine: Served, paid: Call, call: Call, capsys: Out
) -> None:
    assert paid("--only", "harbour/bell") == 0
    capsys.readouterr()
    assert call("show", "--provider", "runware", "harbour/chase") == 0
    assert "last frame of harbour/bell#1  chained" in capsys.readouterr().out
    assert call("show", "--provider", "runware", "harbour/escape") == 0
    assert "last frame of harbour/chase, to be made  chained" in capsys.readouterr().out

    assert call("review", "--provider", "runware", "--out", str(story / "page")) == 0
    page = "".join(one.read_text() for one in (story / "page").rglob("*.*") if one.suffix in HTML)
    assert "first: last frame of harbour/bell#1" in page
    assert "first: last frame of harbour/chase, to be made" in page
    assert bought(engine) == 1


def test_a_lockfile_of_another_hand_breaks_no_plan(
    story: Path, engine: Served, paid: Call, call: Call, capsys: Out
) -> None:
    assert paid() == 0
    path = story / "renderer.lock"
    text = path.read_text()
    start = text.index('"frames.first": "take ')
    path.write_text(text[:start] + '"frames.first": "odd"' + text[text.index(",", start) :])
    edit(story, "runs to", "sneaks to")
    capsys.readouterr()

    assert call("plan", "--provider", "runware") == 0
    assert "frames.first: odd → last frame of harbour/bell#1" in capsys.readouterr().out
    assert bought(engine) == 3
