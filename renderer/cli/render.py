"""`renderer render`: apply the plan."""

import sys
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from renderer.app.planning.saved_plan import read_plan
from renderer.app.rendering.apply import Apply
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.spend_check import MOST_COST, check, check_resubmit, spending_of
from renderer.cli.dry_run import judged
from renderer.cli.options import (
    apart,
    deliverable_option,
    events_option,
    only_option,
    provider_option,
)
from renderer.cli.output import width, write_lines
from renderer.cli.report import Report, TextReport
from renderer.cli.wiring import Session
from renderer.errors import InputError, RefusedError
from renderer.json_types import JsonObject
from renderer.plan.output.saved_plan import all_finals as saved_all_finals
from renderer.plan.output.saved_plan import asked
from renderer.plan.output.saved_plan import deliverable as saved_deliverable
from renderer.plan.output.text import lines
from renderer.providers import PROVIDERS
from renderer.sanitize import one_line


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
        if not amount.is_finite() or not 0 <= amount <= MOST_COST:
            self.fail(f"{value!r} is not an amount in dollars, such as 5 or 0.42", param, ctx)
        return amount


@click.command("render")
@provider_option
@only_option
@deliverable_option
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
    deliverable: str,
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
        deliverable = deliverable or saved_deliverable(kept)
    report = _report(form)
    wanted = RenderOptions(
        only=only,
        deliverable=deliverable,
        limit=max_cost,
        again=frozenset(resubmit),
        all_finals=all_finals,
        anew=again,
    )
    apply = Apply(
        workspace=session.workspace(provider, held=True),  # what is refused leaves no file behind
        wanted=wanted,
        open_session=session.environment.provider_session,
        report=report,
        consent=_Consent(limit=max_cost, yes=yes, saved=kept is not None, report=report),
        saved=kept,
        timeout=lock_timeout,
    )
    return _judged(apply, report) if dry_run else _applied(apply, report)


def _applied(apply: Apply, report: Report) -> int:
    """Apply a plan, say how it ended, and return the exit code."""
    done = apply.returned() if apply.wanted.anew else None
    if done is None:
        job = apply.planned()
        check_resubmit(job, apply.wanted.again)
        done = apply.run(job)
    if done.nothing:
        return report.nothing(done.outcome, done.job, tidied=done.tidied)
    return report.ended(done.outcome, done.job)


def _judged(apply: Apply, report: Report) -> int:
    """Let the provider check and price a plan, and return the exit code; nothing is bought."""
    if apply.wanted.anew:
        apply.check_given_up()
    job = apply.planned()
    apply.check(job)
    return judged(job, apply.provider_session, apply.wanted.limit, report)


def _report(form: str) -> Report:
    if form == "json":
        from renderer.cli.events import EventReport

        return EventReport()
    return TextReport()


@dataclass(frozen=True, kw_only=True)
class _Consent:
    """Asks a person, unless it was said before: as a saved plan, or as --yes with --max-cost."""

    limit: Decimal | None
    yes: bool
    saved: bool
    report: Report

    @property
    def unasked(self) -> bool:
        """Whether nobody has to be waited for."""
        return self.yes or not self._can_ask

    @property
    def to_new_generations(self) -> bool:
        """Whether finals may be generated anew whose drafts have expired."""
        return self.yes

    def agree(self, job: Job) -> None:
        """Show what it will cost, and get a yes."""
        bought, yes = spending_of(job), self.yes or self.saved
        if check(bought, self.limit, terminal=self._can_ask, yes=yes):
            write_lines(lines(job.planned.plan, width=width()))
            if not click.confirm(f"Spend {bought.words()}?"):
                raise RefusedError("cancelled; nothing was sent", "run it again to render")

    @property
    def _can_ask(self) -> bool:
        return self.report.asks and sys.stdin.isatty() and sys.stdout.isatty()


def _asked(
    kept: JsonObject, provider: str | None, only: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the provider and the selection that are meant: a saved plan knows its own."""
    named, selection = asked(kept, provider, only)
    if named is not None and named not in PROVIDERS:
        what = f"the plan is for the provider {one_line(named, 40)}, which is not supported"
        raise InputError(what, f"supported: {', '.join(PROVIDERS)}")
    return named, selection
