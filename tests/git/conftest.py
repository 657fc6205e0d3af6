"""Repositories for the tests of git, and an environment in which nobody's settings count."""

import os
from pathlib import Path

import pytest

from tests.harness.repo import ALONE, Repo, scene


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one rendered scene of five shots, committed on main."""
    repo = Repo.start(tmp_path / "film")
    (repo.root / ".gitignore").write_text(".renderer/\nrenderer.local.lock\n")
    (repo.root / "specs").mkdir()
    (repo.root / "specs" / "harbour.yaml").write_text(
        scene(["bell", "crane", "ferry", "lamp", "quay"])
    )
    repo.render("main")
    repo.commit()
    return repo


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """What was printed."""
    return capsys
