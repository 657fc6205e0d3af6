"""What a plan does to the lockfile before anything is made: moves, returns, retirements."""

from collections.abc import Sequence
from dataclasses import replace

from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock, Take, with_take
from renderer.plan.frame_links import frames
from renderer.plan.model import Action, Plan


def settled(lock: Lock, plan: Plan, tasks: Sequence[Task]) -> Lock:
    """Return the lock with every step done that costs nothing; equal if there is none."""
    by_address = {task.address: task for task in tasks}
    entries = dict(lock.entries)
    for step in plan.steps:
        if step.action is Action.REMOVE:
            _leave(entries, step.address, "")
            continue
        task = by_address[step.address]
        source = step.moved_from or (step.same_as if step.have else "")
        if source:
            takes = _of(lock, source, task)
            entries[step.address] = _joined(entries.get(step.address), task, takes)
        elif step.have:
            entries[step.address] = _current(entries[step.address], task)
    for step in plan.steps:
        if step.moved_from:
            _leave(entries, step.moved_from, step.fingerprint)
    return replace(lock, entries=entries)


def recorded(lock: Lock, task: Task, take: Take) -> Lock:
    """Return the lock with a new take of a task."""
    return with_take(lock, task.address, _picture(task), take)


def _of(lock: Lock, address: str, task: Task) -> tuple[Take, ...]:
    """Return the takes of a task's picture at an address, none where nothing was made yet.

    All of them: lost ones that others were bought in place of stay in the record.
    """
    entry = lock.entries.get(address)
    made = entry.takes if entry else ()
    return tuple(take for take in made if take.fingerprint == task.fingerprint)


def _current(entry: Entry, task: Task) -> Entry:
    return replace(_picture(task), takes=entry.takes)


def _picture(task: Task) -> Entry:
    return Entry(fingerprint=task.fingerprint, fields=task.fields, frames=frames(task))


def _joined(entry: Entry | None, task: Task, takes: tuple[Take, ...]) -> Entry:
    """Add takes from elsewhere; numbers that this address has used already are not used again."""
    own = entry.takes if entry else ()
    used = {take.number for take in own}
    known = {take.video_uuid for take in own}
    for take in takes:
        if take.video_uuid not in known:
            number = take.number if take.number not in used else max(used) + 1
            own = (*own, replace(take, number=number))
            used.add(number)
    return replace(_picture(task), takes=own)


def _leave(entries: dict[str, Entry], address: str, fingerprint: str) -> None:
    """Take a moved picture's takes out of the address they came from."""
    entry = entries.get(address)
    if entry is None:
        return
    rest = tuple(take for take in entry.takes if take.fingerprint != fingerprint)
    if rest:
        entries[address] = replace(entry, takes=rest, retired=True)
    else:
        del entries[address]
