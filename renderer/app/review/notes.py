"""Use case: say what is to be said of takes, settle it, and list all of it.

What the command line and the page both call. A name of a take is `ADDRESS#N`, or `SHOT#N` where
the shot has one task; `seen` are the bytes that a page showed under it.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

from renderer.app.project.git_attributes import keep_both
from renderer.app.project.lockfile import LockFile
from renderer.app.project.own_yaml import text_of
from renderer.app.project.reviews import written_reviews
from renderer.app.review.cut_checks import check_notes
from renderer.app.review.note_names import bytes_of, named_notes, named_take, person
from renderer.app.workspace import Workspace
from renderer.errors import InputError
from renderer.film.plain_text import plain
from renderer.film.review_list import TakeReview, Wanted, take_reviews
from renderer.film.reviews import Note, Reviews, Span, TakeVerdict, Verdict, note_id
from renderer.film.reviews_read import MAX_TEXT, WHEN
from renderer.film.reviews_write import edited
from renderer.film.timecode import span
from renderer.lock.model import Lock
from renderer.paths import REVIEWS
from renderer.spec.faults import SlipError

_PATIENCE = 5.0  # seconds to wait for another who writes notes


def reviewed(
    workspace: Workspace, take: str = "", *, open_only: bool = False, who: str = ""
) -> tuple[TakeReview, ...]:
    """Return what was said of takes, by shot; of all of them, or of the one that is named."""
    reviews, document = written_reviews(workspace.files)
    lock = _lock(workspace)
    check_notes(reviews.notes.values(), lock, workspace.store, document)
    takes = bytes_of(workspace, take, reviews, lock) if take else None
    return take_reviews(reviews, lock, Wanted(open=open_only, who=who, takes=takes))


def add(
    workspace: Workspace, take: str, text: str, *, at: str = "", who: str = "", seen: str = ""
) -> Note:
    """Write a note down, at a moment or a range such as `1-2.5` if `at` says one."""
    said, where = _needed(text, MAX_TEXT, "note"), _span(at)
    author, when = person(workspace, who), _now(workspace)
    with changing(workspace):
        lock = _lock(workspace)
        named = named_take(workspace, take, lock, seen)
        sha256 = named.take.sha256
        note = Note(
            id=note_id(sha256, where, author, when, said),
            take=named.name,
            sha256=sha256,
            who=author,
            when=when,
            text=said,
            at=where,
        )
        check_notes((note,), lock, workspace.store)
        reviews, _ = written_reviews(workspace.files)
        note = reviews.notes.get(note.id, note)
        _write(workspace, reviews.having(note))
    return note


def settle(workspace: Workspace, ids: Sequence[str], *, resolved: bool) -> tuple[Note, ...]:
    """Resolve notes, or open them again: all that are named, or none. The start of an id will do."""
    with changing(workspace):
        reviews, _ = written_reviews(workspace.files)
        found = named_notes(reviews, ids)
        settled = tuple(replace(note, resolved=resolved) for note in found)
        _write(workspace, reviews.having(*settled))
    return settled


def judge(
    workspace: Workspace, take: str, verdict: Verdict | None, *, who: str = "", seen: str = ""
) -> TakeVerdict | None:
    """Write down the verdict on a take in place of the one before; None takes that back.

    Return what is now written, or what was.
    """
    author = person(workspace, who) if verdict else ""
    when = _now(workspace)
    with changing(workspace):
        reviews, _ = written_reviews(workspace.files)
        named = named_take(workspace, take, _lock(workspace), seen)
        sha256 = named.take.sha256
        before = reviews.verdicts.get(sha256)
        if verdict is None:
            _write(workspace, reviews.without_verdict(sha256))
            return before
        said = TakeVerdict(take=named.name, sha256=sha256, verdict=verdict, who=author, when=when)
        if before and (before.verdict, before.who) == (said.verdict, said.who):
            return before
        _write(workspace, reviews.having(said))
    return said


def changing(workspace: Workspace) -> AbstractContextManager[None]:
    """Be the only one to change reviews.yaml; a render may go on meanwhile."""
    return workspace.reviewing(_PATIENCE)


def _lock(workspace: Workspace) -> Lock:
    return LockFile.of(workspace.root, workspace.provider).read()


def _span(text: str) -> Span | None:
    try:
        return span(text) if text else None
    except SlipError as slip:
        raise InputError(f"--at: {slip.what}", slip.todo) from None


def _needed(text: str, most: int, what: str) -> str:
    found = plain(text, most, what)
    if not found:
        raise InputError(f"the {what} is empty", f"write a {what}")
    return found


def _now(workspace: Workspace) -> str:
    return datetime.fromtimestamp(int(workspace.clock.wall()), UTC).strftime(WHEN)


def _write(workspace: Workspace, after: Reviews) -> None:
    text = text_of(workspace.files, REVIEWS)
    if text is None and after == Reviews():
        return
    written = edited(text, after)
    if text is None:
        keep_both(workspace)
    if written != text:
        workspace.disk.write(workspace.root / REVIEWS, written.encode())
