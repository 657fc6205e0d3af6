"""Use case: apply the plan: bring back what is missing, collect what was bought, agree, render."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Protocol

from renderer.adapters.disk.mutex import BusyError
from renderer.app.rendering.agreement import (
    Consent,
    check_same,
    is_more,
    refuse_new_generations,
)
from renderer.app.rendering.blocking import finish
from renderer.app.rendering.fetch_missing import Fetched, home
from renderer.app.rendering.given_up import given_up
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.loop.ports import Interrupt
from renderer.app.rendering.render import collect, render
from renderer.app.rendering.sessions import Observe, ProviderSession
from renderer.app.rendering.spend_check import NOTHING, Spending, spending_of
from renderer.app.workspace import Workspace
from renderer.errors import InputError, LockfileError, Problem, RefusedError
from renderer.json_types import JsonObject
from renderer.lock.takes import Named
from renderer.render.outcome import Outcome


class RenderReport(Protocol):
    """Hears of each part of a run."""

    def warn(self, problems: Sequence[Problem]) -> None:
        """Say what is odd about the specs."""

    def planned(self, job: Job) -> None:
        """Be called before anything is made."""

    def fetched(self, found: Sequence[Fetched]) -> None:
        """Say what became of takes that were not here."""

    def follow(self, total: int) -> AbstractContextManager[Observe]:
        """Return what is called for each step of each take."""

    def collected(self, outcome: Outcome, job: Job) -> None:
        """Say what an earlier run had bought, where this one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """How applying a plan ended; with `nothing` there was nothing to make, only to tidy."""

    job: Job
    outcome: Outcome
    nothing: bool = False
    tidied: bool = False


@dataclass(kw_only=True)
class Apply:
    """One application of a plan: what was asked for, and how far it is agreed to.

    `saved` is a plan that is applied exactly, or refused. `timeout` is how many seconds another
    renderer of the project is waited for.
    """

    workspace: Workspace
    wanted: RenderOptions
    open_session: Callable[[Workspace], ProviderSession]
    report: RenderReport
    consent: Consent
    saved: JsonObject | None = None
    timeout: float = 0.0

    @cached_property
    def provider_session(self) -> ProviderSession:
        """Where takes are made; a paid one needs its key."""
        return self.open_session(self.workspace)

    def planned(self) -> Job:
        """Plan what is to be rendered."""
        return Job.of(self.workspace, self.wanted)

    def check(self, job: Job) -> None:
        """Raise RefusedError if it is not what was saved, InputError if it cannot be made."""
        if self.saved is not None:
            check_same(self.saved, job)
        job.check()

    def run(self, job: Job) -> Applied:
        """Collect what earlier runs bought, whatever else is refused; then make the rest."""
        try:
            job = self._fetched(job)
            self.check(job)
            if not job.orders and not job.open:
                self.workspace.cache.release()
                return self._nothing_to_make(job)
            _ = self.provider_session  # without a key nothing else is worth an answer
            job, before = self._before_asking(job)
            self.check(job)
            agreed = spending_of(job) if job.paid else NOTHING
            self._agree(job)
            return self._rendered(job, agreed, before)
        except BusyError:
            raise  # another renderer collects
        except (RefusedError, InputError, LockfileError):
            if job.open:
                with self._mutex():
                    self.report.collected(self._run(self.planned(), collect), job)
            raise

    def returned(self) -> Applied | None:
        """Bring takes home that are named to be bought anew, for nothing; None if some are nowhere.

        Those are left in what is wanted.
        """
        wanted, names = self.wanted, self.wanted.anew
        self.wanted = replace(wanted, anew=())
        with self._mutex():
            job = self.planned()
            found = self._home(job, given_up(job, names))
        here = {one.named.name for one in found if one.found}
        left = tuple(name for name in names if name not in here)
        self.wanted = replace(wanted, anew=left)
        if left:
            return None
        self.wanted = replace(
            wanted, anew=(), only=tuple(name.rpartition("#")[0] for name in here)
        )
        job = self.planned()
        return Applied(job=job, outcome=Outcome(), nothing=True, tidied=bool(job.lay_out()))

    def check_given_up(self) -> None:
        """Raise unless each take that is named may be bought anew; nothing is looked for."""
        given_up(Job.of(self.workspace, replace(self.wanted, anew=())), self.wanted.anew)

    def _fetched(self, job: Job) -> Job:
        """Bring takes back that are missing here, free; return the job as it is then."""
        if not job.planned.missing:
            return job
        job.planned.allowed()
        if self.saved is not None:
            check_same(self.saved, job)
        with self._mutex():
            self._home(job, job.planned.missing)
        return self.planned()

    def _home(self, job: Job, missing: Sequence[Named]) -> tuple[Fetched, ...]:
        return bring_home(job, lambda: self.provider_session, missing, self.report.fetched)

    def _rendered(self, agreed: Job, spending: Spending, before: Outcome) -> Applied:
        """Render what was agreed to; what is more by now has to be agreed to again."""
        with self._mutex():
            job = self.planned()
            self.check(job)
            if is_more(
                job, agreed, spending
            ):  # somebody was asked, or waited for, and something changed
                self._agree(job)
            self.workspace.cache.release()
            self.report.planned(job)
            outcome = before.then(self._run(job, render))
        return Applied(job=agreed, outcome=outcome)

    def _nothing_to_make(self, job: Job) -> Applied:
        job.note_lineages()
        tidied = job.settle()
        outcome = Outcome(unplaced=job.unplaced, choices=job.planned.plan.choices)
        return Applied(job=job, outcome=outcome, nothing=True, tidied=tidied)

    def _before_asking(self, job: Job) -> tuple[Job, Outcome]:
        """Collect what is ready before a person is asked, who may take a while to answer."""
        if not job.open or self.saved is not None or self.consent.unasked:
            return job, Outcome()
        with self._mutex():
            outcome = self._run(self.planned(), partial(collect, brief=True))
        return self.planned(), outcome

    def _agree(self, job: Job) -> None:
        self.report.warn(job.planned.warnings)
        if not self.consent.to_new_generations:
            refuse_new_generations(job)
        if job.paid:
            self.consent.agree(job)

    def _run(self, job: Job, use: "_Use") -> Outcome:
        with self.report.follow(job.planned.plan.takes) as observe:
            return finish(
                lambda interrupt: use(job, self.provider_session, self.wanted, observe, interrupt)
            )

    def _mutex(self) -> AbstractContextManager[None]:
        return self.workspace.mutex("render", self.timeout)


def bring_home(
    job: Job,
    opened: Callable[[], ProviderSession],
    missing: Sequence[Named],
    report: Callable[[Sequence[Fetched]], None],
) -> tuple[Fetched, ...]:
    """Fetch takes that are missing here, free, and report what became of each."""
    if not missing:
        return ()
    found = finish(lambda _: home(job, opened, missing))
    report(found)
    return found


class _Use(Protocol):
    """`render`, or `collect`."""

    async def __call__(
        self,
        job: Job,
        session: ProviderSession,
        wanted: RenderOptions,
        observe: Observe,
        interrupt: Interrupt,
    ) -> Outcome:
        """Return how it ended."""
