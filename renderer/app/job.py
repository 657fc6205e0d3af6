"""One run over a project: the plan it follows, what it asks for, and the lockfile it writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from renderer.adapters.chance import new_lineage
from renderer.adapters.durable import Disk
from renderer.adapters.journal import Journal
from renderer.adapters.journal_view import OpenTask, lineages, open_tasks
from renderer.adapters.memo import Memo
from renderer.adapters.project import ProjectFiles
from renderer.adapters.store import Store
from renderer.app.locks import LockFile
from renderer.app.orders import orders
from renderer.app.plan import STATE, Planned, plan
from renderer.app.room import check_room
from renderer.app.shelf import Shelf
from renderer.app.studio import JOURNAL
from renderer.catalog.model import Catalog
from renderer.errors import InputError, Problem, RefusedError
from renderer.expand.linked import SOURCE, shot_of
from renderer.expand.task import Task
from renderer.expand.values import get
from renderer.lock.model import Entry, Lock, Take, with_take
from renderer.lock.text import as_id, as_money
from renderer.plan.apply import recorded, settled
from renderer.plan.model import Step
from renderer.plan.upgrade import upgraded
from renderer.render.order import Order, Recorded
from renderer.render.outcome import Outcome


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
    among: frozenset[str] | None = None  # addresses, of a run that goes on from another one

    @classmethod
    def of(
        cls,
        files: ProjectFiles,
        catalog: Catalog,
        provider: str,
        wanted: Wanted,
        memo: Memo | None = None,
    ) -> "Job":
        """Plan a project and read its lockfile; nothing is written but the memo."""
        planned = plan(files, catalog, provider, wanted.only, memo=memo)
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
        found = orders(self.planned.plan, self.planned.tasks, self.lock, self.catalog)
        return tuple(one for one in found if self.among is None or one.address in self.among)

    @property
    def later(self) -> tuple[Order, ...]:
        """What will be asked for once the shots that it waits for are made."""
        plan, tasks = self.planned.plan, self.planned.tasks
        found = orders(plan, tasks, self.lock, self.catalog, waiting=True)
        return tuple(one for one in found if self.among is None or one.address in self.among)

    def check(self) -> None:
        """Raise RefusedError for what waits in vain, InputError for frames that are not here."""
        made = {shot_of(task) for task in self.planned.tasks}
        waiting = [step for step in self.planned.plan.steps if set(step.waits) - made]
        if waiting:
            raise RefusedError(_in_vain(step, set(step.waits) - made) for step in waiting)
        missing = dict(self._missing())
        if missing:
            raise InputError(_not_here(*pair) for pair in missing.items())
        orders, tasks = (*self.orders, *self.later), self.planned.everything
        check_room(self.lock, orders, tasks, self.lock_file.path.name)

    def _missing(self) -> Iterator[tuple[str, str]]:
        for order in self.orders:
            for source in order.files.values():
                take = source.removeprefix(SOURCE).partition(":")[0]
                if source.startswith(SOURCE) and not self.store.path(take).is_file():
                    yield order.address, take

    def following(self, outcome: Outcome, wanted: Wanted) -> "Job | None":
        """Return the job of what waited for this one and waits no more; None if there is none."""
        waited = frozenset(order.address for order in self.later)
        if not waited or outcome.interrupted or outcome.stopped:
            return None
        provider = self.planned.plan.provider
        job = replace(Job.of(self.files, self.catalog, provider, wanted), among=waited)
        job.settle()
        return job if job.orders else None

    @property
    def open(self) -> tuple[OpenTask, ...]:
        """The tasks of earlier runs that wait to be settled."""
        local = self.planned.plan.provider == "local"
        return () if local else open_tasks(self.journal)

    @property
    def open_tasks(self) -> int:
        """How many tasks of earlier runs wait to be settled."""
        return len(self.open)

    @property
    def journal(self) -> Path:
        """Where the journal of this clone is, or will be."""
        return self.root / STATE / JOURNAL

    def begin(self) -> None:
        """Give the lock a lineage, of which all new ids are; nothing is written."""
        known = partial(lineages, self.journal)
        self.lock = self.lock_file.started(self.lock, known, new_lineage)

    def note_lineages(self) -> None:
        """Let the journal know which lineages were joined to its own: it serves each of them."""
        names = self.lock.lineages
        known = set(lineages(self.journal)) if self._paid and len(names) > 1 else set()
        if known & {*names} and {*names} - known:
            Journal(self.journal, names[0], joined=names[1:]).close()

    def keep_lineage(self) -> None:
        """Write the lock before anything is sent: from its lineage every id is found again."""
        if self.orders or self.open_tasks:
            self.lock_file.write(self.lock, self.disk)

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

    @property
    def _paid(self) -> bool:
        return self.planned.plan.provider != "local"

    def _draft(self, order: Order) -> str:
        """Return the bytes of the draft that an order makes a final of, empty if of none."""
        rule = self.catalog.get(str(order.request["model"])).draft
        entry = self.lock.entries.get(order.address)
        wanted = get(order.request, rule.id_path) if rule else None
        takes = entry.takes if entry and wanted else ()
        return next((take.sha256 for take in takes if take.draft_id == wanted), "")

    def record(self, finished: Sequence[Recorded]) -> None:
        """Write takes into the lockfile, under every task that shows this picture."""
        by_picture: dict[str, list[Task]] = {}
        for task in self.planned.everything:
            by_picture.setdefault(task.fingerprint, []).append(task)
        for one in finished:
            take = _take(one, self._draft(one.order), paid=self._paid)
            for task in by_picture.get(one.order.fingerprint, []):
                self.lock = recorded(self.lock, task, take)
            if one.order.fingerprint not in by_picture:
                self.lock = _orphaned(self.lock, one.order, take)
        self.lock_file.write(self.lock, self.disk)


def _in_vain(step: Step, shots: set[str]) -> Problem:
    names = ", ".join(sorted(shots))
    return Problem(
        what=f"{step.address} goes on from {names}, which is not made and not chosen",
        todo=" ".join(["add", *(f"--only {name}" for name in sorted(shots))]),
    )


def _not_here(address: str, take: str) -> Problem:
    return Problem(
        what=f"{address} goes on from a take whose video is not in the store: {take[:16]}…",
        todo="bring it here from where it was made; `renderer verify` lists what is missing",
    )


def _take(one: Recorded, draft: str, *, paid: bool) -> Take:
    made = one.take
    return Take(
        number=made.number,
        fingerprint=one.order.fingerprint,
        sha256=made.sha256,
        size=made.size,
        format=made.format,
        seed=made.seed,
        cost=as_money(made.cost) if paid else None,
        estimate=as_money(made.estimate) if paid else None,
        task_uuid=made.task_uuid,
        video_uuid=as_id(made.video_uuid),
        draft_id=made.draft_id if as_id(made.draft_id) == made.draft_id else "",
        draft=draft,
    )


def _orphaned(lock: Lock, order: Order, take: Take) -> Lock:
    """Keep a take that was paid for before the specs changed: retired, until it is wanted."""
    entry = lock.entries.get(order.address)
    picture = entry or Entry(fingerprint=order.fingerprint, retired=True)
    after = with_take(lock, order.address, picture, take)
    kept = replace(after.entries[order.address], retired=picture.retired)
    return replace(after, entries={**after.entries, order.address: kept})
