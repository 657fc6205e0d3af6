"""docs/paying.md is true: each of its commands is run, in the order in which it stands there."""

import io
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.paying import Call
from tests.harness.served import Served
from tests.harness.terminal import HOME, environment_of, program, typed

PAGE = (HOME / "docs" / "paying.md").read_text("utf-8")
COMMANDS = [
    line.split()[1:]
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("renderer ")
]
ASKED = ["render", "--provider", "runware"]


def test_each_command_of_the_page_runs(
    project: Path, engine: Served, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = {" ".join(words): 0 for words in COMMANDS}
    ends["account --save-key"] = 2  # without the extra it says how to get it
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr(sys, "stdin", io.StringIO("a-key\n"))
    for words in COMMANDS:
        if words == ASKED:
            code, screen = typed(
                "y\n", "[y/N]", "-C", str(project), *words, environment=engine.environment()
            )
            assert (code, "Spend $0.14614" in screen) == (0, True)
        elif words[0] == "webhook":
            served_until_stopped(project, engine, words)
        else:
            assert call(*words) == ends[" ".join(words)], words
    assert sorted(engine.paid.values()) == [1, 1]
    assert len(COMMANDS) >= 9


def served_until_stopped(project: Path, engine: Served, words: list[str]) -> None:
    anywhere = [*words[:2], "0"]  # the port of the page may be taken here
    with subprocess.Popen(
        program("-C", str(project), *anywhere),
        env=environment_of({**engine.environment(), "PYTHONUNBUFFERED": "1"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdout is not None
        assert b"Receiving webhooks at http://127.0.0.1:" in child.stdout.readline()
        child.send_signal(signal.SIGINT)
    assert child.returncode in {0, 130}


def test_options_that_the_page_names_are_there(
    call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ""
    for command in ("render", "account", "cost", "webhook", "tasks", "status", "verify"):
        assert call(command, "--help") == 0
        told += capsys.readouterr().out
    for option in set(re.findall(r"--[a-z][a-z-]+", PAGE)):
        assert option in told, option
