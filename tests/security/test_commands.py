"""The command line with what is broken, misspelt, hostile or in use."""

import json
import os
from pathlib import Path

import pytest

from renderer.adapters.disk.mutex import held
from renderer.cli.main import run
from tests.conftest import SCENE, Write

Out = pytest.CaptureFixture[str]


def said(project: Path, capsys: Out, *argv: str) -> tuple[int, str]:
    code = run(["-C", str(project), *argv])
    told = capsys.readouterr()
    return code, told.out + told.err


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\0" * 700, "NUL bytes"),
        (b'{"version": 1, "lineage": "l", "tas', "renderer.lock:1:"),
        (
            b'{"version": 99, "lineage": "l", "tasks": {}}',
            "written by a newer program (version 99",
        ),
        (
            b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n",
            "renderer.lock:1:1: an unresolved merge conflict",
        ),
        (b"[" * 200_000, "nested too deeply"),
        (b"\xff\xfe{\0}\0", "no UTF-8 at byte 0"),
        (
            b'{"version": 1, "lineage": "l", "tasks": {"../x": {"fingerprint": "v1-", "takes": {}}}}',
            "'../x'",
        ),
    ],
)
def test_a_lockfile_that_cannot_be_trusted_stops_the_plan(
    content: bytes, why: str, project: Path, write: Write, capsys: Out
) -> None:
    write("renderer.lock", content)
    for command in (
        ("plan", "--provider", "runware"),
        ("lock", "check", "--provider", "runware"),
        ("status", "--provider", "runware"),
    ):
        code, words = said(project, capsys, *command)
        assert code == 2
        assert why in words
    assert (project / "renderer.lock").read_bytes() == content


def test_a_lockfile_behind_a_link_or_a_pipe_is_not_read(project: Path, capsys: Out) -> None:
    lock = project / "renderer.lock"
    lock.symlink_to("/etc/hostname")
    assert said(project, capsys, "plan", "--provider", "runware")[0] == 2
    lock.unlink()
    os.mkfifo(lock)
    code, words = said(project, capsys, "plan", "--provider", "runware")
    assert code == 2
    assert "not a regular file" in words


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("pln",), "unknown command 'pln'; did you mean 'plan'?"),
        (("plan", "--only", "harbour/kuay"), "harbour/quay"),
        (("plan", "--only", "z*"), "z*"),
        (("show", "harbour/kuay"), "harbour/quay"),
        (("validate", "../../etc/passwd"), "there is no file ../../etc/passwd in this project"),
        (("validate", "--format", "xml"), "xml"),
        (("plan", "--base", "--upload-pack=id"), "is not in a git repository"),
        (("plan", "--provider", "s3"), "s3"),
    ],
)
def test_a_slip_on_the_command_line_is_answered(
    argv: tuple[str, ...], why: str, project: Path, capsys: Out
) -> None:
    code, words = said(project, capsys, *argv)

    assert code == 2
    assert why in words


def test_a_file_whose_name_begins_with_a_dash_can_be_named(
    project: Path, write: Write, capsys: Out
) -> None:
    write("specs/-odd.yaml", SCENE.replace("scene: harbour", "scene: odd"))

    assert said(project, capsys, "validate", "--", "specs/-odd.yaml")[0] == 0


def test_a_plan_is_made_while_a_render_holds_the_project(project: Path, capsys: Out) -> None:
    state = project / ".renderer"
    state.mkdir()
    with held(state / "mutex", "render"):
        assert said(project, capsys, "plan")[0] == 0
        assert "A render is running" in said(project, capsys, "status")[1]


def test_a_secret_in_a_spec_is_refused_and_repeated_nowhere(project: Path, capsys: Out) -> None:
    spec = project / "specs" / "harbour.yaml"
    spec.write_text(SCENE + "api_key: rw-canary-77\n")
    for form in ("text", "json", "github"):
        code, words = said(project, capsys, "validate", "--format", form)
        assert code == 2
        assert "api_key" in words
        assert "canary" not in words


def test_an_error_asked_for_as_json_is_one_object_on_stdout(project: Path, capsys: Out) -> None:
    (project / "specs" / "harbour.yaml").write_text("version: 1\nscene: [\n")
    code = run(["-C", str(project), "plan", "--format", "json"])
    told = capsys.readouterr()

    error = json.loads(told.out)["error"]
    assert (code, error["code"], error["file"], error["line"]) == (2, 2, "specs/harbour.yaml", 3)
    assert told.err == ""
