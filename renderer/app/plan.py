"""Use case: tasks and lockfile to a plan with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from renderer.adapters.durable import Disk
from renderer.adapters.memo import Memo
from renderer.adapters.project import ProjectFiles
from renderer.adapters.store import Store
from renderer.app.because import Reasons
from renderer.app.follow import drafting, followed
from renderer.app.gather import expansion
from renderer.app.locks import LockFile
from renderer.app.recall import Recall
from renderer.app.select import matches, selected
from renderer.app.snapshot import Snapshot
from renderer.catalog.model import Catalog
from renderer.catalog.money import total
from renderer.errors import Problem
from renderer.expand.task import Task
from renderer.lock.index import Index
from renderer.lock.model import Lock
from renderer.plan.decide import Provider, decide
from renderer.plan.model import Plan
from renderer.plan.promote import promoted
from renderer.plan.stills import worded
from renderer.plan.upgrade import upgraded

STATE = ".renderer"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan with what it was made from; `tasks` are those selected out of `everything`.

    `expanded` are the tasks as the specs alone give them, without frames of other shots.
    """

    plan: Plan
    tasks: tuple[Task, ...]
    everything: tuple[Task, ...]
    expanded: tuple[Task, ...]
    lock_file: LockFile
    reasons: Reasons
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def lock(self) -> Lock:
        """The lockfile that the plan was made from, whole."""
        return upgraded(self.lock_file.lock, self.everything)

    @property
    def lock_digest(self) -> str:
        """The SHA-256 of its text."""
        return self.lock_file.digest


def plan(
    files: ProjectFiles,
    catalog: Catalog,
    provider: str,
    only: Sequence[str] = (),
    texts: Snapshot | None = None,
) -> Planned:
    """Plan a project for a provider; raise InputError with all problems of specs or lockfile."""
    recall = recall_of(files)
    made = expansion(files, catalog, recall, texts)
    expanded = made.sound()
    lock_file = LockFile.of(files.root, provider)
    index = lock_file.index(recall.memo)
    if any(task.former for task in expanded):
        index = Index.of(upgraded(lock_file.lock, expanded))
    drafts = drafting(files, catalog, provider)
    tasks = followed(files, expanded, lambda: upgraded(lock_file.lock, expanded), drafts)
    chosen = selected(tasks, only)
    whole = decide(tasks, index, Provider(name=provider, paid=provider != "local"))
    kept = whole if not only else _narrowed(whole, {task.address for task in chosen}, only, tasks)
    store = Store(files.root / STATE, Disk())
    reasons = Reasons(files=files, catalog=catalog, store=store, specs=made.specs)
    explained = reasons.explain(kept, tasks, index)
    return Planned(
        plan=promoted(
            worded(explained, tasks, lambda: lock_file.lock),
            tasks,
            lambda: lock_file.lock,
            drafts,
        ),
        tasks=chosen,
        everything=tasks,
        expanded=expanded,
        lock_file=lock_file,
        reasons=reasons,
        warnings=made.warnings,
    )


def recall_of(files: ProjectFiles) -> Recall:
    """Return what is known of a project's scenes from earlier plans."""
    return Recall(memo=Memo(files.root / STATE), root=files.root)


def _narrowed(
    whole: Plan, addresses: set[str], only: Sequence[str], tasks: Sequence[Task]
) -> Plan:
    """Keep the steps that were selected, removed ones by their address too."""
    steps = tuple(
        step
        for step in whole.steps
        if step.address in addresses
        or (step.moved_from and step.address in addresses)
        or (not step.fingerprint and any(matches(step.address, one) for one in only))
    )
    prices = {task.address: task.cost for task in tasks}
    listed = total(prices[step.address] * step.takes for step in steps if step.address in prices)
    return Plan(provider=whole.provider, steps=steps, list_price=listed)
