"""What was computed before, under `.renderer/`: keyed by content, safe to delete, never needed.

A checkout must not be able to bring a cache of its own, nor to lead ours elsewhere: a folder that
git tracks, or that is a link, is not used.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from renderer.adapters.disk.git_index import tracked
from renderer.adapters.disk.state_folder import read_own

_FOLDER = "memo-1"
_LARGEST = 256 << 20


class Cache:
    """Values by name, each good for one key only; a name keeps its newest value.

    What comes back has the form of what was put: the key names the program that put it.
    One that is `held` writes nothing to the disk before `release`.
    """

    def __init__(self, state: Path, *, held: bool = False) -> None:
        self._held: dict[str, bytes] | None = {} if held else None
        self._folder = state / _FOLDER
        linked = state.is_symlink() or self._folder.is_symlink()
        self._usable = not linked and not tracked(state.parent, f"{state.name}/{_FOLDER}")

    def get(self, name: str, key: str) -> Any:
        """Return the value that was kept under this name and key; damage counts as nothing."""
        return self.parts(name).get("", key)

    def put(self, name: str, key: str, value: object) -> None:
        """Keep a value; a disk that cannot is no reason to fail."""
        parts = CachedParts(self, name, {})
        parts.put("", key, value)
        parts.save([""])

    def parts(self, name: str) -> "CachedParts":
        """Return the values that were kept together under a name."""
        found: dict[str, tuple[str, bytes]] = {}
        with suppress(OSError, ValueError):
            lines = self._read(name).split(b"\n")
            for slot, key, value in zip(lines[::3], lines[1::3], lines[2::3], strict=False):
                found[slot.decode()] = (key.decode(), value)
        return CachedParts(self, name, found)

    def release(self) -> None:
        """Write what was held back, and hold nothing back from then on."""
        held, self._held = self._held, None
        for name, content in (held or {}).items():
            self.write(name, [content])

    def _read(self, name: str) -> bytes:
        if self._held and name in self._held:
            return self._held[name]
        file = self._folder / f"{name}.json"
        return (read_own(file, _LARGEST) or b"") if self._usable else b""

    def write(self, name: str, lines: Sequence[bytes]) -> None:
        """Replace a file of the cache, if the disk allows it."""
        if not self._usable or sum(map(len, lines)) + len(lines) > _LARGEST:
            return  # what is too large to be read is not kept
        if self._held is not None:
            self._held[name] = b"\n".join(lines)
            return
        target = self._folder / f"{name}.json"
        beside = target.with_name(f".{name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(b"\n".join(lines))
            beside.replace(target)


class CachedParts:
    """Values of one file, each in a slot and good for one key; only those asked for are decoded.

    A slot and a key are texts without a line break. Three lines of the file are one value.
    """

    def __init__(self, cache: Cache, name: str, known: dict[str, tuple[str, bytes]]) -> None:
        self._cache = cache
        self._name = name
        self._known = known
        self._changed = False

    def get(self, slot: str, key: str) -> Any:
        """Return the value that was kept in this slot for this key; damage counts as nothing."""
        kept = self._known.get(slot)
        if kept is None or kept[0] != key:
            return None
        with suppress(ValueError, RecursionError):
            return json.loads(kept[1])
        return None

    def put(self, slot: str, key: str, value: object) -> None:
        """Take a value, to be kept by `save`."""
        self._known[slot] = (key, json.dumps(value).encode())
        self._changed = True

    def save(self, slots: Iterable[str]) -> None:
        """Keep the values of these slots, if any is new."""
        if self._changed:
            kept = [(slot, self._known[slot]) for slot in slots if slot in self._known]
            lines = [
                line for slot, (key, text) in kept for line in (slot.encode(), key.encode(), text)
            ]
            self._cache.write(self._name, lines)
            self._changed = False


def program() -> str:
    """Return a digest of the program itself, so that another version never reads this cache."""
    package = Path(__file__).parents[2]
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


def unchanged(root: Path, images: object) -> bool:
    """Return whether input files are as they were: a mapping of path to signature."""
    return isinstance(images, dict) and all(
        isinstance(known, Sequence) and signature(root / path) == list(known)
        for path, known in images.items()
    )
