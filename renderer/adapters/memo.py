"""What was worked out before, under `.renderer/`: keyed by content, safe to delete, never needed.

A checkout must not be able to bring a memo of its own, nor to lead ours elsewhere: a folder that
git tracks, or that is a link, is not used.
"""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

Json = Any
_FOLDER = "memo-1"
_LARGEST_INDEX = 64 << 20
_LARGEST = 256 << 20


class Memo:
    """Values by name, each good for one key only; a name keeps its newest value."""

    def __init__(self, state: Path) -> None:
        self._folder = state / _FOLDER
        linked = state.is_symlink() or self._folder.is_symlink()
        self._usable = not linked and not _tracked(state.parent)

    def get(self, name: str, key: str) -> Json | None:
        """Return the value that was kept under this name and key; damage counts as nothing."""
        if not self._usable:
            return None
        with suppress(OSError, ValueError, RecursionError):
            file = self._folder / f"{name}.json"
            if file.stat().st_size > _LARGEST:
                return None
            kept = json.loads(file.read_bytes())
            if isinstance(kept, dict) and kept.get("key") == key:
                return kept.get("value")
        return None

    def put(self, name: str, key: str, value: Json) -> None:
        """Keep a value; a disk that cannot is no reason to fail."""
        if not self._usable:
            return
        target = self._folder / f"{name}.json"
        beside = target.with_name(f".{name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps({"key": key, "value": value}), "utf-8")
            beside.replace(target)


def program() -> str:
    """Return a digest of the program itself, so that another version never reads this memo."""
    package = Path(__file__).parents[1]
    found = hashlib.sha256()
    for top in (package, package.parent / "schemas"):
        for folder, names, files in os.walk(top):
            names[:] = sorted(name for name in names if not name.startswith("__"))
            for name in sorted(name for name in files if name.endswith((".py", ".json"))):
                status = os.stat(f"{folder}/{name}")  # noqa: PTH116 - this is the hot path
                found.update(f"{name} {status.st_size} {status.st_mtime_ns} ".encode())
    return found.hexdigest()


def moment() -> int:
    """Return the wall clock in nanoseconds, less the coarsest step of a file system's clock."""
    return time.time_ns() - 20_000_000


def signature(path: Path, before: int | None = None) -> list[int] | None:
    """Return what changes when a file's bytes do, without reading them; None if it is gone.

    None also if it changed after the moment `before`: what was read may be older than this.
    """
    try:
        found = path.lstat()
    except OSError:
        return None
    if before is not None and found.st_ctime_ns >= before:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def unchanged(root: Path, images: Json) -> bool:
    """Tell whether input files are as they were: a mapping of path to signature."""
    return isinstance(images, dict) and all(
        isinstance(known, Sequence) and signature(root / path) == list(known)
        for path, known in images.items()
    )


def _tracked(root: Path) -> bool:
    """Tell whether git's index names the memo; a sound one is never committed."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        if not git.exists():
            continue
        with suppress(OSError, ValueError):
            if git.is_file():
                git = folder / git.read_text("utf-8").removeprefix("gitdir:").strip()
            index = git / "index"
            if not index.exists():
                return False
            if index.stat().st_size > _LARGEST_INDEX:
                return True
            names = index.read_bytes()
            # From version 4 on a name is written without what it shares with the one before.
            return names[4:8] > b"\0\0\0\3" or f"{_FOLDER}/".encode() in names
        return True
    return False
