"""What was recorded under addresses of an older version: the same tasks under their new names."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from renderer.expand.address import former_addresses
from renderer.expand.task import Task
from renderer.json_types import Json, JsonObject
from renderer.lock.merge import identity
from renderer.lock.model import Entry, Lock

_NAMING = ("address", "moved_from", "same_as")


def heirs(tasks: Sequence[Task], known: Container[str]) -> dict[str, list[Task]]:
    """Return for each known former address the tasks that had it; two may have shared one."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        if "~" not in task.address:  # nearly all: this is asked at every plan
            continue
        for old in former_addresses(task.address, task.cell):
            if old in known:
                found.setdefault(old, []).append(task)
    return found


def heir(old: Sequence[Task], fingerprint: object) -> Task:
    """Return the one of several tasks whose picture this is, else the first."""
    return next((task for task in old if fingerprint in (task.fingerprint, *task.former)), old[0])


def readdressed(lock: Lock, tasks: Sequence[Task]) -> Lock:
    """Return the lock with the entries of former addresses under those of now."""
    found = heirs(tasks, lock.entries)
    if not found:
        return lock
    entries = {at: entry for at, entry in lock.entries.items() if at not in found}
    for old, tasks_ in found.items():
        for address, entry in _divided(lock.entries[old], tasks_):
            entries[address] = _joined(entries.get(address), entry)
    return replace(lock, entries=entries)


def _divided(entry: Entry, tasks: Sequence[Task]) -> Iterator[tuple[str, Entry]]:
    """Give each take to the task whose picture it shows; older pictures go to the one in force."""
    current = heir(tasks, entry.fingerprint)
    for task in tasks:
        takes = tuple(
            take
            for take in entry.takes
            if heir([current, *tasks], take.fingerprint).address == task.address
        )
        if task is current:
            yield task.address, replace(entry, takes=takes)
        elif takes:
            yield (
                task.address,
                Entry(fingerprint=task.fingerprint, fields=task.fields, takes=takes),
            )


def _joined(entry: Entry | None, other: Entry) -> Entry:
    """Add takes of another entry; numbers that are used already are not used again."""
    if entry is None:
        return other
    takes = entry.takes
    known = {identity(take) for take in takes}
    for take in other.takes:
        if identity(take) not in known:
            taken = any(one.number == take.number for one in takes)
            free = max(one.number for one in takes) + 1 if taken else take.number
            takes = (*takes, replace(take, number=free))
    ordered = tuple(sorted(takes, key=lambda take: take.number))
    return replace(entry, takes=ordered, retired=entry.retired and other.retired)


def plan_readdressed(then: JsonObject, tasks: Sequence[Task]) -> JsonObject:
    """Return what a plan file holds with its former addresses as those of now."""
    given = then.get("tasks")
    if not isinstance(given, list):
        return then
    rows = [row for row in given if isinstance(row, Mapping)]
    named = {str(row.get(key)) for row in rows for key in _NAMING if row.get(key)}
    found = heirs(tasks, named)
    return {**then, "tasks": [_row(row, found) for row in rows]} if found else then


def _row(row: Mapping[str, Json], found: Mapping[str, Sequence[Task]]) -> Json:
    names = {
        key: heir(found[old], row.get("fingerprint")).address
        for key in _NAMING
        if (old := str(row.get(key))) in found
    }
    return {**row, **names}
