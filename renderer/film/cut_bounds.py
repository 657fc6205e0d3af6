"""In and out points against the length of the take that they cut."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from renderer.errors import Place, Problem
from renderer.film.picks import Part, Pick, Point
from renderer.film.reviews import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CutBounds:
    """How many frames a take has, and how many of them are a second."""

    frames: int
    fps: Fraction

    def frame(self, point: Point) -> int:
        """Return the frame that a moment means."""
        return point.frames if point.frames is not None else round(point.at(1) * self.fps)

    def __str__(self) -> str:
        return f"{self.frames} frames, {float(self.frames / self.fps):.2f} s"


def misfits(
    pick: Pick,
    length_of: Callable[[Part], CutBounds | None],
    place: Callable[[int, str], Place | None],
) -> Iterator[Problem]:
    """Yield a problem for each point of a pick that lies behind its take's end, where that is known.

    `place` says where the `in` or `out` of a part, counted from 0, is written.
    """
    for number, part in enumerate(pick.parts):
        length = length_of(part) if part.start or part.end else None
        if length is None:
            continue
        if part.start and length.frame(part.start) >= length.frames:
            todo = f"give an in before {length.frames}f"
            yield _problem(part, "in", part.start, length, todo, place(number, "in"))
        if part.end and length.frame(part.end) > length.frames:
            todo = f"give an out of at most {length.frames}f, or none for all of it"
            yield _problem(part, "out", part.end, length, todo, place(number, "out"))


def behind_end(note: Note, length: CutBounds, place: Place | None) -> Problem | None:
    """Return what is wrong with where a note is, if it is behind the end of its take."""
    if note.at is None:
        return None
    start, end = note.at.start, note.at.end
    if length.frame(start) < length.frames and (end is None or length.frame(end) <= length.frames):
        return None
    what = f"at ({note.at}) is after the end of {note.take}, which has {length}"
    todo = f"give a moment before {length.frames}f, or a range that ends there"
    return Problem(what=what, todo=todo, place=place)


def _problem(
    part: Part, key: str, point: Point, length: CutBounds, todo: str, place: Place | None
) -> Problem:
    what = f"{key} ({point}) is after the end of {part.take}, which has {length}"
    return Problem(what=what, todo=todo, place=place)
