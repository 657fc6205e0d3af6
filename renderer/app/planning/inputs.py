"""What a plan is made from: read once, some of it only when a phase asks for it."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from renderer.app.planning.causes import Reasons
from renderer.app.planning.linked_frames import drafting
from renderer.app.planning.missing_takes import check_lost
from renderer.app.planning.picked_takes import picked_cuts
from renderer.app.project.expand import expansion
from renderer.app.project.fast.task_cache import TaskCache
from renderer.app.project.lockfile import LockFile
from renderer.app.project.snapshot import Snapshot
from renderer.app.workspace import Workspace
from renderer.errors import Problem
from renderer.expand.task import Task
from renderer.lock.index import Index
from renderer.lock.model import Lock, without
from renderer.plan.finals import DraftRules
from renderer.plan.frame_links import Cut
from renderer.plan.model import Plan

if TYPE_CHECKING:
    from renderer.render.order import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person asks for beside the specs: some tasks, finals of all drafts, takes again.

    The files of takes that are wanted `again` are nowhere: they are given up, and planned alone.
    """

    only: tuple[str, ...] = ()
    deliverable: str = ""  # the tasks of this film alone, as `aspect=9:16,locale=de`
    all_finals: bool = False
    again: tuple[str, ...] = ()

    @property
    def selection(self) -> tuple[str, ...]:
        """The patterns of the tasks that are planned; none for all."""
        named = dict.fromkeys(name.rpartition("#")[0] for name in self.again)
        return self.only or tuple(named)


ALL = Wishes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The takes that exist: an index for all plans, the whole lockfile for those that need it."""

    index: Index
    lock: Callable[[], Lock]

    @classmethod
    def of(cls, lock: Lock) -> "Made":
        """Return the takes of a lockfile that was read."""
        return cls(index=Index.of(lock), lock=lambda: lock)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Read once: a run plans its later waves from the same.

    `expanded` are the tasks as the specs alone give them, without frames of other shots.
    """

    workspace: Workspace
    wishes: Wishes
    expanded: tuple[Task, ...]
    lock_file: LockFile
    made: Made
    rules: DraftRules
    picked: Callable[[], Mapping[str, tuple[Cut, ...]]]
    reasons: Reasons
    warnings: tuple[Problem, ...] = ()
    images: tuple[str, ...] = ()  # that were looked at, used or not

    @property
    def paid(self) -> bool:
        """Whether takes cost money."""
        return self.workspace.row.paid

    def known_here(self, plan: Plan) -> tuple["Recorded", ...]:
        """Return takes that the lockfile does not name, and that this clone has paid for."""
        lacking = {step.fingerprint for step in plan.steps if step.takes}
        journal = self.workspace.journal
        if not self.paid or not lacking or not journal.exists():
            return ()
        from renderer.app.planning.recorded_takes import (
            known_here,  # for those who have bought something
        )

        mine = self.lock_file
        return known_here(journal, self.reasons.store, lacking, lambda: mine.lock.lineages)


def gathered(workspace: Workspace, wishes: Wishes, texts: Snapshot | None) -> Inputs:
    """Read a project for its provider; raise InputError with all problems of specs or lockfile."""
    expansion_ = expansion(workspace.files, workspace.catalog, TaskCache.of(workspace), texts)
    expanded = expansion_.sound()
    lock_file = LockFile.of(workspace.root, workspace.provider)
    return Inputs(
        workspace=workspace,
        wishes=wishes,
        expanded=expanded,
        lock_file=lock_file,
        made=_made(workspace, lock_file, wishes),
        rules=drafting(workspace, all_finals=wishes.all_finals),
        picked=functools.cache(partial(picked_cuts, workspace.files)),
        reasons=Reasons(
            files=workspace.files,
            catalog=workspace.catalog,
            store=workspace.store,
            specs=expansion_.specs,
        ),
        warnings=expansion_.warnings,
        images=expansion_.images,
    )


def _made(workspace: Workspace, lock_file: LockFile, wishes: Wishes) -> Made:
    """Return the takes that exist, less those that are given up."""
    index = lock_file.index(workspace.cache)
    if not wishes.again:
        return Made(index=index, lock=lambda: lock_file.lock)
    check_lost(wishes.again, lock_file.lock, workspace.store)
    return Made.of(without(lock_file.lock, wishes.again))
