"""`renderer init`: a small project that is right from the start."""

from importlib.resources import files
from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.resources import model_texts
from renderer.app.init import TEMPLATES, scaffold
from renderer.app.inspect.validate import validate
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.cli.main import run
from renderer.errors import InputError, MachineError

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
IGNORED = (".renderer/", "renders/", "review/", "renderer.local.lock")


@pytest.mark.parametrize(("template", "tasks"), [("film", 3), ("ad", 20)])
def test_a_new_project_has_no_problem_and_no_warning(
    tmp_path: Path, template: str, tasks: int
) -> None:
    scaffold(tmp_path / "new", Disk(), template)
    report = validate(Workspace.at(tmp_path / "new", models=lambda: CATALOG))
    assert [str(problem) for problem in (*report.problems, *report.warnings)] == []
    assert (report.scenes, report.tasks) == (1, tasks)


def test_each_template_is_a_folder_and_names_no_file_that_is_shared() -> None:
    home = Path(str(files("renderer.app") / "scaffold"))
    names = {
        one.name: {str(path.relative_to(one)) for path in one.rglob("*") if path.is_file()}
        for one in home.iterdir()
        if one.is_dir()
    }
    assert names.keys() == {*TEMPLATES, "shared"}
    assert all(not names["shared"] & names[template] for template in TEMPLATES)


def test_an_unknown_template_is_refused_with_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "--template", "adv", str(tmp_path / "new")]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in TEMPLATES)
    assert not (tmp_path / "new").exists()


def test_without_a_name_it_is_the_film(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "new")]) == 0
    assert (tmp_path / "new" / "specs" / "lighthouse.yaml").exists()


@pytest.mark.parametrize("template", TEMPLATES)
def test_all_that_is_written_is_named(tmp_path: Path, template: str) -> None:
    names = scaffold(tmp_path, Disk(), template)
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
