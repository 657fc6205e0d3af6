"""Whole lives of a project, edited and killed: what the plan said is what was bought, none lost."""

import random
from pathlib import Path

import pytest

from tests.harness.lives import Life
from tests.harness.served import served


def live(root: Path, seed: int, turns: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same life each time
    delay, chaos = chance.choice([0.0, 0.3]), chance.choice([0.0, 0.25])
    with served(root / "engine", delay=delay, dated=True, sender=lambda _: 200) as engine:
        life = Life(root=root / "film", engine=engine, chance=chance, chaos=chaos)
        life.uploads = chance.random() < 0.3
        life.begin()
        life.live(turns)
        life.end()


@pytest.mark.parametrize("seed", range(3))
def test_what_a_killed_and_edited_project_pays_was_agreed_to(tmp_path: Path, seed: int) -> None:
    live(tmp_path, seed, turns=4)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("block", range(20))
def test_two_hundred_lives(tmp_path: Path, block: int) -> None:
    for seed in range(1000 + block * 10, 1010 + block * 10):
        live(tmp_path / str(seed), seed, turns=8)
