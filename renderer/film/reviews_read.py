"""`reviews.yaml` to values, strictly: every problem with its line and column."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from renderer.errors import InputError
from renderer.film.reviews import Note, Reviews, Span, TakeVerdict, Verdict
from renderer.film.rows import IS_SHA, IS_TAKE, SHA, Path, Rows, Rule
from renderer.film.timecode import span
from renderer.json_types import Json
from renderer.spec.faults import Faults, SlipError, show
from renderer.spec.reader import Document, read

VERSION = 1
MAX_TEXT = 2000
MAX_WHO = 100
WHEN = "%Y-%m-%dT%H:%M:%SZ"
_ID = re.compile(r"[a-z][a-z0-9-]{1,39}\Z")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_ONE = "keep one of them below its key, and delete the other"
_WORDS = ", ".join(Verdict)
_IS_VERDICT: Rule = (re.compile(rf"(?:{'|'.join(Verdict)})\Z"), "is no verdict", f"use {_WORDS}")
_IS_TIME: Rule = (_TIME, "is not a time", "write it in UTC, such as 2026-03-01T10:22:31Z")
_VERDICT = ("verdict", "take", "who", "when")
_NOTE = ("take", "at", "text", "who", "when", "resolved", "sha256")


def decode(text: str | bytes, name: str) -> Reviews:
    """Read verdicts and notes; raise InputError with every problem found."""
    return reading(text, name)[0]


def reading(text: str | bytes, name: str) -> tuple[Reviews, Document]:
    """Read verdicts and notes, and return the document that has them, too."""
    document = _document(text, name)
    reader = _Reader(document)
    reviews = reader.reviews()
    reader.faults.raise_if_any()
    return reviews, document


def _document(text: str | bytes, name: str) -> Document:
    """Read the YAML; a text that is none because of a merge says which lines are too many."""
    try:
        return read(text, name)
    except InputError as error:
        plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
        faults = Faults(name)
        for number in _second_values(plain):
            faults.add((number, 5), "a second value: git kept the lines of both branches", _ONE)
        faults.raise_if_any()
        raise error from None


def _second_values(text: str) -> Iterator[int]:
    """Yield the lines, from 1, that have the whole of an entry again, without a key of their own."""
    above = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("    {") and above.startswith("    {"):
            yield number
        above = line if line.strip() else above


class _Reader(Rows):
    def reviews(self) -> Reviews:
        body = self.document.value
        if not isinstance(body, Mapping):
            self.add((), "reviews are a mapping", "begin with `version: 1` and `reviews:`")
            return Reviews()
        self.only(body, (), ("version", "reviews"))
        self.version(body, (VERSION,))
        rows = body.get("reviews")
        if rows is None:
            return Reviews()
        if not isinstance(rows, Mapping):
            self.add(("reviews",), "'reviews' is not a mapping", "write notes below it")
            return Reviews()
        found = [self._entry(key, row) for key, row in rows.items()]
        return Reviews().having(*(one for one in found if one))

    def _entry(self, key: str, row: Json) -> TakeVerdict | Note | None:
        at: Path = ("reviews", key)
        of_take = bool(SHA.match(key))
        if not of_take and not _ID.match(key):
            what = f"'{show(key)}' is neither the SHA-256 of a take nor the id of a note"
            todo = "write a take's 64 digits and its verdict, or a short name and a note"
            self.add(at, what, todo, key=True)
        if not isinstance(row, Mapping):
            self.add(at, "this is not a mapping", "give it take, who and when")
            return None
        return self._verdict(key, row, at) if of_take else self._note(key, row, at)

    def _verdict(self, sha256: str, row: Mapping[str, Json], at: Path) -> TakeVerdict | None:
        self.only(row, at, _VERDICT)
        take, verdict = (
            self.word(row, at, "take", IS_TAKE),
            self.word(row, at, "verdict", _IS_VERDICT),
        )
        who, when = self._who(row, at), self._when(row, at)
        if take is None or verdict is None:
            return None
        said = Verdict(verdict)
        return TakeVerdict(take=take, sha256=sha256, verdict=said, who=who, when=when)

    def _note(self, key: str, row: Mapping[str, Json], at: Path) -> Note | None:
        self.only(row, at, _NOTE)
        take, sha256 = self.word(row, at, "take", IS_TAKE), self.word(row, at, "sha256", IS_SHA)
        who, when, text = self._who(row, at), self._when(row, at), self._needed(row, at, "text")
        where, resolved = self._span(row, at), self._resolved(row, at)
        if take is None or sha256 is None:
            return None
        return Note(
            id=key,
            take=take,
            sha256=sha256,
            who=who,
            when=when,
            text=text,
            at=where,
            resolved=resolved,
        )

    def _who(self, row: Mapping[str, Json], at: Path) -> str:
        return self._needed(row, at, "who", MAX_WHO)

    def _needed(self, row: Mapping[str, Json], at: Path, name: str, most: int = MAX_TEXT) -> str:
        text = self.text(row, at, name, most)
        if not text and (not row.get(name) or isinstance(row[name], str)):
            where = (*at, name) if name in row else at
            self.add(where, f"'{name}' is missing", f"write {name}: in quotes", key=where == at)
        return text

    def _when(self, row: Mapping[str, Json], at: Path) -> str:
        when = self.word(row, at, "when", _IS_TIME)
        if when is None:
            return ""
        try:
            datetime.strptime(when, WHEN)  # noqa: DTZ007 - whether there is such a day
        except ValueError:
            self.add((*at, "when"), f"'{when}' is not a time", _IS_TIME[2])
        return when

    def _span(self, row: Mapping[str, Json], at: Path) -> Span | None:
        if row.get("at") is None:
            return None
        try:
            return span(row["at"])
        except SlipError as slip:
            self.add((*at, "at"), f"'at' {slip.what}", slip.todo)
            return None

    def _resolved(self, row: Mapping[str, Json], at: Path) -> bool:
        resolved = row.get("resolved", False)
        if isinstance(resolved, bool):
            return resolved
        self.add((*at, "resolved"), "'resolved' is neither true nor false", "write true or false")
        return False
