"""What the journal knows, read without writing: for plans, `status`, `cost` and the receiver."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from renderer.adapters.journal.schema import UNIT, among
from renderer.adapters.journal.select import Row, damaged, rows
from renderer.render.allowance import Claimed
from renderer.render.order import Recorded, order_of, take_of
from renderer.render.stage import OPEN, TAKEN, Stage

JOINED = "lineage "  # before each lineage that was joined to the journal's own
_OPEN = among(OPEN)
_TASK = (str, str, str, str, str, int, float, str, int, int, str, int)  # what _QUERY answers with
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """An open task, as the journal has it.

    `risk` is the most that it costs in USD; `takes` how many of its takes are not recorded yet;
    `sent` when it was first sent, in seconds since 1970; `endpoint` the address it was sent to,
    empty where that is not known; `engine`: to an embedded engine.
    """

    task_uuid: str
    address: str
    state: Stage
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
        return self.state in TAKEN

    @property
    def claimed(self) -> Claimed:
        """What of it counts as had, or may be sent again."""
        return Claimed(
            uuid=self.task_uuid,
            fingerprint=self.fingerprint,
            takes=self.takes,
            stage=self.state,
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
    found = map(_open_task, rows(path, _TASK, _QUERY))
    return tuple(one for one in found if not endpoint or one.endpoint in {"", endpoint})


def made(path: Path, pictures: Container[str]) -> tuple[Recorded, ...]:
    """Return the paid takes of some pictures that a lockfile of this clone has named once.

    A lockfile that was taken back, or is that of another branch, may not name them any more.
    """
    found = (row for row in rows(path, (str, str, str), _MADE) if row[0] in pictures)
    try:
        return tuple(Recorded(order=order_of(spec), take=take_of(take)) for _, spec, take in found)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise damaged(path, error) from None


def known(path: Path, uuids: frozenset[str]) -> Mapping[str, bool]:
    """Return which of some taskUUIDs a journal knows, and whether each is still open."""
    query = f"SELECT uuid, state IN {_OPEN} FROM tasks WHERE uuid=?"  # noqa: S608 - a constant
    found = (row for uuid in sorted(uuids) for row in rows(path, (str, int), query, uuid))
    return {uuid: bool(still) for uuid, still in found}


def lineages(path: Path) -> tuple[str, ...]:
    """Return the lineages of the lockfiles that a journal has served."""
    query = "SELECT name, value FROM meta"
    return tuple(
        sorted(served({str(name): str(value) for name, value in rows(path, (str, str), query)}))
    )


def served(meta: Mapping[str, str]) -> set[str]:
    """Return the lineages that the table `meta` of a journal names."""
    joined = {name.removeprefix(JOINED) for name in meta if name.startswith(JOINED)}
    return {meta.get("lineage", ""), *joined} - {""}


def accounts(path: Path) -> Accounts:
    """Return what a journal knows of money."""
    tasks = rows(path, (str, float, str), "SELECT uuid, sent, address FROM tasks")
    query = "SELECT COUNT(*), COALESCE(SUM(risk), 0) FROM tasks WHERE state=? AND risk>0"
    count, units = next(iter(rows(path, (int, int), query, Stage.FAILED)), (0, 0))
    return Accounts(
        sent={str(uuid): moment for uuid, moment, _ in tasks},
        addresses={str(uuid): str(address) for uuid, _, address in tasks},
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
        state=Stage(state),
        message=message,
        fingerprint=fingerprint,
        takes=max(0, (results if state == Stage.ENDED else count) - recorded),
        risk=units * UNIT,
        sent=sent,
        endpoint=endpoint,
        engine=bool(engine),
    )
