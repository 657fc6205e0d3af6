"""What the journal has open, read without writing: for plans, for `status`, for a quiet render."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from renderer.errors import LockError

_OPEN = "('intent', 'acked', 'result', 'unknown')"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A task that has not come to its end, as the journal has it."""

    task_uuid: str
    address: str
    state: str
    message: str


def waiting(path: Path) -> int:
    """Return how many tasks wait to be settled; a journal that is not there has none."""
    return len(open_tasks(path))


def open_tasks(path: Path) -> tuple[OpenTask, ...]:
    """Return the open tasks of a journal, oldest first."""
    if not path.is_file():
        return ()
    query = (
        f"SELECT uuid, address, state, message FROM tasks WHERE state IN {_OPEN} ORDER BY rowid"  # noqa: S608 - a constant
    )
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            rows = database.execute(query).fetchall()
    except sqlite3.Error as error:
        raise LockError(
            f"{path} is damaged: {error}",
            "keep it, and restore a copy; nothing is sent while it cannot be read",
        ) from None
    return tuple(
        OpenTask(task_uuid=uuid, address=address, state=state, message=message)
        for uuid, address, state, message in rows
    )
