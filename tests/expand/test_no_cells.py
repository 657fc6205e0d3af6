"""A matrix whose excludes leave no cell is a slip, said where it is; nothing follows from it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from renderer.cli.main import run

SCENE = """\
version: 1
scene: a
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
shots:
- id: one
  prompt: A fox
  matrix: {seed: [1], exclude: [{seed: 1}]}
- {id: two, prompt: A fox runs, frames: {first: {shot: one MODE}}}
"""


@pytest.mark.parametrize("mode", ["", ", mode: pin"])
@pytest.mark.parametrize("command", ["validate", "plan", "status", "render"])
def test_a_shot_without_cells_is_one_problem_at_its_matrix(
    write: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    mode: str,
) -> None:
    write("specs/a.yaml", SCENE.replace(" MODE", mode))

    assert run(["-C", str(tmp_path), command, "--format", "json"]) == 2
    found = json.loads(capsys.readouterr().out)
    places = {(one["file"], one["line"]) for one in found["problems"]}
    assert places == {("specs/a.yaml", 8)}


def test_it_is_skipped_as_the_message_says(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SCENE.replace("  prompt: A fox\n", "  prompt: A fox\n  skip: true\n")
    write("specs/a.yaml", text.partition("- {id: two")[0] + "- {id: two, prompt: A fox runs}\n")

    assert run(["-C", str(tmp_path), "validate", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["tasks"] == 1
