"""`renderer notes`: verdicts and notes from the command line, from two branches, and what they change."""

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from renderer.film.reviews_read import decode
from tests.film.test_reviews_text import HOSTILE
from tests.review.conftest import SCENE, Studio

Out = pytest.CaptureFixture[str]
HEAD = "version: 1\nreviews:\n"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    from renderer.adapters.disk.resources import model_texts
    from renderer.catalog.load import load_model

    return Catalog.of(load_model(text, name) for name, text in model_texts().items())


@pytest.fixture
def studio(tmp_path: Path, catalog: Catalog) -> Studio:
    made = Studio(root=tmp_path, catalog=catalog)
    made.spec()
    made.render(b"one", b"two")
    return made


def call(studio: Studio, *argv: str) -> int:
    return run(["-C", str(studio.root), *argv])


def shown(studio: Studio, capsys: Out, *argv: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert call(studio, *argv, "--format", "json") == code
    return json.loads(capsys.readouterr().out)


def add(studio: Studio, capsys: Out, take: str, text: str, *more: str, who: str = "Ann") -> str:
    (note,) = shown(studio, capsys, "notes", "add", take, text, "--who", who, *more)["notes"]
    return str(note["id"])


def notes(studio: Studio, capsys: Out, *more: str) -> dict[str, dict[str, Any]]:
    found = shown(studio, capsys, "notes", *more)["takes"]
    return {note["text"]: {**one, **note} for one in found for note in one["notes"]}


def default(studio: Studio, capsys: Out, slot: str) -> str | None:
    rows = shown(studio, capsys, "picks")["shots"]
    found: str | None = next(row["default"] for row in rows if row["slot"] == slot)
    return found


def reviews(studio: Studio) -> str:
    return (studio.root / "reviews.yaml").read_text("utf-8")


def test_a_note_is_added_listed_resolved_and_opened_again(studio: Studio, capsys: Out) -> None:
    key = add(studio, capsys, "harbour/quay#2", "the hand", "--at", "2.4")
    add(studio, capsys, "quay#1", "too dark", "--at", "12f-36f", who="Bo")

    found = notes(studio, capsys)
    assert [(one["take"], one["at"], one["who"], one["here"]) for one in found.values()] == [
        ("harbour/quay#1", "12f-36f", "Bo", True),
        ("harbour/quay#2", "2.4", "Ann", True),
    ]
    assert shown(studio, capsys, "notes", "resolve", key)["notes"][0]["resolved"] is True
    assert list(notes(studio, capsys, "--open")) == ["too dark"]
    shown(studio, capsys, "notes", "reopen", key[:5])
    assert list(notes(studio, capsys, "--open")) == ["too dark", "the hand"]
    assert list(notes(studio, capsys, "--who", "ann")) == ["the hand"]
    assert list(notes(studio, capsys, "--take", "quay#1")) == ["too dark"]


def test_notes_hold_by_bytes_whatever_their_take_is_called(studio: Studio, capsys: Out) -> None:
    add(studio, capsys, "harbour/lamp#1", "warm")
    add(studio, capsys, "harbour/quay#1", "cold")
    before = reviews(studio)
    lock = studio.root / "renderer.local.lock"
    text = lock.read_text()

    lock.write_text(text.replace('"harbour/lamp"', '"harbour/lantern"'))
    assert notes(studio, capsys)["warm"]["take"] == "harbour/lantern#1"
    lock.write_text(text.replace(notes(studio, capsys)["cold"]["sha256"], "0" * 64))
    left = notes(studio, capsys)["cold"]
    assert (left["take"], left["here"]) == ("harbour/quay#1", False)
    assert call(studio, "notes") == 0
    assert "harbour/quay#1  (not in the current lockfile)" in capsys.readouterr().out
    assert call(studio, "notes", "resolve", left["id"]) == 0
    lock.write_text(text)
    assert notes(studio, capsys)["cold"]["here"]
    call(studio, "notes", "reopen", left["id"])
    assert reviews(studio) == before


@pytest.mark.parametrize("slot", ["harbour/quay", "harbour/gull"])
def test_a_rejected_take_is_never_the_default(studio: Studio, capsys: Out, slot: str) -> None:
    rows = shown(studio, capsys, "takes", slot, "--no-check")["shots"][0]["takes"]
    first, second, *_ = [one["name"] for one in rows]
    # The files of this project are no videos: nothing but the verdict may be looked at.
    found = {one.slot: one for one in studio_picks(studio)}
    assert (found[slot].default and found[slot].default.name) == first

    shown(studio, capsys, "notes", "verdict", first, "reject", "--who", "Ann")
    found = {one.slot: one for one in studio_picks(studio)}
    assert (found[slot].default and found[slot].default.name) == second
    taken = shown(studio, capsys, "takes", slot, "--no-check")["shots"][0]["takes"]
    assert [one["verdict"] for one in taken[:2]] == ["reject", None]
    shown(studio, capsys, "notes", "verdict", first, "none")
    found = {one.slot: one for one in studio_picks(studio)}
    assert (found[slot].default and found[slot].default.name) == first


def studio_picks(studio: Studio) -> Any:
    from renderer.app.review.picks import where_all_stand

    return where_all_stand(studio.workspace, look=False)


def test_a_pick_of_a_rejected_take_stays_with_a_warning(studio: Studio, capsys: Out) -> None:
    call(studio, "pick", "harbour/quay#2")
    shown(studio, capsys, "notes", "verdict", "quay#2", "reject", "--who", "Ann")

    row = shown(studio, capsys, "picks")["shots"][0]
    assert (row["state"], row["against"]) == ("picked", [])
    assert row["warnings"] == ["harbour/quay#2 was rejected"]
    assert call(studio, "picks") == 0
    assert "warning: harbour/quay#2 was rejected" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["approve", "circle"])
def test_other_verdicts_change_no_default_and_no_plan(
    studio: Studio, capsys: Out, word: str
) -> None:
    def seen() -> list[Any]:
        found = shown(studio, capsys, "plan"), shown(studio, capsys, "picks")
        return list(found)

    before = seen()
    found = shown(studio, capsys, "notes", "verdict", "quay#1", word, "--who", "Ann")
    assert found["verdict"]["verdict"] == word
    assert seen() == before


def git(folder: Path, *argv: str) -> str:
    author = ["-c", "user.name=Mira", "-c", "user.email=m@example.com"]
    done = subprocess.run(
        ["git", *author, *argv], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def repo(studio: Studio) -> Path:
    """Put the project into git, without any reviews."""
    git(studio.root, "init", "-q", "-b", "main")
    git(studio.root, "config", "user.name", "Mira")
    (studio.root / ".gitignore").write_text(".renderer/\n")
    commit(studio.root)
    return studio.root


def commit(root: Path) -> None:
    git(root, "add", ".")
    git(root, "commit", "-qm", "work")


def test_the_first_notes_of_two_branches_merge_with_stock_git(
    studio: Studio, repo: Path, capsys: Out
) -> None:
    git(repo, "checkout", "-qb", "other")
    add(studio, capsys, "quay#1", "the rope", "--at", "1")
    add(studio, capsys, "harbour/gull@seed=8#1", "the mast")
    commit(repo)
    git(repo, "checkout", "-q", "main")
    assert call(studio, "notes", "add", "quay#1", "the hand", "--at", "2.4-3") == 0
    commit(repo)

    git(repo, "merge", "-q", "other")
    found = {text: one["who"] for text, one in notes(studio, capsys).items()}
    assert found == {"the rope": "Ann", "the hand": "Mira", "the mast": "Ann"}


def test_a_note_that_one_branch_resolves_merges_with_one_that_another_adds(
    studio: Studio, repo: Path, capsys: Out
) -> None:
    key = add(studio, capsys, "quay#1", "the rope")
    commit(repo)
    git(repo, "checkout", "-qb", "other")
    assert call(studio, "notes", "resolve", key) == 0
    commit(repo)
    git(repo, "checkout", "-q", "main")
    add(studio, capsys, "quay#1", "the bell")
    commit(repo)

    git(repo, "merge", "-q", "other")
    found = {text: one["resolved"] for text, one in notes(studio, capsys).items()}
    assert found == {"the rope": True, "the bell": False}


def test_what_a_person_says_of_git_stays(studio: Studio, capsys: Out) -> None:
    git(studio.root, "init", "-q")
    attributes = studio.root / ".gitattributes"
    attributes.write_text("reviews.yaml -merge\n")

    add(studio, capsys, "quay#1", "x")
    assert attributes.read_text() == "reviews.yaml -merge\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_run_nothing_and_are_shown(studio: Studio, capsys: Out, text: str) -> None:
    assert call(studio, "notes", "add", f"--who={text}", "--", "quay#1", text) == 0
    assert call(studio, "notes", "verdict", f"--who={text}", "quay#1", "approve") == 0
    assert notes(studio, capsys)[text]["who"] == text
    assert call(studio, "notes") == 0
    listed = capsys.readouterr().out
    assert "\x1b" not in listed
    assert "##[" not in listed
    assert not any(line.lstrip().startswith("::") for line in listed.splitlines())

    assert call(studio, "notes", "--format", "csv") == 0
    head, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert [len(row) for row in rows] == [len(head)] * 2
    for row in rows:
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t")) for cell in row)
    cell = dict(zip(head, rows[1], strict=True))["text"]
    assert text.replace("\u200f", "<U+200F>") == cell.removeprefix("'" * (text != "'")).replace(
        "##\\[", "##["
    )


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\u202eb", "\x00", "\ud83d", "  ", "x" * 2001])
def test_words_that_nobody_can_see_are_refused(studio: Studio, text: str) -> None:
    assert call(studio, "notes", "add", "quay#1", text, "--who", "Ann") == 2
    assert call(studio, "notes", "add", "quay#1", "good", "--who", text) in (0, 2)
    if text.strip():
        assert not (studio.root / "reviews.yaml").exists()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["add", "quay#9", "x"], "there is no take harbour/quay#9; harbour/quay has #1"),
        (["add", "quay", "x"], "'quay' is not the name of a take"),
        (["add", "quay#1:1-2", "x"], "is not the name of a take"),
        (["add", "pier#1", "x"], "pier"),
        (["add", "quay#1", "x", "--at", "2-1"], "--at: ends at 1, not after its start 2"),
        (["add", "quay#1", "x", "--at", "-"], "--at: '' is not a moment"),
        (["verdict", "quay#1", "maybe"], "maybe"),
        (["resolve", "nothere", "neither"], "there is no note neither"),
        (["resolve"], "ID"),
        (["--open", "resolve", "x"], "--open is of the list"),
        (["--take", "quay#9"], "there is no take harbour/quay#9"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_to_do(
    studio: Studio, capsys: Out, argv: list[str], said: str
) -> None:
    who = ["--who", "Ann"] if argv[0] in ("add", "verdict") else []
    assert call(studio, "notes", *argv, *who) == 2
    assert said in capsys.readouterr().err
    assert not (studio.root / "reviews.yaml").exists()


def test_who_is_asked_for_where_git_does_not_know(
    studio: Studio, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(studio.root))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(studio.root))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")

    assert call(studio, "notes", "add", "quay#1", "x") == 2
    assert "--who NAME" in capsys.readouterr().err


def test_a_note_behind_the_end_of_its_take_is_an_error_at_its_place(
    studio: Studio, capsys: Out
) -> None:
    studio.spec(SCENE.replace("cold", "frost"))
    studio.render(studio.film(0))
    assert call(studio, "notes", "add", "quay#5", "x", "--at", "97f", "--who", "Ann") == 2
    assert "which has 97 frames" in capsys.readouterr().err
    assert call(studio, "notes", "add", "quay#5", "x", "--at", "0-97f", "--who", "Ann") == 0
    path = studio.root / "reviews.yaml"
    path.write_text(path.read_text().replace("0-97f", "0-98f"))
    capsys.readouterr()
    assert call(studio, "notes") == 2
    assert "error: reviews.yaml:5:34: at (0-98f) is after the end" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 2\n", "reviews.yaml:1:10: written for a newer program"),
        (f"{HEAD}  aa:\n    who: a\n  aa:\n    who: b\n", "reviews.yaml:5:3"),
        (f"{HEAD}<<<<<<< ours\n", "reviews.yaml:3:1: unresolved merge conflict"),
        ("\udcff", "reviews.yaml"),
    ],
)
def test_a_file_that_cannot_be_read_stops_what_needs_it_and_is_left_alone(
    studio: Studio, capsys: Out, text: str, said: str
) -> None:
    path = studio.root / "reviews.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    content = path.read_bytes()

    for argv in (["notes"], ["picks"], ["notes", "add", "quay#1", "x", "--who", "Ann"]):
        assert call(studio, *argv) == 2
        assert said in capsys.readouterr().err
    assert path.read_bytes() == content


def test_the_very_same_note_twice_is_one(studio: Studio, capsys: Out) -> None:
    from dataclasses import dataclass, replace

    from renderer.app.review.notes import add as write

    @dataclass
    class Stopped:
        def wall(self) -> float:
            return 1_772_360_551.9

    workspace = replace(studio.workspace, clocks=Stopped)  # type: ignore[arg-type]
    one = write(workspace, "quay#1", "the hand", at="2.4", who="Ann")
    assert one == write(workspace, "quay#1", "  the   hand ", at="2.4", who="Ann")
    assert one != write(workspace, "quay#2", "the hand", at="2.4", who="Ann")
    assert one.when == "2026-03-01T10:22:31Z"
    assert len(decode(reviews(studio), "r").notes) == 2
    assert len(notes(studio, capsys)) == 1
