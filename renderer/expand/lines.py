"""Lines of a shot: what prompts see of them, and whether they can be said, read and shown."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import wrap

from renderer.errors import Place, Problem
from renderer.expand.layers import Layer
from renderer.json_types import Json
from renderer.spec.values import Line
from renderer.templates.values import Spoken

ROWS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much a viewer reads: characters a second, and in one row of at most two."""

    speed: int
    row: int


# What broadcasters and streaming services ask of subtitles; by script, since locales vary in name.
_LATIN = Reading(speed=20, row=42)
_JAPANESE = Reading(speed=4, row=13)
_CHINESE = Reading(speed=9, row=16)
_KOREAN = Reading(speed=12, row=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A line in one locale, in seconds; `number` is its position in the shot."""

    number: int
    line: Line
    text: str
    begin: float
    length: float

    @property
    def end(self) -> float:
        """When it is over."""
        return self.begin + self.length


def seconds(moment: str, fps: int) -> float:
    """Return a moment (`1.5`, `36f`) in seconds."""
    return int(moment[:-1]) / fps if moment.endswith("f") else float(moment)


def locale_of(variables: Mapping[str, Json]) -> str:
    """Return the locale of a task: an axis or a variable of that name; empty if it has none."""
    found = variables.get("locale")
    return str(found) if isinstance(found, str | int) else ""


def text_of(line: Line, locale: str) -> str | None:
    """Return what is said in a locale; None if the line has no text in it."""
    return line.text if isinstance(line.text, str) else line.text.get(locale)


def spoken(lines: Sequence[Line], locale: str, fps: int) -> Spoken:
    """Return what `lines` is in prompts: the dialogue in the order written, its times in seconds."""
    return Spoken(
        {
            "at": seconds(line.at, fps),
            "for": seconds(line.length, fps),
            "who": line.who,
            "text": text_of(line, locale) or "",
        }
        for line in lines
        if line.kind == "dialogue"
    )


@dataclass(slots=True)
class Lines:
    """Looks at the lines of a shot, once for each locale and each length of a take."""

    shot: Layer
    lines: Sequence[Line]
    known: set[tuple[str, float, int]] = field(default_factory=set)

    def look(self, locale: str, length: float, fps: int) -> list[Problem]:
        """Return what is wrong, unless it was returned already."""
        if (locale, length, fps) in self.known:
            return []
        self.known.add((locale, length, fps))
        return list(line_problems(self.shot, self.lines, locale, length, fps))


def line_problems(
    shot: Layer, lines: Sequence[Line], locale: str, length: float, fps: int
) -> Iterator[Problem]:
    """Yield what is wrong (and, as warnings, hardly meant) with lines in a take of this length."""
    yield from _without_text(shot, lines, locale)
    timed = [
        Timed(
            number=at,
            line=line,
            text=text,
            begin=seconds(line.at, fps),
            length=seconds(line.length, fps),
        )
        for at, line in enumerate(lines)
        if (text := text_of(line, locale)) is not None
    ]
    for one in timed:
        yield from _within(one, length, _place(shot, one, "at", "for"))
        yield from _readable(one, _text_place(shot, one, locale), locale)
    yield from _overlaps(timed, shot)


def _place(shot: Layer, one: Timed, *parts: str) -> Place:
    """Return where a line is written, or the first of its parts that a row gave."""
    texts = shot.item.source.texts if shot.item else ()
    bases = [("lines", one.number, part) for part in parts]
    given = (path for base in bases for path in texts if path[:3] == base)
    return shot.place(*next(given, ("lines", one.number)))


def _text_place(shot: Layer, one: Timed, locale: str) -> Place:
    rest = () if isinstance(one.line.text, str) else (locale,)
    path = ("lines", one.number, "text", *rest)
    given = shot.item is not None and path in shot.item.source.texts
    return shot.place(*(path if given else path[:3]))


def _without_text(shot: Layer, lines: Sequence[Line], locale: str) -> Iterator[Problem]:
    for at, line in enumerate(lines):
        if isinstance(line.text, str) or locale in line.text:
            continue
        place = shot.place("lines", at, "text")
        if locale:
            what = f"the line has no text for the locale '{locale}'"
            yield Problem(
                what=what, todo=f"add `{locale}:`, or write one text for all", place=place
            )
        else:
            what = "the line has a text for each locale, and the shot has no locale"
            todo = f"add `matrix: {{locale: [{', '.join(line.text)}]}}`, or `vars: {{locale: …}}`"
            yield Problem(what=what, todo=todo, place=place)


def _within(one: Timed, length: float, place: Place) -> Iterator[Problem]:
    """Yield a problem for a line that is never heard, a warning for one that is cut off."""
    if one.length <= 0:
        yield Problem(
            what="the line lasts no time", todo="write how long, as in for: 2", place=place
        )
    elif length and one.begin >= length:
        what = f"the line begins at {one.begin:g} s, and the take is over at {length:g} s"
        yield Problem(what=what, todo="begin it earlier, or in the next shot", place=place)
    elif length and one.end > length + 0.0005:
        what = f"the line ends at {one.end:g} s, and the take is over at {length:g} s"
        yield _warning(what, "begin it earlier, or shorten it", place)


def _overlaps(timed: Sequence[Timed], shot: Layer) -> Iterator[Problem]:
    """Yield two lines at once: of one speaker, or two captions, they cannot be; else a warning."""
    for kind in ("dialogue", "caption"):
        row = sorted((one for one in timed if one.line.kind == kind), key=lambda one: one.begin)
        for one, other in _at_once(row):
            place = _place(shot, other, "at", "for")
            what = (
                f"the line begins at {other.begin:g} s, and line {one.number + 1} lasts "
                f"until {one.end:g} s"
            )
            if kind == "caption" or one.line.who == other.line.who:
                yield Problem(what=what, todo="let one end before the other begins", place=place)
            else:
                yield _warning(what, "leave it if both are to speak at once", place)


def _at_once(row: Sequence[Timed]) -> Iterator[tuple[Timed, Timed]]:
    """Yield lines that begin before one before them has ended, with the one that ends last."""
    if not row:
        return
    last = row[0]
    for _, one in pairwise(row):
        if one.begin < last.end - 0.0005:
            yield last, one
        last = one if one.end > last.end else last


def _readable(one: Timed, place: Place, locale: str) -> Iterator[Problem]:
    reading = reading_of(one.text, locale)
    count = width(one.text)
    if one.length > 0 and count / one.length > reading.speed:
        what = (
            f"the line has {count:g} characters in {one.length:g} s: {count / one.length:.1f} "
            f"a second, and {reading.speed} can be read"
        )
        yield _warning(what, f"give it {count / reading.speed:.1f} s, or shorten it", place)
    rows = rows_of(one.text, reading.row)
    longest = max(map(width, rows))
    if longest > reading.row:
        what = f"a row of the line has {longest:g} characters, and {reading.row} can be shown"
        yield _warning(what, "break it, or shorten it", place)
    elif len(rows) > ROWS:
        what = (
            f"the line takes {len(rows)} rows of {reading.row} characters, and {ROWS} can be shown"
        )
        yield _warning(what, "shorten it, or make two lines of it", place)


def rows_of(text: str, longest: int) -> list[str]:
    """Return the rows of a line: as it is broken, or as words fit."""
    lines = text.strip().split("\n")
    if len(lines) > 1:
        return lines
    wide = sum(map(_is_wide, text))
    if wide * 2 > len(text):  # has no spaces to break at
        return [text[at : at + longest] for at in range(0, len(text), longest)]
    return wrap(text, longest, break_long_words=False, break_on_hyphens=False) or [text]


def reading_of(text: str, locale: str = "") -> Reading:
    """Return the limits of the script that a text is written in."""
    if any("\u3040" <= char <= "\u30ff" for char in text):
        return _JAPANESE
    if any("\uac00" <= char <= "\ud7a3" for char in text):
        return _KOREAN
    if any(map(_is_wide, text)):
        return _JAPANESE if locale.lower().startswith(("ja", "jp")) else _CHINESE
    return _LATIN


def width(text: str) -> float:
    """Return how many characters are read; among wide ones a narrow one counts half."""
    seen = [char for char in text if char != "\n" and not _joins(char)]
    wide = sum(map(_is_wide, seen))
    return wide + (len(seen) - wide) / 2 if wide else len(seen)


def _is_wide(char: str) -> bool:
    return not char.isascii() and unicodedata.east_asian_width(char) in "WF" and char.isalpha()


def _joins(char: str) -> bool:
    """Return whether a character takes no room of its own: accents, joiners."""
    return not char.isascii() and unicodedata.category(char) in ("Mn", "Me", "Cf")


def _warning(what: str, todo: str, place: Place) -> Problem:
    return Problem(what=what, todo=todo, place=place, severity="warning")
