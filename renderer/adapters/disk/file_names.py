"""Names of files as people write them: in another Unicode form, in other capitals, or misspelt."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

Names = Callable[[str], Sequence[str]]  # what is in a folder; the project is ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """What a path leads to: `path` is the same name as it is on disk, `meant` a similar one.

    `unlike` names the characters in which that differs, if nobody would see it.
    """

    path: str = ""
    meant: str = ""
    unlike: str = ""

    @property
    def todo(self) -> str:
        """What to do about a path that leads to nothing."""
        if not self.meant:
            return "check its name"
        return f"did you mean '{self.meant}'?{self.unlike}"


def spelled(path: str, names: Names) -> Spelling:
    """Look a path up part by part: macOS writes é as two characters, and a file is the same file.

    Any other difference is a suggestion: another machine would not find the file.
    """
    parts: list[str] = []
    same = True
    for part in path.split("/"):
        there = names("/".join(parts))
        found = _same(part, there)
        same = same and bool(found)
        found = found or _similar(part, there)
        if not found:
            return Spelling()
        parts.append(found)
    whole = "/".join(parts)
    if same:
        return Spelling(path=whole)
    return Spelling(meant=whole, unlike=_unlike(path, whole))


def _same(name: str, there: Sequence[str]) -> str:
    """Return the name that is there in any Unicode form; the very same one first."""
    if name in there:
        return name
    form = unicodedata.normalize("NFC", name)
    alike = [one for one in there if unicodedata.normalize("NFC", one) == form]
    return alike[0] if len(alike) == 1 else ""


def _similar(name: str, there: Sequence[str]) -> str:
    form = _loose(name)
    alike = {_loose(one): one for one in there}
    if form in alike:
        return alike[form]
    from difflib import get_close_matches  # only a name that is not there needs it

    return next(iter(get_close_matches(name, there, n=1)), "")


def _loose(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _unlike(written: str, there: str) -> str:
    """Name the first characters that differ where the difference is invisible."""
    pairs = zip_longest(*(unicodedata.normalize("NFC", one) for one in (written, there)))
    one, other = next(((a, b) for a, b in pairs if a != b), (None, None))
    if all(char is None or char.isascii() for char in (one, other)):
        return ""
    return f" It has {_called(other)} where this has {_called(one)}"


def _called(char: str | None) -> str:
    return "nothing" if char is None else unicodedata.name(char, f"U+{ord(char):04X}")
