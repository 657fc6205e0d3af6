"""`renderer render`: make the plan true."""

import asyncio
import contextlib
import signal
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from renderer.app.consent import check, spending
from renderer.app.job import Job, Wanted
from renderer.app.life.ports import Interrupt
from renderer.app.render import render
from renderer.app.studio import Studio
from renderer.cli.dry import judged
from renderer.cli.ending import told
from renderer.cli.output import warn, width, write_lines
from renderer.cli.progress import follow
from renderer.cli.wiring import PROVIDERS, Session
from renderer.errors import Problem, RefusedError
from renderer.plan.text import dollars, draft_words, lines
from renderer.render.outcome import Outcome

_MOST = Decimal(1_000_000)  # USD


class Dollars(click.ParamType[Decimal]):
    """An amount of US dollars, not negative."""

    name = "USD"

    def convert(self, value: Any, param: Any, ctx: Any) -> Decimal:
        """Read an amount such as 5 or 0.42."""
        try:
            amount = Decimal(str(value).removeprefix("$"))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount <= _MOST:
            self.fail(f"{value!r} is no amount in dollars, such as 5 or 0.42", param, ctx)
        return amount


@click.command("render")
@click.option("--provider", type=click.Choice(PROVIDERS), help="Default: renderer.yaml, or local.")
@click.option("--only", multiple=True, metavar="GLOB", help="An address, shot, scene or pattern.")
@click.option("--max-cost", type=Dollars(), help="The most that this may cost, in USD.")
@click.option("--yes", is_flag=True, help="Spend without asking; off a terminal with --max-cost.")
@click.option("--dry-run", is_flag=True, help="Ask the provider to check and price; buy nothing.")
@click.option(
    "--lock-timeout",
    type=click.FloatRange(0, 86400),
    default=0.0,
    metavar="SECONDS",
    help="Wait so long for another renderer of this project.",
)
@click.option("--plan", "saved", type=click.Path(path_type=Path), help="From `plan --out`.")
@click.option(
    "--resubmit", multiple=True, metavar="ID", help="Give an unknown task up and buy it anew."
)
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    session: Session,
    provider: str | None,
    only: tuple[str, ...],
    max_cost: Decimal | None,
    *,
    yes: bool,
    resubmit: tuple[str, ...],
    saved: Path | None,
    lock_timeout: float,
    dry_run: bool,
) -> int:
    """Render what the plan says, and nothing else: finished takes are recorded one by one."""
    chosen = session.provider(provider)
    wanted = Wanted(only=only, limit=max_cost, again=frozenset(resubmit))
    job = Job.of(session.files, session.catalog, chosen, wanted)
    if saved is not None:
        _same(saved, job)
    job.check()
    if dry_run:
        return judged(job, session.studio(chosen), max_cost)
    if not job.orders and not job.open_tasks:
        return _nothing_to_make(job)
    studio = session.studio(chosen)
    with session.mutex("render", lock_timeout):
        job = Job.of(session.files, session.catalog, chosen, wanted)
        if saved is not None:
            _same(saved, job)
        job.check()
        _not_unasked(job, yes=yes)
        _agree(job, wanted, yes=yes or saved is not None)
        job.settle()
        outcome = _run(job, studio, wanted)
    return told(outcome, paid=chosen != "local")


def _same(saved: Path, job: Job) -> None:
    """Refuse unless the plan of now is the saved one, to the last price."""
    from renderer.app.saved import read_plan
    from renderer.plan.saved import moved

    problems = list(moved(read_plan(saved), job.planned.plan, job.planned.lock_digest))
    if problems:
        raise RefusedError(problems)


def _nothing_to_make(job: Job) -> int:
    done = job.settle()
    write_lines(lines(job.planned.plan, width=width()))
    if done and not job.planned.plan.changes:
        click.echo("The lockfile or renders/ was brought up to date; no request was made.")
    return 0


def _not_unasked(job: Job, *, yes: bool) -> None:
    """Refuse to make a final at full price whose draft has expired, unless that was said."""
    expired = [step for step in job.planned.plan.steps if step.draft and step.draft.expired]
    if expired and not yes:
        raise RefusedError(
            Problem(
                what=f"{step.address}: {draft_words(step.draft)}, for {dollars(step.cost)}",
                todo="say --yes to make it anew, or `draft: true` for a new draft first",
            )
            for step in expired
            if step.draft
        )


def _agree(job: Job, wanted: Wanted, *, yes: bool) -> None:
    """Show what it will cost, and get a yes: from a person, or as --yes with --max-cost."""
    warn(job.planned.warnings)
    if job.planned.plan.provider == "local":
        return
    bought = spending((*job.orders, *job.later), job.open)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if check(bought, wanted.limit, terminal=terminal, yes=yes):
        write_lines(lines(job.planned.plan, width=width()))
        if not click.confirm(f"Spend {bought.words()}?"):
            raise RefusedError("nothing was sent", "run it again when you want it")


def _run(job: Job, studio: Studio, wanted: Wanted) -> Outcome:
    with follow(job.planned.plan.takes) as observe:

        async def main() -> Outcome:
            interrupt = Interrupt()
            loop = asyncio.get_running_loop()
            for name in (signal.SIGINT, signal.SIGTERM):
                with contextlib.suppress(NotImplementedError, ValueError):
                    loop.add_signal_handler(name, interrupt.press)
            return await render(job, studio, wanted, observe, interrupt)

        return asyncio.run(main())
