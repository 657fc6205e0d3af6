"""The journal: every paid request in SQLite, synced before it is sent; one project's alone."""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from renderer.adapters.disk.disk import FaultHook, NoFaults, answered, step
from renderer.adapters.journal.file import refuse_foreign, there
from renderer.adapters.journal.queries import JOINED, served
from renderer.adapters.journal.rows import (
    COLUMNS,
    FINGERPRINT,
    MARKS,
    JournalRow,
    kept_task,
    result_of,
    task_row,
)
from renderer.adapters.journal.schema import READ, UNIT, among, lay_tables, version_of
from renderer.errors import JournalError, MachineError
from renderer.render.order import FinishedTake, take_of, take_text
from renderer.render.stage import OPEN, SETTLED, Stage
from renderer.render.task_state import TaskState

_OPEN, _SETTLED = among(OPEN), among(SETTLED)

# `endpoint IN (?, '')`: rows of the endpoint of this run, and those that name none.
_SAVE_TASK = f"""
INSERT INTO tasks ({COLUMNS}) VALUES ({MARKS})
ON CONFLICT (uuid, endpoint) DO UPDATE SET
  state=excluded.state, acked=excluded.acked, doubt=excluded.doubt, risk=excluded.risk,
  code=excluded.code, message=excluded.message, spec=excluded.spec, counted=excluded.counted,
  engine=excluded.engine,
  sent=CASE tasks.state WHEN '{Stage.UNSENT}' THEN excluded.sent ELSE tasks.sent END
WHERE tasks.state NOT IN {_SETTLED}
"""  # noqa: S608 - constants
_SAVE_RESULT = """
INSERT INTO results VALUES (?,?,?,?,?,?,?,?,?,'',?)
ON CONFLICT (uuid, endpoint, key) DO UPDATE SET url=excluded.url WHERE results.state='result'
"""


class Journal:
    """The paid requests of one project. Not for use from two threads.

    `endpoint` is the address that this run's requests go to: rows of other endpoints are left
    alone, and a row never changes its endpoint. `joined` are more lineages of the lockfile.
    """

    def __init__(
        self,
        path: Path,
        lineage: str,
        watch: FaultHook | None = None,
        *,
        joined: Sequence[str] = (),
        endpoint: str = "",
    ) -> None:
        self._path = path
        self._endpoint = endpoint
        self._watch = watch or NoFaults()
        with answered(path):
            _make_private(path)
        there(path)
        with self._safely():
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(lineage, joined)
                self._known = self._fingerprints()
                self._unnamed = self._without_endpoint()
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def save(
        self, lives: Iterable[TaskState], intent: str, now: float, *, posting: bool = False
    ) -> None:
        """Write where these tasks are, with their results, in one synced step.

        `intent` names what the person asked for; it and `now` are kept from the first time.
        `posting`: they are sent right after this. A task that has come to its end is left alone.
        """
        rows = [task_row(life, intent, now, posting=posting) for life in lives]
        if not rows:
            return
        self._known.update(str(row[FINGERPRINT]) for row, _ in rows)
        with self._commit("save"):
            self._db.executemany(_SAVE_TASK, [(*row, self._place(row[0])) for row, _ in rows])
            self._db.executemany(
                _SAVE_RESULT,
                [(*row, self._place(row[0])) for _, results in rows for row in results],
            )

    def stored(self, names: Sequence[tuple[str, str]], takes: Sequence[FinishedTake]) -> None:
        """Write that these results (task, key) lie whole in the store, as these takes."""
        rows = [
            (take_text(take), *name, self._endpoint)
            for name, take in zip(names, takes, strict=True)
        ]
        with self._commit("stored"):
            self._db.executemany(
                "UPDATE results SET state='stored', take=? WHERE uuid=? AND key=? AND endpoint IN (?, '')",
                rows,
            )

    def recorded(self, takes: Sequence[tuple[str, str]]) -> None:
        """Write that the lockfile names these results (task, key); their URLs are wiped."""
        with self._commit("recorded"):
            self._db.executemany(
                "UPDATE results SET state='recorded', url='' WHERE uuid=? AND key=? AND endpoint IN (?, '')",
                [(*names, self._endpoint) for names in takes],
            )
            self._db.executemany(
                "UPDATE tasks SET state=? WHERE uuid=? AND endpoint IN (?, '') AND state=?"
                " AND NOT EXISTS (SELECT 1 FROM results WHERE uuid=tasks.uuid"
                " AND endpoint=tasks.endpoint AND state!='recorded')",
                [(Stage.RECORDED, uuid, self._endpoint, Stage.ENDED) for uuid, _ in takes],
            )

    def abandon(self, uuid: str) -> None:
        """Give an unknown task up by a person's decision: its next attempt gets a new id."""
        with self._commit("abandon"):
            self._db.execute(
                "UPDATE tasks SET state=?, code='abandoned', message='given up by hand'"
                " WHERE uuid=? AND endpoint IN (?, '') AND state=?",
                (Stage.FAILED, uuid, self._endpoint, Stage.UNKNOWN),
            )

    def open_entries(self) -> tuple[JournalRow, ...]:
        """Return every open task, oldest first."""
        with self._safely():
            rows = self._db.execute(
                f"SELECT {COLUMNS} FROM tasks WHERE endpoint IN (?, '')"  # noqa: S608 - constants
                f" AND state IN {_OPEN} ORDER BY rowid",
                (self._endpoint,),
            ).fetchall()
            return tuple(self._entry(row) for row in rows)

    def next_attempt(self, fingerprint: str, take: int) -> int:
        """Return the first attempt number that did not fail yet."""
        if fingerprint not in self._known:
            return 0
        with self._safely():
            (last,) = self._db.execute(
                "SELECT MAX(attempt) FROM tasks WHERE fingerprint=? AND take=?"
                " AND state=? AND endpoint IN (?, '')",
                (fingerprint, take, Stage.FAILED, self._endpoint),
            ).fetchone()
        return 0 if last is None else int(last) + 1

    def spent(self, intent: str) -> Decimal:
        """Return what all runs of an intent spent or may have to spend at worst, in USD."""
        with self._safely():
            (units,) = self._db.execute(
                "SELECT COALESCE(SUM(risk), 0) FROM tasks WHERE intent=?", (intent,)
            ).fetchone()
        return int(units) * UNIT

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

    def _place(self, uuid: object) -> str:
        """Return the endpoint of a task's row: this run's, or none for a row that names none."""
        return "" if uuid in self._unnamed else self._endpoint

    def _entry(self, row: Sequence[object]) -> JournalRow:
        task, sent = kept_task(row)
        results = self._db.execute(
            "SELECT key, state, url, seed, cost, draft, unsafe, take FROM results"
            " WHERE uuid=? AND endpoint IN (?, '') ORDER BY place",
            (task.uuid, self._endpoint),
        ).fetchall()
        return JournalRow(
            life=replace(task.taken_up(), results=tuple(map(result_of, results))),
            kept=task.stage,
            sent=sent,
            intent=str(row[1]),
            risk=int(str(row[10])) * UNIT,
            stored=tuple((r[0], take_of(r[7])) for r in results if r[1] == "stored"),
            recorded=tuple(r[0] for r in results if r[1] == "recorded"),
        )

    def _without_endpoint(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT uuid FROM tasks WHERE endpoint=''")}

    def _fingerprints(self) -> set[str]:
        """Return what the journal knows anything of: most of a first run it does not."""
        return {row[0] for row in self._db.execute("SELECT DISTINCT fingerprint FROM tasks")}

    def _prepare(self, lineage: str, joined: Sequence[str]) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA fullfsync=ON")
        self._db.execute("PRAGMA secure_delete=ON")  # a wiped URL leaves no trace
        self._db.execute("PRAGMA busy_timeout=5000")
        refuse_foreign(self._db)
        (health,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if health != "ok":
            raise sqlite3.DatabaseError(health)
        before = version_of(self._db)
        if before not in READ:
            raise JournalError(
                f"{self._path}: this journal was written by a newer renderer",
                "update the renderer",
            )
        with self._commit("schema"):
            lay_tables(self._db, before, lineage)
        self._check_owner({lineage, *joined})

    def _check_owner(self, lineages: set[str]) -> None:
        """Refuse a lockfile that shares no lineage; remember those that were joined to ours."""
        found = dict(self._db.execute("SELECT name, value FROM meta").fetchall())
        known = served(found)
        if not known & lineages:
            raise JournalError(
                f"{self._path}: this journal belongs to another project or lockfile",
                "bring back the lockfile it belongs to (`renderer lock merge` joins it with this"
                " one), or move the journal away: what it paid for can only be found with both",
            )
        if lineages - known:
            with self._commit("lineages"):
                rows = [(JOINED + name, "") for name in sorted(lineages - known)]
                self._db.executemany("INSERT OR IGNORE INTO meta VALUES (?,?)", rows)

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
                "free disk space or fix the permissions; nothing is sent without a journal",
            ) from error
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
            raise JournalError(
                f"{self._path}: the journal is damaged: {error}",
                "keep a copy and move it away; the next render asks the provider for each task"
                " by its derived id before it sends anything",
            ) from error


def _make_private(path: Path) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, 0o600)
    os.close(handle)
