"""What people do all day loads nothing heavy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.fast import fast_only

HEAVY = {"av", "numpy", "PIL", "httpx", "uvicorn", "starlette", "rich", "sqlite3", "jsonschema"}
SHOW = """
import sys
from renderer.cli.main import run
code = run(sys.argv[1:])
print("\\nLOADED", code, *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(project: Path, *argv: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *argv],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    last = done.stdout.rpartition("LOADED ")[2].split()
    assert last[0] == "0", done.stderr
    return set(last[1:])


@fast_only
@pytest.mark.parametrize("argv", [("plan",), ("validate",), ("tasks",), ("--help",)])
def test_reading_commands_load_no_media_no_network_and_no_rich(
    project: Path, argv: tuple[str, ...]
) -> None:
    assert not loaded(project, *argv) & HEAVY


def test_help_loads_neither_yaml_nor_templates_nor_types(project: Path) -> None:
    assert not loaded(project, "--help") & {"yaml", "jinja2", "pydantic"}


@fast_only
def test_a_plan_of_scenes_that_did_not_change_needs_no_types_and_no_templates(
    project: Path,
) -> None:
    loaded(project, "plan")

    assert not loaded(project, "plan") & {"pydantic", "jinja2", "yaml"}
