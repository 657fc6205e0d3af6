"""`renderer pick`: choose a take."""

from pathlib import Path

import click

from renderer.cli import complete
from renderer.cli.options import provider_option
from renderer.cli.pick_output import told
from renderer.cli.wiring import Session
from renderer.film.picks import FILE
from renderer.sanitize import visible


@click.command("pick")
@click.argument("takes", nargs=-1, metavar="TAKE...", shell_complete=complete.takes)
@click.option("--why", metavar="TEXT", help="Why this take; kept in picks.yaml.")
@click.option(
    "--undo", metavar="SHOT", help="Take the pick of a shot back.", shell_complete=complete.shots
)
@click.option("--from", "source", metavar="FILE", help="Apply what the review page saved.")
@provider_option
@click.pass_obj
def command(
    session: Session,
    takes: tuple[str, ...],
    why: str | None,
    undo: str | None,
    source: str | None,
    provider: str | None,
) -> None:
    """Choose TAKE for its shot: `ADDRESS#N`, or `SHOT#N` where the shot has one task.

    With in and out, in seconds or frames: `harbour/quay#2:0.5-3` or `harbour/quay#2:12f-`.
    Several takes make one shot of them, in this order.
    """
    from renderer.app.review import picks

    if sum((bool(takes), undo is not None, source is not None)) != 1:
        raise click.UsageError("name one or more takes, or --undo SHOT, or --from FILE")
    where = (session.files, session.catalog, session.provider(provider))
    if undo is not None:
        old = picks.undo(*where, undo)
        click.echo(visible(f"{old.shot} has no pick any more; it was {told(old)}"))
    elif source is not None:
        _say(*picks.apply(*where, Path(source)))
    else:
        _say(picks.pick(*where, takes, why or ""))


def _say(*found: object) -> None:
    from renderer.film.picks import Pick

    made = [pick for pick in found if isinstance(pick, Pick)]
    for pick in made:
        click.echo(visible(f"✓ {pick.shot}: {told(pick)}"))
    click.echo(f"{FILE} holds {'it' if len(made) == 1 else f'these {len(made)}'}; commit it.")
