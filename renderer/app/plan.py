"""Use case: tasks and lockfile to a plan with its reasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from renderer.adapters.durable import Disk
from renderer.adapters.memo import Memo
from renderer.adapters.project import ProjectFiles
from renderer.adapters.store import Store
from renderer.app.because import Reasons
from renderer.app.follow import drafting, followed, recognised
from renderer.app.gather import expansion
from renderer.app.locks import LockFile
from renderer.app.recall import Recall
from renderer.app.snapshot import Snapshot
from renderer.catalog.model import Catalog
from renderer.catalog.money import total
from renderer.expand.selection import chosen, selected
from renderer.expand.task import Task
from renderer.lock.index import Index
from renderer.lock.model import Lock
from renderer.plan.decide import Provider, decide
from renderer.plan.model import Plan
from renderer.plan.promote import promoted
from renderer.plan.seed_kin import may_have_kin
from renderer.plan.stills import worded
from renderer.plan.upgrade import current, is_former

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

    @cached_property
    def lock(self) -> Lock:
        """The lockfile that the plan was made from, whole."""
        return current(self.lock_file.lock, self.everything, self.reasons.catalog)

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
    drafts = drafting(files, catalog, provider, expanded)
    tasks = followed(files, expanded, lambda: lock_file.lock, drafts)
    lock: Callable[[], Lock] = lambda: lock_file.lock  # noqa: E731 - read only if it is asked for
    if is_former(expanded, index.entries) or may_have_kin(tasks, index):
        tasks, known = recognised(files, catalog, expanded, lock_file.lock, drafts)
        index, lock = Index.of(known), lambda: known
    wanted = selected(tasks, only)
    whole = decide(tasks, index, Provider(name=provider, paid=provider != "local"), wanted)
    kept = whole if not only else _narrowed(whole, {task.address for task in wanted}, only, tasks)
    store = Store(files.root / STATE, Disk())
    reasons = Reasons(files=files, catalog=catalog, store=store, specs=made.specs)
    explained = reasons.explain(kept, tasks, index)
    return Planned(
        plan=promoted(
            worded(explained, tasks, lock),
            tasks,
            lock,
            drafts,
        ),
        tasks=wanted,
        everything=tasks,
        expanded=expanded,
        lock_file=lock_file,
        reasons=reasons,
    )


def recall_of(files: ProjectFiles) -> Recall:
    """Return what is known of a project's scenes from earlier plans."""
    return Recall(memo=Memo(files.root / STATE), root=files.root)


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
