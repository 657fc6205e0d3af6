"""The journal: whose it is, what it does when it is damaged, and what it keeps to itself."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.adapters.durable import Operation
from renderer.adapters.journal import Journal
from renderer.adapters.journal_view import Accounts, accounts, known, lineages, open_tasks
from renderer.errors import LockError, MachineError
from renderer.render.life import Life, Result, Stage
from renderer.render.order import FinishedTake
from renderer.wire.messages import TaskError
from tests.harness.world import order


def life(stage: Stage, **facts: object) -> Life:
    return Life(order=order("bell", count=2), uuid="u", stage=stage, **facts)  # type: ignore[arg-type]


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
        results=(Result(key="v", url="https://x/?sig", seed=2**63, cost=Decimal("0.1")),),
    )
    journal = Journal(path, "lineage")
    journal.save([with_results], "intent", 5.0)
    journal.stored([("u", "v")], [TAKE])
    journal.close()
    journal = Journal(path, "lineage")
    (entry,) = journal.open_entries()
    journal.close()
    assert entry.life == with_results
    assert (entry.state, entry.sent, entry.stored) == ("acked", 5.0, (("v", TAKE),))


@pytest.mark.parametrize(
    ("stage", "facts", "state", "back"),
    [
        (Stage.SEND, {}, "intent", Stage.DOUBT),
        (Stage.ARCHIVE, {"doubt": True}, "intent", Stage.DOUBT),
        (Stage.WAIT, {"acked": True}, "acked", Stage.WAIT),
        (Stage.UNKNOWN, {"doubt": True}, "unknown", Stage.DOUBT),
        (Stage.UNSENT, {}, "unsent", Stage.LOOKUP),
    ],
)
def test_every_open_stage_has_its_word(
    path: Path, stage: Stage, facts: dict[str, bool], state: str, back: Stage
) -> None:
    journal = Journal(path, "lineage")
    journal.save([life(stage, **facts)], "intent", 0.0)
    (entry,) = journal.open_entries()
    assert (entry.state, entry.life.stage) == (state, back)
    journal.close()


def test_recorded_takes_close_a_task_and_wipe_its_url(path: Path) -> None:
    journal = Journal(path, "lineage")
    results = (Result(key="v", url="https://x/?CANARY"), Result(key="w", url="https://y/?CANARY"))
    journal.save([life(Stage.ENDED, acked=True, results=results)], "intent", 0.0)
    for key in ("v", "w"):
        journal.stored([("u", key)], [replace(TAKE, video_uuid=key)])
        journal.recorded([("u", key)])
    assert journal.open_entries() == ()
    assert [take.video_uuid for take in journal.takes("sha256:bell", 0)] == ["v", "w"]
    journal.close()
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
    journal.save([replace(life(Stage.SEND), uuid="w")], "one", 0.0)
    journal.save([replace(life(Stage.SEND), uuid="x")], "two", 0.0)
    assert journal.spent("one") == Decimal("0.4")
    journal.abandon("u")
    assert journal.next_attempt("sha256:bell", 0) == 1
    journal.close()


def test_the_journal_is_for_its_owner_only(path: Path) -> None:
    Journal(path, "lineage").close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_journal_of_another_lineage_is_refused(path: Path) -> None:
    Journal(path, "lineage").close()
    with pytest.raises(LockError, match="another project"):
        Journal(path, "other")


def test_a_journal_serves_a_lockfile_that_its_own_was_joined_to(path: Path) -> None:
    Journal(path, "b").close()
    Journal(path, "a", joined=("b",)).close()

    assert lineages(path) == ("a", "b")
    for lineage in ("a", "b"):
        Journal(path, lineage).close()
    with pytest.raises(LockError, match="another project"):
        Journal(path, "c", joined=("d",))
    assert lineages(path) == ("a", "b")


def test_a_newer_journal_is_refused(path: Path) -> None:
    Journal(path, "lineage").close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value='2' WHERE name='version'")
    db.close()
    with pytest.raises(LockError, match="newer"):
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
        except (LockError, MachineError) as error:
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
    with pytest.raises(LockError, match="is damaged: no such table"):
        open_tasks(path)


def test_a_text_in_place_of_the_journal_is_answered(path: Path) -> None:
    path.write_text("not a database, and long enough to be looked at as one " * 50)
    with pytest.raises(LockError, match="damaged"):
        Journal(path, "lineage")


def test_a_journal_in_no_folder_or_behind_a_link_is_answered(tmp_path: Path, path: Path) -> None:
    with pytest.raises(MachineError):
        Journal(tmp_path / "none" / "state.db", "lineage")
    (tmp_path / "real").write_bytes(b"")
    path.symlink_to(tmp_path / "real")
    with pytest.raises(MachineError):
        Journal(path, "lineage")
