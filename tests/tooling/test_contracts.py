"""The contracts of imports fail where they are broken: a breach is planted into a copy."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("importlinter", reason="it is of the extra `check`")
HOME = Path(__file__).parents[2]
LINT = "import sys; from importlinter.cli import lint_imports_command as run; run(sys.argv[1:])"
BREACHES = {
    "renderer/lock/model.py": "import renderer.app.workspace",
    "renderer/app/project/settings.py": "import renderer.app.rendering.job",
    "renderer/app/workspace.py": "import renderer.app.planning.plan",
    "renderer/plan/decide.py": "import time",
}
BROKEN = {
    "Data flows one way; imports point downwards only",
    "Use cases build on those below them, by subject",
    "Nothing imports in a circle, at any depth",
    "The core computes and never touches the world",
}
KEPT = {
    "Adapters build on those below them",
    "An animatic is made without the rest of the program",
}


def test_planted_breaches_break_the_contracts_they_are_of_and_no_other(tmp_path: Path) -> None:
    only = shutil.ignore_patterns("__pycache__", "scaffold", "web")
    shutil.copytree(HOME / "renderer", tmp_path / "renderer", ignore=only)
    shutil.copy(HOME / "pyproject.toml", tmp_path)
    for name, line in BREACHES.items():
        path = tmp_path / name
        path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    said = done.stdout.splitlines()
    assert done.returncode == 1, done.stdout + done.stderr
    assert {name for name in BROKEN if f"{name} BROKEN" in said} == BROKEN
    assert {name for name in KEPT if f"{name} KEPT" in said} == KEPT
    assert any("renderer.lock.model -> renderer.app.workspace" in line for line in said)
