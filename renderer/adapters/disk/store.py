"""The store: files by content hash under `.renderer/`, read-only, checked before each use."""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from renderer import paths
from renderer.adapters.disk.disk import Disk, Part, answered
from renderer.adapters.disk.state_folder import read_own
from renderer.errors import MachineError

_HEX = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
_LARGEST_REQUEST = 32 << 20  # it may carry images as data URIs


class Store:
    """Objects, parts of downloads, and what was asked for, below one folder."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root = root
        self._disk = disk
        self._objects = root / paths.OBJECTS / "sha256"
        self._changed: set[Path] = set()  # folders with names that a power cut may undo

    def prepare(self) -> None:
        """Make the folders, and remove what a dead run left half-written."""
        objects = self.root / paths.OBJECTS
        if objects.is_symlink() and not objects.is_dir():
            raise MachineError(
                f"{objects} leads to {objects.readlink()}, which is not there",
                "attach that disk, or remove the link to begin a new store",
            )
        for folder in (self._objects, self._parts, self.root / paths.REQUESTS):
            self._disk.folder(folder)
        for left in sorted(self._parts.iterdir()):
            self._disk.remove(left)

    @property
    def _beside(self) -> Path:
        """Where a file can be moved among the objects: they may be on a disk of their own."""
        objects = self.root / paths.OBJECTS
        return objects if objects.is_symlink() else self.root

    @property
    def _parts(self) -> Path:
        return self._beside / "tmp"

    def path(self, sha256: str) -> Path:
        """Return where the object of a digest lies, whether it is there or not."""
        if not _HEX.fullmatch(sha256):
            raise ValueError("a digest is 64 hex digits")
        return self._objects / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Whether an object of this size is there; its bytes are not looked at."""
        path = self.path(sha256)
        return path.is_file() and not path.is_symlink() and path.stat().st_size == size

    def names(self) -> frozenset[str]:
        """Return the digests of all objects that are there; nothing but their names is looked at."""
        return frozenset(name for folder in self._folders() for name in _listed(folder))

    def stamp(self) -> str:
        """Return what differs once an object came or went."""
        seen = (f"{folder.name} {folder.stat().st_mtime_ns}" for folder in self._folders())
        with answered(self._objects):
            return hashlib.sha256(" ".join(sorted(seen)).encode()).hexdigest()

    def _folders(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._objects) as found:
                return [one for one in found if one.is_dir(follow_symlinks=False)]
        except OSError:
            return []

    def put_aside(self, sha256: str) -> None:
        """Move a damaged object to `quarantine/`."""
        self._quarantine(self.path(sha256))

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[Part]:
        """Return a part file for a download; it is gone afterwards unless it was kept."""
        path = self._parts / f"{name}.part"
        part = self._disk.part(path)
        try:
            yield part
        finally:
            part.close()
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def keep(self, part: Part) -> Path:
        """Move a whole part under its digest, read-only; one that was there stays.

        Its bytes are durable then, its name is after the next `settle`.
        """
        path = self.path(part.sha256)
        if not self.has(part.sha256, part.size) or digest(path) != part.sha256:
            self._disk.folder(path.parent)
            with answered(path):
                part.protect(0o444)
                part.sync()
                self._disk.replace(part.path, path, sync=False)
        self._changed.add(path.parent)  # not before the name is there: see `settle`
        return path

    def settle(self) -> None:
        """Make the names of all that was kept until now durable; from one thread at a time."""
        while self._changed:
            self._disk.sync_folder(self._changed.pop())

    def read(self, sha256: str, size: int) -> Path:
        """Return the path of an object whose bytes were checked now.

        A wrong one is moved to `quarantine/`; raises MachineError for it and for a missing one.
        """
        path = self.path(sha256)
        if not path.is_file() or path.is_symlink():
            raise MachineError(
                f"{path.name[:12]}… is not in the store", "fetch it from a colleague or a backup"
            )
        with answered(path):
            whole = path.stat().st_size == size and digest(path) == sha256
        if not whole:
            raise MachineError(
                f"{path} is damaged; it was moved to {self._quarantine(path)}",
                "put back a whole copy; it will not be paid for again unasked",
            )
        return path

    def note_request(self, fingerprint: str, text: Callable[[], str]) -> None:
        """Keep the rendered request of a fingerprint, for explanations; written out once."""
        path = self.root / paths.REQUESTS / f"{fingerprint.removeprefix('sha256:')}.json"
        if not path.exists():
            self._disk.write(path, text().encode(), sync=False)

    def request_of(self, fingerprint: str) -> str | None:
        """Return the request that was kept for a fingerprint, if it was."""
        path = self.root / paths.REQUESTS / f"{fingerprint.removeprefix('sha256:')}.json"
        content = read_own(path, _LARGEST_REQUEST)
        return None if content is None else content.decode("utf-8", "replace")

    def _quarantine(self, path: Path) -> Path:
        place = self._beside / paths.QUARANTINE / path.name
        self._disk.folder(place.parent)
        with answered(path):
            self._disk.replace(path, place)
        return place


def _listed(folder: os.DirEntry[str]) -> list[str]:
    try:
        with os.scandir(folder.path) as found:
            return [one.name for one in found if one.name.startswith(folder.name)]
    except OSError:
        return []


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits, in bounded memory."""
    total = hashlib.sha256()
    with answered(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()
