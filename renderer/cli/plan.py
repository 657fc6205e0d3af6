"""`renderer plan`: what would be done, why, and for how much."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from renderer.cli.options import apart, deliverable_option, only_option, provider_option
from renderer.cli.wiring import Session
from renderer.fast_paths import FAST
from renderer.providers import option
from renderer.sanitize import not_here, nothing_to_do

if TYPE_CHECKING:  # heavy: an empty plan that was empty before needs neither
    from renderer.app.planning.plan import Planned
    from renderer.app.project.fast.noop_cache import NoopCache
    from renderer.cli.plan_data import PlannedData
    from renderer.plan.model import Plan

CHANGES = 3
FORMS = ("text", "json", "markdown")
PHASES = (
    *("expanded", "linked", "selected", "decided"),
    *("narrowed", "explained", "priced", "located"),
)


@click.command("plan")
@provider_option
@only_option
@deliverable_option
@click.option("--base", metavar="REV", help="Show what changed since this git revision.")
@click.option("--out", type=click.Path(path_type=Path), help="Save the plan for `render --plan`.")
@click.option("--all", "everything", is_flag=True, help="List unchanged tasks too.")
@click.option("--all-finals", is_flag=True, help="Include finals of all drafts, picked or not.")
@click.option("--exit-code", is_flag=True, help="Exit 3 when there are changes.")
@click.option(
    "--phase",
    type=click.Choice(PHASES),
    help="Show what a phase of planning made, to look inside; the last is the plan.",
)
@click.option("--format", "form", type=click.Choice(FORMS), default="text")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    session: Session,
    provider: str | None,
    only: tuple[str, ...],
    deliverable: str,
    base: str | None,
    out: Path | None,
    *,
    everything: bool,
    all_finals: bool,
    exit_code: bool,
    phase: str | None,
    form: str,
) -> int:
    """Compare the specs with the lockfile: nothing is sent, written or paid."""
    _apart(
        base,
        out,
        phase,
        deliverable=bool(deliverable),
        all=everything,
        all_finals=all_finals,
        exit_code=exit_code,
    )
    if base is not None:
        from renderer.cli.compare import against

        return CHANGES if against(session, provider, only, base, form) and exit_code else 0
    if out is not None:
        _check(out)
    from renderer.app.project.fast.noop_cache import NoopCache

    workspace = session.workspace(provider)
    quiet = NoopCache(workspace)
    plain = FAST.on and not (only or deliverable or everything or all_finals or phase)
    counts = quiet.tasks() if form == "text" and plain and out is None else None
    if counts is not None:
        _nothing(*counts, workspace.provider)
        return 0
    from renderer.app.planning.plan import Wishes, plan

    planned = plan(
        workspace, Wishes(only=only, deliverable=deliverable, all_finals=all_finals), quiet.texts
    )
    if phase is not None:
        from renderer.cli.plan_phase import show

        show(planned.phases, phase, form, everything=everything)
        return 0
    if plain and not planned.plan.changes and not planned.warnings:
        _remember(quiet, planned)
    _show(planned, form, everything=everything)
    if out is not None:
        _save(planned, out)
    return CHANGES if exit_code and planned.plan.changes else 0


def _apart(base: str | None, out: Path | None, phase: str | None, **flags: bool) -> None:
    """Refuse options that cannot be combined."""
    for name, given in (
        ("--out", out),
        ("--all", flags["all"]),
        ("--deliverable", flags["deliverable"]),
        ("--all-finals", flags["all_finals"]),
    ):
        apart("--base", name, base is not None, given)
    for name, given in (
        ("--base", base is not None),
        ("--out", out),
        ("--exit-code", flags["exit_code"]),
    ):
        apart("--phase", name, phase, given)


def _nothing(tasks: int, missing: int, provider: str) -> None:
    click.echo(nothing_to_do(tasks))
    if missing:
        click.echo(not_here(missing, option(provider)))


def _remember(quiet: "NoopCache", planned: "Planned") -> None:
    quiet.remember(len(planned.tasks), len(planned.plan.absent), {*planned.inputs.images})


def _show(planned: "Planned", form: str, *, everything: bool) -> None:
    """Print a plan in one of its forms; warnings go to stderr, and into the JSON."""
    from renderer.cli.output import warn, width, write_json, write_lines
    from renderer.plan.output.text import lines

    warn(planned.warnings)
    if form == "json":
        write_json(plan_data(planned))
    elif form == "markdown":
        click.echo(_comment(planned.plan, everything=everything), nl=False)
    else:
        write_lines(lines(planned.plan, width=width(), everything=everything))


def plan_data(planned: "Planned") -> "PlannedData":
    """Return a plan with its warnings as JSON data."""
    from renderer.cli.output import problem_data
    from renderer.plan.output.plan_json import as_data

    warnings = [problem_data(one) for one in planned.warnings]
    return {**as_data(planned.plan), "warnings": warnings}


def _comment(plan: "Plan", *, everything: bool) -> str:
    from renderer.plan.output.comment import sections
    from renderer.plan.output.markdown import markdown
    from renderer.plan.output.text import plan_entries, price_words, totals

    if not plan.changes and not everything:
        return markdown(nothing_to_do(len(plan.steps)), (), ())
    entries = plan_entries(plan, everything=everything)
    return markdown(f"To render: {price_words(plan)}", totals(plan), sections(entries))


def _check(out: Path) -> None:
    from renderer.app.planning.saved_plan import check_target

    check_target(out)


def _save(planned: "Planned", out: Path) -> None:
    from renderer.app.planning.saved_plan import write_plan

    write_plan(planned, out)
    click.echo(f"saved; `renderer render --plan {out}` does exactly this", err=True)
