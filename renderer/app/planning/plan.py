"""Use case: tasks and lockfile to a plan with its reasons."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from renderer.app.planning.causes import Reasons
from renderer.app.planning.linked_frames import drafting, followed, recognised
from renderer.app.planning.missing_takes import absent, check_lost, noted
from renderer.app.planning.picked_takes import picked_cuts
from renderer.app.project.expand import expansion
from renderer.app.project.fast.task_cache import TaskCache
from renderer.app.project.lockfile import LockFile
from renderer.app.project.snapshot import Snapshot
from renderer.app.workspace import Workspace
from renderer.errors import Problem, RefusedError
from renderer.expand.selection import chosen, selected
from renderer.expand.task import Task
from renderer.lock.index import Index
from renderer.lock.model import Lock, without
from renderer.lock.takes import Named, Takes
from renderer.plan.decide import decide, priced
from renderer.plan.delivery import delivered
from renderer.plan.finals import DraftRules, Finals
from renderer.plan.frame_links import Cut
from renderer.plan.frame_names import worded
from renderer.plan.model import Plan
from renderer.plan.placeholders import with_placeholders
from renderer.plan.seed_kin import may_have_kin
from renderer.plan.upgrade import current, is_former
from renderer.plan.waiting import choosing, in_vain

if TYPE_CHECKING:
    from renderer.render.order import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person asks for beside the specs: some tasks, finals of all drafts, takes again.

    The files of takes that are wanted `again` are nowhere: they are given up, and planned alone.
    """

    only: tuple[str, ...] = ()
    all_finals: bool = False
    again: tuple[str, ...] = ()

    @property
    def selection(self) -> tuple[str, ...]:
        """The patterns of the tasks that are planned; none for all."""
        named = dict.fromkeys(name.rpartition("#")[0] for name in self.again)
        return self.only or tuple(named)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What plans are made from, read once: a run plans its later waves from the same.

    `expanded` are the tasks as the specs alone give them, without frames of other shots.
    """

    workspace: Workspace
    wishes: Wishes
    expanded: tuple[Task, ...]
    lock_file: LockFile
    rules: DraftRules
    picked: Callable[[], Mapping[str, tuple[Cut, ...]]]
    reasons: Reasons
    warnings: tuple[Problem, ...] = ()

    @property
    def paid(self) -> bool:
        """Whether takes cost money."""
        return self.workspace.row.paid

    def known_here(self, plan: Plan) -> tuple["Recorded", ...]:
        """Return takes that the lockfile does not name, and that this clone has paid for."""
        lacking = {step.fingerprint for step in plan.steps if step.takes}
        if not self.paid or not lacking:
            return ()
        journal = self.workspace.journal
        if not journal.exists():
            return ()
        from renderer.app.planning.recorded_takes import (
            known_here,  # for those who have bought something
        )

        mine = self.lock_file
        return known_here(journal, self.reasons.store, lacking, lambda: mine.lock.lineages)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan with what it was made from; `tasks` are those selected out of `everything`.

    `known` are takes that the lockfile does not name any more, and that are here all the same;
    `missing` are those that are made and not on this machine. `in_vain` is what is selected and
    waits for what is not: no render could make it.
    """

    inputs: Inputs
    plan: Plan
    tasks: tuple[Task, ...]
    everything: tuple[Task, ...]
    known: tuple["Recorded", ...] = ()
    names_missing: Mapping[str, str] = field(default_factory=dict)  # by their bytes
    in_vain: tuple[Problem, ...] = ()

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
        if self.in_vain:
            raise RefusedError(self.in_vain)
        return self

    @cached_property
    def lock(self) -> Lock:
        """The lockfile that the plan was made from, whole."""
        catalog = self.inputs.workspace.catalog
        return self.with_known(current(self.lock_file.lock, self.everything, catalog))

    @cached_property
    def missing(self) -> tuple[Named, ...]:
        """The takes that are wanted and not on this machine."""
        if not self.names_missing:
            return ()
        takes = Takes(self.lock)
        found = (takes.with_bytes(one, name) for one, name in self.names_missing.items())
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

    def after(self, lock: Lock) -> "Planned":
        """Return the plan for what a run left to be made; nothing is read again."""
        inputs = replace(self.inputs, wishes=replace(self.inputs.wishes, again=()))
        return _planned(inputs, Index.of(lock), lambda: lock, explained=False)


def plan(
    workspace: Workspace, wishes: Wishes = Wishes(), texts: Snapshot | None = None
) -> Planned:
    """Plan a project for its provider; raise InputError with all problems of specs or lockfile.

    Raise RefusedError for what is selected and waits for what is not: no render could make it.
    """
    return proposed(workspace, wishes, texts).allowed()


def proposed(
    workspace: Workspace, wishes: Wishes = Wishes(), texts: Snapshot | None = None
) -> Planned:
    """Return a plan, be it allowed or not: what is open is collected in any case."""
    files, store = workspace.files, workspace.store
    made = expansion(files, workspace.catalog, TaskCache.of(workspace), texts)
    expanded = made.sound()
    lock_file = LockFile.of(workspace.root, workspace.provider)
    index = lock_file.index(workspace.cache)
    lock = functools.cache(lambda: without(lock_file.lock, wishes.again))
    if wishes.again:
        check_lost(wishes.again, lock_file.lock, store)
        index = Index.of(lock())
    inputs = Inputs(
        workspace=workspace,
        wishes=wishes,
        expanded=expanded,
        lock_file=lock_file,
        rules=drafting(workspace, all_finals=wishes.all_finals),
        picked=functools.cache(partial(picked_cuts, files)),
        reasons=Reasons(files=files, catalog=workspace.catalog, store=store, specs=made.specs),
        warnings=made.warnings,
    )
    return _with_known(_planned(inputs, index, lock))


def _with_known(planned: Planned) -> Planned:
    """Plan again with what this clone has and the lockfile does not name: that is not bought.

    What comes back may settle the frames of other shots, which may be here, too.
    """
    while fresh := _unnamed(planned):
        known = (*planned.known, *fresh)
        lock = without(replace(planned, known=known).lock, planned.again)
        planned = replace(_planned(planned.inputs, Index.of(lock), lambda: lock), known=known)  # noqa: B023
    return planned


def _unnamed(planned: Planned) -> tuple["Recorded", ...]:
    before = {one.order.fingerprint for one in planned.known}
    found = planned.inputs.known_here(planned.plan)
    return tuple(one for one in found if one.order.fingerprint not in before)


def _planned(
    inputs: Inputs, index: Index, lock: Callable[[], Lock], *, explained: bool = True
) -> Planned:
    """Return a plan; one that nobody reads is not `explained`, so that no spec is read again."""
    expanded, rules, picked = inputs.expanded, inputs.rules, inputs.picked
    tasks = followed(expanded, lock, rules, picked)
    if is_former(expanded, index.entries) or (explained and may_have_kin(tasks, index)):
        tasks, known = recognised(inputs.workspace.catalog, expanded, lock(), rules, picked)
        index, lock = Index.of(known), lambda: known
    only = inputs.wishes.selection
    wanted = selected(tasks, only)
    whole = _decided(inputs, tasks, wanted, index, lock)
    addresses = {task.address for task in wanted}
    kept = _narrowed(whole, addresses, only) if only else whole
    if explained:
        kept = worded(inputs.reasons.explain(kept, tasks, index), tasks, lock)
    done = delivered(priced(kept, tasks), tasks)
    if not inputs.workspace.row.fetches_frames:
        done = with_placeholders(done, wanted)
    missing = absent(wanted, done, index, lock, inputs.reasons.store)
    return Planned(
        inputs=inputs,
        plan=noted(done, wanted, missing),
        tasks=wanted,
        everything=tasks,
        names_missing=missing,
        in_vain=tuple(in_vain(whole, addresses)),
    )


def _decided(
    inputs: Inputs,
    tasks: Sequence[Task],
    wanted: Sequence[Task],
    index: Index,
    lock: Callable[[], Lock],
) -> Plan:
    """Return what is done about all tasks, those that wait for a person's choice included."""
    whole = decide(tasks, index, inputs.workspace.row, wanted)
    if index.drafts:
        from renderer.plan.promote import promoted  # no drafts, no need

        whole = promoted(whole, tasks, Takes(lock()), inputs.rules, wanted)
    return choosing(whole)


def _narrowed(whole: Plan, addresses: set[str], only: Sequence[str]) -> Plan:
    """Keep the steps that were selected, removed ones by their address too."""
    gone = chosen([step for step in whole.steps if not step.fingerprint], only)
    kept = addresses | {step.address for step in gone}
    return replace(whole, steps=tuple(step for step in whole.steps if step.address in kept))
