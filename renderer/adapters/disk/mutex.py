"""One writer a project: a kernel mutex that dies with its process."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from renderer.adapters.disk.disk import answered
from renderer.errors import MachineError, RefusedError

_BUSY = {errno.EACCES, errno.EAGAIN}
_STEP = 0.1  # seconds between two tries
AGAIN = "wait until it is done, and run this again"


class BusyError(RefusedError):
    """Another renderer works in this project."""


@contextmanager
def held(
    path: Path,
    purpose: str,
    *,
    timeout: float = 0.0,
    todo: str = AGAIN,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Iterator[None]:
    """Hold the project's mutex; wait up to `timeout` seconds, then raise BusyError with `todo`.

    The file is never deleted and never followed through a link; its text only names the
    owner for people, the kernel decides.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    with answered(path):
        handle = os.open(path, flags, 0o600)
    try:
        _take(handle, path, now() + timeout, todo, sleep, now)
        _sign(handle, purpose)
        yield
    finally:
        os.close(handle)


def owner(path: Path) -> str | None:
    """Return who holds the mutex now, for people; None when it is free."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _text(handle)
    else:
        return None
    finally:
        os.close(handle)


def _take(
    handle: int,
    path: Path,
    until: float,
    todo: str,
    sleep: Callable[[float], None],
    now: Callable[[], float],
) -> None:
    while not _try(handle, path):
        if now() >= until:
            raise BusyError(f"another renderer works in this project: {_text(handle)}", todo)
        sleep(_STEP)


def _try(handle: int, path: Path) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise MachineError(
            f"{path}: this file system cannot keep two renderers apart ({error.strerror})",
            "keep the project on a local disk",
        ) from error
    return True


def _sign(handle: int, purpose: str) -> None:
    moment = datetime.now().astimezone().isoformat(timespec="seconds")
    text = f"pid {os.getpid()} on {socket.gethostname()} since {moment} ({purpose})\n".encode()
    os.pwrite(handle, text.ljust(200), 0)


def _text(handle: int) -> str:
    text = os.pread(handle, 200, 0).decode("utf-8", "replace").strip()
    shown = "".join(c for c in text if c.isprintable())
    return f"held by {shown}" if shown else "its owner left no name"
