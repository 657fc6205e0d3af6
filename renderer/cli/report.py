"""How a render is reported: in words for people; `events` does it for scripts."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import click

from renderer.app.rendering.apply import RenderReport
from renderer.app.rendering.dry_run import Judged, total_price
from renderer.app.rendering.fetch_missing import Fetched
from renderer.app.rendering.job import Job
from renderer.app.rendering.outcome_words import code, problems
from renderer.cli.output import warn, width, write_lines
from renderer.cli.progress import Observer, follow
from renderer.cli.run_summary import report_outcome
from renderer.errors import Problem
from renderer.plan.output.text import lines
from renderer.render.outcome import Outcome
from renderer.sanitize import visible


class Report(RenderReport, Protocol):
    """Hears of each part of a render, and says how it ended; `asks`: a person may be asked."""

    asks: bool

    def ended(self, outcome: Outcome, job: Job) -> int:
        """Say how it ended; return the exit code."""

    def nothing(self, outcome: Outcome, job: Job, *, tidied: bool) -> int:
        """Say that there was nothing to make; return the exit code."""

    def judged(self, found: Sequence[Judged], exit_code: int) -> None:
        """Say what the provider says of each order of a dry run."""


class TextReport:
    """Reports a render to a person."""

    asks = True

    def warn(self, problems: Sequence[Problem]) -> None:
        """Print warnings to stderr."""
        warn(problems)

    def planned(self, job: Job) -> None:
        """Say nothing: who wants the plan asks for it."""

    def fetched(self, found: Sequence[Fetched]) -> None:
        """Print a line for each take that was looked for."""
        for one in found:
            words = f"here again, from {one.source}" if one.found else f"not here: {one.why}"
            click.echo(visible(f"{one.named.name}: {words}"), err=True)

    def follow(self, total: int) -> AbstractContextManager[Observer]:
        """Return bars or lines on stderr."""
        return follow(total)

    def ended(self, outcome: Outcome, job: Job) -> int:
        """Print how it ended."""
        return report_outcome(outcome, job.workspace.row)

    def collected(self, outcome: Outcome, job: Job) -> None:
        """Print how it ended; why it was refused is said after it."""
        report_outcome(outcome, job.workspace.row)

    def nothing(self, outcome: Outcome, job: Job, *, tidied: bool) -> int:
        """Print the plan, and what is in the way of it."""
        write_lines(lines(job.planned.plan, width=width()))
        if tidied and not job.planned.plan.changes:
            click.echo("The lockfile or renders/ was brought up to date; no request was made.")
        for line in problems(outcome, job.workspace.row):
            click.echo(visible(line), err=True)
        return code(outcome)

    def judged(self, found: Sequence[Judged], exit_code: int) -> None:
        """Print the provider's prices beside our estimates."""
        del exit_code
        if not found:
            click.echo("Nothing to request: every take is made.")
            return
        widest = max(len(visible(one.order.address)) for one in found)
        click.echo(f"{'task':<{widest}}  takes    estimate    provider")
        for one in found:
            click.echo(_line(one, widest))
            for error in one.errors:
                click.echo(visible(f"  refused: {error}, task {one.task_uuid}"))
        good = sum(not one.errors for one in found)
        click.echo(f"Provider: ${total_price(found):f} for {good} of {len(found)}.")
        click.echo("A dry run: nothing was bought.")


def _line(one: Judged, widest: int) -> str:
    estimate = "?" if one.estimate is None else f"{one.estimate.high:.5f}"
    price = "-" if one.price is None else f"{one.price:.5f}"
    note = "  dearer than expected" if one.dearer else ""
    name = f"{visible(one.order.address):<{widest}}"
    return f"{name}  {one.order.count:>5}  {estimate:>10}  {price:>10}{note}"
