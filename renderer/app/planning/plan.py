"""Use case: tasks and lockfile to a plan with its reasons."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from renderer.app.planning.causes import Reasons
from renderer.app.planning.inputs import ALL, Inputs, Made, Wishes, gathered
from renderer.app.planning.phases import Phases, phases
from renderer.app.project.lockfile import LockFile
from renderer.app.project.snapshot import Snapshot
from renderer.app.workspace import Workspace
from renderer.errors import Problem, RefusedError
from renderer.expand.task import Task
from renderer.lock.model import Lock, without
from renderer.lock.takes import Named, Takes
from renderer.plan.finals import Finals
from renderer.plan.model import Plan
from renderer.plan.upgrade import current

if TYPE_CHECKING:
    from renderer.render.order import Recorded

__all__ = ["Planned", "Wishes", "plan", "proposed"]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan with what it was made from, phase by phase.

    `known` are takes that the lockfile does not name any more, and that are here all the same.
    """

    inputs: Inputs
    phases: Phases
    known: tuple["Recorded", ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.phases.located

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that were selected out of `everything`."""
        return self.phases.selected

    @property
    def everything(self) -> tuple[Task, ...]:
        """All tasks, with the frames of other shots' takes."""
        return self.phases.linked

    @property
    def expanded(self) -> tuple[Task, ...]:
        """The tasks as the specs alone give them."""
        return self.inputs.expanded

    @property
    def lock_file(self) -> LockFile:
        """The lockfile as it was read."""
        return self.inputs.lock_file

    @property
    def reasons(self) -> Reasons:
        """What explains changes."""
        return self.inputs.reasons

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is odd about the specs, and no error."""
        return self.inputs.warnings

    def allowed(self) -> "Planned":
        """Return the plan; raise RefusedError for what waits in vain."""
        if self.phases.in_vain:
            raise RefusedError(self.phases.in_vain)
        return self

    @cached_property
    def lock(self) -> Lock:
        """The lockfile that the plan was made from, whole."""
        catalog = self.inputs.workspace.catalog
        return self.with_known(current(self.lock_file.lock, self.everything, catalog))

    @cached_property
    def missing(self) -> tuple[Named, ...]:
        """The takes that are wanted and not on this machine."""
        if not self.phases.missing:
            return ()
        takes = Takes(self.lock)
        found = (takes.with_bytes(one, name) for one, name in self.phases.missing.items())
        return tuple(one for one in found if one)

    @cached_property
    def drafts(self) -> frozenset[str]:
        """The bytes of all drafts that may become finals, or did."""
        return Finals(Takes(self.lock), self.inputs.rules).candidates(self.everything)

    @property
    def again(self) -> frozenset[str]:
        """The takes that are given up, by their names."""
        return frozenset(self.inputs.wishes.again)

    @property
    def lock_digest(self) -> str:
        """The SHA-256 of its text."""
        return self.lock_file.digest

    def with_known(self, lock: Lock) -> Lock:
        """Return a lock with the takes that it does not name, and that are here."""
        if not self.known:
            return lock
        from renderer.app.planning.recorded_takes import with_recorded

        catalog = self.inputs.workspace.catalog
        return with_recorded(lock, self.known, self.everything, catalog, paid=True)

    def through(self, provider: str) -> "Planned":
        """Return the plan as another provider's, whatever that one has made."""
        located = replace(self.plan, provider=provider)
        return replace(self, phases=replace(self.phases, located=located))

    def after(self, lock: Lock) -> "Planned":
        """Return the plan for what a run left to be made; nothing is read again."""
        wishes = replace(self.inputs.wishes, again=())
        inputs = replace(self.inputs, wishes=wishes, made=Made.of(lock))
        return Planned(inputs=inputs, phases=phases(inputs, explained=False))


def plan(workspace: Workspace, wishes: Wishes = ALL, texts: Snapshot | None = None) -> Planned:
    """Plan a project for its provider; raise InputError with all problems of specs or lockfile.

    Raise RefusedError for what is selected and waits for what is not: no render could make it.
    """
    return proposed(workspace, wishes, texts).allowed()


def proposed(workspace: Workspace, wishes: Wishes = ALL, texts: Snapshot | None = None) -> Planned:
    """Return a plan, be it allowed or not: what is open is collected in any case."""
    inputs = gathered(workspace, wishes, texts)
    return _with_known(Planned(inputs=inputs, phases=phases(inputs)))


def _with_known(planned: Planned) -> Planned:
    """Plan again with what this clone has and the lockfile does not name: that is not bought.

    What comes back may settle the frames of other shots, which may be here, too.
    """
    while fresh := _unnamed(planned):
        known = (*planned.known, *fresh)
        lock = without(replace(planned, known=known).lock, planned.again)
        inputs = replace(planned.inputs, made=Made.of(lock))
        planned = Planned(inputs=inputs, phases=phases(inputs), known=known)
    return planned


def _unnamed(planned: Planned) -> tuple["Recorded", ...]:
    before = {one.order.fingerprint for one in planned.known}
    found = planned.inputs.known_here(planned.plan)
    return tuple(one for one in found if one.order.fingerprint not in before)
