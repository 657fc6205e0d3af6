"""Use case: tasks and lockfile to a plan with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from renderer.adapters.durable import Disk
from renderer.adapters.memo import Memo
from renderer.adapters.project import ProjectFiles
from renderer.adapters.store import Store
from renderer.app.because import Reasons
from renderer.app.gather import expansion
from renderer.app.locks import LockFile
from renderer.app.recall import Recall
from renderer.app.select import matches, selected
from renderer.catalog.model import Catalog
from renderer.catalog.money import total
from renderer.expand.task import Task
from renderer.lock.model import Lock
from renderer.plan.decide import Provider, decide
from renderer.plan.model import Plan
from renderer.plan.upgrade import upgraded

STATE = ".renderer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan with what it was made from; `tasks` are those selected out of `everything`."""

    plan: Plan
    tasks: tuple[Task, ...]
    everything: tuple[Task, ...]
    lock: Lock
    lock_digest: str
    reasons: Reasons


def plan(
    files: ProjectFiles,
    catalog: Catalog,
    provider: str,
    only: Sequence[str] = (),
) -> Planned:
    """Plan a project for a provider; raise InputError with all problems of specs or lockfile."""
    made = expansion(files, catalog, recall_of(files))
    tasks = made.sound()
    lock_file = LockFile.of(files.root, provider)
    lock = upgraded(lock_file.read(), tasks)
    chosen = selected(tasks, only)
    whole = decide(tasks, lock, Provider(name=provider, paid=provider != "local"))
    kept = whole if not only else _narrowed(whole, {task.address for task in chosen}, only, tasks)
    store = Store(files.root / STATE, Disk())
    reasons = Reasons(files=files, catalog=catalog, store=store, specs=made.specs)
    return Planned(
        plan=reasons.explain(kept, tasks, lock),
        tasks=chosen,
        everything=tasks,
        lock=lock,
        lock_digest=lock_file.digest,
        reasons=reasons,
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
