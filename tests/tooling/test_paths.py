"""The name of a file or folder of a project is spelled once, in `renderer/paths.py`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import renderer
from renderer import paths

HOME = Path(renderer.__file__).parent
# Plain words of other things, too: only with something before or after them they are a path.
WORDS = {"engine", "mutex", "objects", "quarantine", "renders", "requests", "review", "specs"}
WORDS |= {"templates", "assets"}
NAMES = {one for one in vars(paths).values() if isinstance(one, str) and one.isprintable()}
NAMES = {one for one in NAMES if " " not in one} - {paths.__name__, paths.__package__ or ""}


def docstrings(tree: ast.AST) -> set[int]:
    """Return the ids of the nodes that are documentation."""
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", [])
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))
    return found


def spelled(path: Path) -> Iterator[str]:
    """Yield each place where a text is the name of a project's file, alone or in a path."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        text = node.value
        if id(node) in skipped or " " in text or "\n" in text:
            continue
        parts = set(text.strip("/").split("/"))
        is_path = "/" in text or not parts & WORDS
        if is_path and parts & NAMES:
            yield f"{path.name}:{node.lineno}: {text}"


def test_no_other_module_spells_a_name() -> None:
    skipped = {
        HOME / "paths.py",
        HOME / "spec" / "model.py",
    }  # the model's are examples for editors
    found = [one for path in HOME.rglob("*.py") if path not in skipped for one in spelled(path)]
    assert found == []


def test_the_check_finds_one(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text('"""Reads renderer.lock."""\nSTATE = root / ".renderer"\n')
    (tmp_path / "two.py").write_text('open(f"specs/{name}.yaml")\n')
    assert [*spelled(tmp_path / "one.py")] == ["one.py:2: .renderer"]
    assert [*spelled(tmp_path / "two.py")] == ["two.py:1: specs/"]
