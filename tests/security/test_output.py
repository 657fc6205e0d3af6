"""Foreign text is shown and obeyed by nobody: terminals, CI logs, comments, odd encodings."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from renderer.cli.main import run
from renderer.sanitize import unheard, visible
from tests.conftest import SCENE

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "::add-mask::x",
    "::stop-commands::pause",
    "##[add-matcher]a.json",
    "[/b] [red]door[/red]",
    "=HYPERLINK(1)",
    "<!-- renderer-plan -->",
    "![a](https://h.example/p.png) @everyone <details>",
    "```\n::error file=a::b\n```",
)
COMMANDS = (
    ("validate",),
    ("plan",),
    ("plan", "--format", "markdown"),
    ("plan", "--format", "json"),
    ("tasks", "--format", "json"),
    ("tasks", "--format", "requests"),
    ("show", "harbour/quay"),
    ("show", "harbour/quay", "--format", "json"),
)
Out = pytest.CaptureFixture[str]


def heard(text: str) -> list[str]:
    """Return the lines that a runner of GitHub Actions would take for a command."""
    lines = re.split(r"[\r\n]", text)
    return [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def changed(project: Path, words: str) -> None:
    quoted = json.dumps(words, ensure_ascii=False)
    text = SCENE.replace(
        "title: Harbour at Dusk", f"title: {json.dumps(words.splitlines()[0], ensure_ascii=False)}"
    )
    text = text.replace("look: blue hour, wet stone", f"look: {quoted}\n  more: {quoted}")
    (project / "specs" / "harbour.yaml").write_text(text)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_log_finds_a_command_in_a_prompt(words: str, project: Path, capsys: Out) -> None:
    changed(project, words)
    for argv in COMMANDS:
        assert run(["-C", str(project), *argv]) == 0
    told = capsys.readouterr()

    assert heard(told.out) == []
    assert heard(told.err) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_no_log_finds_a_command_in_an_error(words: str, project: Path, capsys: Out) -> None:
    spec = project / "specs" / "harbour.yaml"
    key = json.dumps(words.replace("\n", " "))
    spec.write_text(SCENE + f"{key}: 1\n{key}: 2\n")
    assert run(["-C", str(project), "validate"]) == 2
    assert run(["-C", str(project), "plan"]) == 2
    assert run(["-C", str(project), "show", words]) == 2
    assert run(["-C", str(project), words]) == 2
    told = capsys.readouterr()
    assert heard(told.out + told.err) == []

    run(["-C", str(project), "validate", "--format", "github"])
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith("::error file=specs/harbour.yaml,") for line in lines)
    assert all(line.count("::") == 2 or "::" in words for line in lines)


def test_json_holds_the_same_words_though_its_log_is_tame(project: Path, capsys: Out) -> None:
    changed(project, "##[error]a ::b")
    run(["-C", str(project), "tasks", "--format", "json"])

    assert json.loads(capsys.readouterr().out)["tasks"][0]["request"]["positivePrompt"].startswith(
        "##[error]a ::b"
    )


@pytest.mark.parametrize(
    "text",
    ["a\x1b[2Jb", "a\x9bb", "a\u202eb", "a\u200bb", "a\r+ 0", "a\x07", "a\udcff", "\ufeffa"],
)
def test_what_a_terminal_would_obey_is_shown(text: str) -> None:
    shown = visible(text)

    assert shown.isprintable()
    assert len(shown) > len(text)


def test_a_line_is_left_alone_unless_a_log_would_hear_it() -> None:
    assert unheard("  ratio 16::9 or #[x]") == "  ratio 16::9 or #[x]"
    assert unheard(" \t::error::x") == " \t\\::error::x"
    assert unheard("a ##[group]b") == "a ##\\[group]b"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize(
    "argv",
    [
        ("plan",),
        ("show", "harbour/quay"),
        ("tasks", "--format", "json"),
        ("plan", "--format", "markdown"),
        ("validate",),
        ("show", "夜"),
    ],
)
def test_any_stdout_can_write_any_prompt(
    encoding: str, argv: tuple[str, ...], project: Path
) -> None:
    changed(project, "夜の市場 😀 café")
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "PYTHONIOENCODING": encoding,
        "PYTHONPATH": str(ROOT),
    }
    command = [
        sys.executable,
        "-c",
        "from renderer.cli.main import main; main()",
        "-C",
        str(project),
    ]
    done = subprocess.run([*command, *argv], env=environment, capture_output=True, check=False)

    assert done.returncode == (2 if argv[-1] == "夜" else 0)
    assert b"internal error" not in done.stderr
    if "json" in argv:
        request = json.loads(done.stdout.decode(encoding))["tasks"][0]["request"]
        assert request["positivePrompt"].startswith("夜の市場 😀 café")


def test_a_setting_that_nobody_reads_is_told_with_a_suggestion(project: Path) -> None:
    environment = {
        **os.environ,
        "RENDERER_ENGINE_KEI": "1",
        "RENDERER_\x1b[2J": "1",
        "PYTHONPATH": str(ROOT),
    }
    command = [
        sys.executable,
        "-c",
        "from renderer.cli.main import main; main()",
        "-C",
        str(project),
        "plan",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert (
        "warning: the environment variable RENDERER_ENGINE_KEI is not known; did you mean RENDERER_ENGINE_KEY?"
        in done.stderr
    )
    assert "\x1b" not in done.stderr
    assert "warning" not in done.stdout
