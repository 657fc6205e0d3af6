"""A whole number is the same number with a point: 1280.0 is 1280, for size, count and price."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from renderer.cli.main import run

SCENE = """\
version: 1
scene: pier
settings: {{model: bytedance:seedance@1.5-pro, {settings}}}
shots:
  - {{id: gulls, prompt: Gulls over a pier., frames: {{first: assets/gull.png}}}}
"""
NUMBERS = {"width": 1280, "height": 720, "duration": 5, "seed": 7, "numberResults": 2}


def picture() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGB").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def planned(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[dict[str, float]], tuple[dict[str, object], str]]:
    write("assets/gull.png", picture())

    def plan(numbers: dict[str, float]) -> tuple[dict[str, object], str]:
        settings = ", ".join(f"{name}: {number}" for name, number in numbers.items())
        write("specs/pier.yaml", SCENE.format(settings=settings))
        assert run(["-C", str(tmp_path), "plan", "--provider", "runware", "--format", "json"]) == 0
        found = capsys.readouterr()
        return json.loads(found.out), without_places(found.err)

    return plan


def without_places(warnings: str) -> str:
    """Return warnings without their places: the texts are not equally long."""
    return warnings.partition("warning: ")[2]


@pytest.mark.parametrize("name", [*NUMBERS, "all"])
def test_a_number_with_a_point_plans_what_the_whole_one_plans(
    planned: Callable[[dict[str, float]], tuple[dict[str, object], str]], name: str
) -> None:
    pointed = {
        one: float(number) if name in (one, "all") else number for one, number in NUMBERS.items()
    }

    plan, warnings = planned(pointed)

    assert (plan, warnings) == planned(dict(NUMBERS))
    assert "is 1:1 (400x400), the take 16:9 (1280x720)" in warnings
