"""How the command line answers what it cannot do: once, with the help of its own command."""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from renderer.cli.main import COMMANDS, run
from renderer.cli.startup import foreign_system

Out = pytest.CaptureFixture[str]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_usage_error_names_the_help_of_its_command(command: str, capsys: Out) -> None:
    assert run([command, "--no-such-option"]) == 2

    told = capsys.readouterr().err
    (named,) = re.findall(r"`(renderer[^`]*) --help`", told)
    assert named == f"renderer {command}"
    assert run([*named.split()[1:], "--help"]) == 0


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (("lock", "merge", "a"), "renderer lock merge"),
        (("lock", "chek"), "renderer lock"),
        (("review", "--port", "1"), "renderer review"),
        (("pick",), "renderer pick"),
        (("plam",), "renderer"),
        (("zzz",), "renderer"),
        (("--nope",), "renderer"),
        (("render", "--max-cost", "x"), "renderer render"),
    ],
)
def test_a_hint_is_printed_once(
    project: Path, argv: tuple[str, ...], named: str, capsys: Out
) -> None:
    assert run(["-C", str(project), *argv]) == 2

    told = capsys.readouterr().err
    assert told.count("--help`") == 1
    assert f"see `{named} --help`" in told


def test_what_is_to_be_done_about_many_problems_is_said_once(
    project: Path, tmp_path: Path, capsys: Out
) -> None:
    plan, spec = tmp_path / "plan.json", project / "specs" / "harbour.yaml"
    assert run(["-C", str(project), "plan", "--out", str(plan)]) == 0
    spec.write_text(spec.read_text().replace("duration: 4", "duration: 5"))
    capsys.readouterr()

    assert run(["-C", str(project), "render", "--plan", str(plan)]) == 4

    told = capsys.readouterr().err
    assert told.count("the saved plan is stale") >= 2
    assert told.count("save a new one") == 1


@contextmanager
def in_use(project: Path, name: str) -> Iterator[None]:
    (project / ".renderer").mkdir(exist_ok=True)
    with (project / ".renderer" / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("argv", [("render",), ("lock", "merge")])
def test_a_project_in_use_is_a_refusal(project: Path, argv: tuple[str, ...], capsys: Out) -> None:
    with in_use(project, "mutex"):
        assert run(["-C", str(project), *argv]) == 4

    told = capsys.readouterr().err
    assert "another renderer works in this project" in told
    option = re.search(r"(--[a-z-]+)", told)
    assert run([*argv, "--help"]) == 0
    assert option is None or option[1] in capsys.readouterr().out


def test_one_is_written_as_one(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text(
        "version: 1\nscene: a\naspect: '16:9'\n"
        "settings: {model: bytedance:seedance@1.5-pro, resolution: 480p, duration: 4}\n"
        "shots: [{id: one, prompt: A pier.}]\n"
    )
    calls = [
        ("validate",),
        ("render",),
        ("status",),
        ("verify",),
        ("picks",),
        ("plan",),
        ("lock", "check"),
        ("takes", "a/one"),
        ("cost",),
        ("review",),
    ]
    for argv in calls:
        run(["-C", str(tmp_path), *argv])
    told = capsys.readouterr()

    assert not re.findall(r"\b1 (?:scenes|tasks|takes|shots|problems|picks|files)\b", told.out)
    assert "OK: 1 scene, 1 task\n" in told.out


def test_a_system_that_is_not_posix_is_told_where_it_runs() -> None:
    assert foreign_system("posix") == ""
    assert "WSL" in foreign_system("nt")
