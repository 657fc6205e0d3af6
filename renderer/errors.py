"""Every error of the program: what people read in place of a traceback, and the exit code of it.

RendererError                   the base; by itself our bug                             70
├── InputError                  what a person wrote: specs, templates, arguments         2
│   ├── NotStrictError          JSON that is damaged or ambiguous; `strict_json`
│   ├── PromptError             a template; `templates`
│   │   ├── NullTextError       a null where text is to be written
│   │   ├── PromptUnreadError   it is there, and was reported as unreadable
│   │   └── UndefinedNameError  a name that is not there
│   └── SlipError               one text, whose place the caller knows; `spec`
│       ├── FrameFaultError     of a frame
│       ├── LookAlikeError      of a scalar with two readings
│       └── NameFaultError      of a name
├── LockfileError               a lockfile that is damaged, newer or not ours            2
├── JournalError                a journal that is damaged, newer or not ours             2
├── RefusedError                over budget, stale plan, to be decided                   4
│   └── BusyError               another renderer works in the project; `adapters.disk`
├── ProviderError               the API said no, or what is no answer                    5
│   ├── ExpiredError            the URL of a video no longer works; `adapters.net`
│   ├── RefusedMediaError       a URL that is not fetched; `adapters.net`
│   └── UnreadableBodyError     JSON, but no answer of this API; `runware`
├── NetworkError                no response, or none that is whole                       5
│   └── BrokenTransferError     a download broke off; `adapters.net`
└── MachineError                disk full, no permission, a damaged file                 1
    └── NotMediaError           a file that is no whole video; `adapters.media`

An exception that is caught in the room where it is raised is a signal, and not listed here: no
other room names it.
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


class LockfileError(RendererError):
    """A lockfile is damaged, newer, or of another project."""

    exit_code = 2


class JournalError(RendererError):
    """The journal of paid requests is damaged, newer, or of another project."""

    exit_code = 2


class RefusedError(RendererError):
    """Continuing would spend or lose something without consent."""

    exit_code = 4


class ProviderError(RendererError):
    """The provider refused, or its answer is of no use; `code` is the provider's own word."""

    exit_code = 5

    def __init__(self, what: str, todo: str = "", *, code: str = "") -> None:
        self.code = code
        super().__init__(what, todo)


class NetworkError(RendererError):
    """There was no response, or none that is whole: another try may get one."""

    exit_code = 5


class MachineError(RendererError):
    """The disk, the permissions or another process prevent it, or a file of ours is damaged."""

    exit_code = 1
