"""Which tasks a person means: by address, by scene, by shot, or by pattern."""

from collections.abc import Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from renderer.errors import InputError
from renderer.expand.task import Task


def matches(address: str, pattern: str) -> bool:
    """Tell whether a pattern names this address, its shot (`scene/shot`) or its scene."""
    shot = address.partition("@")[0]
    scene = shot.partition("/")[0]
    return any(fnmatchcase(name, pattern) for name in (address, shot, scene))


def selected(tasks: Sequence[Task], only: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks that any pattern names, all without patterns; each must name one."""
    for pattern in only:
        if not any(matches(task.address, pattern) for task in tasks):
            raise InputError(f"--only {pattern} names no task", suggestion(tasks, pattern))
    if not only:
        return tuple(tasks)
    return tuple(task for task in tasks if any(matches(task.address, one) for one in only))


def one_task(tasks: Sequence[Task], address: str) -> Task:
    """Return the task of an address, or of a shot that has only one; raise InputError else."""
    found = [task for task in tasks if matches(task.address, address)]
    exact = [task for task in found if task.address == address]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise InputError(f"there is no task {address}", suggestion(tasks, address))
    names = ", ".join(task.address for task in found[:6])
    raise InputError(f"{address} names {len(found)} tasks", f"name one of them: {names}")


def suggestion(tasks: Sequence[Task], pattern: str) -> str:
    """Say what could have been meant."""
    names = {name: None for task in tasks for name in (task.address, f"{task.scene}/{task.shot}")}
    close = get_close_matches(pattern, list(names), n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else "see `renderer tasks` for all names"
