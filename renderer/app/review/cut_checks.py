"""Picks and notes against the lengths of their takes: read from the files that are here."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from renderer.adapters.disk.store import Store
from renderer.adapters.media.container_check import NotMediaError
from renderer.errors import InputError, Place
from renderer.expand.slots import shot_of
from renderer.film.cut_bounds import CutBounds, behind_end, misfits
from renderer.film.picks import Picks
from renderer.film.reviews import Note
from renderer.json_types import mapping
from renderer.lock.model import Lock
from renderer.spec.reader import Document


def check_cuts(picks: Picks, lock: Lock, store: Store, document: Document | None = None) -> None:
    """Raise InputError for points behind the end of a take; `document` says where they are."""
    lengths = Lengths(lock, store)
    problems = [
        problem
        for pick in picks.by_slot.values()
        for problem in misfits(
            pick, lambda part: lengths.of(part.sha256), _places(document, pick.slot)
        )
    ]
    if problems:
        raise InputError(problems)


def check_notes(
    notes: Iterable[Note], lock: Lock, store: Store, document: Document | None = None
) -> None:
    """Raise InputError for notes behind the end of a take; `document` says where they are."""
    lengths = Lengths(lock, store)
    problems = []
    for note in notes:
        length = lengths.of(note.sha256) if note.at else None
        place = document.place(("reviews", note.id, "at")) if document else None
        problems.append(behind_end(note, length, place) if length else None)
    if any(problems):
        raise InputError(one for one in problems if one)


def _places(document: Document | None, shot: str) -> Callable[[int, str], Place | None]:
    def place(number: int, key: str) -> Place | None:
        if document is None:
            return None
        picks = (mapping(document.value) or {}).get("picks")
        known = mapping(picks) or {}
        slot = shot if shot in known else shot_of(shot)  # as it was before films were told apart
        pick = mapping(known.get(slot)) or {}
        inner = ("parts", number) if "parts" in pick else ()
        return document.place(("picks", slot, *inner, key))

    return place


class Lengths:
    """Looks at the files of takes, once each; one that is not here has no known length."""

    def __init__(self, lock: Lock, store: Store) -> None:
        self._takes = {take.sha256: take for _, take in lock.takes()}
        self._store = store
        self._known: dict[str, CutBounds | None] = {}

    def of(self, sha256: str) -> CutBounds | None:
        """Return the length of a take by its bytes, None where that is not known."""
        if sha256 not in self._known:
            self._known[sha256] = self._look(sha256)
        return self._known[sha256]

    def _look(self, sha256: str) -> CutBounds | None:
        take = self._takes.get(sha256)
        if take is None or not self._store.has(sha256, take.size):
            return None
        from renderer.adapters.media.probe import probe

        try:
            found = probe(self._store.path(sha256), take.format)
        except NotMediaError:
            return None
        return CutBounds(frames=found.frames, fps=Fraction(found.fps)) if found.fps else None
