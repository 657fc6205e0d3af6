"""What a shell offers for names in a project: scenes, shots, addresses and takes.

Nothing is written, and a project that cannot be read offers nothing: a shell is no place for errors.
"""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # a call that completes nothing loads none of these
    from renderer.cli.wiring import Session
    from renderer.expand.task import Task

_MOST = 500


def names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return scenes and shots; addresses of a shot once it is named."""
    tasks = _tasks(ctx)
    found = {task.address for task in tasks if "@" in incomplete or "@" not in task.address}
    found |= {f"{task.scene}/{task.shot}" for task in tasks}
    found |= {task.address for task in tasks if _of(task) == incomplete}
    found |= {task.scene for task in tasks}
    return _matching(found, incomplete)


def addresses(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the addresses of tasks."""
    return _matching({task.address for task in _tasks(ctx)}, incomplete)


def shots(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the shots."""
    return _matching({_of(task) for task in _tasks(ctx)}, incomplete)


def takes(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the takes that the lockfile in force has."""
    try:
        from renderer.app.project.lockfile import LockFile

        workspace = _session(ctx).workspace(ctx.params.get("provider"))
        lock = LockFile.of(workspace.root, workspace.provider).read()
        found = {f"{address}#{take.number}" for address, take in lock.takes()}
    except Exception:  # noqa: BLE001 - see above
        return []
    return _matching(found, incomplete)


def notes(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of notes: of open ones, or, to open them again, of resolved ones."""
    resolved = ctx.info_name == "reopen"
    try:
        from renderer.app.project.reviews import written_reviews

        found = written_reviews(_session(ctx).workspace().files)[0].notes.values()
    except Exception:  # noqa: BLE001 - see above
        return []
    return _matching({one.id for one in found if one.resolved is resolved}, incomplete)


def _tasks(ctx: click.Context) -> "tuple[Task, ...]":
    try:
        from renderer.app.project.expand import expansion
        from renderer.app.project.fast.task_cache import TaskCache

        workspace = _session(ctx).workspace(held=True)
        return expansion(workspace.files, workspace.catalog, TaskCache.of(workspace)).tasks
    except Exception:  # noqa: BLE001 - see above
        return ()


def _session(ctx: click.Context) -> "Session":
    """Return the session of a line that is still being written."""
    from renderer.cli.wiring import Session

    start = ctx.find_root().params.get("directory")
    return Session(start=start, verbose=0, variables=os.environ)


def _of(task: "Task") -> str:
    return f"{task.scene}/{task.shot}"


def _matching(found: Iterable[str], incomplete: str) -> list[str]:
    return sorted(name for name in found if name.startswith(incomplete))[:_MOST]
