"""What a shell offers: commands and options as they are, addresses and takes of the project."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from renderer.cli.main import COMMANDS
from tests.conftest import SCENE
from tests.harness.program import on_path


@pytest.fixture
def matrix(project: Path) -> Path:
    spec = project / "specs" / "harbour.yaml"
    spec.write_text(SCENE.replace("  - id: lamp\n", "    matrix: {seed: [7, 8]}\n  - id: lamp\n"))
    return project


def bash(project: Path, script: str) -> list[str]:
    ran = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=project,
        env={"PATH": on_path(project.parent / "bin"), "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    return ran.stdout.split("\n")[:-1]


def offered(project: Path, line: str) -> list[str]:
    """Return what bash offers at the end of a line, by the script that the README names."""
    words = shlex.split(line) + ([""] if line.endswith(" ") else [])
    listed = " ".join(map(shlex.quote, words))
    return bash(
        project,
        'eval "$(_RENDERER_COMPLETE=bash_source renderer)"\n'
        f"COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}\n"
        "_renderer_completion renderer\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n',
    )


def test_commands_and_options_are_offered(project: Path) -> None:
    assert offered(project, "renderer ") == list(COMMANDS)
    assert offered(project, "renderer re") == ["render", "repin", "review"]
    assert "--max-cost" in offered(project, "renderer render --")
    assert offered(project, "renderer plan --provider ") == ["local", "runware"]
    assert offered(project, "renderer lock ") == ["check", "merge", "textconv"]
    assert offered(project, "renderer notes ") == ["add", "reopen", "resolve", "verdict"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("renderer plan --only ", ["harbour", "harbour/lamp", "harbour/quay"]),
        ("renderer plan --only harbour/q", ["harbour/quay"]),
        (
            "renderer render --only harbour/quay",
            ["harbour/quay", "harbour/quay@seed=7", "harbour/quay@seed=8"],
        ),
        ("renderer show harbour/quay@seed=8", ["harbour/quay@seed=8"]),
        ("renderer takes harbour/l", ["harbour/lamp"]),
        ("renderer pick --undo ", ["harbour/lamp", "harbour/quay"]),
        ("renderer repin harbour/l", ["harbour/lamp"]),
        ("renderer plan --only zzz", [""]),
    ],
)
def test_names_of_the_project_are_offered(matrix: Path, line: str, wanted: list[str]) -> None:
    before = sorted(matrix.rglob("*"))

    assert offered(matrix, line) == wanted
    assert [path for path in sorted(matrix.rglob("*")) if "bin" not in path.parts] == before


def test_takes_are_offered_and_another_folder_is_heeded(matrix: Path, tmp_path: Path) -> None:
    from renderer.cli.main import run

    assert run(["-C", str(matrix), "render", "--only", "harbour/lamp"]) == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    line = f"renderer -C {matrix} pick harbour/"
    words = shlex.split(line)
    found = bash(
        elsewhere,
        'eval "$(_RENDERER_COMPLETE=bash_source renderer)"\n'
        f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}\n"
        "_renderer_completion renderer\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n',
    )
    assert found == ["harbour/lamp#1"]


def test_a_project_that_cannot_be_read_offers_nothing(project: Path) -> None:
    (project / "specs" / "harbour.yaml").write_text("version: 1\nscene: [")

    assert offered(project, "renderer plan --only ") == [""]
    assert offered(project / "specs", "renderer show ") == [""]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_have_their_script(project: Path, shell: str) -> None:
    script = bash(project, f"_RENDERER_COMPLETE={shell}_source renderer")

    assert any("_RENDERER_COMPLETE" in row for row in script)
    assert os.environ.get("_RENDERER_COMPLETE") is None
