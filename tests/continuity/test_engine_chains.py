"""A chain that an embedded engine makes over HTTP, in the provider's place: free, and whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from renderer.app.project.lockfile import LockFile
from renderer.cli.main import run
from tests.continuity.conftest import SPEC, STORY, large
from tests.harness.served import Served, environment, served

AGREED = ("--provider", "runware", "--yes", "--max-cost", "5")
ALL = ["harbour/bell", "harbour/chase", "harbour/escape"]


@pytest.fixture
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("marked")
    with served(folder, make=large, marked=True) as one, environment(**one.environment()):
        yield one


def takes(root: Path, provider: str) -> list[str]:
    return [address for address, _ in LockFile.of(root, provider).read().takes()]


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [("", "", 3), ("seed: 7}", "seed: 7, numberResults: 2}", 6)],
)
def test_a_chain_through_an_engine_follows_the_takes_that_it_records(
    story: Path, marked: Served, write: Callable[..., Path], old: str, new: str, count: int
) -> None:
    write(SPEC, STORY.replace(old, new))
    before = planned(story)

    for _ in range(2):
        assert run(["-C", str(story), "render", *AGREED]) == 0
        assert sorted(set(takes(story, "local"))) == ALL
        assert len(takes(story, "local")) == count
        assert takes(story, "runware") == []
        assert sum(marked.paid.values()) == count
    assert planned(story) == before == 3


def planned(root: Path) -> int:
    return run(["-C", str(root), "plan", "--provider", "runware", "--exit-code"])


def test_a_chain_that_was_bought_in_part_is_finished_by_an_engine(
    story: Path, engine: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert run(["-C", str(story), "render", "--only", "harbour/bell", *AGREED]) == 0
    folder = tmp_path_factory.mktemp("marked")
    with served(folder, make=large, marked=True) as one, environment(**one.environment()):
        assert run(["-C", str(story), "render", *AGREED]) == 0

    assert takes(story, "runware") == ["harbour/bell"]
    assert takes(story, "local") == ["harbour/chase", "harbour/escape"]
    assert sum(engine.paid.values()) == 1
