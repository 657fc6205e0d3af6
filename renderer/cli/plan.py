"""`renderer plan`: what would be done, why, and for how much."""

from typing import TYPE_CHECKING

import click

from renderer.cli.wiring import PROVIDERS, Session
from renderer.safe import nothing_to_do

if TYPE_CHECKING:  # heavy: an empty plan that was empty before needs neither
    from renderer.app.plan import Planned
    from renderer.plan.model import Plan

CHANGES = 3


@click.command("plan")
@click.option("--provider", type=click.Choice(PROVIDERS), help="Default: renderer.yaml, or local.")
@click.option("--only", multiple=True, metavar="GLOB", help="An address, shot, scene or pattern.")
@click.option("--base", metavar="REV", help="Show what changed since this git revision.")
@click.option("--all", "everything", is_flag=True, help="List unchanged tasks too.")
@click.option("--exit-code", is_flag=True, help="Exit 3 when there are changes.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    session: Session,
    provider: str | None,
    only: tuple[str, ...],
    base: str | None,
    *,
    everything: bool,
    exit_code: bool,
    form: str,
) -> int:
    """Compare the specs with the lockfile: nothing is sent, written or paid."""
    chosen = session.provider(provider)
    if base is not None:
        from renderer.cli.base import against

        return CHANGES if against(session, chosen, only, base, form) and exit_code else 0
    quiet = session.quiet(chosen)
    count = quiet.tasks() if form == "text" and not only and not everything else None
    if count is not None:
        click.echo(nothing_to_do(count))
        return 0
    planned = plan_of(session, chosen, only)
    if not planned.plan.changes and not only:
        files = {path for task in planned.tasks for path in task.files.values()}
        quiet.remember(len(planned.tasks), {path for path in files if path[:5] != "data:"})
    show(planned.plan, form, everything=everything)
    return CHANGES if exit_code and planned.plan.changes else 0


def plan_of(session: Session, provider: str, only: tuple[str, ...]) -> "Planned":
    """Work a plan out."""
    from renderer.app.plan import plan

    return plan(session.files, session.catalog, provider, only)


def show(plan: "Plan", form: str, *, everything: bool) -> None:
    """Print a plan in one of its forms."""
    from renderer.cli.output import width, write_json, write_lines
    from renderer.plan.data import as_data
    from renderer.plan.text import lines

    if form == "json":
        write_json(as_data(plan))
    else:
        write_lines(lines(plan, width=width(), everything=everything))
