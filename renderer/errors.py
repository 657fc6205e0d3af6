"""Every error of the program.

RendererError                                                      exit code
├── InputError      what a person wrote: specs, templates, arguments   2
│   └── LockError   a lockfile or journal that cannot be trusted       2
├── RefusedError    over budget, stale plan, in use, to be decided     4
├── ProviderError   the API said no, or nothing that can be read       5
└── MachineError    disk full, no permission                           1
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point in a file, in lines and columns from 1; line 0 is the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: where, what, and what to do about it.

    A warning keeps nothing from being planned or made.
    """

    what: str
    todo: str = ""
    place: Place | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        where += "warning: " if self.severity == "warning" else ""
        return where + self.what + (f"; {self.todo}" if self.todo else "")


class RendererError(Exception):
    """The base of all errors that are reported to the user without a traceback."""

    exit_code = 70

    def __init__(self, problems: str | Problem | Iterable[Problem], todo: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem(what=problems, todo=todo)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class InputError(RendererError):
    """Specs, templates, input files or arguments are wrong; nothing was done."""

    exit_code = 2


class LockError(InputError):
    """A lockfile, plan file or journal is damaged, newer, or not ours."""


class RefusedError(RendererError):
    """Continuing would spend or lose something without consent."""

    exit_code = 4


class ProviderError(RendererError):
    """The provider or the network failed; `code` is the provider's own word."""

    exit_code = 5

    def __init__(self, what: str, todo: str = "", *, code: str = "") -> None:
        self.code = code
        super().__init__(what, todo)


class MachineError(RendererError):
    """The disk, the permissions or another process prevent it."""

    exit_code = 1
