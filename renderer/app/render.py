"""Use case: make the plan true, record every take, and lay the files out for people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from renderer.adapters.chance import new_lineage
from renderer.adapters.durable import Disk
from renderer.adapters.journal_view import OpenTask, open_tasks
from renderer.adapters.project import ProjectFiles
from renderer.adapters.store import Store
from renderer.app.delivery import Addressed
from renderer.app.life.ports import Interrupt, Terms
from renderer.app.life.run import run
from renderer.app.locks import LockFile
from renderer.app.orders import QUICK, intent, orders
from renderer.app.plan import STATE, Planned, plan
from renderer.app.shelf import Shelf
from renderer.app.studio import JOURNAL, Studio
from renderer.catalog.model import Catalog
from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock, Take, with_take
from renderer.plan.apply import recorded, settled
from renderer.plan.upgrade import upgraded
from renderer.render.order import Order, Recorded
from renderer.render.outcome import Notice, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked for: `only` some tasks, for at most `limit` USD."""

    only: tuple[str, ...] = ()
    limit: Decimal | None = None
    again: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Job:
    """One run over a project: the plan it follows and the lockfile it writes."""

    files: ProjectFiles
    catalog: Catalog
    planned: Planned
    lock_file: LockFile
    lock: Lock
    before: Lock
    disk: Disk

    @classmethod
    def of(cls, files: ProjectFiles, catalog: Catalog, provider: str, wanted: Wanted) -> "Job":
        """Plan a project and read its lockfile; nothing is written."""
        planned = plan(files, catalog, provider, wanted.only)
        lock_file = LockFile.of(files.root, provider)
        before = lock_file.read()
        return cls(
            files=files,
            catalog=catalog,
            planned=planned,
            lock_file=lock_file,
            lock=upgraded(before, planned.everything),
            before=before,
            disk=Disk(),
        )

    @property
    def store(self) -> Store:
        """Where takes lie by their content."""
        return Store(self.root / STATE, self.disk)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.files.root

    @property
    def orders(self) -> tuple[Order, ...]:
        """What has to be asked of the provider."""
        return orders(self.planned.plan, self.planned.tasks, self.lock, self.catalog)

    @property
    def open(self) -> tuple[OpenTask, ...]:
        """The tasks of earlier runs that wait to be settled."""
        local = self.planned.plan.provider == "local"
        return () if local else open_tasks(self.root / STATE / JOURNAL)

    @property
    def open_tasks(self) -> int:
        """How many tasks of earlier runs wait to be settled."""
        return len(self.open)

    def settle(self) -> bool:
        """Do all that costs nothing: moves, returns, files for people; tell if any was done."""
        after = settled(self.lock, self.planned.plan, self.planned.everything)
        changed = after != self.before
        if changed:
            self.lock = after
            self.lock_file.write(after, self.disk)
        return bool(self.lay_out()) or changed

    def lay_out(self) -> int:
        """Put the files for people in place; return how many changed."""
        shelf = Shelf(root=self.root, store=self.store, disk=self.disk)
        return shelf.lay_out(self.planned.everything, self.lock)

    def record(self, finished: Sequence[Recorded]) -> None:
        """Write takes into the lockfile, under every task that shows this picture."""
        by_picture: dict[str, list[Task]] = {}
        for task in self.planned.everything:
            by_picture.setdefault(task.fingerprint, []).append(task)
        for one in finished:
            take = _take(one, paid=self.planned.plan.provider != "local")
            for task in by_picture.get(one.order.fingerprint, []):
                self.lock = recorded(self.lock, task, take)
            if one.order.fingerprint not in by_picture:
                self.lock = _orphaned(self.lock, one.order, take)
        self.lock_file.write(self.lock, self.disk)


async def render(
    job: Job,
    studio: Studio,
    wanted: Wanted,
    observe: Callable[[Notice], None],
    interrupt: Interrupt,
) -> Outcome:
    """Carry out the orders of a job; the caller holds the project's mutex."""
    job.lock = job.lock_file.started(job.lock, new_lineage)
    if job.orders or job.open_tasks:
        job.lock_file.write(job.lock, job.disk)
    job.store.prepare()
    wants = {order.address for order in job.orders}
    job.planned.reasons.keep([task for task in job.planned.tasks if task.address in wants])
    terms = Terms(
        lineage=job.lock.lineage,
        intent=intent(job.planned.tasks),
        limit=wanted.limit,
        again=wanted.again,
    )
    wishes = job.orders
    if studio.quick:
        wishes = tuple(replace(order, seconds=QUICK) for order in wishes)
    async with studio.ports(job.lock.lineage, job.record, observe) as ports:
        images = Addressed(ports.images, job.planned.everything)
        outcome = await run(wishes, replace(ports, images=images), terms, interrupt)
    job.lay_out()
    return outcome


def _take(one: Recorded, *, paid: bool) -> Take:
    made = one.take
    return Take(
        number=made.number,
        fingerprint=one.order.fingerprint,
        sha256=made.sha256,
        size=made.size,
        format=made.format,
        seed=made.seed,
        cost=made.cost if paid else None,
        estimate=made.estimate if paid else None,
        task_uuid=made.task_uuid,
        video_uuid=made.video_uuid,
        draft_id=made.draft_id,
    )


def _orphaned(lock: Lock, order: Order, take: Take) -> Lock:
    """Keep a take that was paid for before the specs changed: retired, until it is wanted."""
    entry = lock.entries.get(order.address)
    picture = entry or Entry(fingerprint=order.fingerprint, retired=True)
    after = with_take(lock, order.address, picture, take)
    kept = replace(after.entries[order.address], retired=picture.retired)
    return replace(after, entries={**after.entries, order.address: kept})
