"""A project's files, opened below its root part by part and never through a link."""

import errno
import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from renderer import paths
from renderer.adapters.disk.file_names import Spelling, spelled
from renderer.errors import InputError

MOST_FILES = 10_000
_CHUNK = 1 << 20


def find_root(start: Path) -> Path | None:
    """Return the nearest folder at or above `start` that has `renderer.yaml` or `specs/`."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / paths.PROJECT_FILE).is_file() or (folder / paths.SPECS).is_dir():
            return folder
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFiles:
    """Reads below `root`; every path is relative, with `/` between its parts."""

    root: Path

    def read(self, path: str, *, limit: int) -> bytes:
        """Return a file's bytes; raise InputError if it is not a regular file or over `limit`."""
        with self._open(path) as handle:
            self._fits(path, handle, limit)
            return b"".join(_chunks(path, handle, limit))

    def digest(self, path: str, *, limit: int) -> tuple[str, bytes]:
        """Return the SHA-256 of a file, and its first 64 KiB to tell its type by.

        A Git LFS pointer has the SHA-256 of what it stands for.
        """
        with self._open(path) as handle:
            self._fits(path, handle, limit)
            self._is_spelled(path)
            hashed, head = hashlib.sha256(), b""
            for chunk in _chunks(path, handle, limit):
                hashed.update(chunk)
                head = head or chunk[:65536]
        return digest_of(path, head, hashed.hexdigest(), limit), head

    def size(self, path: str) -> int:
        """Return how many bytes a file has."""
        with self._open(path) as handle:
            return os.fstat(handle).st_size

    def exists(self, path: str) -> bool:
        """Return whether there is anything at `path`, a link included."""
        return os.path.lexists(self.root / path)

    def names(self, folder: str, suffixes: tuple[str, ...]) -> list[str]:
        """Return the paths of files below a folder, sorted; hidden and linked folders are not."""
        top = self.root / folder
        if top.is_symlink():
            raise InputError(
                f"{folder} is a link, and links are not followed",
                "make it a folder of the project",
            )
        found: list[str] = []
        for place, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            below = Path(place).relative_to(self.root).as_posix()
            found += [f"{below}/{name}" for name in files if name.endswith(suffixes)]
            if len(found) > MOST_FILES:
                raise InputError(
                    f"{folder} holds more than {MOST_FILES} files", "split the project"
                )
        return sorted(name for name in found if not name.rpartition("/")[2].startswith("."))

    def folders_near(self, path: str) -> list[str]:
        """Return the names that are beside `path`, for a suggestion; none behind a link."""
        if self._linked(path):
            return []
        try:
            return os.listdir(self.root / Path(path).parent)  # noqa: PTH208 - names, not paths
        except OSError:
            return []

    @contextmanager
    def _open(self, path: str) -> Iterator[int]:
        """Open a file under its name, or under the same name in another Unicode form."""
        if not os.path.lexists(self.root / path) and "\0" not in path:
            path = self._spelling(path).path or path
        with self._open_exactly(path) as handle:
            yield handle

    @contextmanager
    def _open_exactly(self, path: str) -> Iterator[int]:
        handles: list[int] = []
        try:
            handles.append(os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            *folders, name = path.split("/")
            for part in folders:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                handles.append(os.open(part, flags, dir_fd=handles[-1]))
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            handles.append(os.open(name, flags, dir_fd=handles[-1]))
            yield handles[-1]
        except OSError as error:
            raise self._problem(path, error) from None
        except ValueError:
            raise InputError(
                f"{path!r} is not a valid file name", "write it without NUL"
            ) from None
        finally:
            for handle in reversed(handles):
                os.close(handle)

    def _fits(self, path: str, handle: int, limit: int) -> None:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path} is not a regular file", "put a plain file there")
        if status.st_size > limit:
            raise too_large(path, status.st_size, limit)

    def _is_spelled(self, path: str) -> None:
        """Refuse a spelling that only a disk without capitals takes: others would find nothing."""
        parts = path.split("/")
        for end, part in enumerate(parts, start=1):
            meant = misspelt(part, self.folders_near("/".join(parts[:end])))
            if meant:
                meant = "/".join([*parts[: end - 1], meant, *parts[end:]])
                raise InputError(f"{path} has a different spelling on disk", f"write {meant}")

    def _problem(self, path: str, error: OSError) -> InputError:
        if error.errno in (errno.ELOOP, errno.EMLINK) or self._linked(path):
            return InputError(
                f"{path} is a link, and links are not followed",
                "put the file itself into the project",
            )
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return InputError(f"there is no file {path}", self._spelling(path).todo)
        return InputError(f"cannot read {path}: {error.strerror}", "check its permissions")

    def _spelling(self, path: str) -> Spelling:
        return spelled(path, lambda folder: self.folders_near(f"{folder}/x" if folder else "x"))

    def _linked(self, path: str) -> bool:
        parts = Path(path).parts
        return any((self.root / Path(*parts[:end])).is_symlink() for end in range(1, len(parts)))


def digest_of(path: str, head: bytes, digest: str, limit: int) -> str:
    """Return the digest of a file, of a Git LFS pointer that of what it stands for."""
    if not head.startswith(b"version "):
        return digest
    from renderer.expand.lfs import pointer  # few files are pointers

    found = pointer(head)
    if found is None:
        return digest
    if found.size > limit:
        raise too_large(path, found.size, limit)
    return found.sha256


def too_large(path: str, size: int, limit: int) -> InputError:
    """Return what is to be said of a file over a limit."""
    return InputError(
        f"{path} is too large: {size} bytes, the limit is {limit}", "make it smaller"
    )


def misspelt(name: str, there: Sequence[str]) -> str:
    """Return how a name that differs in its capitals is spelled among those that are there."""
    spelled = {unicodedata.normalize("NFC", one): one for one in there}
    if unicodedata.normalize("NFC", name) in spelled:
        return ""
    return next((one for one in spelled if one.casefold() == name.casefold()), "")


def _chunks(path: str, handle: int, limit: int) -> Iterator[bytes]:
    """Yield a file's bytes; a file that grows while it is read ends at the limit too."""
    while chunk := os.read(handle, _CHUNK):
        limit -= len(chunk)
        if limit < 0:
            raise InputError(f"{path} grew while it was read", "make it smaller")
        yield chunk
