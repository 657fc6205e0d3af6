"""A frame given by address is not fetched by the embedded engine, and the plan says so."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run
from tests.conftest import Write

Out = pytest.CaptureFixture[str]
SCENE = """\
version: 1
scene: pier
aspect: "1:1"
settings: {model: bytedance:seedance@1.5-pro, resolution: 480p, duration: 4, seed: 3}
shots:
  - id: gulls
    prompt: Gulls over a pier.
"""
URL = "https://example.org/gull.jpg?signature=secret"
WAYS = [
    (f"    frames: {{first: '{URL}'}}\n", ["first"]),
    (f"    frames: {{first: '{URL}', last: '{URL}'}}\n", ["first", "last"]),
    (f"    settings: {{inputs: {{frameImages: ['{URL}']}}}}\n", ["first"]),
    (f"    settings: {{inputs: {{frameImages: [{{image: '{URL}', frame: last}}]}}}}\n", ["last"]),
    (f"    settings: {{inputs: {{frameImages: [{{image: '{URL}', frame: -1}}]}}}}\n", ["last"]),
    ("", None),
]


def step(root: Path, capsys: Out, *argv: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["-C", str(root), "plan", "--format", "json", *argv]) == 0
    (found,) = json.loads(capsys.readouterr().out)["tasks"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("frames", "positions"), WAYS)
def test_the_plan_names_the_frames_that_a_placeholder_stands_for(
    write: Write, tmp_path: Path, capsys: Out, frames: str, positions: list[str] | None
) -> None:
    write("specs/pier.yaml", SCENE + frames)

    for _ in range(2):  # worked out, and recalled
        assert step(tmp_path, capsys).get("placeholders") == positions
    for form in ("text", "markdown"):
        assert run(["-C", str(tmp_path), "plan", "--format", form]) == 0
        told = capsys.readouterr().out
        assert ("placeholder" in told) is (positions is not None)
        assert "secret" not in told


def test_a_provider_that_fetches_them_shows_no_placeholder(
    write: Write, tmp_path: Path, capsys: Out
) -> None:
    write("specs/pier.yaml", SCENE + WAYS[0][0])
    assert "placeholders" not in step(tmp_path, capsys, "--provider", "runware")


def test_what_is_made_needs_no_word_any_more(write: Write, tmp_path: Path, capsys: Out) -> None:
    write("specs/pier.yaml", SCENE + WAYS[0][0])
    assert run(["-C", str(tmp_path), "render"]) == 0
    assert "placeholders" not in step(tmp_path, capsys)
