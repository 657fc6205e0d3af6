"""What is remembered of a scene's tasks is what they are, whatever they hold in common."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.resources import model_texts
from renderer.app.project.expand import expansion
from renderer.app.project.fast.task_cache import TaskCache
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.expand.task import Task
from tests.harness.fast import fast_only

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
HEAD = """\
version: 1
scene: pier
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
"""
SCENES = {
    "one": "shots:\n- {id: a, prompt: A gull}\n",
    "alike": "shots:\n- {id: a, prompt: A gull}\n- {id: b, prompt: A bell}\n",
    "each its own": "shots:\n- {id: a, title: T, prompt: A gull, settings: {seed: 1}}\n"
    "- {id: b, prompt: A bell, settings: {resolution: 720p, numberResults: 3}}\n"
    "- {id: c, prompt: A sail, frames: {first: {shot: a}}}\n"
    "- {id: d, prompt: A rope, frames: {first: 'https://x.example/i.png'}}\n"
    "- {id: e, prompt: A buoy, settings: {uploadEndpoint: 'https://x.example/{take}?k=1'}}\n",
    "true and 1": "shots:\n- id: a\n  prompt: 'A {{ n }}'\n  matrix: {n: [1, true, 1.5, x]}\n",
    "unseen": 'shots:\n- {id: a, prompt: "A\\u200b gull"}\n- {id: b, prompt: A bell}\n',
}


def tasks_of(root: Path) -> Sequence[Task]:
    cache = TaskCache(cache=Cache(root / ".renderer"), root=root)
    return expansion(ProjectFiles(root=root), CATALOG, cache).sound()


@fast_only
@pytest.mark.parametrize("scene", SCENES)
def test_recalled_tasks_are_the_tasks_that_were_worked_out(tmp_path: Path, scene: str) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "pier.yaml").write_text(HEAD + SCENES[scene])
    (tmp_path / "specs" / "quay.yaml").write_text(
        HEAD.replace("pier", "quay") + "shots:\n- {id: z, prompt: A quay}\n"
    )
    first, again = tasks_of(tmp_path), tasks_of(tmp_path)

    assert repr(first[0]) != repr(again[0])  # the second are recalled: their requests wait
    assert again == first
    assert [type(value) for one in again for value in one.cell.values()] == [
        type(value) for one in first for value in one.cell.values()
    ]
    assert {hash(one.former) for one in again} == {hash(one.former) for one in first}
