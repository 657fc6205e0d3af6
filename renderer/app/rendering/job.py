"""One run over a project: the plan it follows, what it asks for, and the lockfile it writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path

from renderer.adapters.chance import new_lineage
from renderer.adapters.disk.store import Store
from renderer.adapters.journal.queries import OpenTask, lineages, open_tasks
from renderer.adapters.media.image_bytes import not_pulled_yet
from renderer.app.planning.plan import Planned, Wishes, proposed
from renderer.app.planning.recorded_takes import with_recorded
from renderer.app.project.lockfile import LockFile
from renderer.app.rendering.exported_files import ExportedFiles
from renderer.app.workspace import Workspace
from renderer.errors import InputError, Problem
from renderer.expand.frame_links import SOURCE
from renderer.lock.model import Lock
from renderer.plan.apply import settled
from renderer.plan.upgrade import current
from renderer.providers import LOCAL, PROVIDERS, RUNWARE, option
from renderer.render.budget import dearer
from renderer.render.lockfile_limit import check_room
from renderer.render.order import Order, Recorded
from renderer.render.orders import anew, orders
from renderer.render.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What a person asked for: `only` some tasks, for at most `limit` USD."""

    only: tuple[str, ...] = ()
    deliverable: str = ""
    limit: Decimal | None = None
    again: frozenset[str] = frozenset()
    all_finals: bool = False
    anew: tuple[str, ...] = ()  # takes whose files are nowhere, to be bought once more


@dataclass(kw_only=True)
class Job:
    """One run over a project: the plan it follows and the lockfile it writes."""

    workspace: Workspace
    planned: Planned
    lock_file: LockFile
    lock: Lock
    before: Lock
    again: frozenset[str] = frozenset()  # unknown tasks that a person gives up
    agreed: Mapping[str, Order] | None = None  # by address: what a later wave may ask for
    drawn: tuple[Recorded, ...] = ()  # animatics of this run, which the lockfile does not get

    @classmethod
    def of(cls, workspace: Workspace, wanted: RenderOptions) -> "Job":
        """Plan a project and read its lockfile; nothing is written but the cache."""
        wishes = Wishes(
            only=wanted.only,
            deliverable=wanted.deliverable,
            all_finals=wanted.all_finals,
            again=wanted.anew,
        )
        planned = proposed(workspace, wishes)
        lock_file = LockFile.of(workspace.root, workspace.provider)
        before = lock_file.read()
        return cls(
            workspace=workspace,
            planned=planned,
            lock_file=lock_file,
            lock=planned.with_known(current(before, planned.everything, workspace.catalog)),
            before=before,
            again=wanted.again,
        )

    @property
    def store(self) -> Store:
        """Where takes lie by their content."""
        return self.workspace.store

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """What has to be asked of the provider."""
        return tuple(self._agreed(self._orders(waiting=False)))

    @cached_property
    def later(self) -> tuple[Order, ...]:
        """What will be asked for once the shots that it waits for are made."""
        return tuple(self._agreed(self._orders(waiting=True)))

    def _orders(self, *, waiting: bool) -> tuple[Order, ...]:
        plan, tasks, again = self.planned.plan, self.planned.tasks, self.planned.again
        if again:
            return () if waiting else anew(plan, tasks, self.lock, self.workspace.catalog, again)
        return orders(plan, tasks, self._with_drawn(), self.workspace.catalog, waiting=waiting)

    def _with_drawn(self) -> Lock:
        """Return the lock with the animatics of this run: what depends on them follows them."""
        if not self.drawn:
            return self.lock
        tasks, catalog = self.planned.everything, self.workspace.catalog
        return with_recorded(self.lock, self.drawn, tasks, catalog, paid=False)

    def _agreed(self, found: Iterable[Order]) -> Iterator[Order]:
        """Yield what was agreed to: a later wave asks for no more, and for nothing dearer."""
        left = dict(self.agreed or {})
        for order in found:
            before = left.get(order.address) if self.agreed is not None else order
            if before is not None and not dearer(order, before):
                left[order.address] = replace(before, count=before.count - order.count)
                yield order

    def check(self) -> None:
        """Raise RefusedError for what waits in vain, InputError for images that are not here.

        RefusedError, too, for a lockfile that is full.
        """
        self.planned.allowed()
        missing = [
            _not_here(*pair, option(self.workspace.provider))
            for pair in dict(self._missing()).items()
        ]
        sources = {path for order in (*self.orders, *self.later) for path in order.files.values()}
        problems = [*missing, *not_pulled_yet(self.workspace.files, sorted(sources))]
        if problems:
            raise InputError(problems)
        orders, tasks = (*self.orders, *self.later), self.planned.everything
        check_room(self.lock, orders, tasks, self.lock_file.path.name)

    def _missing(self) -> Iterator[tuple[str, str]]:
        for order in self.orders:
            for source in order.files.values():
                take = source.removeprefix(SOURCE).partition(":")[0]
                if source.startswith(SOURCE) and not self.store.path(take).is_file():
                    yield order.address, take

    def following(self, outcome: Outcome) -> "Job | None":
        """Return the job of what waited for this one; None if nothing did, or the run is over.

        It is made from the specs and picks that were agreed to: what was edited since is for the
        next run.
        """
        if not self.later or outcome.interrupted or outcome.stopped:
            return None
        agreed: dict[str, Order] = {}
        for order in self.later:
            before = agreed.get(order.address)
            count = order.count + (before.count if before else 0)
            agreed[order.address] = replace(order, count=count)
        planned = self.planned.after(self.lock)
        job = replace(self, planned=planned, agreed=agreed, before=self.lock)
        job.settle()
        if not job.drawn:
            return job
        return replace(job, planned=self.planned.after(self._with_drawn()))

    @property
    def open(self) -> tuple[OpenTask, ...]:
        """The tasks of earlier runs that wait to be settled, where this run's requests go."""
        return open_tasks(self.journal, self.workspace.endpoint) if self.paid else ()

    @property
    def journal(self) -> Path:
        """Where the journal of this clone is, or will be."""
        return self.workspace.journal

    def begin(self) -> None:
        """Give the lock a lineage, of which all new ids are; nothing is written."""
        known = partial(lineages, self.journal)
        self.lock = self.lock_file.started(self.lock, known, new_lineage)

    def note_lineages(self) -> None:
        """Let the journal know which lineages were joined to its own: it serves each of them."""
        names = self.lock.lineages
        known = set(lineages(self.journal)) if self.paid and len(names) > 1 else set()
        if known & {*names} and {*names} - known:
            self.workspace.join_journal(names)

    def start(self) -> None:
        """Do what costs nothing, and write the lock before anything is sent.

        From its lineage every id is found again, should this machine not come back.
        """
        self.settle()
        if self.orders or self.open:
            self.lock_file.write(self.lock, self.workspace.disk)

    def settle(self) -> bool:
        """Do all that costs nothing: moves, returns, files for people; return whether any was done."""
        if self.planned.known:
            self.begin()
        after = self._settled()
        changed = after.entries != self.before.entries
        if changed:
            self.lock = after
            self.lock_file.write(after, self.workspace.disk)
        return bool(self.lay_out()) or changed

    def _settled(self) -> Lock:
        if self.drawn:  # done by `following`, before there were takes that are not in this lock
            return self.lock
        return settled(self.lock, self.planned.plan, self.planned.everything)

    def lay_out(self) -> int:
        """Put the files for people in place; return how many changed."""
        shelf = ExportedFiles.of(self.workspace)
        kept = frozenset if self.paid else partial(_paid_bytes, self.workspace.root)
        return shelf.lay_out(self.planned.everything, self.lock, kept)

    @property
    def unplaced(self) -> int:
        """How many takes of the plan's tasks are not in `renders/`."""
        shelf = ExportedFiles.of(self.workspace)
        return shelf.missing(self.planned.tasks, self.lock)

    @property
    def paid(self) -> bool:
        """Whether the takes of this job cost money."""
        return PROVIDERS[self.planned.plan.provider].paid

    def record(self, finished: Sequence[Recorded]) -> None:
        """Write takes into the lockfile, under every task that shows this picture.

        What an embedded engine made is an animatic, whatever it was asked through: it goes into
        the lockfile of the embedded engine.
        """
        apart = [one for one in finished if one.take.engine and self.paid]
        paid = [one for one in finished if not (one.take.engine and self.paid)]
        tasks = self.planned.everything
        self.lock = with_recorded(self.lock, paid, tasks, self.workspace.catalog, paid=self.paid)
        self.lock_file.write(self.lock, self.workspace.disk)
        if apart:
            self.drawn = (*self.drawn, *apart)
            self.animatics.record_new(apart)

    def record_new(self, finished: Sequence[Recorded]) -> None:
        """Write takes whose bytes the lockfile does not have yet for their picture."""
        had = {(take.fingerprint, take.sha256) for _, take in self.lock.takes()}
        self.record([o for o in finished if (o.order.fingerprint, o.take.sha256) not in had])

    @cached_property
    def animatics(self) -> "Job":
        """The same job for the embedded engine: where its takes are recorded and laid out."""
        lock_file = LockFile.of(self.workspace.root, LOCAL.name)
        lock = current(lock_file.read(), self.planned.everything, self.workspace.catalog)
        planned = self.planned.through(LOCAL.name)
        return replace(self, planned=planned, lock_file=lock_file, lock=lock, before=lock)


def _paid_bytes(root: Path) -> frozenset[str]:
    """Return the bytes of all paid takes: their files are not replaced by animatics."""
    lock = LockFile.of(root, RUNWARE.name).read()
    return frozenset(take.sha256 for _, take in lock.takes())


def _not_here(address: str, take: str, flag: str) -> Problem:
    return Problem(
        what=f"{address} depends on a take whose video is not in the store: {take[:16]}…",
        todo=f"copy it here from where it was made; `renderer verify{flag}` lists what is missing",
    )
