"""Use case: lockfiles of two branches joined, for git's merge driver or after a conflict."""

from dataclasses import replace
from pathlib import Path

from renderer.adapters.durable import Disk
from renderer.adapters.git import contents, staged
from renderer.adapters.git_run import Git
from renderer.errors import InputError, LockError
from renderer.lock.merge import Merged, merge
from renderer.lock.model import Lock
from renderer.lock.text import decode, encode

NAME = "renderer.lock"
_LIMIT = 256 << 20
_BASE, _OURS, _THEIRS = 1, 2, 3


def merge_files(base: Path, ours: Path, theirs: Path, name: str) -> Merged:
    """Join three files as git's merge driver does: the result is written over `ours`."""
    old = _content(base, name)
    merged = merge(
        _side(old, name, "base") if old.strip() else None,
        _side(_content(ours, name), name, "ours"),
        _side(_content(theirs, name), name, "theirs"),
    )
    Disk().write(ours, encode(merged.lock).encode())
    return merged


def merge_stages(root: Path) -> Merged | None:
    """Resolve a conflict in a project's lockfile from git's index; None if there is none."""
    git = Git(folder=root)
    stages = staged(git, NAME)
    if not stages:
        _sound(root / NAME)
        return None
    if _OURS not in stages or _THEIRS not in stages:
        raise InputError(
            f"one branch removed {NAME}, the other changed it",
            f"keep it with `git add {NAME}`, or let it go with `git rm {NAME}`",
        )
    texts = contents(git, stages.values(), _LIMIT)
    names = {_BASE: "base", _OURS: "ours", _THEIRS: "theirs"}
    locks = {stage: _side(texts[one.name], NAME, names[stage]) for stage, one in stages.items()}
    merged = merge(locks.get(_BASE), locks[_OURS], locks[_THEIRS])
    Disk().write(root / NAME, encode(merged.lock).encode())
    return merged


def read_lock(path: Path) -> Lock:
    """Read a lockfile wherever it lies."""
    return decode(_text(_content(path, path.name), path.name), path.name)


def _side(content: bytes, name: str, side: str) -> Lock:
    """Read one side of a merge; a side that is damaged is never read as empty."""
    try:
        return decode(_text(content, name), name)
    except LockError as error:
        todo = "mend it on its branch first; nothing was joined"
        raise LockError(
            replace(problem, what=f"({side}) {problem.what}", todo=todo)
            for problem in error.problems
        ) from None


def _sound(path: Path) -> None:
    """Raise LockError unless the lockfile is whole, or is not there."""
    if not path.exists():
        return
    try:
        read_lock(path)
    except LockError as error:
        raise LockError(
            [
                *error.problems,
                *LockError(
                    "git's index holds no conflict for it, so its two sides are not known",
                    f"restore it with `git checkout HEAD -- {NAME}`, then merge again",
                ).problems,
            ]
        ) from None


def _content(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > _LIMIT:
            raise LockError(f"{name} is over {_LIMIT >> 20} MiB", "restore it from git")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", "check the path") from None


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LockError(
            f"{name} is damaged: no UTF-8 at byte {error.start}", "restore it from git"
        ) from None
