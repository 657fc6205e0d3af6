"""What may be written under `frames`, and every slip in it at its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.continuity.conftest import SPEC, STORY, Call, edit

Out = pytest.CaptureFixture[str]
Steps = Callable[..., dict[str, Any]]
FIRST = "{shot: bell}"


@pytest.mark.parametrize(
    ("frames", "told"),
    [
        (
            "{shot: bel}",
            ":10:21: there is no shot harbour/bel to take a frame from; did you mean 'ha",
        ),
        (
            "{shot: chase}",
            ":10:21: shot harbour/chase takes a frame from itself; name another shot",
        ),
        (
            "{shot: escape}",
            "in a circle: harbour/chase → harbour/escape → harbour/chase; give one of them an image",
        ),
        (
            "{shot: a/b/c}",
            ":10:28: shot 'a/b/c' is not the name of a shot; write its id, or scene/shot",
        ),
        ("{shot: Bell}", ":10:28: shot 'Bell' has capital letters; write bell"),
        (
            "{frame: last}",
            ":10:21: the frame names no shot; write {shot: id}, or {keyframe: name}",
        ),
        ("{shto: bell}", ":10:22: unknown key 'shto'; did you mean 'shot'?"),
        (
            "{shot: bell, frame: middle}",
            ":10:41: frame 'middle' is not a moment of a take; write sec",
        ),
        ("{shot: bell, frame: -1}", "is not a moment of a take"),
        ("{shot: bell, mode: chian}", "did you mean chain? use one of chain, pin"),
        ("{keyframe: dusk}", ":10:32: there is no keyframe 'dusk'; add it to `keyframes:`"),
        ("5", ":10:21: 'first' must be an image, {shot: …} or {keyframe: …}, found 5"),
    ],
)
def test_a_slip_is_told_at_its_place(
    story: Path, call: Call, frames: str, told: str, capsys: Out
) -> None:
    edit(story, FIRST, frames)
    assert call("validate") == 2
    assert told in capsys.readouterr().out


def test_a_skipped_shot_can_give_no_frame(story: Path, call: Call, capsys: Out) -> None:
    edit(story, "harbour.\n", "harbour.\n    skip: true\n")
    assert call("validate") == 2
    told = capsys.readouterr().out
    assert "shot harbour/chase takes a frame from harbour/bell, which is skipped" in told


def test_two_circles_are_told_both(
    story: Path, write: Callable[..., Path], call: Call, capsys: Out
) -> None:
    edit(story, "harbour.\n", "harbour.\n    frames: {first: {shot: chase}}\n")
    other = STORY.replace("harbour", "quay").replace("{shot: bell}", "{shot: escape}")
    write("specs/quay.yaml", other)
    assert call("validate") == 2
    told = capsys.readouterr().out
    assert told.count("in a circle") == 2
    assert story.exists()


def test_a_circle_over_two_scenes_is_found_when_only_one_of_them_was_edited(
    story: Path, write: Callable[..., Path], call: Call, capsys: Out
) -> None:
    other = """\
version: 1
scene: quay
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
shots:
  - {id: rope, prompt: A rope falls., frames: {first: {shot: harbour/escape}}}
"""
    write("specs/quay.yaml", other)
    assert call("plan") == 0
    edit(story, "harbour.\n", "harbour.\n    frames: {last: {shot: quay/rope}}\n")
    capsys.readouterr()

    for _ in range(2):  # the second time nothing is fresh
        assert call("plan") == 2
        told = capsys.readouterr().err
        assert "in a circle: harbour/bell → quay/rope → harbour/escape → harbour/chase" in told
        assert f"{SPEC}:8:" in told


def test_a_scene_that_cannot_be_read_hides_no_shot_of_the_others(
    story: Path, write: Callable[..., Path], call: Call, capsys: Out
) -> None:
    edit(story, FIRST, "{shot: quay/rope}")
    write("specs/quay.yaml", "version: 1\nscene: quay\nshots: nothing\n")
    assert call("validate") == 2
    told = capsys.readouterr().out
    assert "there is no shot" not in told


def test_a_keyframe_is_shared_by_its_name_from_scene_or_project(
    story: Path, write: Callable[..., Path], call: Call, steps: Steps
) -> None:
    write(
        "renderer.yaml",
        "version: 1\nkeyframes:\n  tolled: {shot: harbour/bell}\n  dusk: https://example.com/dusk.jpg\n",
    )
    edit(story, FIRST, "{keyframe: tolled}, last: {keyframe: dusk}")
    assert call("validate") == 0
    found = steps()
    assert found["chase"]["waits"] == ["harbour/bell"]


def test_a_keyframe_file_that_is_missing_is_told_once_where_it_is_named(
    story: Path, call: Call, capsys: Out
) -> None:
    edit(story, "shots:", "keyframes: {dusk: assets/dusk.png}\nshots:")
    edit(story, FIRST, "{keyframe: dusk}, last: {keyframe: dusk}")
    assert call("validate") == 2
    told = capsys.readouterr().out
    assert f"{SPEC}:5:19: there is no file assets/dusk.png" in told
    assert "1 problem" in told


def test_each_cell_goes_on_from_the_cell_of_the_other_shot_that_agrees_with_it(
    story: Path, call: Call, steps: Steps, capsys: Out
) -> None:
    edit(story, "shots:", "matrix: {seed: [1, 2]}\nshots:")
    edit(story, ", seed: 7", "")
    assert call("plan", "--provider", "runware") == 0
    assert "6 to create" in capsys.readouterr().out
    found = steps()
    assert len({one["fingerprint"] for one in found.values()}) == 6
