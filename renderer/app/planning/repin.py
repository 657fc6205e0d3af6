"""Use case: drop pinned frames, so that the next plan takes them from current takes."""

from collections.abc import Sequence
from dataclasses import replace

from renderer.app.planning.plan import Planned, plan
from renderer.app.project.lockfile import LockFile
from renderer.app.workspace import Workspace
from renderer.errors import InputError
from renderer.expand.selection import named
from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock
from renderer.plan.upgrade import current


def repin(workspace: Workspace, names: Sequence[str]) -> tuple[str, ...]:
    """Forget the pinned frames of shots, and return the addresses that had any.

    Raises InputError for a name that means no shot, or none with a pinned frame. The caller holds
    the project's mutex.
    """
    planned = plan(workspace)
    tasks = [task for name in names for task in _named(planned, name)]
    lock_file = LockFile.of(workspace.root, workspace.provider)
    lock = current(lock_file.read(), planned.everything, workspace.catalog)
    loose = {task.address: _loose(lock, task) for task in tasks}
    changed = {at: entry for at, entry in loose.items() if entry is not None}
    if changed:
        entries = {**lock.entries, **changed}
        lock_file.write(replace(lock, entries=entries), workspace.disk)
    return tuple(changed)


def _named(planned: Planned, name: str) -> list[Task]:
    found = named(planned.everything, name, "there is no shot")
    pinned = [task for task in found if any(link.pinned for link in task.links)]
    if not pinned:
        raise InputError(
            f"{name} pins no frame of another shot",
            "write `frames: {first: {shot: …, mode: pin}}`; a chained frame updates by itself",
        )
    return pinned


def _loose(lock: Lock, task: Task) -> Entry | None:
    """Return a task's entry without its pins, None if it has none."""
    entry = lock.entries.get(task.address)
    pins = {link.at for link in task.links if link.pinned}
    if entry is None or not pins & entry.frames.keys():
        return None
    kept = {at: frame for at, frame in entry.frames.items() if at not in pins}
    return replace(entry, frames=kept)
