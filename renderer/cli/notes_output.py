"""How verdicts and notes are reported: as rows, as data, and as cells of a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence
from typing import TypedDict

from renderer.film.review_list import TakeReview
from renderer.film.reviews import Note, TakeVerdict, Verdict
from renderer.plan.output.text import Line, Span
from renderer.sanitize import counted, unheard, visible

MARKS = {Verdict.APPROVE: "✓ approved", Verdict.REJECT: "✗ rejected", Verdict.CIRCLE: "◯ circled"}
LEFT = "not in the current lockfile"
# A spreadsheet takes what begins like this for a formula, and calculates it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = (
    *("kind", "shot", "take", "here", "verdict", "at", "text"),
    *("who", "when", "resolved", "id", "sha256"),
)


class NoteData(TypedDict):
    """A note; `at` is a moment (`2.4`, `12f`) or a range (`1-2.5`) of the take, null for all of it."""

    id: str
    at: str | None
    text: str
    who: str
    when: str
    resolved: bool


class VerdictData(TypedDict):
    """What a person said of a whole take, and when (UTC)."""

    verdict: Verdict
    who: str
    when: str


class TakeReviewData(TypedDict):
    """What was said of one take. `here`: the current lockfile has it; else `take` is its last name."""

    shot: str
    take: str
    sha256: str
    here: bool
    verdict: VerdictData | None
    notes: list[NoteData]


def note_data(note: Note) -> NoteData:
    """Return a note as JSON data."""
    return {
        "id": note.id,
        "at": None if note.at is None else str(note.at),
        "text": note.text,
        "who": note.who,
        "when": note.when,
        "resolved": note.resolved,
    }


def verdict_data(said: TakeVerdict) -> VerdictData:
    """Return a verdict as JSON data."""
    return {"verdict": said.verdict, "who": said.who, "when": said.when}


def review_data(one: TakeReview) -> TakeReviewData:
    """Return what was said of a take as JSON data."""
    return {
        "shot": one.shot,
        "take": one.take,
        "sha256": one.sha256,
        "here": one.here,
        "verdict": verdict_data(one.verdict) if one.verdict else None,
        "notes": [note_data(note) for note in one.notes],
    }


def lines(found: Sequence[TakeReview]) -> Iterator[Line]:
    """Yield what was said by shot, and how much of it is open."""
    shot = ""
    for one in found:
        if one.shot != shot:
            yield from ([()] if shot else [])
            shot = one.shot
            yield (Span(text=visible(shot), style="bold"),)
        yield (Span(text=f"  {visible(one.take)}"), *_verdict(one))
        yield from map(_note, one.notes)
    yield from ([()] if found else [])
    yield (Span(text=_summary(found)),)


def _verdict(one: TakeReview) -> Iterator[Span]:
    if one.verdict:
        words = f"  {MARKS[one.verdict.verdict]} by {visible(one.verdict.who)}"
        yield Span(text=words, style="change" if one.verdict.verdict is Verdict.REJECT else "keep")
    if not one.here:
        yield Span(text=f"  ({LEFT})", style="dim")


def _note(note: Note) -> Line:
    mark, where = "✓" if note.resolved else "○", str(note.at or "")
    said = f"    {mark} {visible(note.id)}  {where:<9} {visible(note.text)}"
    who = f"  ({visible(note.who)}, {note.when[:16].replace('T', ' ')})"
    return Span(text=said, style="dim" if note.resolved else ""), Span(text=who, style="dim")


def _summary(found: Sequence[TakeReview]) -> str:
    notes = [note for one in found for note in one.notes]
    still = sum(not note.resolved for note in notes)
    verdicts = sum(one.verdict is not None for one in found)
    if not found:
        return "No notes and no verdicts."
    return f"{counted(len(notes), 'note')}, {still} open; {counted(verdicts, 'verdict')}."


class _Rows:
    """Gathers the lines that a CSV writer writes."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        """Take one line."""
        self.lines.append(unheard(line.removesuffix("\n")))


def csv_lines(found: Sequence[TakeReview]) -> list[str]:
    """Return a table for spreadsheets: a row for each verdict and each note, nothing calculated."""
    rows = _Rows()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found:
        writer.writerows([_cell(cell) for cell in row] for row in _rows(one))
    return rows.lines


def _rows(one: TakeReview) -> Iterator[tuple[str, ...]]:
    verdict, here = one.verdict, "yes" if one.here else "no"
    head, word = (one.shot, one.take, here), verdict.verdict if verdict else ""
    if verdict:
        said = (verdict.who, verdict.when)
        yield ("verdict", *head, word, "", "", *said, "", "", one.sha256)
    for note in one.notes:
        state = "yes" if note.resolved else "no"
        words = (str(note.at or ""), note.text, note.who, note.when)
        yield ("note", *head, word, *words, state, note.id, one.sha256)


def _cell(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown
