"""`renderer render`: apply the plan."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

import click

from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.mutex import BusyError
from renderer.app.planning.saved_plan import read_plan
from renderer.app.rendering.given_up import given_up
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.loop.ports import Interrupt
from renderer.app.rendering.provider_sessions import ProviderSession
from renderer.app.rendering.render import collect, render
from renderer.app.rendering.spend_check import Spending, check, check_resubmit, spending
from renderer.cli.dry_run import judged
from renderer.cli.fetching import bring_home
from renderer.cli.options import apart, events_option, only_option, provider_option
from renderer.cli.output import width, write_lines
from renderer.cli.report import Report, TextReport
from renderer.cli.wiring import Session
from renderer.errors import InputError, Problem, RefusedError
from renderer.expand.delivery import Sent
from renderer.json_types import JsonObject
from renderer.plan.former_names import plan_readdressed
from renderer.plan.output.saved_plan import all_finals as saved_all_finals
from renderer.plan.output.saved_plan import asked, moved
from renderer.plan.output.text import dollars, draft_words, lines
from renderer.providers import PROVIDERS
from renderer.render.outcome import Notice, Outcome
from renderer.sanitize import one_line

_MOST = Decimal(1_000_000)  # USD


class Dollars(click.ParamType[Decimal]):
    """An amount of US dollars, not negative."""

    name = "USD"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Read an amount such as 5 or 0.42."""
        try:
            amount = Decimal(str(value).removeprefix("$"))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount <= _MOST:
            self.fail(f"{value!r} is not an amount in dollars, such as 5 or 0.42", param, ctx)
        return amount


@click.command("render")
@provider_option
@only_option
@click.option("--max-cost", type=Dollars(), help="The most that this may cost, in USD.")
@click.option(
    "--yes", is_flag=True, help="Spend without asking; needs --max-cost when not interactive."
)
@click.option(
    "--dry-run", is_flag=True, help="Let the provider check and price the requests; buy nothing."
)
@click.option(
    "--lock-timeout",
    type=click.FloatRange(0, 86400),
    default=0.0,
    metavar="SECONDS",
    help="Seconds to wait for another renderer of this project.",
)
@click.option(
    "--plan", "saved", type=click.Path(path_type=Path), help="Apply a plan saved by `plan --out`."
)
@click.option(
    "--resubmit", multiple=True, metavar="ID", help="Abandon an unknown task and submit it again."
)
@click.option(
    "--again", multiple=True, metavar="ADDRESS#N", help="Buy a take again whose file is lost."
)
@click.option("--all-finals", is_flag=True, help="Make finals of all drafts, picked or not.")
@events_option
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    session: Session,
    provider: str | None,
    only: tuple[str, ...],
    max_cost: Decimal | None,
    *,
    yes: bool,
    resubmit: tuple[str, ...],
    again: tuple[str, ...],
    saved: Path | None,
    lock_timeout: float,
    dry_run: bool,
    all_finals: bool,
    form: str,
) -> int:
    """Render what the plan says, and nothing else: finished takes are recorded one by one."""
    apart("--dry-run", "--resubmit", dry_run, resubmit)
    kept = read_plan(saved) if saved else None
    if kept is not None:
        provider, only = _asked(kept, provider, only)
        all_finals = all_finals or saved_all_finals(kept)
    chosen = session.provider(provider)
    wanted = RenderOptions(
        only=only,
        limit=max_cost,
        again=frozenset(resubmit),
        all_finals=all_finals,
        anew=again,
    )
    render_ = _Render(
        session=session,
        provider=chosen,
        wanted=wanted,
        saved=kept,
        yes=yes,
        report=_report(form),
    )
    if again and (here := render_.returned(lock_timeout, dry_run=dry_run)):
        return render_.report.nothing(Outcome(), here, tidied=bool(here.lay_out()))
    job = render_.planned()
    if dry_run:
        render_.check(job)
        return judged(job, session.provider_session(chosen), max_cost, render_.report)
    check_resubmit(job, wanted.again)
    return render_.run(job, lock_timeout)


def _report(form: str) -> Report:
    if form == "json":
        from renderer.cli.events import EventReport

        return EventReport()
    return TextReport()


@dataclass(kw_only=True)
class _Render:
    """One call of `render`: what was asked for, and how far it is agreed to."""

    session: Session
    provider: str
    wanted: RenderOptions
    saved: JsonObject | None
    yes: bool
    report: Report
    cache: Cache = field(init=False)

    def __post_init__(self) -> None:
        self.cache = self.session.held_cache()  # a render that is refused leaves no file behind

    def planned(self) -> Job:
        """Plan what is to be rendered."""
        session = self.session
        return Job.of(
            session.files,
            session.catalog,
            self.provider,
            self.wanted,
            self.cache,
            session.endpoint if PROVIDERS[self.provider].journaled else "",
        )

    def check(self, job: Job) -> None:
        """Raise RefusedError if it is not what was saved, InputError if it cannot be made."""
        if self.saved is not None:
            _same(self.saved, job)
        job.check()

    def fetched(self, job: Job, timeout: float) -> Job:
        """Bring takes back that are missing here, free; return the job as it is then."""
        if not job.planned.missing:
            return job
        job.planned.allowed()
        if self.saved is not None:
            _same(self.saved, job)
        with self.session.mutex("render", timeout):
            bring_home(
                job, lambda: self.provider_session, job.planned.missing, self.report.fetched
            )
        return self.planned()

    def returned(self, timeout: float, *, dry_run: bool) -> Job | None:
        """Bring takes home that are named to be bought anew, for nothing; a job if all are here.

        Those that are nowhere are left in what is wanted.
        """
        wanted, names = self.wanted, self.wanted.anew
        self.wanted = replace(wanted, anew=())
        if dry_run:
            given_up(self.planned(), names)
            self.wanted = wanted
            return None
        with self.session.mutex("render", timeout):
            job = self.planned()
            found = bring_home(
                job, lambda: self.provider_session, given_up(job, names), self.report.fetched
            )
        here = {one.named.name for one in found if one.found}
        left = tuple(name for name in names if name not in here)
        self.wanted = replace(wanted, anew=left)
        if left:
            return None
        self.wanted = replace(
            wanted, anew=(), only=tuple(name.rpartition("#")[0] for name in here)
        )
        return self.planned()

    @cached_property
    def provider_session(self) -> ProviderSession:
        """Where takes are made; a paid one needs its key."""
        return self.session.provider_session(self.provider)

    def run(self, job: Job, timeout: float) -> int:
        """Collect what earlier runs bought, whatever else is refused; then make the rest."""
        try:
            job = self.fetched(job, timeout)
            self.check(job)
            if not job.orders and not job.open:
                self.cache.release()
                return self._nothing_to_make(job)
            _ = self.provider_session  # without a key nothing else is worth an answer
            job, before = self._before_asking(job, timeout)
            self.check(job)
            self._agree(job)
            outcome = before.then(self._rendered(job, timeout))
        except BusyError:
            raise  # another renderer collects
        except (RefusedError, InputError):
            if job.open:
                with self.session.mutex("render", timeout):
                    self.report.collected(self._run(self.planned(), collect), job)
            raise
        return self.report.ended(outcome, job)

    def _rendered(self, agreed: Job, timeout: float) -> Outcome:
        """Render what was agreed to; what is more by now has to be agreed to again."""
        with self.session.mutex("render", timeout):
            job = self.planned()
            self.check(job)
            if _is_more(job, agreed):  # somebody was asked, or waited for, and something changed
                self._agree(job)
            self.cache.release()
            self.report.planned(job)
            return self._run(job, render)

    def _nothing_to_make(self, job: Job) -> int:
        job.note_lineages()
        tidied = job.settle()
        outcome = Outcome(unplaced=job.unplaced, choices=job.planned.plan.choices)
        return self.report.nothing(outcome, job, tidied=tidied)

    def _before_asking(self, job: Job, timeout: float) -> tuple[Job, Outcome]:
        """Collect what is ready before a person is asked, who may take a while to answer."""
        if not job.open or self.saved is not None or self.yes or not self._can_ask():
            return job, Outcome()
        with self.session.mutex("render", timeout):
            brief = partial(collect, brief=True)
            outcome = self._run(self.planned(), brief)
        return self.planned(), outcome

    def _agree(self, job: Job) -> None:
        """Show what it will cost, and get a yes: from a person, or as --yes with --max-cost."""
        self.report.warn(job.planned.warnings)
        _not_unasked(job, yes=self.yes)
        if not job.paid:
            return
        bought, yes = _spending(job), self.yes or self.saved is not None
        if check(bought, self.wanted.limit, terminal=self._can_ask(), yes=yes):
            write_lines(lines(job.planned.plan, width=width()))
            if not click.confirm(f"Spend {bought.words()}?"):
                raise RefusedError("cancelled; nothing was sent", "run it again to render")

    def _can_ask(self) -> bool:
        return self.report.asks and sys.stdin.isatty() and sys.stdout.isatty()

    def _run(self, job: Job, use: "_Use") -> Outcome:
        with self.report.follow(job.planned.plan.takes) as observe:

            async def main() -> Outcome:
                interrupt = Interrupt()
                loop = asyncio.get_running_loop()
                for name in (signal.SIGINT, signal.SIGTERM):
                    with contextlib.suppress(NotImplementedError, ValueError):
                        loop.add_signal_handler(name, interrupt.press)
                return await use(job, self.provider_session, self.wanted, observe, interrupt)

            return asyncio.run(main())


def _asked(
    kept: JsonObject, provider: str | None, only: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the provider and the selection that are meant: a saved plan knows its own."""
    named, selection = asked(kept, provider, only)
    if named is not None and named not in PROVIDERS:
        what = f"the plan is for the provider {one_line(named, 40)}, which is not supported"
        raise InputError(what, f"supported: {', '.join(PROVIDERS)}")
    return named, selection


def _same(kept: JsonObject, job: Job) -> None:
    """Refuse unless the plan of now is the saved one, to the last price."""
    then = plan_readdressed(kept, job.planned.everything)
    problems = list(moved(then, job.planned.plan, job.planned.lock_digest))
    if problems:
        raise RefusedError(problems)


def _not_unasked(job: Job, *, yes: bool) -> None:
    """Refuse to make a final at full price whose draft has expired, unless that was said."""
    expired = [step for step in job.planned.plan.steps if step.expired]
    if expired and not yes:
        raise RefusedError(
            Problem(
                what=f"{step.address}: {draft_words(step.expired[0])}, for {dollars(step.cost)}",
                todo="add --yes to generate it again, or `draft: true` for a new draft first",
            )
            for step in expired
        )


def _spending(job: Job) -> Spending:
    open_ = [task for task in job.open if task.task_uuid not in job.again]
    return spending((*job.orders, *job.later), open_)


def _is_more(job: Job, agreed: Job) -> bool:
    """Whether a job would buy anything that is not in the one that was agreed to."""
    if not job.paid:
        return False
    known = {(order.address, order.index): order for order in (*agreed.orders, *agreed.later)}
    now = (*job.orders, *job.later)
    same = all(known.get((one.address, one.index)) == one for one in now)
    same = same and _sent(job) == _sent(agreed)
    return not same or _spending(job).cost.high > _spending(agreed).cost.high


def _sent(job: Job) -> dict[str, Mapping[str, Sent]]:
    """Return where what is made is sent: an order only knows that there is an address."""
    return {step.address: step.delivery for step in job.planned.plan.steps if step.takes}


class _Use(Protocol):
    """`render`, or `collect`."""

    async def __call__(
        self,
        job: Job,
        session: ProviderSession,
        wanted: RenderOptions,
        observe: Callable[[Notice], None],
        interrupt: Interrupt,
    ) -> Outcome:
        """Return how it ended."""
