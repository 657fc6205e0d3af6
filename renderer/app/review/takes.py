"""Use case: all takes of a shot, what each cost and shows, and which one was chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from renderer.app.review.picks import Table, flagged_takes, table
from renderer.app.review.take_checks import Checks
from renderer.app.review.take_files import TakeFiles
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.expand.selection import named
from renderer.expand.task import Task
from renderer.film.pick_status import Named, ShotStatus
from renderer.lock.model import Take

UNSAFE = "the provider's safety check flagged it"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRow:
    """One take. `current`: it shows the present picture; `order`: its place in the pick, from 1."""

    named: Named
    current: bool
    flags: tuple[str, ...] = ()
    order: int = 0
    default: bool = False

    @property
    def take(self) -> Take:
        """The take itself."""
        return self.named.take


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotTakes:
    """A shot with its state and its takes, task by task."""

    status: ShotStatus
    rows: tuple[TakeRow, ...]


def takes(
    workspace: Workspace, name: str, *, look: bool = True
) -> tuple[tuple[ShotTakes, ...], TakeFiles]:
    """Return the takes of the shots that a name or a pattern means, and what finds their files.

    Raise InputError if it means none.
    """
    found = table(workspace)
    tasks = named(found.tasks, name, "there is no shot")
    checks, catalog = Checks.of(workspace), workspace.catalog
    flagged = flagged_takes(found, checks, catalog) if look else frozenset()
    shots = {f"{task.scene}/{task.shot}" for task in tasks}
    rows = tuple(
        ShotTakes(
            status=row,
            rows=tuple(_rows(row, found, checks if look else None, catalog)),
        )
        for row in found.standings(flagged)
        if row.shot in shots
    )
    return rows, TakeFiles.of(workspace, found.tasks, found.lock)


def _rows(
    status: ShotStatus, found: Table, checks: Checks | None, catalog: Catalog
) -> Iterator[TakeRow]:
    picked = [part.sha256 for part in status.shown.parts] if status.shown else []
    for task in status.tasks:
        for take in _takes(found.lock.entries, task):
            yield TakeRow(
                named=Named(address=task.address, take=take),
                current=take.fingerprint == task.fingerprint or take.sha256 in found.drafts,
                flags=_flags(checks, take, task, catalog),
                order=picked.index(take.sha256) + 1 if take.sha256 in picked else 0,
                default=status.default is not None and status.default.take.sha256 == take.sha256,
            )


def _takes(entries: Mapping[str, object], task: Task) -> tuple[Take, ...]:
    return getattr(entries.get(task.address), "takes", ())


def _flags(checks: Checks | None, take: Take, task: Task, catalog: Catalog) -> tuple[str, ...]:
    """Judge a take of the present picture; what was asked of an older one is unknown."""
    unsafe = (UNSAFE,) if take.unsafe else ()
    if checks is None or take.fingerprint != task.fingerprint:
        return unsafe
    return (*unsafe, *checks.of_take(take).flags(task.request, catalog.get(task.model)))
