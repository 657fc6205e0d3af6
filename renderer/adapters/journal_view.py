"""What the journal knows, read without writing: for plans, `status`, `cost` and the receiver."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from renderer.adapters.journal_file import reading, there
from renderer.errors import LockError

Row = Sequence[Any]
UNIT = Decimal("0.00001")  # USD, in which the journal counts
_OPEN = "('intent', 'acked', 'result', 'unknown')"
_TABLES = "SELECT COUNT(*) FROM sqlite_master"
_MOST = 1_000_000  # rows of an answer
_LATEST = 253_402_300_799  # the end of the year 9999, in seconds since 1970
_TASK = (str, str, str, str, str, int, float, str, int, int)  # what _QUERY answers with
_TAKEN = frozenset({"acked", "result"})
_QUERY = f"""
SELECT uuid, address, state, message, fingerprint, risk, sent, spec,
  (SELECT COUNT(*) FROM results WHERE results.uuid=tasks.uuid AND results.state='recorded'),
  (SELECT COUNT(*) FROM results WHERE results.uuid=tasks.uuid)
FROM tasks WHERE state IN {_OPEN} ORDER BY rowid
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A task that has not come to its end, as the journal has it.

    `risk` is the most that it costs in USD; `takes` how many of its takes are not recorded yet;
    `sent` when it was first sent, in seconds since 1970.
    """

    task_uuid: str
    address: str
    state: str
    message: str
    fingerprint: str = ""
    takes: int = 1
    risk: Decimal = Decimal(0)
    sent: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the provider surely has it: whatever it costs is spent already."""
        return self.state in _TAKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What a journal knows of money: when each task was sent, and what failed at a price."""

    sent: Mapping[str, float] = field(default_factory=dict)
    failed: int = 0
    failed_risk: Decimal = Decimal(0)


def waiting(path: Path) -> int:
    """Return how many tasks wait to be settled; a journal that is not there has none."""
    return len(open_tasks(path))


def open_tasks(path: Path) -> tuple[OpenTask, ...]:
    """Return the open tasks of a journal, oldest first."""
    return tuple(map(_open_task, _rows(path, _TASK, _QUERY)))


def known(path: Path, uuids: frozenset[str]) -> Mapping[str, bool]:
    """Return which of some taskUUIDs a journal knows, and whether each is still open."""
    query = f"SELECT uuid, state IN {_OPEN} FROM tasks WHERE uuid=?"  # noqa: S608 - a constant
    found = (row for uuid in sorted(uuids) for row in _rows(path, (str, int), query, uuid))
    return {uuid: bool(still) for uuid, still in found}


def accounts(path: Path) -> Accounts:
    """Return what a journal knows of money."""
    rows = _rows(path, (str, float), "SELECT uuid, sent FROM tasks")
    query = "SELECT COUNT(*), COALESCE(SUM(risk), 0) FROM tasks WHERE state='failed' AND risk>0"
    count, units = next(iter(_rows(path, (int, int), query)), (0, 0))
    sent = {str(uuid): moment for uuid, moment in rows}
    return Accounts(sent=sent, failed=count, failed_risk=units * UNIT)


def _open_task(row: Row) -> OpenTask:
    uuid, address, state, message, fingerprint, units, sent, spec, recorded, results = row
    try:
        count = int(json.loads(spec)["count"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        count = max(1, results)
    return OpenTask(
        task_uuid=uuid,
        address=address,
        state=state,
        message=message,
        fingerprint=fingerprint,
        takes=max(0, (results if state == "result" else count) - recorded),
        risk=units * UNIT,
        sent=sent,
    )


def _rows(path: Path, kinds: Sequence[type], query: str, *values: str) -> list[Row]:
    """Return what a query answers, as values of these kinds; LockError for anything else."""
    if not there(path):
        return []
    try:
        with reading(path) as database:
            if not database.execute(_TABLES).fetchone()[0]:
                return []  # killed before its tables were there: nothing was ever written
            found = database.execute(query, values).fetchmany(_MOST + 1)
            if len(found) > _MOST:
                raise sqlite3.DataError(f"it holds more than {_MOST} tasks")
            return [_sound(row, kinds) for row in found]
    except sqlite3.Error as error:
        raise LockError(
            f"{path} is damaged: {error}",
            "keep it, and restore a copy; nothing is sent while it cannot be read",
        ) from None


def _sound(row: Row, kinds: Sequence[type]) -> Row:
    """Return a row whose values are what was written: SQLite takes any value in any column."""
    for value, kind in zip(row, kinds, strict=True):
        number = type(value) in (int, float)
        if not (number if kind is float else type(value) is kind):
            raise sqlite3.DataError(f"a {type(value).__name__} is where {kind.__name__} belongs")
        if number and not 0 <= value <= (_LATEST if kind is float else value):
            raise sqlite3.DataError("a number is out of bounds")
    return row
