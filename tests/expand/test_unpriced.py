"""A size that has no price: one sentence, at the place that chose the size; what it advises works."""

from collections.abc import Callable
from pathlib import Path

import pytest

from renderer.cli.main import run

SHOTS = "shots:\n  - {id: a, prompt: A bell}\n  - {id: b, prompt: A ship}\n"
MODEL = "model: bytedance:seedance@1.0-pro, duration: 5"


@pytest.mark.parametrize(
    ("head", "advised"),
    [
        (
            f'aspect: "16:9"\nsettings: {{{MODEL}, resolution: ^480p}}\n',
            ("480p", "1080p"),
        ),
        (
            f"settings: {{{MODEL}, width: ^864, height: 480}}\n",
            ("864, height: 480", "1920, height: 1088"),
        ),
        (
            f'aspect: "1:1"\nsettings: {{{MODEL}}}\nmatrix:\n  resolution: [1080p, ^480p]\n',
            ("[1080p, 480p]", "[1080p]"),
        ),
    ],
    ids=["resolution", "width", "axis"],
)
def test_a_size_without_a_price_is_one_problem_where_it_is_chosen(
    write: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    head: str,
    advised: tuple[str, str],
) -> None:
    above = f"version: 1\nscene: two\n{head}".partition("^")[0].split("\n")
    place = f"specs/two.yaml:{len(above)}:{len(above[-1]) + 1}: "
    scene = write("specs/two.yaml", f"version: 1\nscene: two\n{head.replace('^', '')}{SHOTS}")

    assert run(["-C", str(tmp_path), "validate"]) == 2

    line, count = capsys.readouterr().out.splitlines()
    assert count == "1 problem"
    assert line.startswith(place)
    assert "not known for 480p; choose 1080p" in line

    scene.write_text(scene.read_text().replace(*advised))
    assert run(["-C", str(tmp_path), "validate"]) == 0
