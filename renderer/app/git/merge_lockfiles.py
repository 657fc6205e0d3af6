"""Use case: lockfiles of two branches joined, for git's merge driver or after a conflict."""

from dataclasses import replace
from pathlib import Path

from renderer import limits
from renderer.adapters.disk.disk import Disk
from renderer.adapters.git.revision import contents, staged
from renderer.app.workspace import Workspace
from renderer.errors import InputError, LockfileError
from renderer.lock.codec import decode, encode
from renderer.lock.doubled import decode_joined
from renderer.lock.merge import Merged, merge
from renderer.lock.model import Lock
from renderer.paths import LOCKFILE

_BASE, _OURS, _THEIRS = 1, 2, 3


def merge_files(base: Path, ours: Path, theirs: Path, name: str, disk: Disk) -> Merged:
    """Join three files as git's merge driver does: the result is written over `ours`."""
    old = _content(base, name)
    merged = _merged(
        _side(old, name, "base") if old.strip() else None,
        _side(_content(ours, name), name, "ours"),
        _side(_content(theirs, name), name, "theirs"),
    )
    disk.write(ours, encode(merged.lock).encode())
    return merged


def merge_stages(workspace: Workspace) -> Merged | None:
    """Resolve a conflict in a project's lockfile from git's index, or join what git left twice.

    None if there is neither.
    """
    root, disk = workspace.root, workspace.disk
    git = workspace.git()
    stages = staged(git, LOCKFILE)
    if not stages:
        return _doubled(root / LOCKFILE, disk)
    if _OURS not in stages or _THEIRS not in stages:
        raise InputError(
            f"one branch removed {LOCKFILE}, the other changed it",
            f"keep it with `git add {LOCKFILE}`, or remove it with `git rm {LOCKFILE}`",
        )
    texts = contents(git, stages.values(), len(stages) * limits.LOCK)
    names = {_BASE: "base", _OURS: "ours", _THEIRS: "theirs"}
    sides = {
        stage: _side(texts[one.name], LOCKFILE, names[stage]) for stage, one in stages.items()
    }
    merged = _merged(sides.get(_BASE), sides[_OURS], sides[_THEIRS])
    disk.write(root / LOCKFILE, encode(merged.lock).encode())
    return merged


def read_lock(path: Path) -> Lock:
    """Read a lockfile wherever it lies."""
    return decode(_text(_content(path, path.name), path.name), path.name)


def _merged(base: Merged | None, ours: Merged, theirs: Merged) -> Merged:
    """Join three sides, of which each may have been joined by itself."""
    made = merge(base.lock if base else None, ours.lock, theirs.lock)
    return replace(made, renumbered=(*ours.renumbered, *theirs.renumbered, *made.renumbered))


def _doubled(path: Path, disk: Disk) -> Merged | None:
    """Join a lockfile in which a key is there twice; None if it is whole or not there at all."""
    if not path.exists():
        return None
    text = _text(_content(path, path.name), path.name)
    try:
        merged = decode_joined(text, path.name)
    except LockfileError as error:
        raise _beyond(error) from None
    if merged.lock == _whole(text, path.name):
        return None
    disk.write(path, encode(merged.lock).encode())
    return merged


def _whole(text: str, name: str) -> Lock | None:
    try:
        return decode(text, name)
    except LockfileError:
        return None


def _side(content: bytes, name: str, side: str) -> Merged:
    """Read one side of a merge; a side that is damaged is never read as empty."""
    try:
        return decode_joined(_text(content, name), name)
    except LockfileError as error:
        todo = "fix it on its branch first; nothing was merged"
        raise LockfileError(
            replace(problem, what=f"({side}) {problem.what}", todo=todo)
            for problem in error.problems
        ) from None


def _beyond(error: LockfileError) -> LockfileError:
    """Add what to do about a lockfile whose two sides are not known."""
    more = LockfileError(
        "git's index holds no conflict for it, so its two sides are not known",
        f"restore it with `git checkout HEAD -- {LOCKFILE}`, then merge again",
    )
    return LockfileError([*error.problems, *more.problems])


def _content(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > limits.LOCK:
            raise LockfileError(f"{name} is over {limits.LOCK} bytes", "restore it from git")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", "check the path") from None


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LockfileError(
            f"{name} is damaged: no UTF-8 at byte {error.start}", "restore it from git"
        ) from None
