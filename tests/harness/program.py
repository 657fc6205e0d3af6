"""The program as a command on a PATH, for what calls it by name: git, a shell, a workflow."""

import os
import shlex
import sys
from pathlib import Path

import renderer

_START = "from renderer.cli.main import main; main()"


def on_path(folder: Path) -> str:
    """Put a command `renderer` into a folder; return a PATH that finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "renderer"
    home = shlex.quote(str(Path(renderer.__file__).parents[1]))
    start = f"{shlex.quote(sys.executable)} -c {shlex.quote(_START)}"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={home} exec {start} "$@"\n')
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"
