"""What the journal knows, read without writing: for plans, `status`, `cost` and the receiver."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from renderer.errors import LockError

UNIT = Decimal("0.00001")  # USD, in which the journal counts
_OPEN = "('intent', 'acked', 'result', 'unknown')"
_TABLES = "SELECT COUNT(*) FROM sqlite_master"
JOINED = "lineage "  # before each lineage that was joined to the journal's own
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
    return tuple(map(_open_task, _rows(path, _QUERY)))


def known(path: Path, uuids: frozenset[str]) -> Mapping[str, bool]:
    """Return which of some taskUUIDs a journal knows, and whether each is still open."""
    query = f"SELECT uuid, state IN {_OPEN} FROM tasks WHERE uuid=?"  # noqa: S608 - a constant
    found = (row for uuid in sorted(uuids) for row in _rows(path, query, uuid))
    return {uuid: bool(still) for uuid, still in found}


def lineages(path: Path) -> tuple[str, ...]:
    """Return the lineages of the lockfiles that a journal has served."""
    query = "SELECT name, value FROM meta"
    return tuple(sorted(served({str(name): str(value) for name, value in _rows(path, query)})))


def served(meta: Mapping[str, str]) -> set[str]:
    """Return the lineages that the table `meta` of a journal names."""
    joined = {name.removeprefix(JOINED) for name in meta if name.startswith(JOINED)}
    return {meta.get("lineage", ""), *joined} - {""}


def accounts(path: Path) -> Accounts:
    """Return what a journal knows of money."""
    sent = {
        str(uuid): float(moment) for uuid, moment in _rows(path, "SELECT uuid, sent FROM tasks")
    }
    query = "SELECT COUNT(*), COALESCE(SUM(risk), 0) FROM tasks WHERE state='failed' AND risk>0"
    count, units = next(iter(_rows(path, query)), (0, 0))
    return Accounts(sent=sent, failed=int(count), failed_risk=int(units) * UNIT)


def _open_task(row: tuple[Any, ...]) -> OpenTask:
    uuid, address, state, message, fingerprint, units, sent, spec, recorded, results = row
    try:
        count = int(json.loads(spec)["count"])
    except (ValueError, TypeError, KeyError, RecursionError):
        count = max(1, results)
    return OpenTask(
        task_uuid=uuid,
        address=address,
        state=state,
        message=message,
        fingerprint=fingerprint,
        takes=max(0, (results if state == "result" else count) - recorded),
        risk=int(units) * UNIT,
        sent=float(sent),
    )


def _rows(path: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            if not database.execute(_TABLES).fetchone()[0]:
                return []  # killed before its tables were there: nothing was ever written
            return database.execute(query, values).fetchall()
    except sqlite3.Error as error:
        raise LockError(
            f"{path} is damaged: {error}",
            "keep it, and restore a copy; nothing is sent while it cannot be read",
        ) from None
