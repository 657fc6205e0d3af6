"""Verdicts and notes by take, as they are listed: under the names that takes have now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from renderer.expand.slots import shot_of
from renderer.film.reviews import Note, Reviews, TakeVerdict
from renderer.lock.model import Lock
from renderer.lock.takes import Takes


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReview:
    """What was said of one take. `here`: the current lockfile has it; else it left, by this name.

    `notes` are in the order of the take.
    """

    take: str
    sha256: str
    here: bool
    verdict: TakeVerdict | None = None
    notes: tuple[Note, ...] = ()

    @property
    def shot(self) -> str:
        """The shot, `scene/shot`, that the take is of."""
        return shot_of(self.take.rpartition("#")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is listed: open notes alone, what these people said, what is about these bytes."""

    open: bool = False
    who: str = ""
    takes: Collection[str] | None = None

    def has(self, one: Note | TakeVerdict) -> bool:
        """Return whether a note or a verdict is listed."""
        if self.open and (not isinstance(one, Note) or one.resolved):
            return False
        named = not self.who or one.who.casefold() == self.who.casefold()
        return named and (self.takes is None or one.sha256 in self.takes)


ALL = Wanted()


def take_reviews(reviews: Reviews, lock: Lock, wanted: Wanted = ALL) -> tuple[TakeReview, ...]:
    """Return what was said of each take, by shot; the verdict stands beside any note that is listed."""
    takes = Takes(lock)
    notes: dict[str, list[Note]] = {}
    for note in filter(wanted.has, reviews.notes.values()):
        notes.setdefault(note.sha256, []).append(note)
    judged = {one.sha256 for one in reviews.verdicts.values() if wanted.has(one)}
    found = [
        _of_take(sha256, notes.get(sha256, ()), reviews.verdicts.get(sha256), takes)
        for sha256 in notes.keys() | judged
    ]
    return tuple(sorted(found, key=_place))


def _of_take(
    sha256: str, notes: Iterable[Note], verdict: TakeVerdict | None, takes: Takes
) -> TakeReview:
    inside = tuple(sorted(notes, key=_moment))
    written = verdict.take if verdict else inside[0].take
    now = takes.with_bytes(sha256, written)
    return TakeReview(
        take=now.name if now else written,
        sha256=sha256,
        here=now is not None,
        verdict=verdict,
        notes=inside,
    )


def _place(one: TakeReview) -> tuple[str, str, int, str]:
    address, _, number = one.take.rpartition("#")
    return one.shot, address, int(number), one.sha256


def _moment(note: Note) -> tuple[float, str, str]:
    return (-1.0 if note.at is None else note.at.seconds), note.when, note.id
