"""The journal: whose it is, what it does when it is damaged, and what it keeps to itself."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Operation
from renderer.adapters.journal.failures import troubles
from renderer.adapters.journal.journal import Journal
from renderer.adapters.journal.queries import Accounts, accounts, known, lineages, made, open_tasks
from renderer.errors import JournalError, MachineError
from renderer.render.order import FinishedTake, order_text, take_text
from renderer.render.results import ResultState
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError
from tests.harness.world import order


def life(stage: Stage, **facts: object) -> TaskState:
    return TaskState(order=order("bell", count=2), uuid="u", stage=stage, **facts)  # type: ignore[arg-type]


TAKE = FinishedTake(
    number=1, sha256="a" * 64, size=9, format="mp4", seed=2**63, cost=Decimal("0.1"),
    estimate=None, task_uuid="u", video_uuid="v", flags=("short",),
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def test_a_task_comes_back_where_it_was_left(path: Path) -> None:
    with_results = life(
        Stage.WAIT,
        acked=True,
        results=(ResultState(key="v", url="https://x/?sig", seed=2**63, cost=Decimal("0.1")),),
    )
    journal = Journal(path, "lineage")
    journal.save([with_results], "intent", 5.0)
    journal.stored([("u", "v")], [TAKE])
    journal.close()
    journal = Journal(path, "lineage")
    (entry,) = journal.open_entries()
    journal.close()
    assert entry.life == replace(with_results, stage=Stage.RESUMED)
    assert (entry.kept, entry.sent, entry.stored) == ("acked", 5.0, (("v", TAKE),))


@pytest.mark.parametrize(
    ("stage", "facts", "state", "back"),
    [
        (Stage.SEND, {"doubt": True}, "intent", Stage.DOUBT),
        (Stage.ARCHIVE, {"doubt": True}, "intent", Stage.DOUBT),
        (Stage.WAIT, {"acked": True}, "acked", Stage.RESUMED),
        (Stage.LAST, {"acked": True}, "acked", Stage.RESUMED),
        (Stage.UNKNOWN, {"doubt": True}, "unknown", Stage.DOUBT),
    ],
)
def test_every_open_stage_has_its_word(
    path: Path, stage: Stage, facts: dict[str, bool], state: str, back: Stage
) -> None:
    journal = Journal(path, "lineage")
    journal.save([life(stage, **facts)], "intent", 0.0)
    (entry,) = journal.open_entries()
    assert (entry.kept, entry.life.stage) == (state, back)
    journal.close()


def test_what_was_surely_not_sent_is_in_the_journal_and_not_open(path: Path) -> None:
    journal = Journal(path, "lineage")
    journal.save([life(Stage.SEND)], "intent", 0.0)
    assert journal.open_entries() == ()
    journal.close()
    assert known(path, frozenset({"u"})) == {"u": False}
    assert open_tasks(path) == ()


def test_recorded_takes_close_a_task_and_wipe_its_url(path: Path) -> None:
    journal = Journal(path, "lineage")
    results = (
        ResultState(key="v", url="https://x/?CANARY"),
        ResultState(key="w", url="https://y/?CANARY"),
    )
    journal.save([life(Stage.ENDED, acked=True, results=results)], "intent", 0.0)
    for key in ("v", "w"):
        journal.stored([("u", key)], [replace(TAKE, video_uuid=key)])
        journal.recorded([("u", key)])
    assert journal.open_entries() == ()
    journal.close()
    assert [one.take.video_uuid for one in made(path, {"sha256:bell"})] == ["v", "w"]
    assert b"CANARY" not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_attempts_go_on_behind_the_last_failure(path: Path) -> None:
    journal = Journal(path, "lineage")
    assert journal.next_attempt("sha256:bell", 0) == 0
    error = TaskError(code="timeoutProvider", message="")
    journal.save([life(Stage.FAILED, attempt=3, error=error)], "intent", 0.0)
    assert journal.next_attempt("sha256:bell", 0) == 4
    assert journal.next_attempt("sha256:bell", 1) == 0
    journal.close()


def test_spending_is_summed_over_the_runs_of_an_intent(path: Path) -> None:
    journal = Journal(path, "lineage")
    journal.save([life(Stage.WAIT, acked=True)], "one", 0.0)
    journal.save([replace(life(Stage.SEND), uuid="w")], "one", 0.0, posting=True)
    journal.save([replace(life(Stage.SEND), uuid="x")], "two", 0.0, posting=True)
    journal.save([replace(life(Stage.SEND), uuid="y")], "one", 0.0)
    assert journal.spent("one") == Decimal("0.4")
    journal.close()


@pytest.mark.parametrize("stage", [Stage.WAIT, Stage.SEND, Stage.UNSENT, Stage.UNKNOWN])
def test_only_a_task_that_nobody_knows_of_is_given_up(path: Path, stage: Stage) -> None:
    journal = Journal(path, "lineage")
    journal.save([life(stage, acked=stage is Stage.WAIT)], "one", 0.0, posting=True)
    journal.abandon("u")
    assert journal.next_attempt("sha256:bell", 0) == (1 if stage is Stage.UNKNOWN else 0)
    journal.close()


def test_the_row_of_a_finished_task_is_not_written_again(path: Path) -> None:
    journal = Journal(path, "lineage")
    result = ResultState(key="v", url="https://x/?CANARY")
    journal.save([life(Stage.ENDED, acked=True, results=(result,))], "one", 0.0)
    journal.stored([("u", "v")], [TAKE])
    journal.recorded([("u", "v")])
    journal.save([life(Stage.SEND)], "two", 1.0, posting=True)
    assert journal.open_entries() == ()
    journal.close()
    (kept,) = made(path, {"sha256:bell"})
    assert (kept.take, kept.order.shot) == (TAKE, "bell")


def test_a_task_is_of_the_endpoint_that_it_was_meant_for(path: Path) -> None:
    sent = life(Stage.SEND)
    for name in ("https://a/v1", "https://b/v1"):
        journal = Journal(path, "lineage", endpoint=name)
        assert journal.open_entries() == ()
        assert journal.next_attempt("sha256:bell", 0) == 0
        journal.save([replace(sent, attempt=2)], "one", 0.0, posting=True)
        assert [entry.life.attempt for entry in journal.open_entries()] == [2]
        journal.close()
    assert [task.endpoint for task in open_tasks(path)] == ["https://a/v1", "https://b/v1"]
    assert len(open_tasks(path, "https://a/v1")) == 1


OLD = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE tasks (
  uuid TEXT PRIMARY KEY, intent TEXT NOT NULL, address TEXT NOT NULL,
  fingerprint TEXT NOT NULL, take INTEGER NOT NULL, attempt INTEGER NOT NULL,
  state TEXT NOT NULL, acked INTEGER NOT NULL, doubt INTEGER NOT NULL,
  spec TEXT NOT NULL, risk INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,
  sent REAL NOT NULL);
CREATE INDEX tasks_by_intent ON tasks (intent);
CREATE INDEX tasks_by_state ON tasks (state);
CREATE INDEX tasks_by_take ON tasks (fingerprint, take);
CREATE TABLE results (
  uuid TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, state TEXT NOT NULL,
  url TEXT NOT NULL, seed TEXT, cost TEXT, draft TEXT NOT NULL, unsafe INTEGER NOT NULL,
  take TEXT NOT NULL DEFAULT '', PRIMARY KEY (uuid, key));
CREATE TABLE media (sha256 TEXT PRIMARY KEY, uuid TEXT NOT NULL);
INSERT INTO meta VALUES ('version', '1'), ('lineage', 'lineage');
"""
TASK_ROW = "INSERT INTO tasks VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"


def test_a_journal_of_version_1_is_read_and_goes_on(path: Path) -> None:
    spec, take = order_text(order("bell", count=2)), json.loads(take_text(TAKE))
    del take["engine"]
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(OLD)
        row = ("run", "i", "clocktower/bell", "sha256:bell", 0, 0, "acked", 1, 0, spec, 20000)
        db.execute(TASK_ROW, (*row, "", "", 5.0))
        done = ("old", "i", "clocktower/bell", "sha256:bell", 2, 0, "recorded", 1, 0, spec, 9)
        db.execute(TASK_ROW, (*done, "", "", 4.0))
        db.execute(
            "INSERT INTO results VALUES ('old','v',0,'recorded','',NULL,NULL,'',0,?)",
            (json.dumps(take),),
        )
    assert [(one.task_uuid, one.takes) for one in open_tasks(path, "https://a/v1")] == [("run", 2)]
    assert [one.take for one in made(path, {"sha256:bell"})] == [TAKE]
    journal = Journal(path, "lineage", endpoint="https://a/v1")
    (entry,) = journal.open_entries()
    assert (entry.life.stage, entry.life.counted, entry.sent) == (Stage.RESUMED, True, 5.0)
    journal.save([entry.life], "other", 9.0)
    assert len(journal.open_entries()) == 1
    journal.close()
    assert [one.task_uuid for one in open_tasks(path, "https://a/v1")] == ["run"]
    assert [one.take for one in made(path, {"sha256:bell"})] == [TAKE]


def test_what_failed_is_read_from_any_journal_and_nothing_from_one_that_is_damaged(
    path: Path, tmp_path: Path
) -> None:
    assert troubles(path) == ()
    journal = Journal(path, "lineage")
    error = TaskError(code="timeoutProvider", message="too late")
    journal.save([life(Stage.FAILED, error=error)], "one", 0.0)
    journal.save([replace(life(Stage.UNKNOWN, doubt=True), uuid="w")], "one", 0.0)
    journal.save([replace(life(Stage.WAIT, acked=True), uuid="x")], "one", 0.0)
    assert [one.words.split(":")[0] for one in troubles(path)] == ["failed", "unknown"]
    journal.abandon("w")
    assert [one.fingerprint for one in troubles(path)] == ["sha256:bell"]
    journal.close()
    link = tmp_path / "link.db"
    link.symlink_to(path)
    assert troubles(link) == ()
    path.write_bytes(b"not a database" * 99)
    assert troubles(path) == ()


def test_the_journal_is_for_its_owner_only(path: Path) -> None:
    Journal(path, "lineage").close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_journal_of_another_lineage_is_refused(path: Path) -> None:
    Journal(path, "lineage").close()
    with pytest.raises(JournalError, match="another project"):
        Journal(path, "other")


def test_a_journal_serves_a_lockfile_that_its_own_was_joined_to(path: Path) -> None:
    Journal(path, "b").close()
    Journal(path, "a", joined=("b",)).close()

    assert lineages(path) == ("a", "b")
    for lineage in ("a", "b"):
        Journal(path, lineage).close()
    with pytest.raises(JournalError, match="another project"):
        Journal(path, "c", joined=("d",))
    assert lineages(path) == ("a", "b")


def test_a_newer_journal_is_refused(path: Path) -> None:
    Journal(path, "lineage").close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value='3' WHERE name='version'")
    db.close()
    with pytest.raises(JournalError, match="newer"):
        Journal(path, "lineage")


def test_a_damaged_journal_is_answered_wherever_it_is_damaged(path: Path) -> None:
    journal = Journal(path, "lineage")
    journal.save([life(Stage.SEND)], "intent", 0.0)
    journal.close()
    whole = path.read_bytes()
    for place in range(0, len(whole), 512):
        broken = bytearray(whole)
        broken[place : place + 200] = bytes((place * 7 + n * 31) % 256 for n in range(200))
        path.write_bytes(bytes(broken))
        try:
            again = Journal(path, "lineage")
        except (JournalError, MachineError) as error:
            assert "state.db" in str(error)  # noqa: PT017 - most places are refused, not all
        else:
            again.close()


class Killed(BaseException):
    pass


class BeforeItsTables:
    def before(self, operation: Operation) -> None:
        if operation.name == "journal schema":
            raise Killed

    def after(self, operation: Operation) -> None: ...


def test_a_run_killed_before_the_tables_were_there_wrote_nothing(path: Path) -> None:
    with pytest.raises(Killed):
        Journal(path, "lineage", BeforeItsTables())
    assert path.is_file()
    for content in (path.read_bytes(), b""):
        path.write_bytes(content)
        assert open_tasks(path) == ()
        assert accounts(path) == Accounts()
        assert known(path, frozenset({"u"})) == {}
    Journal(path, "lineage").close()


def test_a_journal_that_lost_a_table_is_damaged(path: Path) -> None:
    Journal(path, "lineage").close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE tasks")
    with pytest.raises(JournalError, match="is damaged: no such table"):
        open_tasks(path)


def test_a_text_in_place_of_the_journal_is_answered(path: Path) -> None:
    path.write_text("not a database, and long enough to be looked at as one " * 50)
    with pytest.raises(JournalError, match="damaged"):
        Journal(path, "lineage")


def test_a_journal_in_no_folder_or_behind_a_link_is_answered(tmp_path: Path, path: Path) -> None:
    with pytest.raises(MachineError):
        Journal(tmp_path / "none" / "state.db", "lineage")
    (tmp_path / "real").write_bytes(b"")
    path.symlink_to(tmp_path / "real")
    with pytest.raises(MachineError):
        Journal(path, "lineage")
