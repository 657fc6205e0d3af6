"""Projects on ways by chance, over drafts, picks, finals and edits: bought exactly as planned."""

import random
from pathlib import Path

import pytest

from tests.continuity.conftest import large
from tests.harness.buyer import Buyer
from tests.harness.served import environment, served
from tests.harness.walks import Walk

Out = pytest.CaptureFixture[str]


def walk(root: Path, capsys: Out, seed: int, steps: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same way each time
    with (
        served(root / "engine", make=large, dated=True) as engine,
        environment(**engine.environment()),
    ):
        way = Walk(one=Buyer(root=root / "film", engine=engine, capsys=capsys), chance=chance)
        way.begin()
        way.go(steps)
        way.render()


def test_what_a_plan_says_is_bought_on_a_way_by_chance(tmp_path: Path, capsys: Out) -> None:
    walk(tmp_path, capsys, 3, steps=9)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("block", range(20))
def test_two_hundred_ways_by_chance(tmp_path: Path, capsys: Out, block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        walk(tmp_path / str(seed), capsys, seed, steps=25)
