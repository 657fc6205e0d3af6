"""The versions of a shot in one deliverable: drafts, finals, other sizes and retakes as one stack.

Valid ones are on top: what was bought again, then finals and takes of the present picture, then the
drafts that may become finals. Below them is what shows another size, then older pictures, the newest
first, and what was lost and bought again. Results of one picture are alternatives, none newer than
another: they keep the order of the tasks and of their numbers.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from renderer.expand.task import Task
from renderer.expand.values import leaves
from renderer.json_types import JsonObject
from renderer.lock.model import Entry, Lock, Take, replaced
from renderer.lock.takes import Named

_SIZE = frozenset({"width", "height", "resolution", "outputFormat", "outputQuality"})
_DRAFT = "draft"  # the last part of the setting's name
_SHORT_SIDES = (360, 480, 540, 720, 1080, 1440, 2160)
_NEAR = 0.05  # models make 496 lines of 480p, and 1088 of 1080p


class Kind(StrEnum):
    """What a version is; those that are valid come first, in this order."""

    RETAKE = "retake"  # bought in place of one that is lost
    FINAL = "final"  # made from a draft
    TAKE = "take"
    DRAFT = "draft"  # may become a final, or did
    OTHER_SIZE = "other size"  # what is wanted now, but for the size or the form of its file
    OLDER = "older picture"
    REPLACED = "replaced"  # its file is lost, and another take was bought in its place


_NOT_VALID = frozenset({Kind.OTHER_SIZE, Kind.OLDER, Kind.REPLACED})
_RANKS = {kind: rank for rank, kind in enumerate(Kind)} | {Kind.FINAL: 1, Kind.TAKE: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One take in the stack of its shot; `place` is from 1, which is on top."""

    named: Named
    kind: Kind
    place: int

    @property
    def valid(self) -> bool:
        """Whether it may be picked now."""
        return self.kind not in _NOT_VALID


def _unknown(_fingerprint: str) -> JsonObject:
    return {}


class Stacks:
    """The stacks of one lockfile.

    `drafts` are the bytes of drafts that may become finals of these tasks. `asked` gives the
    request of a picture, {} where it is not known any more: then only the last render of a task and
    finals of one draft are seen to be of another size.
    """

    def __init__(
        self,
        lock: Lock,
        drafts: Collection[str] = (),
        asked: Callable[[str], JsonObject] = _unknown,
    ) -> None:
        self._entries = lock.entries
        self._drafts = drafts
        self._asked = asked
        self._lost = replaced(take for _, take in lock.takes())

    def of(self, tasks: Sequence[Task]) -> tuple[Version, ...]:
        """Return the stack of the tasks of one shot in one deliverable, from the top."""
        roots = {take.root for task in tasks for take in self._wanted(task)}
        found = [
            (self._kind(task, entry, take, roots), at, Named(address=task.address, take=take))
            for at, task in enumerate(tasks)
            if (entry := self._entries.get(task.address))
            for take in entry.takes
        ]
        found.sort(key=_order)
        return tuple(
            Version(named=named, kind=kind, place=place)
            for place, (kind, _, named) in enumerate(found, start=1)
        )

    def _wanted(self, task: Task) -> Iterator[Take]:
        entry = self._entries.get(task.address)
        for take in entry.takes if entry else ():
            if take.fingerprint == task.fingerprint or take.sha256 in self._drafts:
                yield take

    def _kind(self, task: Task, entry: Entry, take: Take, roots: Collection[str]) -> Kind:
        if take.sha256 in self._lost:
            return Kind.REPLACED
        if take.sha256 in self._drafts:
            return Kind.DRAFT
        if take.fingerprint == task.fingerprint:
            return _present(task, take)
        of_one_draft = take.draft and (take.draft in roots or take.draft in self._drafts)
        if of_one_draft or self._differs_in_size(task, entry, take):
            return Kind.OTHER_SIZE
        return Kind.OLDER

    def _differs_in_size(self, task: Task, entry: Entry, take: Take) -> bool:
        if take.fingerprint == entry.fingerprint and entry.fields:
            return _only_size(entry.fields, task.fields)
        before = self._asked(take.fingerprint)
        return bool(before) and _only_size(dict(leaves(before)), dict(leaves(task.request)))


def _order(row: tuple[Kind, int, Named]) -> tuple[int, int, int]:
    """Return the order of a stack: of pictures that are no more, the newest comes first."""
    kind, at, named = row
    number = named.take.number
    return _RANKS[kind], at, -number if kind in _NOT_VALID else number


def _present(task: Task, take: Take) -> Kind:
    if take.draft_id or _is_draft(task):
        return Kind.DRAFT
    if take.replaces:
        return Kind.RETAKE
    return Kind.FINAL if take.draft else Kind.TAKE


def _is_draft(task: Task) -> bool:
    asked = leaves(task.request)
    return any(value is True for name, value in asked if name.rpartition(".")[2] == _DRAFT)


def _only_size(was: JsonObject, now: JsonObject) -> bool:
    """Return whether two pictures are the same but for their size, in the same shape."""
    changed = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    rest = {name for name in changed - _SIZE if name.rpartition(".")[2] != _DRAFT}
    return not rest and _alike(_shape(was), _shape(now))


def _alike(one: float, other: float) -> bool:
    """Return whether two shapes are of one aspect, or one of them is not known."""
    return not one or not other or abs(one - other) <= _NEAR * one


def _shape(asked: JsonObject) -> float:
    """Return width by height, 0 if it is not known."""
    width, height = asked.get("width"), asked.get("height")
    sides = isinstance(width, int | float) and isinstance(height, int | float)
    return width / height if sides and height else 0  # type: ignore[operator]


def label(version: Version, width: int = 0, height: int = 0) -> str:
    """Return what a version is, in a word or two; of another size its size, where it is known."""
    if version.kind is Kind.OTHER_SIZE and width and height:
        return size_words(width, height)
    return version.kind.value


def size_words(width: int, height: int) -> str:
    """Name a size by its short side as people do, `1080p`; `500×500` where it is none of these."""
    short = min(width, height)
    near = min(_SHORT_SIDES, key=lambda side: abs(side - short))
    return f"{near}p" if abs(near - short) <= near * _NEAR else f"{width}×{height}"
