"""A lockfile that an older version wrote: the same takes under their names of now."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from renderer.catalog.catalog import Catalog
from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock
from renderer.plan.former_names import heirs, readdressed


def is_former(tasks: Sequence[Task], addresses: Container[str]) -> bool:
    """Return whether a lockfile with these addresses may name a task or a picture as before."""
    return any(task.former for task in tasks) or bool(heirs(tasks, addresses))


def current(lock: Lock, tasks: Sequence[Task], catalog: Catalog) -> Lock:
    """Return the lock with all that these tasks can use named as they name it."""
    from renderer.plan.seed_takes import with_kin  # noqa: PLC0415 - most plans need none of it

    return with_kin(upgraded(lock, tasks), tasks, catalog)


def upgraded(lock: Lock, tasks: Sequence[Task]) -> Lock:
    """Return the lock with addresses, and every picture that a task still asks for, named as now.

    A new rule must cost nobody a take: what an older one named is found through the task.
    """
    lock = readdressed(lock, tasks)
    names = {old: task.fingerprint for task in tasks for old in task.former}
    if not names:
        return lock
    entries = {address: _entry(entry, names) for address, entry in lock.entries.items()}
    return lock if entries == lock.entries else replace(lock, entries=entries)


def _entry(entry: Entry, names: Mapping[str, str]) -> Entry:
    takes = tuple(
        replace(take, fingerprint=names.get(take.fingerprint, take.fingerprint))
        for take in entry.takes
    )
    return replace(entry, fingerprint=names.get(entry.fingerprint, entry.fingerprint), takes=takes)
