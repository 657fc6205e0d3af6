"""What the program keeps for itself in `.renderer/`: this machine's own, never a checkout's."""

import os
import stat
from pathlib import Path

from renderer.adapters.disk.git_index import tracked
from renderer.errors import InputError, JournalError, MachineError
from renderer.paths import STATE


def refuse_tracked(root: Path) -> None:
    """Raise InputError if git tracks any of it: who wrote it is not known, so it is not read."""
    name = tracked(root, STATE)
    if name:
        link = " is a link that" if (root / STATE).is_symlink() else ""
        raise InputError(
            f"{name}{link or ':'} git tracks {'' if link else 'it, '}and what is kept in {STATE}"
            " is believed only if it was made here",
            f"if it is yours, `git rm -r --cached {STATE}` and write {STATE}/ into .gitignore;"
            f" if it came with a branch, `git rm -r {STATE}`",
        )


def read_own(path: Path, most: int) -> bytes | None:
    """Return the bytes of a small file of ours; None if it is gone, a link, no file or larger."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            return None
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(found.st_size)
    except OSError:
        return None
    finally:
        os.close(handle)


def is_own(path: Path) -> bool:
    """Whether a journal's file is there; raise JournalError for a link, or another thing."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise MachineError(f"{path}: {error.strerror}", "fix its permissions") from None
    if stat.S_ISREG(mode):
        return True
    kind = "a link, and links are not followed" if stat.S_ISLNK(mode) else "not a regular file"
    raise JournalError(f"{path} is {kind}", "remove it, or put the file itself there")
