"""Gathering the problems of one file, bounded in number and in length."""

import re
from collections.abc import Iterator

from renderer.errors import InputError, Place, Problem

MOST = 100

# What is never shown as it is: control characters, other line ends, invisible marks that turn the
# reading direction or hide text, lone surrogates and code points that are not characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_PLAIN = bytes([*b"\t\n", *range(0x20, 0x7F)])  # the ASCII that is not among them

# What Hebrew and Arabic editors write, and what turns nothing outside its own line.
_MARKS = frozenset("\u061c\u200e\u200f")
_ISOLATES = frozenset("\u2066\u2067\u2068")
_END = "\u2069"


def refused(text: str) -> Iterator[re.Match[str]]:
    """Yield each character that is not allowed in a text; isolates are, if closed on their line."""
    opened: list[re.Match[str]] = []
    for hit in FORBIDDEN.finditer(text):
        char = hit.group()
        if opened and "\n" in text[opened[-1].end() : hit.start()]:
            yield from opened
            opened = []
        if char in _ISOLATES:
            opened.append(hit)
        elif char == _END and opened:
            opened.pop()
        elif char not in _MARKS:
            yield hit
    yield from opened


def first_refused(text: str) -> re.Match[str] | None:
    """Return the first character that is not allowed in a text, if there is one."""
    if text.isascii() and not text.encode().translate(None, _PLAIN):
        return None  # most texts, and ten times as quick as the expression
    return next(refused(text), None) if FORBIDDEN.search(text) else None


def isolates(text: str) -> bool:
    """Return whether a text holds isolates, whose balance is judged value by value."""
    return not text.isascii() and any(char in text for char in (*_ISOLATES, _END))


class SlipError(InputError, ValueError):
    """One text that a person wrote wrongly, where the place is known to the caller only.

    A ValueError too, as pydantic wants it of validators.
    """

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what, todo)
        self.what = what
        self.todo = todo


class Faults:
    """The problems of one file; past `MOST` no more are kept.

    `fatal` says that the meaning of the rest of the text is unknown.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.full = False
        self.fatal = False

    def add(self, where: tuple[int, int] | Place, what: str, todo: str) -> None:
        """Note a problem at a (line, column) from 1, or at a place."""
        if len(self.problems) >= MOST:
            self.full = self.fatal = True
            return
        place = where if isinstance(where, Place) else self.at(*where)
        self.problems.append(Problem(what=what, todo=todo, place=place))

    def at(self, line: int, column: int) -> Place:
        """Return a place in this file; line 0 is the whole file."""
        return Place(file=self.file, line=line, column=column)

    def raise_if_any(self) -> None:
        """Raise all that was found as one InputError, in the order of the file."""
        if not self.problems:
            return
        found = sorted(self.problems, key=_where)
        if self.full:
            what = f"more than {MOST} problems; only the first are shown"
            found.append(Problem(what=what, todo="fix these first", place=self.at(0, 0)))
        raise InputError(found)


def show(text: str, limit: int = 48) -> str:
    """Return foreign text fit for a message: one line, short, nothing invisible."""
    seen = text if len(text) <= limit else text[: limit - 1] + "…"
    safe = FORBIDDEN.sub(lambda hit: f"\\u{ord(hit.group()):04x}", seen)
    return safe.replace("\n", "\\n").replace("\t", "\\t")


def _where(problem: Problem) -> tuple[int, int]:
    return (problem.place.line, problem.place.column) if problem.place else (0, 0)
