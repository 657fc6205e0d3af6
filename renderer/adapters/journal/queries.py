"""What the journal knows, read without writing: for plans, `status`, `cost` and the receiver."""

import json
import sqlite3
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from renderer.adapters.journal.file import reading, there
from renderer.errors import JournalError
from renderer.render.allowance import CLAIMS, Claimed
from renderer.render.order import Recorded, order_of, take_of

Row = Sequence[Any]  # columns of SQLite, of the types in `schema`
UNIT = Decimal("0.00001")  # USD, in which the journal counts
_OPEN = "('intent', 'acked', 'result', 'unknown')"
_TABLES = "SELECT COUNT(*) FROM sqlite_master"
JOINED = "lineage "  # before each lineage that was joined to the journal's own
_MOST = 1_000_000  # rows of an answer
_LATEST = 253_402_300_799  # the end of the year 9999, in seconds since 1970
_TASK = (str, str, str, str, str, int, float, str, int, int, str, int)  # what _QUERY answers with
_TAKEN = frozenset({"acked", "result"})
_QUERY = f"""
SELECT uuid, address, state, message, fingerprint, risk, sent, spec,
  (SELECT COUNT(*) FROM results WHERE uuid=t.uuid AND endpoint=t.endpoint AND state='recorded'),
  (SELECT COUNT(*) FROM results WHERE uuid=t.uuid AND endpoint=t.endpoint),
  endpoint, engine
FROM tasks AS t WHERE state IN {_OPEN} ORDER BY rowid
"""  # noqa: S608 - a constant
_MADE = """
SELECT t.fingerprint, t.spec, r.take FROM results AS r
JOIN tasks AS t ON t.uuid=r.uuid AND t.endpoint=r.endpoint
WHERE r.state='recorded' AND NOT t.engine ORDER BY t.take, t.attempt, r.place
"""
# A journal of version 1 knew no endpoints, and of no engine.
_OLD = {"t.endpoint=r.endpoint": "1", "endpoint=t.endpoint": "1", "NOT t.engine": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A task that has not come to its end, as the journal has it.

    `risk` is the most that it costs in USD; `takes` how many of its takes are not recorded yet;
    `sent` when it was first sent, in seconds since 1970; `endpoint` the address it was sent to,
    empty where that is not known; `engine`: to an embedded engine.
    """

    task_uuid: str
    address: str
    state: str
    message: str
    fingerprint: str = ""
    takes: int = 1
    risk: Decimal = Decimal(0)
    sent: float = 0.0
    endpoint: str = ""
    engine: bool = False

    @property
    def taken(self) -> bool:
        """Whether the provider surely has it: whatever it costs is spent already."""
        return self.state in _TAKEN

    @property
    def claimed(self) -> Claimed:
        """What of it counts as had, or may be sent again."""
        return Claimed(
            uuid=self.task_uuid,
            fingerprint=self.fingerprint,
            takes=self.takes,
            claim=CLAIMS[self.state],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What a journal knows of money: when each task was sent, for whom, and what failed at a price."""

    sent: Mapping[str, float] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    failed: int = 0
    failed_risk: Decimal = Decimal(0)


def waiting(path: Path) -> int:
    """Return how many tasks wait to be settled; a journal that is not there has none."""
    return len(open_tasks(path))


def open_tasks(path: Path, endpoint: str = "") -> tuple[OpenTask, ...]:
    """Return the open tasks of a journal, oldest first; those of one endpoint if one is named."""
    found = map(_open_task, _rows(path, _TASK, _QUERY))
    return tuple(one for one in found if not endpoint or one.endpoint in {"", endpoint})


def made(path: Path, pictures: Container[str]) -> tuple[Recorded, ...]:
    """Return the paid takes of some pictures that a lockfile of this clone has named once.

    A lockfile that was taken back, or is that of another branch, may not name them any more.
    """
    found = (row for row in _rows(path, (str, str, str), _MADE) if row[0] in pictures)
    try:
        return tuple(Recorded(order=order_of(spec), take=take_of(take)) for _, spec, take in found)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise _damaged(path, error) from None


def known(path: Path, uuids: frozenset[str]) -> Mapping[str, bool]:
    """Return which of some taskUUIDs a journal knows, and whether each is still open."""
    query = f"SELECT uuid, state IN {_OPEN} FROM tasks WHERE uuid=?"  # noqa: S608 - a constant
    found = (row for uuid in sorted(uuids) for row in _rows(path, (str, int), query, uuid))
    return {uuid: bool(still) for uuid, still in found}


def lineages(path: Path) -> tuple[str, ...]:
    """Return the lineages of the lockfiles that a journal has served."""
    query = "SELECT name, value FROM meta"
    return tuple(
        sorted(served({str(name): str(value) for name, value in _rows(path, (str, str), query)}))
    )


def served(meta: Mapping[str, str]) -> set[str]:
    """Return the lineages that the table `meta` of a journal names."""
    joined = {name.removeprefix(JOINED) for name in meta if name.startswith(JOINED)}
    return {meta.get("lineage", ""), *joined} - {""}


def accounts(path: Path) -> Accounts:
    """Return what a journal knows of money."""
    rows = list(_rows(path, (str, float, str), "SELECT uuid, sent, address FROM tasks"))
    query = "SELECT COUNT(*), COALESCE(SUM(risk), 0) FROM tasks WHERE state='failed' AND risk>0"
    count, units = next(iter(_rows(path, (int, int), query)), (0, 0))
    return Accounts(
        sent={str(uuid): moment for uuid, moment, _ in rows},
        addresses={str(uuid): str(address) for uuid, _, address in rows},
        failed=count,
        failed_risk=units * UNIT,
    )


def _open_task(row: Row) -> OpenTask:
    uuid, address, state, message, fingerprint, units, sent, spec, recorded, results = row[:10]
    endpoint, engine = row[10:]
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
        endpoint=endpoint,
        engine=bool(engine),
    )


def _rows(path: Path, kinds: Sequence[type], query: str, *values: str) -> list[Row]:
    """Return what a query answers, as values of these kinds; JournalError for anything else."""
    if not there(path):
        return []
    try:
        with reading(path) as database:
            if not database.execute(_TABLES).fetchone()[0]:
                return []  # killed before its tables were there: nothing was ever written
            found = database.execute(_for(database, query), values).fetchmany(_MOST + 1)
            if len(found) > _MOST:
                raise sqlite3.DataError(f"it holds more than {_MOST} tasks")
            return [_sound(row, kinds) for row in found]
    except sqlite3.Error as error:
        raise _damaged(path, error) from None


def _for(database: sqlite3.Connection, query: str) -> str:
    """Return a query as the tables of a journal's version know it."""
    columns = {row[1] for row in database.execute("PRAGMA table_info(tasks)")}
    if not columns or "endpoint" in columns:
        return query
    for new, old in _OLD.items():
        query = query.replace(new, old)
    return query.replace("  endpoint, engine\n", "  '', 0\n")


def _damaged(path: Path, error: Exception) -> JournalError:
    return JournalError(
        f"{path} is damaged: {error}",
        "keep it, and restore a copy; nothing is sent while it cannot be read",
    )


def _sound(row: Row, kinds: Sequence[type]) -> Row:
    """Return a row whose values are what was written: SQLite takes any value in any column."""
    for value, kind in zip(row, kinds, strict=True):
        number = type(value) in (int, float)
        if not (number if kind is float else type(value) is kind):
            raise sqlite3.DataError(f"a {type(value).__name__} is where {kind.__name__} belongs")
        if number and not 0 <= value <= (_LATEST if kind is float else value):
            raise sqlite3.DataError("a number is out of bounds")
    return row
