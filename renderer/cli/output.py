"""What commands print: data to stdout, words about it to stderr."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Literal, NotRequired, TypedDict

import click

from renderer.errors import Problem
from renderer.plan.output.text import Line, Span
from renderer.sanitize import unheard, visible

_AT_ONCE = 200  # lines a write: a plan of ten thousand comes in pieces, and not in single lines
_STYLES: dict[str, dict[str, Any]] = {
    "create": {"fg": "green"},
    "change": {"fg": "yellow"},
    "more": {"fg": "cyan"},
    "promote": {"fg": "magenta"},
    "choose": {"fg": "yellow", "bold": True},
    "move": {"fg": "blue"},
    "remove": {"fg": "red"},
    "keep": {"fg": "green"},
    "old": {"fg": "red", "strikethrough": True},
    "new": {"fg": "green", "bold": True},
    "dim": {"dim": True},
    "bold": {"bold": True},
}


class ProblemData(TypedDict):
    """One problem or warning; `file`, `line` and `col` are null where there is no place."""

    message: str
    hint: str
    file: str | None
    line: int | None
    col: int | None
    severity: Literal["error", "warning"]


class FirstErrorData(ProblemData):
    """The first problem, with the exit code of the command."""

    code: int


class ErrorData(TypedDict):
    """What any command prints when it cannot do what was asked: the first problem, and all."""

    version: int
    error: NotRequired[FirstErrorData]
    problems: list[ProblemData]


class ErrorEvent(ErrorData):
    """The same where a command prints events: nothing comes after it."""

    event: Literal["error"]


def write_json(data: object) -> None:
    """Print data as one JSON text with a line end; escapes stand for what stdout cannot write."""
    _write(data, indent=2)


def write_event(event: object) -> None:
    """Print one event as one line of JSON, at once."""
    _write(event, indent=None)


def _write(data: object, indent: int | None) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=not _writes_unicode(), default=str)
    click.echo(text.replace("##[", "##\\u005b"))  # echo flushes


def _writes_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


def write_lines(lines: Iterable[Line], write: Callable[[str], object] = click.echo) -> None:
    """Print lines of styled spans; colour only where a person looks and wants it."""
    colour, rows = wants_colour(), iter(lines)
    while batch := [_printed(line, colour=colour) for line in islice(rows, _AT_ONCE)]:
        write("\n".join(batch))


def _printed(line: Line, *, colour: bool) -> str:
    text = "".join([span.text for span in line])
    heard = unheard(text)
    if colour and heard == text:
        return "".join(map(_styled, line)).rstrip()
    return heard.rstrip()


def wants_colour() -> bool:
    """Return whether stdout is a terminal that shows colour, with NO_COLOR respected."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the width to write for: the terminal's, at most 120; 100 elsewhere."""
    return min(shutil.get_terminal_size().columns, 120) if sys.stdout.isatty() else 100


def error_data(problems: Sequence[Problem], code: int) -> ErrorData:
    """Return problems as JSON data; `error` is the first, `problems` are all."""
    rows = [problem_data(problem) for problem in problems]
    if not rows:
        return {"version": 1, "problems": []}
    return {"version": 1, "error": {"code": code, **rows[0]}, "problems": rows}


def problem_data(problem: Problem) -> ProblemData:
    """Return one problem as JSON data; file, line and col are null where there is none."""
    place = problem.place
    return {
        "message": problem.what,
        "hint": problem.todo,
        "file": place.file if place else None,
        "line": place.line if place and place.line else None,
        "col": place.column if place and place.line else None,
        "severity": problem.severity,
    }


def warn(problems: Iterable[Problem]) -> None:
    """Print warnings to stderr: they keep nothing from being done."""
    for problem in problems:
        click.echo(visible(str(problem)), err=True)


def _styled(span: Span) -> str:
    return click.style(span.text, **_STYLES[span.style]) if span.style in _STYLES else span.text
