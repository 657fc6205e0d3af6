"""`renderer plan`: what would be done, why, and for how much."""

import click

from renderer.cli.output import width, write_json, write_lines
from renderer.cli.wiring import PROVIDERS, Session

CHANGES = 3


@click.command("plan")
@click.option("--provider", type=click.Choice(PROVIDERS), help="Default: renderer.yaml, or local.")
@click.option("--only", multiple=True, metavar="GLOB", help="An address, shot, scene or pattern.")
@click.option("--all", "everything", is_flag=True, help="List unchanged tasks too.")
@click.option("--exit-code", is_flag=True, help="Exit 3 when there are changes.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(
    session: Session,
    provider: str | None,
    only: tuple[str, ...],
    *,
    everything: bool,
    exit_code: bool,
    form: str,
) -> int:
    """Compare the specs with the lockfile: nothing is sent, written or paid."""
    from renderer.app.plan import plan
    from renderer.plan.data import as_data
    from renderer.plan.text import lines

    planned = plan(session.files, session.catalog, session.provider(provider), only).plan
    if form == "json":
        write_json(as_data(planned))
    else:
        write_lines(lines(planned, width=width(), everything=everything))
    return CHANGES if exit_code and planned.changes else 0
