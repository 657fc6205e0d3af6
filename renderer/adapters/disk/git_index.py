"""Which files git tracks, read from its index without running git; whatever the names are."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LENGTH = 0xFFF  # the part of an entry's flags that holds the length of its name
_FIXED = 40  # bytes of an entry before its digest: times, mode, owner, size
_DIGESTS = (20, 32)  # bytes of SHA-1 and of SHA-256


def tracked(root: Path, name: str) -> str:
    """Return what git tracks at `name`, or below it, in a folder; "" if there is nothing.

    Capitals do not count: on some disks they lead to the same file.
    """
    root = root.resolve()
    for top in (root, *root.parents):
        if (top / ".git").exists():
            path = (root / name).relative_to(top).as_posix().encode()
            found = (_found(index, path) for index in _indexes(top / ".git"))
            return next((one for one in found if one), b"").decode("utf-8", "replace")
    return ""


def _indexes(git: Path) -> Iterator[bytes]:
    """Yield the index of a working tree, and what it may be split into."""
    with suppress(OSError, ValueError):
        if git.is_file():  # another working tree, or a submodule: a file says where its own is
            git = git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()
        for index in (git / "index", *sorted(git.glob("sharedindex.*"))):
            if index.exists():
                yield index.read_bytes()


def _found(index: bytes, path: bytes) -> bytes:
    if index[:4] != b"DIRC":
        return b""
    names = _spelled_out(index, path) if index[4:8] <= b"\0\0\0\3" else _shortened(index)
    wanted = path.lower()
    below = wanted + b"/"
    return next((n for n in names if n.lower() == wanted or n.lower().startswith(below)), b"")


def _spelled_out(index: bytes, path: bytes) -> Iterator[bytes]:
    """Yield the names that begin like a path: found by search, as a large index is long.

    A place is the start of a name where the flags before it hold that name's length.
    """
    for match in re.finditer(re.escape(path.lower()), index.lower()):
        start = match.start()
        name = index[start : index.index(b"\0", start)]
        if any(_length(index, start - back) == min(len(name), _LENGTH) for back in (2, 4)):
            yield name


def _length(index: bytes, at: int) -> int:
    return int.from_bytes(index[at : at + 2]) & _LENGTH


def _shortened(index: bytes) -> list[bytes]:
    """Return all names of an index in which each leaves out what the one before it began with."""
    for digest in _DIGESTS:
        with suppress(ValueError, IndexError):
            return list(_walked(index, digest))
    return []


def _walked(index: bytes, digest: int) -> Iterator[bytes]:
    at, name = 12, b""
    for _ in range(int.from_bytes(index[8:12])):
        at += _FIXED + digest
        at += 4 if index[at] & 0x40 else 2  # flags, and more flags
        dropped, at = _number(index, at)
        end = index.index(b"\0", at)
        if dropped > len(name) or len(index) - end < digest:
            raise ValueError
        name = name[: len(name) - dropped] + index[at:end]
        at = end + 1
        yield name


def _number(index: bytes, at: int) -> tuple[int, int]:
    """Return a number of git's variable length, and where it ends."""
    byte = index[at]
    number = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = index[at]
        number = ((number + 1) << 7) | (byte & 0x7F)
    return number, at + 1
