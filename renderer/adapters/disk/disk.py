"""The one module that changes files: write beside, sync, replace, sync the directory.

Every operation passes a `Watch` before and after. The program runs with none; tests use it to
end the process at each point, to tear a write, to refuse an operation, or to keep a log.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from renderer.errors import MachineError

_NOT_OPEN, _CLOSED = -2, -1
_LEAST_FREE = 64 * 1024 * 1024  # bytes that must stay free on the disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One step that the world can see. `tear` does the first half of a write."""

    name: str
    path: str = ""
    to: str = ""
    data: bytes = b""
    offset: int = 0
    tear: Callable[[], None] | None = None


class FaultHook(Protocol):
    """Hook called before and after each file operation; it may raise OSError before one."""

    def before(self, operation: Operation) -> None:
        """Handle the moment before the operation."""

    def after(self, operation: Operation) -> None:
        """Handle the moment after the operation."""


class NoFaults:
    """The hook of the program itself: it does nothing."""

    def before(self, operation: Operation) -> None:
        """Do nothing."""

    def after(self, operation: Operation) -> None:
        """Do nothing."""


@contextlib.contextmanager
def step(watch: FaultHook, name: str, path: str = "") -> Iterator[None]:
    """Call the hook for a step that is not a file operation: a call, a commit."""
    operation = Operation(name=name, path=path)
    watch.before(operation)
    yield
    watch.after(operation)


@contextlib.contextmanager
def answered(path: Path) -> Iterator[None]:
    """Turn an OSError on a path into a MachineError that names it."""
    try:
        yield
    except OSError as error:
        raise MachineError(
            f"{path}: {error.strerror or error}",
            "free disk space or fix the permissions, then run it again; nothing is lost",
        ) from error


class Disk:
    """All changes to files. Each public method leaves the old state or the new one."""

    def __init__(self, watch: FaultHook | None = None) -> None:
        self._watch = watch or NoFaults()

    def write(self, path: Path, data: bytes, *, mode: int = 0o644, sync: bool = True) -> None:
        """Replace a file's content as a whole. Without `sync` a power cut may undo it."""
        beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        with answered(path):
            try:
                with self.part(beside, mode=mode) as part:
                    part.write(data)
                    if sync:
                        part.sync()
                self.replace(beside, path, sync=sync)
            except BaseException:
                with contextlib.suppress(OSError):
                    beside.unlink(missing_ok=True)
                raise

    def part(self, path: Path, *, mode: int = 0o600) -> "Part":
        """Return a new file to write beside."""
        return Part(path, mode, self._watch)

    def replace(self, source: Path, target: Path, *, sync: bool = True) -> None:
        """Give a file its final name, over whatever had it, and sync the directory."""
        with self._seen(Operation(name="replace", path=str(source), to=str(target))):
            source.replace(target)
        if sync:
            self.sync_folder(target.parent)

    def folder(self, path: Path, *, mode: int = 0o777) -> None:
        """Make a folder and its parents, if they are not there."""
        if path.is_dir():
            return
        with answered(path):
            self.folder(path.parent)
            with self._seen(Operation(name="mkdir", path=str(path))):
                path.mkdir(mode=mode, exist_ok=True)
            self.sync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        with answered(path), self._seen(Operation(name="unlink", path=str(path))):
            path.unlink(missing_ok=True)

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder durable; a no-op where the system cannot."""
        if os.name == "nt":  # pragma: no cover (no directory handles there)
            return
        with self._seen(Operation(name="sync folder", path=str(path))):
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @contextlib.contextmanager
    def _seen(self, operation: Operation) -> Iterator[None]:
        self._watch.before(operation)
        yield
        self._watch.after(operation)


class Part:
    """A file that is being written: its size and SHA-256 so far are known.

    It is made by `open`, or by the first write: a file system may take its time for that.
    """

    def __init__(self, path: Path, mode: int, watch: FaultHook) -> None:
        self.path = path
        self.size = 0
        self._mode = mode
        self._watch = watch
        self._hash = hashlib.sha256()
        self._handle = _NOT_OPEN

    @property
    def sha256(self) -> str:
        """The digest of what was written, as 64 hex digits."""
        return self._hash.hexdigest()

    def open(self) -> None:
        """Make the file, if it was not yet; whatever was at its path is emptied."""
        if self._handle != _NOT_OPEN:
            return
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        operation = Operation(name="create", path=str(self.path))
        with answered(self.path):
            self._watch.before(operation)
            self._handle = os.open(self.path, flags, self._mode)
            self._watch.after(operation)

    def write(self, data: bytes) -> None:
        """Append all of the data."""
        self.open()
        operation = Operation(
            name="write",
            path=str(self.path),
            data=data,
            offset=self.size,
            tear=lambda: self._put(data[: len(data) // 2]),
        )
        with answered(self.path):
            self._watch.before(operation)
            self._put(data)
            self._watch.after(operation)
        self._hash.update(data)
        self.size += len(data)

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view) :]

    def restart(self) -> None:
        """Forget all that was written."""
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        self.size, self._hash = 0, hashlib.sha256()

    def sync(self) -> None:
        """Make the bytes durable. An error here is final: a second fsync proves nothing."""
        operation = Operation(name="sync", path=str(self.path))
        with answered(self.path):
            self._watch.before(operation)
            os.fsync(self._handle)
            self._watch.after(operation)

    def protect(self, mode: int) -> None:
        """Set the file's permissions."""
        os.fchmod(self._handle, mode)

    def close(self) -> None:
        """Close the file; twice is fine."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = _CLOSED

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def check_room(folder: Path, wanted: int) -> None:
    """Raise MachineError unless `wanted` bytes and a reserve are free where the folder is."""
    from shutil import disk_usage

    with answered(folder):
        free = disk_usage(folder).free
    if free < wanted + _LEAST_FREE:
        raise MachineError(
            f"{folder}: {free:,} bytes are free, {wanted + _LEAST_FREE:,} are wanted",
            "make room on this disk; nothing was sent",
        )
