"""Fixtures of a small paid project: an engine on loopback, and the command line in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from renderer.cli.main import run
from tests.harness.served import Served, environment, served

Call = Callable[..., int]


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an engine that takes the key of the environment."""
    with served(tmp_path_factory.mktemp("engine")) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def call(project: Path) -> Call:
    """Return the command line on the small project."""
    return lambda *argv: run(["-C", str(project), *argv])


@pytest.fixture
def paid(call: Call) -> Call:
    """Return a render that is agreed to."""
    return lambda *argv: call("render", "--provider", "runware", "--yes", "--max-cost", "5", *argv)
