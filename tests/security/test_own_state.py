"""`.renderer/` is this machine's own: nothing of it is believed that came with a checkout."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.git_index import tracked
from renderer.adapters.disk.mutex import owner
from renderer.adapters.disk.state_folder import read_own
from renderer.adapters.disk.store import Store
from renderer.adapters.journal import file
from renderer.adapters.journal.journal import Journal
from renderer.adapters.journal.queries import accounts, open_tasks
from renderer.adapters.media.previews import Previews
from renderer.app.rendering.exported_files import ExportedFiles
from renderer.errors import JournalError
from renderer.lock.model import Lock
from tests.harness.hostile import SOUND
from tests.harness.limits import answered
from tests.harness.repo import Repo

CANARY = "another-film/secret-shot"
ROW = "INSERT INTO tasks VALUES ('u', 'i', ?, 'v1-x', 1, 0, ?, 1, 0, ?, ?, '', ?, ?, '', 1, 0)"
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c)"


def project(root: Path) -> Path:
    (root / "specs").mkdir(parents=True)
    (root / "specs" / "s.yaml").write_text(SOUND)
    return root


def journal(
    path: Path,
    *,
    address: Any = "pier/gulls",
    state: str = "acked",
    spec: Any = '{"count": 1}',
    risk: Any = 7,
    message: Any = "",
    sent: Any = 1.0,
) -> Path:
    """Write a journal of one task, with these values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Journal(path, "5d219290-7a7d-4859-ae06-0404ac3c6296").close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(ROW, (address, state, spec, risk, message, sent))
    return path


def instead_of_tasks(body: str) -> Callable[[Path], None]:
    return sql("ALTER TABLE tasks RENAME TO kept", f"CREATE VIEW tasks AS {body}")


def sql(*statements: str) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database, database:
            for statement in statements:
                database.execute(statement)

    return apply


def linked(ending: str) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        other = path.parent.parent / f"other{ending}"
        name = path.with_name(path.name + ending)
        name.rename(other) if name.exists() else other.write_bytes(b"")
        name.symlink_to(other)

    return apply


def replaced(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        path.unlink()
        make(path)

    return apply


COLUMNS = "uuid, address, state, message, fingerprint, risk, sent, spec"
NUMBERS = f"{ENDLESS} SELECT x, x, 'acked', x, x, x, x, x FROM c"  # noqa: S608 - a constant
HUGE = "SELECT hex(zeroblob(400000000)) AS uuid"
COUNTED = "CREATE TABLE tasks ({}, long TEXT AS (hex(zeroblob(400000000))) {})"
HOSTILE: dict[str, Callable[[Path], None]] = {
    "an endless view": instead_of_tasks(NUMBERS),
    "a view of something huge": instead_of_tasks(HUGE),
    "a view in place of the results": sql(
        "DROP TABLE results",
        f"CREATE VIEW results AS {ENDLESS} SELECT x AS uuid, x AS state FROM c",  # noqa: S608
    ),
    "a view that nobody asks": sql("CREATE VIEW extra AS SELECT 1"),
    "a trigger": sql("CREATE TRIGGER t AFTER UPDATE ON tasks BEGIN DELETE FROM results; END"),
    "a column that is worked out": sql("DROP TABLE tasks", COUNTED.format(COLUMNS, "VIRTUAL")),
    "a column that was worked out": sql("DROP TABLE tasks", COUNTED.format(COLUMNS, "STORED")),
    "a virtual table": sql("CREATE VIRTUAL TABLE text USING fts5(word)"),
    "a link": linked(""),
    "a link as write-ahead log": linked("-wal"),
    "a link as its index": linked("-shm"),
    "a link as rollback journal": linked("-journal"),
    "a pipe": replaced(os.mkfifo),
    "a folder": replaced(Path.mkdir),
    "no database": replaced(lambda path: path.write_bytes(b"hello" * 500)),
}
VALUES: dict[str, dict[str, Any]] = {
    "a text as a sum": {"risk": "x"},
    "a sum without end": {"risk": 9e999},
    "a sum below nothing": {"risk": -700},
    "a text as a moment": {"sent": "yesterday"},
    "a moment past all calendars": {"sent": 1e300},
    "a moment before all calendars": {"sent": -1e300},
    "bytes as an address": {"address": b"\xff"},
    "a text that is no text": {"address": sqlite3.Binary(b"\xff"), "message": 5},
    "a spec of bytes": {"spec": b"{}"},
}
COMMANDS = [("status", "--provider", "runware"), ("cost",), ("cost", "--by", "month")]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_journal_that_holds_or_is_something_else_is_refused(name: str, tmp_path: Path) -> None:
    path = journal(project(tmp_path / "film") / ".renderer" / "journal.db", address=CANARY)
    HOSTILE[name](path)
    for command in COMMANDS:
        code, said = answered(tmp_path / "film", *command)
        assert (code, "journal.db" in said, CANARY in said) == (2, True, False), said


@pytest.mark.parametrize("state", ["acked", "failed"])
@pytest.mark.parametrize("name", VALUES)
def test_a_value_that_no_renderer_writes_is_damage(name: str, state: str, tmp_path: Path) -> None:
    path = journal(project(tmp_path) / ".renderer" / "journal.db", **VALUES[name], state=state)
    said = [answered(tmp_path, *command) for command in COMMANDS]
    assert {code for code, _ in said} <= {0, 2}
    assert any("journal.db is damaged" in text for _, text in said) or state == "failed"
    if state == "acked":
        with pytest.raises(JournalError):
            open_tasks(path)


@pytest.mark.parametrize(
    "spec", ["", "{", "[" * 100_000, "{}", '{"count": "x"}', '{"count": 1e400}', "9" * 5000]
)
def test_a_spec_that_tells_no_count_counts_its_results(spec: str, tmp_path: Path) -> None:
    path = journal(tmp_path / "journal.db", spec=spec)
    assert [task.takes for task in open_tasks(path)] == [1]


def test_a_question_to_a_journal_ends(tmp_path: Path) -> None:
    path = journal(tmp_path / "journal.db")
    with file.reading(path) as database, pytest.raises(sqlite3.OperationalError):
        database.execute(f"{ENDLESS} SELECT 1 FROM c WHERE x<0").fetchone()  # noqa: S608
    with file.reading(path) as database, pytest.raises(sqlite3.Error):
        database.execute("SELECT hex(zeroblob(60000000))").fetchone()


@pytest.mark.parametrize("name", ["a trigger", "an endless view", "a link as write-ahead log"])
def test_a_run_writes_into_no_hostile_journal(name: str, tmp_path: Path) -> None:
    path = journal(tmp_path / "film" / "journal.db")
    HOSTILE[name](path)
    with pytest.raises(JournalError):
        Journal(path, "5d219290-7a7d-4859-ae06-0404ac3c6296")


@pytest.mark.parametrize("name", ["a film", "50%20off", "who?", "a#b", "%2e%2e", "ü", "file:x"])
def test_a_folder_may_have_any_name(name: str, tmp_path: Path) -> None:
    path = journal(tmp_path / name / "journal.db")
    assert len(open_tasks(path)) == 1
    assert accounts(path).sent == {"u": 1.0}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.start(tmp_path / "repo", project(tmp_path / "repo" / "films" / "one"))


TRACKED = ["journal.db", "memo-1/scenes.json", "renders.json", "engine/drafts/a.json"]
READING = [("validate",), ("plan",), ("status",), ("cost",), ("lock", "check"), ("tasks",)]


@pytest.mark.parametrize("name", TRACKED)
def test_state_that_git_tracks_is_refused_by_every_command_and_the_advice_works(
    repo: Repo, name: str
) -> None:
    path = repo.project / ".renderer" / name
    path.parent.mkdir(parents=True)
    journal(path) if name.endswith(".db") else path.write_text("{}")
    repo.git("add", "-f", "films")
    for command in READING:
        code, said = answered(repo.project, *command)
        assert (code, f".renderer/{name}" in said) == (2, True), said
    assert "git rm -r --cached .renderer" in said

    repo.git("rm", "-q", "-r", "--cached", "films/one/.renderer")
    assert path.exists()
    assert answered(repo.project, "plan")[0] == 0


def test_a_tracked_link_to_the_state_of_another_project_shows_nothing_of_it(repo: Repo) -> None:
    journal(repo.root / "other" / ".renderer" / "journal.db", address=CANARY)
    (repo.project / ".renderer").symlink_to("../../other/.renderer")
    repo.git("add", "films")
    for command in (("plan",), *COMMANDS):
        code, said = answered(repo.project, *command)
        assert (code, CANARY in said) == (2, False), said

    (repo.project / ".renderer").unlink()
    (repo.project / ".renderer").mkdir()
    (repo.project / ".renderer" / "journal.db").symlink_to("../../../other/.renderer/journal.db")
    for command in COMMANDS:  # and a link that git does not track leads a journal nowhere either
        code, said = answered(repo.project, *command)
        assert (code, CANARY in said) == (2, False), said


@pytest.mark.parametrize("split", [False, True], ids=["whole", "split"])
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_what_git_tracks_is_told_for_every_form_of_its_index(
    digest: str, version: str, tmp_path: Path, *, split: bool
) -> None:
    repo = Repo(root=tmp_path, project=tmp_path)
    repo.git("init", "-q", f"--object-format={digest}")
    repo.git("config", "index.version", version)
    for name in ("a/.rendered/b", "a/.renderer2", "a/.renderes", ".renderer/x", "b/a/.renderer/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    repo.git("add", "-A")
    if split:
        repo.git("update-index", "--split-index")
    assert tracked(tmp_path / "a", ".renderer") == ""
    assert tracked(tmp_path, ".renderer") == ".renderer/x"

    (tmp_path / "a" / ".Renderer").mkdir()
    (tmp_path / "a" / ".Renderer" / "journal.db").write_text("")
    repo.git("add", "-A")
    assert tracked(tmp_path / "a", ".renderer") == "a/.Renderer/journal.db"
    repo.git("rm", "-q", "-r", "--cached", "a/.Renderer")
    assert tracked(tmp_path / "a", ".renderer") == ""
    repo.git("add", "-N", "a/.Renderer/journal.db")
    assert tracked(tmp_path / "a", ".renderer") == "a/.Renderer/journal.db"


def test_what_git_tracks_is_told_in_another_working_tree_and_behind_a_link(repo: Repo) -> None:
    (repo.project / ".renderer").mkdir()
    (repo.project / ".renderer" / "x").write_text("")
    repo.git("add", "-f", "films")
    repo.git("commit", "-qm", "one")
    repo.git("worktree", "add", "-q", "../tree")
    away = repo.root.parent / "away"
    away.symlink_to("tree/films")
    assert tracked(repo.root.parent / "tree" / "films" / "one", ".renderer")
    assert tracked(away / "one", ".renderer")
    assert tracked(repo.root.parent, ".renderer") == ""


@pytest.mark.parametrize(
    "content", [b"", b"DIRC", b"DIRC\0\0\0\2", b"DIRC\0\0\0\4\0\0\0\7ab", b"x"]
)
def test_an_index_that_is_none_tracks_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(content)
    assert tracked(tmp_path, ".renderer") == ""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".git").write_bytes(b"gitdir: " + content + b"\0\xff")
    assert tracked(tmp_path / "sub", ".renderer") == ""


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "large", "missing"])
def test_a_file_of_ours_that_is_none_holds_nothing_and_nobody_up(
    kind: str, tmp_path: Path
) -> None:
    state = tmp_path / ".renderer"
    digest = "0" * 64
    places = [
        state / "renders.json",
        state / "requests" / "v1-0.json",
        state / "review" / f"{digest}.json",
        state / "memo-1" / "scenes.json",
        state / "mutex",
    ]
    (tmp_path / "secret").write_text('{"request": {"model": "secret"}}')
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        if kind == "link":
            place.symlink_to(tmp_path / "secret")
        elif kind == "pipe":
            os.mkfifo(place)
        elif kind == "folder":
            place.mkdir()
        elif kind == "large":
            with place.open("wb") as file:
                file.truncate(1 << 40)
    store = Store(state, Disk())
    assert store.request_of("v1-0") is None
    assert ExportedFiles(root=tmp_path, store=store, disk=Disk())._placed() == {}
    assert Previews(state / "review", Disk())._kept(digest) is None
    assert Cache(state).get("scenes", "k") is None
    assert owner(state / "mutex") is None
    assert read_own(state / "renders.json", 10) is None
    assert (
        ExportedFiles(root=tmp_path, store=store, disk=Disk()).lay_out((), Lock(lineage="")) == 0
    )


def test_a_poster_that_is_a_link_is_not_shown(tmp_path: Path) -> None:
    digest = "0" * 64
    (tmp_path / f"{digest}.json").write_text('{"version": 2, "codec": "h264", "proxy": false}')
    (tmp_path / f"{digest}.jpg").write_bytes(b"")
    (tmp_path / f"{digest}.strip.jpg").write_bytes(b"")
    assert Previews(tmp_path, Disk())._kept(digest)
    (tmp_path / f"{digest}.jpg").unlink()
    (tmp_path / f"{digest}.jpg").symlink_to("/etc/passwd")
    assert Previews(tmp_path, Disk())._kept(digest) is None
