"""Without the quick second implementations everything works: each room has its truth beside them."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import renderer
from renderer.cli.startup import choose_paths
from renderer.fast_paths import FAST

ROOT = Path(renderer.__file__).parent
FAST_FILES = sorted(path for path in ROOT.rglob("*.py") if "fast" in path.parent.parts)
# These only make a memory and pass it on to what asks whether it is used.
PASS_ON = {
    "app/planning/compare.py",
    "app/planning/inputs.py",
    "app/review/note_names.py",
    "app/review/picks.py",
    "cli/complete.py",
}
CALLED = """
import sys
from renderer.cli.main import run
for module in %r:
    __import__(module)
seen = set()
def note(frame, event, _):
    if event == "call" and "/fast/" in frame.f_code.co_filename:
        seen.add(frame.f_code.co_name)
sys.setprofile(note)
code = run(["plan"])
sys.setprofile(None)
print("CALLED", code, *sorted(seen - {"__init__", "of"}))  # made, and not asked
"""


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports when it runs."""
    found = {
        node.module or ""
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    return found | {
        f"{node.module}.{one.name}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }


def called(project: Path, switch: str) -> set[str]:
    """Plan in a new process; return which functions of `fast/` were called."""
    names = [path.relative_to(ROOT).with_suffix("").parts for path in FAST_FILES]
    modules = [".".join(("renderer", *parts)).removesuffix(".__init__") for parts in names]
    done = subprocess.run(
        [sys.executable, "-c", CALLED % modules],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT.parent), "RENDERER_FAST_PATHS": switch},
    )
    code, *seen = done.stdout.rpartition("CALLED ")[2].split()
    assert code == "0", done.stderr
    return set(seen)


@pytest.mark.parametrize("path", FAST_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_quick_second_implementation_names_the_truth(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert "truth" in said
    named = [word for word in said.replace("`", " ").split() if word.endswith(".py")]
    rooms = [ROOT, *path.parents]
    assert named or "jsonschema" in said
    assert [word for word in named if not any((room / word).exists() for room in rooms)] == []


def test_whatever_uses_a_quick_implementation_asks_the_switch() -> None:
    silent = set()
    for path in sorted(set(ROOT.rglob("*.py")) - set(FAST_FILES)):
        known = imports(path)
        if any(".fast." in f"{one}." for one in known) and "renderer.fast_paths.FAST" not in known:
            silent.add(str(path.relative_to(ROOT)))
    assert silent == PASS_ON


def test_a_plan_without_them_calls_none_of_them(project: Path) -> None:
    assert called(project, "0") == set()
    assert len(called(project, "")) > 20


@pytest.mark.parametrize(("value", "on"), [("0", False), ("", True), ("1", True), (None, True)])
def test_one_variable_turns_all_of_them_off(
    value: str | None, *, on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FAST, "on", FAST.on)  # put back at the end
    choose_paths({} if value is None else {"RENDERER_FAST_PATHS": value})
    assert FAST.on is on
