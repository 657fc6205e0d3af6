"""`renderer init`: a small project that is right from the start."""

from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.resources import model_texts
from renderer.app.init import scaffold
from renderer.app.inspect.validate import validate
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.errors import InputError, MachineError

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
IGNORED = (".renderer/", "renders/", "review/", "renderer.local.lock")


def test_the_new_project_has_no_problem(tmp_path: Path) -> None:
    scaffold(tmp_path / "film", Disk())
    report = validate(Workspace.at(tmp_path / "film", models=lambda: CATALOG))
    assert [str(problem) for problem in report.problems] == []
    assert (report.scenes, report.tasks) == (1, 3)


def test_all_that_is_written_is_named(tmp_path: Path) -> None:
    names = scaffold(tmp_path, Disk())
    there = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert set(names) == there
    assert "renderer.yaml" in there
    assert ".vscode/settings.json" in there


def test_what_must_not_be_committed_is_ignored(tmp_path: Path) -> None:
    scaffold(tmp_path, Disk())
    lines = (tmp_path / ".gitignore").read_text("utf-8").splitlines()
    assert set(IGNORED) <= set(lines)


def test_an_ignore_file_keeps_its_lines_and_gets_the_missing_ones(tmp_path: Path) -> None:
    ignore = tmp_path / ".gitignore"
    ignore.write_text("*.psd\nrenders/", "utf-8")
    scaffold(tmp_path, Disk())
    lines = ignore.read_text("utf-8").splitlines()
    assert lines[:2] == ["*.psd", "renders/"]
    assert sorted(line for line in lines if line in IGNORED) == sorted(IGNORED)


def test_every_file_in_the_way_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "renderer.yaml").write_text("mine", "utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "cast.j2").write_text("mine", "utf-8")
    with pytest.raises(InputError) as caught:
        scaffold(tmp_path, Disk())
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 2
    assert all("nothing is overwritten" in line for line in told)
    assert not (tmp_path / "specs").exists()
    assert (tmp_path / "renderer.yaml").read_text("utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "film").write_text("", "utf-8")
    with pytest.raises(InputError, match="is a file"):
        scaffold(tmp_path / "film", Disk())


def test_a_failed_write_leaves_no_file_behind(tmp_path: Path) -> None:
    (tmp_path / "templates").write_text("a file where a folder must be", "utf-8")
    with pytest.raises(MachineError):
        scaffold(tmp_path, Disk())
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["templates"]


def test_settings_of_an_editor_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode" / "settings.json").write_text("{}", "utf-8")
    assert ".vscode/settings.json" not in scaffold(tmp_path, Disk())
    assert (tmp_path / ".vscode" / "settings.json").read_text("utf-8") == "{}"
