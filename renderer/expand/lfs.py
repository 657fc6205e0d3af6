"""Git LFS pointers: the small files that are in a checkout for what was not pulled."""

import re
from dataclasses import dataclass

from renderer.errors import InputError, Place, Problem

# Extensions (`ext-0-…`) change the bytes on their way to the store: then the digest is another's.
_POINTER = re.compile(
    rb"version https://git-lfs[^\r\n]*\r?\noid sha256:([0-9a-f]{64})\r?\nsize (\d{1,15})\r?\n?\Z"
)
LONGEST_POINTER = 1024  # bytes
BEGIN = b"version https://git-lfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """What a Git LFS pointer stands for: its SHA-256, which is what we compare, and its bytes."""

    sha256: str
    size: int


def pointer(content: bytes) -> Pointer | None:
    """Return what a file stands for if it is a Git LFS pointer; None for any other."""
    found = _POINTER.match(content) if len(content) <= LONGEST_POINTER else None
    return Pointer(sha256=found[1].decode(), size=int(found[2])) if found else None


def no_pointer(content: bytes, name: str) -> None:
    """Raise InputError if a text is a Git LFS pointer: it would be read as what it stands for."""
    if not content.removeprefix(b"\xef\xbb\xbf").startswith(BEGIN):
        return
    problem = Problem(
        what="it is a Git LFS pointer, and not the text that it stands for",
        todo="run `git lfs pull`",
        place=Place(file=name, line=1, column=1),
    )
    raise InputError(problem)
