"""Which tests run without the quick second implementations: those of changed rooms."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness.repo import ALONE

SCRIPT = Path(__file__).parents[2] / ".ci" / "without-fast"
ROOMS = "tests/spec tests/catalog tests/templates tests/expand tests/plan"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Lay a checkout of this project with a pytest that only says what it was given."""
    for name in ("renderer/spec/a.py", "renderer/lock/b.py", "tests/plan/c.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1\n")
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".ci")
    tool = tmp_path / "bin" / "pytest"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\necho "$RENDERER_FAST_PATHS" "$@"\n')
    tool.chmod(0o755)
    return tmp_path


def run(checkout: Path, *command: str) -> str:
    variables = {**os.environ, **ALONE, "PATH": f"{checkout / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=checkout, env=variables, capture_output=True, text=True, check=True
    )
    return done.stdout


def commit(checkout: Path, name: str) -> None:
    run(checkout, "git", "add", "-A")
    run(checkout, "git", "commit", "-qm", name)


@pytest.mark.parametrize(
    ("changed", "runs"),
    [("renderer/spec/a.py", True), ("tests/plan/c.py", True), ("renderer/lock/b.py", False)],
)
def test_the_rooms_run_when_one_of_them_was_changed(
    checkout: Path, changed: str, *, runs: bool
) -> None:
    run(checkout, "git", "init", "-qb", "main")
    commit(checkout, "first")
    (checkout / "README.md").write_text("1\n")
    commit(checkout, "before")
    run(checkout, "git", "switch", "-qc", "work")
    (checkout / changed).write_text("2\n")
    assert (ROOMS in run(checkout, ".ci/without-fast")) is runs
    commit(checkout, "changed")
    assert (ROOMS in run(checkout, ".ci/without-fast")) is runs


def test_the_rooms_run_where_no_commit_is_known(checkout: Path) -> None:
    assert run(checkout, ".ci/without-fast").split()[:2] == ["0", "-q"]
    assert ROOMS in run(checkout, ".ci/without-fast")


def test_the_whole_suite_runs_when_asked_for(checkout: Path) -> None:
    said = run(checkout, ".ci/without-fast", "all")
    assert (said.split()[0], "tests/" in said) == ("0", False)
