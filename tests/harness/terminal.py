"""The program with a terminal before it: what a person sees, and what a person types."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_START = "from renderer.cli.main import main; main()"
HOME = Path(__file__).parents[2]


def environment_of(extra: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which a child finds the package."""
    return {**os.environ, "PYTHONPATH": str(HOME), **extra}


def program(*argv: str) -> list[str]:
    """Return the command that runs the program."""
    return [sys.executable, "-c", _START, *argv]


def typed(
    text: str, after: str, *argv: str, environment: Mapping[str, str], seconds: int = 60
) -> tuple[int, str]:
    """Run the program at a terminal; type `text` once the screen shows the words `after`.

    Returns the exit code and the screen.
    """
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        program(*argv),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment_of({**environment, "TERM": "dumb", "NO_COLOR": "1"}),
    )
    os.close(theirs)
    screen = b""
    with suppress(OSError):  # the terminal is gone when the child is
        while select.select([ours], [], [], seconds)[0]:
            data = os.read(ours, 65536)
            if not data:
                break
            asked = after.encode() in screen
            screen += data
            if not asked and after.encode() in screen:
                os.write(ours, text.encode())
    os.close(ours)
    return child.wait(seconds), screen.decode(errors="replace")
