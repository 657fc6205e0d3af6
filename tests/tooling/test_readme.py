"""The README and the docs say what is true: their plan is real, their commands run."""

import re
from pathlib import Path

import pytest

from renderer.cli.main import run
from tests.tooling.pretend import REPOSITORY, copy_example, pretend_made

Out = pytest.CaptureFixture[str]
README = (REPOSITORY / "README.md").read_text()
BLOCKS = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)


def edited(path: Path, old: str, new: str) -> None:
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))


def test_the_plan_in_the_readme_is_what_the_command_prints(tmp_path: Path, capsys: Out) -> None:
    pretend_made(copy_example(tmp_path))
    edited(tmp_path / "templates/cast.j2", "half mask, a brass", "half mask of felt, a brass")
    edited(tmp_path / "specs/reef.yaml", "duration: 4", "duration: 5")

    assert run(["-C", str(tmp_path), "plan", "--provider", "runware"]) == 0

    (block,) = [one for one in BLOCKS if one.startswith("$ renderer plan")]
    assert capsys.readouterr().out == block.partition("\n")[2]


def test_the_scene_in_the_readme_is_sound(tmp_path: Path, capsys: Out) -> None:
    (scene,) = [one for one in BLOCKS if one.startswith("# yaml-language-server")]
    for name, text in {
        "specs/harbour.yaml": scene,
        "templates/harbour/lamp.j2": "{{ look }}. A lamp is lit.",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "assets").mkdir()
    image = (REPOSITORY / "assets" / "reef-first.jpg").read_bytes()
    (tmp_path / "assets" / "quay.jpg").write_bytes(image)

    assert run(["-C", str(tmp_path), "tasks"]) == 0
    assert "harbour/quay@seed=7" in capsys.readouterr().out


def test_the_steps_of_a_first_project_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (steps,) = [one for one in BLOCKS if one.startswith("renderer init")]
    monkeypatch.chdir(tmp_path)

    for line in steps.split("\n"):
        words = line.split()
        if words[:1] == ["cd"]:
            monkeypatch.chdir(tmp_path / words[1])
        elif words:
            assert run(words[1:]) == 0, line


def test_every_command_that_the_docs_name_is_there(capsys: Out) -> None:
    pages = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
    named = {
        tuple(words.split())
        for page in pages
        for words in re.findall(r"`renderer ([a-z]+(?: [a-z]+)?)", page.read_text())
    }
    assert len(named) > 5
    for words in sorted(named):
        assert run([words[0], "--help"]) == 0, words
        capsys.readouterr()


def test_every_option_that_the_readme_names_is_there(capsys: Out) -> None:
    for command, option in re.findall(r"`renderer (\w+)[^`]*?(--[a-z-]+)", README):
        assert run([command, "--help"]) == 0
        assert option in capsys.readouterr().out, (command, option)
