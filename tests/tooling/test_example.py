"""The example project in the repository: what a newcomer opens first."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from renderer.adapters.disk.resources import model_texts
from renderer.app.inspect.tasks import tasks
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.expand.task import Task
from tests.harness.inside import inside

HOME = Path(__file__).parents[2]
CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
FRAMES = ("reef-first", "reef-last", "marsh-first")


@pytest.fixture(scope="module")
def made() -> dict[str, Task]:
    found = tasks(Workspace.at(HOME, models=lambda: CATALOG))
    return {task.address: task for task in found}


def test_four_scenes_make_ten_clips(made: dict[str, Task]) -> None:
    assert list(made) == [
        "alley/glide",
        "alley/boat",
        "clocktower/tower@seed=65545,weather=mist",
        "clocktower/tower@seed=65545,weather=rain",
        "clocktower/tower@seed=65546,weather=mist",
        "clocktower/chase",
        "marsh/wade",
        "marsh/answer",
        "reef/gate",
        "reef/polyps",
    ]


@pytest.mark.parametrize(
    ("address", "size", "duration", "seed", "cost"),
    [
        ("alley/glide", (1920, 1080), 8, 94219, "0.93798"),
        ("reef/gate", (1280, 720), 8, 18357, "0.41688"),
        ("marsh/wade", (1280, 720), 8, 88038, "0.41688"),
        ("clocktower/tower@seed=65545,weather=mist", (864, 496), 5, 65545, "0.07292"),
    ],
)
def test_the_first_shots_ask_for_what_was_published_at_the_published_price(
    made: dict[str, Task], address: str, size: tuple[int, int], duration: int, seed: int, cost: str
) -> None:
    request = made[address].request
    assert (request["width"], request["height"]) == size
    assert (request["duration"], request["seed"]) == (duration, seed)
    vendor = {"audio": True, "cameraFixed": False}
    wanted = {**vendor, "draft": True} if "clocktower" in address else vendor
    assert request["providerSettings"] == {"bytedance": wanted}
    assert made[address].cost.low == made[address].cost.high == Decimal(cost)


def test_frames_are_sent_where_the_scenes_name_them(made: dict[str, Task]) -> None:
    def places(address: str) -> list[Any]:
        images = inside(made[address].request, "inputs", "frameImages")
        return [image["frame"] for image in images]

    assert places("reef/gate") == ["first", "last"]
    assert places("marsh/wade") == ["first"]
    assert "inputs" not in made["reef/polyps"].request


def test_no_prompt_is_written_twice_and_none_holds_a_stray_mark(made: dict[str, Task]) -> None:
    prompts = [str(task.request["positivePrompt"]) for task in made.values()]
    assert len(set(prompts)) == 9  # two takes of the tower differ by their seed alone
    assert not [prompt for prompt in prompts if "{" in prompt or ".." in prompt or " ." in prompt]
    assert not [prompt for prompt in prompts if "None" in prompt or "  " in prompt]


@pytest.mark.parametrize("name", FRAMES)
def test_frame_images_are_small_and_of_the_size_of_their_shots(name: str) -> None:
    path = HOME / "assets" / f"{name}.jpg"
    assert path.stat().st_size < 150_000
    with Image.open(path) as image:
        assert image.size == (1280, 720)


@pytest.mark.campaign
def test_the_script_paints_the_frame_images_again(tmp_path: Path) -> None:
    import subprocess
    import sys

    script = HOME / "assets" / "make_frames.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for name in FRAMES:
        pixels = [
            np.asarray(Image.open(folder / f"{name}.jpg"), dtype=float)
            for folder in (HOME / "assets", tmp_path)
        ]
        assert np.abs(pixels[0] - pixels[1]).mean() < 1.0
