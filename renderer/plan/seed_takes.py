"""Takes of other seeds, named as the pictures that tasks ask for now: see `seed_kin`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from renderer.catalog.catalog import Catalog
from renderer.catalog.defaults import picture
from renderer.expand.fingerprint import continued, fingerprint
from renderer.expand.frame_links import unfilled
from renderer.expand.task import Task
from renderer.json_types import Json
from renderer.lock.merge import identity
from renderer.lock.model import Entry, Lock, Take

_PROMPT = "positivePrompt"


def with_kin(lock: Lock, tasks: Sequence[Task], catalog: Catalog) -> Lock:
    """Return the lock with takes of other seeds named as the pictures that tasks want now."""
    lacking = [task for task in tasks if _lacks(lock, task)]
    if not lock.entries or not lacking:
        return lock
    book = _Book(lock, frozenset(task.address for task in tasks), catalog)
    for task in lacking:
        book.give(task)
    return lock if book.entries == lock.entries else replace(lock, entries=book.entries)


def _lacks(lock: Lock, task: Task) -> bool:
    if task.waits or (task.links and not task.base):
        return False  # it is not known yet what its frames show
    entry = lock.entries.get(task.address)
    return entry is None or len(entry.of(task.fingerprint)) < task.wanted


@dataclass(frozen=True, slots=True)
class _Found:
    """A take with the address that it is at."""

    address: str
    take: Take


@dataclass(slots=True)
class _Book:
    """The entries of a lockfile while takes change their names."""

    lock: Lock
    addresses: frozenset[str]
    catalog: Catalog
    entries: dict[str, Entry] = field(init=False)
    _by_prompt: dict[Json, list[str]] = field(default_factory=dict)
    _by_picture: dict[str, list[_Found]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entries = dict(self.lock.entries)
        for address, entry in self.lock.entries.items():
            self._by_prompt.setdefault(entry.fields.get(_PROMPT), []).append(address)
            for take in entry.takes:
                found = _Found(address, take)
                self._by_picture.setdefault(take.fingerprint, []).append(found)

    def give(self, task: Task) -> None:
        """Name the takes that a task lacks, and that are there by another seed, as its own."""
        entry = self.entries.get(task.address)
        had = {identity(take) for take in (entry.of(task.fingerprint) if entry else ())}
        for found in self._kin(task):
            if identity(found.take) not in had and self._is_free(task, found):
                had.add(identity(found.take))
                self._name(task, found)

    def _kin(self, task: Task) -> Iterator[_Found]:
        for mark in dict.fromkeys(self._marks(task)):
            if mark != task.fingerprint:
                yield from self._by_picture.get(mark, ())

    def _marks(self, task: Task) -> Iterator[str]:
        """Yield the names that the task's picture has with other seeds, and without one."""
        if task.seedless:
            yield task.seedless
        starts = set(self._starts(task))
        if starts:
            seeded = _Reseeded(task, self.catalog)
            yield from (seeded.mark(start) for start in sorted(starts))

    def _starts(self, task: Task) -> Iterator[int]:
        entry = self.lock.entries.get(task.address)
        yield from (take.seed for take in (entry.takes if entry else ()) if take.seed is not None)
        for address in self._by_prompt.get(task.fields.get(_PROMPT), ()):
            seed = self.lock.entries[address].fields.get("seed")
            if isinstance(seed, int):
                yield seed

    def _is_free(self, task: Task, found: _Found) -> bool:
        """Return whether a take is one of those that the task asks for.

        Without a seed it asks for any that no other task has; with one, for these very seeds.
        """
        if task.seed is None:
            return found.address == task.address or found.address not in self.addresses
        seed = found.take.seed
        return seed is not None and task.seed <= seed < task.seed + task.wanted

    def _name(self, task: Task, found: _Found) -> None:
        mark = task.fingerprint
        entry = self.entries.get(task.address, Entry(fingerprint=mark, fields=task.fields))
        moves = found.address != task.address
        if moves and found.address not in self.addresses:
            self._leave(found)
        rest = tuple(one for one in entry.takes if identity(one) != identity(found.take))
        taken = moves and any(one.number == found.take.number for one in rest)
        number = max(one.number for one in rest) + 1 if taken else found.take.number
        takes = (*rest, replace(found.take, fingerprint=mark, number=number))
        ordered = tuple(sorted(takes, key=lambda one: one.number))
        if entry.fingerprint == found.take.fingerprint or entry.retired:
            entry = replace(entry, fingerprint=mark, fields=task.fields, retired=False)
        self.entries[task.address] = replace(entry, takes=ordered)

    def _leave(self, found: _Found) -> None:
        entry = self.entries.get(found.address)
        rest = tuple(one for one in entry.takes if one != found.take) if entry else ()
        if entry and rest:
            self.entries[found.address] = replace(entry, takes=rest, retired=True)
        elif entry:
            del self.entries[found.address]


class _Reseeded:
    """The picture of a task, to be named with other seeds."""

    def __init__(self, task: Task, catalog: Catalog) -> None:
        # Late: most plans look for no seed, and need none of this.

        self._picture = picture
        self._task = task
        self._model = catalog.get(task.model)
        self._request = dict(unfilled(task.request))

    def mark(self, seed: int) -> str:
        """Return its fingerprint with this seed, with the frames that it depends on."""
        mark = fingerprint(self._picture(self._model, {**self._request, "seed": seed}))
        return continued(mark, self._task.words) if self._task.links else mark
