"""A provider is a row of one table: a third one is a row and what makes its takes."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import renderer
from renderer.api.environment import ADAPTERS, Environment
from renderer.cli.main import run
from renderer.providers import PROVIDERS, Provider

STAGE = Provider(
    name="stage",
    paid=False,
    lockfile="renderer.stage.lock",
    lineage="stage",
    committed=False,
    journaled=False,
    drafts_expire=False,
)
HOME = Path(renderer.__file__).parent
Out = pytest.CaptureFixture[str]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROVIDERS, STAGE.name, STAGE)
    monkeypatch.setitem(ADAPTERS, STAGE.name, Environment.local)


@pytest.mark.usefixtures("stage")
def test_a_third_provider_has_its_own_lockfile_and_renders(project: Path, capsys: Out) -> None:
    def call(*argv: str) -> int:
        return run(["-C", str(project), *argv])

    assert call("plan", "--provider", "stage", "--exit-code") == 3
    assert call("render", "--provider", "stage") == 0
    assert (project / "renderer.stage.lock").is_file()
    assert call("plan", "--provider", "stage", "--exit-code") == 0
    assert not (project / "renderer.lock").exists()

    capsys.readouterr()
    assert call("status", "--provider", "stage", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["provider"] == "stage"
    assert call("plan", "--provider", "local", "--exit-code") == 3  # its takes are its own


def names_compared(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        parts += [key for key in node.keys if key] if isinstance(node, ast.Dict) else []
        parts += node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else []
        named = {one.value for one in parts if isinstance(one, ast.Constant)}
        if named & {*PROVIDERS}:
            yield f"{path.name}:{getattr(node, 'lineno', 0)}"


def test_no_other_code_compares_a_providers_name() -> None:
    assert [place for path in HOME.rglob("*.py") for place in names_compared(path)] == []
