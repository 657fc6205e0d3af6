"""Use case: tasks and lockfile to a plan with its reasons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from renderer.adapters.durable import Disk
from renderer.adapters.memo import Memo
from renderer.adapters.project import ProjectFiles
from renderer.adapters.state import STATE as STATE  # noqa: PLC0414 - handed on
from renderer.adapters.store import Store
from renderer.app.because import Reasons
from renderer.app.follow import drafting, followed, recognised
from renderer.app.gather import expansion
from renderer.app.locks import LockFile
from renderer.app.picked import picked_ends
from renderer.app.recall import Recall
from renderer.app.recording import known_here, with_recorded
from renderer.app.snapshot import Snapshot
from renderer.catalog.model import Catalog
from renderer.catalog.money import total
from renderer.errors import Problem
from renderer.expand.selection import chosen, selected
from renderer.expand.task import Task
from renderer.lock.index import Index
from renderer.lock.model import Lock
from renderer.plan.continuity import Ends
from renderer.plan.decide import Provider, decide
from renderer.plan.delivery import delivered
from renderer.plan.model import Plan
from renderer.plan.promote import Studio, promoted
from renderer.plan.seed_kin import may_have_kin
from renderer.plan.stills import worded
from renderer.plan.upgrade import current, is_former
from renderer.render.order import Recorded

JOURNAL = "journal.db"


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What plans are made from, read once: a run plans its later waves from the same.

    `expanded` are the tasks as the specs alone give them, without frames of other shots.
    """

    files: ProjectFiles
    catalog: Catalog
    provider: str
    only: tuple[str, ...]
    expanded: tuple[Task, ...]
    lock_file: LockFile
    drafts: Studio
    picked: Callable[[], Mapping[str, Ends]]
    reasons: Reasons
    warnings: tuple[Problem, ...] = ()

    @property
    def paid(self) -> bool:
        """Whether takes cost money."""
        return self.provider != "local"

    def known_here(self, plan: Plan) -> tuple[Recorded, ...]:
        """Return takes that the lockfile does not name, and that this clone has paid for."""
        lacking = {step.fingerprint for step in plan.steps if step.takes}
        if not self.paid or not lacking:
            return ()
        journal = self.files.root / STATE / JOURNAL
        mine = self.lock_file
        return known_here(journal, self.reasons.store, lacking, lambda: mine.lock.lineages)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan with what it was made from; `tasks` are those selected out of `everything`.

    `known` are takes that the lockfile does not name any more, and that are here all the same.
    """

    inputs: Inputs
    plan: Plan
    tasks: tuple[Task, ...]
    everything: tuple[Task, ...]
    known: tuple[Recorded, ...] = ()

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

    @cached_property
    def lock(self) -> Lock:
        """The lockfile that the plan was made from, whole."""
        return self.with_known(current(self.lock_file.lock, self.everything, self.inputs.catalog))

    @property
    def lock_digest(self) -> str:
        """The SHA-256 of its text."""
        return self.lock_file.digest

    def with_known(self, lock: Lock) -> Lock:
        """Return a lock with the takes that it does not name, and that are here."""
        if not self.known:
            return lock
        return with_recorded(lock, self.known, self.everything, self.inputs.catalog, paid=True)

    def after(self, lock: Lock) -> "Planned":
        """Return the plan for what a run left to be made; nothing is read again."""
        return _planned(self.inputs, Index.of(lock), lambda: lock, explained=False)


def plan(
    files: ProjectFiles,
    catalog: Catalog,
    provider: str,
    only: Sequence[str] = (),
    texts: Snapshot | None = None,
    memo: Memo | None = None,
) -> Planned:
    """Plan a project for a provider; raise InputError with all problems of specs or lockfile."""
    recall = recall_of(files, memo)
    made = expansion(files, catalog, recall, texts)
    expanded = made.sound()
    lock_file = LockFile.of(files.root, provider)
    index = lock_file.index(recall.memo)
    store = Store(files.root / STATE, Disk())
    inputs = Inputs(
        files=files,
        catalog=catalog,
        provider=provider,
        only=tuple(only),
        expanded=expanded,
        lock_file=lock_file,
        drafts=drafting(files, catalog, provider, expanded),
        picked=cache(partial(picked_ends, files)),
        reasons=Reasons(files=files, catalog=catalog, store=store, specs=made.specs),
        warnings=made.warnings,
    )
    return _with_known(_planned(inputs, index, lambda: lock_file.lock))


def _with_known(planned: Planned) -> Planned:
    """Plan again with what this clone has and the lockfile does not name: that is not bought.

    What comes back may settle the frames of other shots, which may be here, too.
    """
    while fresh := _unnamed(planned):
        known = (*planned.known, *fresh)
        lock = replace(planned, known=known).lock
        planned = replace(_planned(planned.inputs, Index.of(lock), lambda: lock), known=known)  # noqa: B023
    return planned


def _unnamed(planned: Planned) -> tuple[Recorded, ...]:
    before = {one.order.fingerprint for one in planned.known}
    found = planned.inputs.known_here(planned.plan)
    return tuple(one for one in found if one.order.fingerprint not in before)


def _planned(
    inputs: Inputs, index: Index, lock: Callable[[], Lock], *, explained: bool = True
) -> Planned:
    """Return a plan; one that nobody reads is not `explained`, so that no spec is read again."""
    expanded, only, drafts = inputs.expanded, inputs.only, inputs.drafts
    tasks = followed(expanded, lock, drafts, inputs.picked)
    if is_former(expanded, index.entries) or (explained and may_have_kin(tasks, index)):
        tasks, known = recognised(inputs.catalog, expanded, lock(), drafts, inputs.picked)
        index, lock = Index.of(known), lambda: known
    wanted = selected(tasks, only)
    whole = decide(tasks, index, Provider(name=inputs.provider, paid=inputs.paid), wanted)
    kept = whole if not only else _narrowed(whole, {task.address for task in wanted}, only, tasks)
    if explained:
        kept = worded(inputs.reasons.explain(kept, tasks, index), tasks, lock)
    return Planned(
        inputs=inputs,
        plan=delivered(promoted(kept, tasks, lock, drafts), tasks),
        tasks=wanted,
        everything=tasks,
    )


def recall_of(files: ProjectFiles, memo: Memo | None = None) -> Recall:
    """Return what is known of a project's scenes from earlier plans."""
    return Recall(memo=memo or Memo(files.root / STATE), root=files.root)


def _narrowed(
    whole: Plan, addresses: set[str], only: Sequence[str], tasks: Sequence[Task]
) -> Plan:
    """Keep the steps that were selected, removed ones by their address too."""
    gone = chosen([step for step in whole.steps if not step.fingerprint], only)
    kept = addresses | {step.address for step in gone}
    steps = tuple(step for step in whole.steps if step.address in kept)
    prices = {task.address: task.cost for task in tasks}
    listed = total(prices[step.address] * step.takes for step in steps if step.address in prices)
    return Plan(provider=whole.provider, steps=steps, list_price=listed)
