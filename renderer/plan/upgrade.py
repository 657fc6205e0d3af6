"""A lockfile written under an older fingerprint rule: the same takes under their new names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock


def upgraded(lock: Lock, tasks: Sequence[Task]) -> Lock:
    """Return the lock with every picture that a task still asks for named by the rule of now.

    A new rule must cost nobody a take: what an older one named is found through the task.
    """
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
