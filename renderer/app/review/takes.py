"""Use case: all takes of a shot, what each cost and shows, and which one was chosen."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from renderer.app.review.picks import flagged_takes, table
from renderer.app.review.take_checks import Checks
from renderer.app.review.take_files import TakeFiles
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.expand.selection import named
from renderer.expand.task import Task
from renderer.film.pick_status import Named, ShotStatus
from renderer.film.reviews import Reviews, Verdict
from renderer.film.versions import Stacks, Version
from renderer.json_types import JsonObject
from renderer.lock.model import Take

UNSAFE = "the provider's safety check flagged it"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRow:
    """One take, as a version of its shot; `order`: its place in the pick, from 1.

    `verdict` is what a person said of it; `open_notes` counts those that are not resolved.
    """

    version: Version
    flags: tuple[str, ...] = ()
    order: int = 0
    default: bool = False
    verdict: Verdict | None = None
    open_notes: int = 0

    @property
    def named(self) -> Named:
        """The take with its address."""
        return self.version.named

    @property
    def take(self) -> Take:
        """The take itself."""
        return self.version.named.take

    @property
    def current(self) -> bool:
        """Whether it may be picked: it shows the present picture, or is its draft."""
        return self.version.valid


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotTakes:
    """A shot in one deliverable with its state and its takes, the newest that is valid first."""

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
    stacks = Stacks(found.lock, found.drafts, asked_of(workspace))
    rows = tuple(
        ShotTakes(
            status=row,
            rows=_said(_rows(row, stacks, checks if look else None, catalog), found.reviews),
        )
        for row in found.standings(flagged)
        if row.shot in shots
    )
    return rows, TakeFiles.of(workspace, found.tasks, found.lock)


def _rows(
    status: ShotStatus, stacks: Stacks, checks: Checks | None, catalog: Catalog
) -> Iterator[TakeRow]:
    picked = [part.sha256 for part in status.shown.parts] if status.shown else []
    tasks = {task.address: task for task in status.tasks}
    for version in stacks.of(status.tasks):
        take = version.named.take
        yield TakeRow(
            version=version,
            flags=_flags(checks, take, tasks[version.named.address], catalog),
            order=picked.index(take.sha256) + 1 if take.sha256 in picked else 0,
            default=status.default is not None and status.default.take.sha256 == take.sha256,
        )


def _said(rows: Iterable[TakeRow], reviews: Reviews) -> tuple[TakeRow, ...]:
    """Return rows with what people said of the takes."""
    still = Counter(note.sha256 for note in reviews.notes.values() if not note.resolved)
    verdicts = {sha256: one.verdict for sha256, one in reviews.verdicts.items()}
    return tuple(
        replace(row, verdict=verdicts.get(row.take.sha256), open_notes=still[row.take.sha256])
        for row in rows
    )


def asked_of(workspace: Workspace) -> Callable[[str], JsonObject]:
    """Return what gives the request that was kept of a picture, {} if none was."""
    return lambda fingerprint: _request(workspace.store.request_of(fingerprint))


def _request(text: str | None) -> JsonObject:
    """Return a kept request, alone or with what it used; {} for a damaged one."""
    try:
        kept = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    inner = kept.get("request", kept) if isinstance(kept, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _flags(checks: Checks | None, take: Take, task: Task, catalog: Catalog) -> tuple[str, ...]:
    """Judge a take of the present picture; what was asked of an older one is unknown."""
    unsafe = (UNSAFE,) if take.unsafe else ()
    if checks is None or take.fingerprint != task.fingerprint:
        return unsafe
    return (*unsafe, *checks.of_take(take).flags(task.request, catalog.get(task.model)))
