"""The journal: every paid request in SQLite, synced before it is sent; one project's alone."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from renderer.adapters.durable import NoWatch, Watch, answered, step
from renderer.adapters.journal_file import refuse_foreign, there
from renderer.errors import LockError, MachineError
from renderer.render.budget import at_risk
from renderer.render.life import Life, Result, Stage
from renderer.render.order import FinishedTake, order_of, order_text
from renderer.wire.messages import TaskError

_VERSION = "1"
_UNIT = Decimal("0.00001")  # USD; amounts are kept as whole numbers of it, rounded up
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
  uuid TEXT PRIMARY KEY, intent TEXT NOT NULL, address TEXT NOT NULL,
  fingerprint TEXT NOT NULL, take INTEGER NOT NULL, attempt INTEGER NOT NULL,
  state TEXT NOT NULL, acked INTEGER NOT NULL, doubt INTEGER NOT NULL,
  spec TEXT NOT NULL, risk INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,
  sent REAL NOT NULL);
CREATE INDEX IF NOT EXISTS tasks_by_intent ON tasks (intent);
CREATE INDEX IF NOT EXISTS tasks_by_state ON tasks (state);
CREATE INDEX IF NOT EXISTS tasks_by_take ON tasks (fingerprint, take);
CREATE TABLE IF NOT EXISTS results (
  uuid TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, state TEXT NOT NULL,
  url TEXT NOT NULL, seed TEXT, cost TEXT, draft TEXT NOT NULL, unsafe INTEGER NOT NULL,
  take TEXT NOT NULL DEFAULT '', PRIMARY KEY (uuid, key));
CREATE TABLE IF NOT EXISTS media (sha256 TEXT PRIMARY KEY, uuid TEXT NOT NULL);
"""
_FINGERPRINT = 3  # its column in tasks
OPEN = ("intent", "acked", "result", "unsent", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A task as the journal has it: its life, what lies in the store, when it was sent.

    `state` is intent, acked, result, recorded, failed, unsent or unknown.
    """

    life: Life
    state: str
    sent: float
    stored: tuple[tuple[str, FinishedTake], ...] = ()  # by result key; not in the lockfile yet
    recorded: tuple[str, ...] = ()  # result keys


class Journal:
    """The paid requests of one project. Not for use from two threads."""

    def __init__(self, path: Path, lineage: str, watch: Watch | None = None) -> None:
        self._path = path
        self._watch = watch or NoWatch()
        with answered(path):
            _make_private(path)
        there(path)
        with self._safely():
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(lineage)
                self._known = self._fingerprints()
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def save(self, lives: Iterable[Life], intent: str, now: float) -> None:
        """Write where these tasks stand, with their results, in one synced step.

        `intent` names what the person asked for; it and `now` are kept from the first time.
        """
        rows = [_task_row(life, intent, now) for life in lives]
        if not rows:
            return
        self._known.update(str(row[_FINGERPRINT]) for row, _ in rows)
        with self._commit("save"):
            self._db.executemany(
                "INSERT INTO tasks VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (uuid) DO"
                " UPDATE SET state=excluded.state, acked=excluded.acked, doubt=excluded.doubt,"
                " risk=excluded.risk, code=excluded.code, message=excluded.message,"
                " spec=excluded.spec,"
                " sent=CASE tasks.state WHEN 'unsent' THEN excluded.sent ELSE tasks.sent END",
                [row for row, _ in rows],
            )
            self._db.executemany(
                "INSERT INTO results VALUES (?,?,?,?,?,?,?,?,?,'') ON CONFLICT (uuid, key) DO"
                " UPDATE SET url=excluded.url WHERE results.state='result'",
                [result for _, results in rows for result in results],
            )

    def stored(self, names: Sequence[tuple[str, str]], takes: Sequence[FinishedTake]) -> None:
        """Write that these results (task, key) lie whole in the store, as these takes."""
        rows = [(_take_text(take), *name) for name, take in zip(names, takes, strict=True)]
        with self._commit("stored"):
            self._db.executemany(
                "UPDATE results SET state='stored', take=? WHERE uuid=? AND key=?", rows
            )

    def recorded(self, takes: Sequence[tuple[str, str]]) -> None:
        """Write that the lockfile names these results (task, key); their URLs are wiped."""
        with self._commit("recorded"):
            self._db.executemany(
                "UPDATE results SET state='recorded', url='' WHERE uuid=? AND key=?",
                takes,
            )
            self._db.executemany(
                "UPDATE tasks SET state='recorded' WHERE uuid=? AND state='result' AND NOT EXISTS"
                " (SELECT 1 FROM results WHERE uuid=tasks.uuid AND state!='recorded')",
                [(uuid,) for uuid, _ in takes],
            )

    def abandon(self, uuid: str) -> None:
        """Give a task up by a person's decision: its next attempt gets a new id."""
        with self._commit("abandon"):
            self._db.execute(
                "UPDATE tasks SET state='failed', code='abandoned', message='given up by hand'"
                " WHERE uuid=? AND state IN ('unknown', 'intent', 'acked', 'result', 'unsent')",
                (uuid,),
            )

    def open_entries(self) -> tuple[Entry, ...]:
        """Return every task that has not come to its end, oldest first."""
        marks = ",".join("?" * len(OPEN))
        with self._safely():
            rows = self._db.execute(
                f"SELECT * FROM tasks WHERE state IN ({marks}) ORDER BY rowid",  # noqa: S608
                OPEN,
            ).fetchall()
            return tuple(self._entry(row) for row in rows)

    def next_attempt(self, fingerprint: str, take: int) -> int:
        """Return the first attempt number that did not fail yet."""
        if fingerprint not in self._known:
            return 0
        with self._safely():
            (last,) = self._db.execute(
                "SELECT MAX(attempt) FROM tasks WHERE fingerprint=? AND take=? AND state='failed'",
                (fingerprint, take),
            ).fetchone()
        return 0 if last is None else int(last) + 1

    def takes(self, fingerprint: str, take: int) -> tuple[FinishedTake, ...]:
        """Return what was recorded for a task: a lockfile that was taken back lost it."""
        if fingerprint not in self._known:
            return ()
        with self._safely():
            rows = self._db.execute(
                "SELECT results.take FROM results JOIN tasks USING (uuid)"
                " WHERE fingerprint=? AND tasks.take=? AND results.state='recorded'"
                " ORDER BY attempt, place",
                (fingerprint, take),
            ).fetchall()
            return tuple(_take_of(row[0]) for row in rows)

    def spent(self, intent: str) -> Decimal:
        """Return what all runs of an intent spent or may have to spend at worst, in USD."""
        with self._safely():
            (units,) = self._db.execute(
                "SELECT COALESCE(SUM(risk), 0) FROM tasks WHERE intent=?", (intent,)
            ).fetchone()
        return int(units) * _UNIT

    def media(self, sha256: str) -> str | None:
        """Return the media id under which a file was uploaded, if it was."""
        with self._safely():
            row = self._db.execute("SELECT uuid FROM media WHERE sha256=?", (sha256,)).fetchone()
        return str(row[0]) if row else None

    def uploaded(self, sha256: str, uuid: str | None) -> None:
        """Keep the media id of a file; None forgets it."""
        with self._commit("media"):
            self._db.execute("DELETE FROM media WHERE sha256=?", (sha256,))
            if uuid:
                self._db.execute("INSERT INTO media VALUES (?,?)", (sha256, uuid))

    def _entry(self, row: Sequence[object]) -> Entry:
        life, state, sent = _life_of(row)
        results = self._db.execute(
            "SELECT key, state, url, seed, cost, draft, unsafe, take FROM results"
            " WHERE uuid=? ORDER BY place",
            (life.uuid,),
        ).fetchall()
        return Entry(
            life=replace(life, results=tuple(map(_result_of, results))),
            state=state,
            sent=sent,
            stored=tuple((r[0], _take_of(r[7])) for r in results if r[1] == "stored"),
            recorded=tuple(r[0] for r in results if r[1] == "recorded"),
        )

    def _fingerprints(self) -> set[str]:
        """Return what the journal knows anything of: most of a first run it does not."""
        return {row[0] for row in self._db.execute("SELECT DISTINCT fingerprint FROM tasks")}

    def _prepare(self, lineage: str) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA fullfsync=ON")
        self._db.execute("PRAGMA secure_delete=ON")  # a wiped URL leaves no trace
        self._db.execute("PRAGMA busy_timeout=5000")
        refuse_foreign(self._db)
        (health,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if health != "ok":
            raise sqlite3.DatabaseError(health)
        with self._commit("schema"):
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            for name, value in (("version", _VERSION), ("lineage", lineage)):
                self._db.execute("INSERT OR IGNORE INTO meta VALUES (?,?)", (name, value))
        self._check_owner(lineage)

    def _check_owner(self, lineage: str) -> None:
        found = dict(self._db.execute("SELECT name, value FROM meta").fetchall())
        if found["version"] != _VERSION:
            raise LockError(
                f"{self._path}: this journal was written by a newer renderer",
                "update the renderer",
            )
        if found["lineage"] != lineage:
            raise LockError(
                f"{self._path}: this journal belongs to another project or lockfile",
                "bring back the lockfile it belongs to, or move the journal away: what it paid"
                " for can only be found with both",
            )

    @contextlib.contextmanager
    def _commit(self, name: str) -> Iterator[None]:
        with self._safely(), step(self._watch, f"journal {name}"):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _safely(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise MachineError(
                f"{self._path}: the journal cannot be written or read: {error}",
                "free some space or mend the permissions; nothing is sent without a journal",
            ) from error
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
            raise LockError(
                f"{self._path}: the journal is damaged: {error}",
                "keep a copy and move it away; the next render asks the provider for each task"
                " by its derived id before it sends anything",
            ) from error


def _make_private(path: Path) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, 0o600)
    os.close(handle)


def _state(life: Life) -> str:
    words = {
        Stage.ENDED: "result" if life.results else "failed",
        Stage.FAILED: "failed",
        Stage.UNSENT: "unsent",
        Stage.UNKNOWN: "unknown",
    }
    return words.get(life.stage, "acked" if life.acked else "intent")


def _task_row(
    life: Life, intent: str, now: float
) -> tuple[tuple[object, ...], list[tuple[object, ...]]]:
    order, error = life.order, life.error
    risk = int((at_risk(life) / _UNIT).to_integral_value(ROUND_CEILING))
    task = (
        *(life.uuid, intent, order.address, order.fingerprint, order.index, life.attempt),
        *(_state(life), life.acked, life.doubt, order_text(order), risk),
        *(error.code if error else "", error.message if error else "", now),
    )
    return task, [_result_row(life.uuid, n, result) for n, result in enumerate(life.results)]


def _result_row(uuid: str, place: int, result: Result) -> tuple[object, ...]:
    seed = None if result.seed is None else str(result.seed)
    cost = None if result.cost is None else str(result.cost)
    draft, unsafe = result.draft_id, result.unsafe
    return (uuid, result.key, place, "result", result.url, seed, cost, draft, unsafe)


def _life_of(row: Sequence[object]) -> tuple[Life, str, float]:
    uuid, _, _, _, _, attempt, state, acked, doubt, spec, _, code, message, sent = row
    stages = {"unsent": Stage.LOOKUP, "acked": Stage.WAIT, "result": Stage.ENDED}
    life = Life(
        order=order_of(str(spec)),
        uuid=str(uuid),
        attempt=int(str(attempt)),
        stage=stages.get(str(state), Stage.DOUBT),
        doubt=bool(doubt) or state in {"intent", "unknown"},
        acked=bool(acked),
        error=TaskError(code=str(code), message=str(message)) if code else None,
    )
    return life, str(state), float(str(sent))


def _result_of(row: Sequence[object]) -> Result:
    key, _, url, seed, cost, draft, unsafe, _ = row
    return Result(
        key=str(key),
        url=str(url),
        seed=None if seed is None else int(str(seed)),
        cost=None if cost is None else Decimal(str(cost)),
        draft_id=str(draft),
        unsafe=bool(unsafe),
    )


def _take_text(take: FinishedTake) -> str:
    names = FinishedTake.__slots__
    return json.dumps({name: getattr(take, name) for name in names}, default=str)


def _take_of(text: str) -> FinishedTake:
    value = json.loads(text)
    for name in ("cost", "estimate"):
        value[name] = None if value[name] is None else Decimal(value[name])
    return FinishedTake(**{**value, "flags": tuple(value["flags"])})
