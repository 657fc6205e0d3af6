"""`renderer pick`: choose a take."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import click

from renderer.cli import complete
from renderer.cli.options import apart, json_option, provider_option
from renderer.cli.output import write_json
from renderer.cli.pick_output import PickData, pick_data, pick_text
from renderer.cli.wiring import Session
from renderer.film.picks import Pick
from renderer.paths import PICKS
from renderer.sanitize import visible


class PickedData(TypedDict):
    """What was written into picks.yaml, or taken back from it."""

    version: int
    file: str
    picked: list[PickData]
    undone: list[PickData]


@click.command("pick")
@click.argument("takes", nargs=-1, metavar="TAKE...", shell_complete=complete.takes)
@click.option("--why", metavar="TEXT", help="Why this take; kept in picks.yaml.")
@click.option(
    "--undo", metavar="SHOT", help="Remove the pick of a shot.", shell_complete=complete.shots
)
@click.option("--from", "source", metavar="PICKS", help="Apply picks saved by the review page.")
@provider_option
@json_option
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    session: Session,
    takes: tuple[str, ...],
    why: str | None,
    undo: str | None,
    source: str | None,
    provider: str | None,
    *,
    form: str,
) -> None:
    """Choose TAKE for its shot: `ADDRESS#N`, or `SHOT#N` where the shot has one task.

    With in and out, in seconds or frames: `harbour/quay#2:0.5-3` or `harbour/quay#2:12f-`.
    Several takes make one shot of them, in this order.
    """
    apart("--why", "--undo", why is not None, undo is not None)
    apart("--why", "--from", why is not None, source is not None)
    if sum((bool(takes), undo is not None, source is not None)) != 1:
        raise click.UsageError("name one or more takes, or --undo SHOT, or --from PICKS")
    project = session.project
    if undo is not None:
        old = project.unpick(undo, provider=provider)
        if form == "json":
            _write((), (old,))
        else:
            click.echo(visible(f"{old.slot} no longer has a pick; it was {pick_text(old)}"))
        return
    if source is not None:
        from renderer.app.review.picks import apply

        made = apply(session.workspace(provider), Path(source))
    else:
        made = (project.pick(*takes, why=why or "", provider=provider),)
    if form == "json":
        _write(made, ())
    else:
        _say(made)


def _write(made: Sequence[Pick], undone: Sequence[Pick]) -> None:
    document: PickedData = {
        "version": 1,
        "file": PICKS,
        "picked": [pick_data(one) for one in made],
        "undone": [pick_data(one) for one in undone],
    }
    write_json(document)


def _say(made: Sequence[Pick]) -> None:
    for pick in made:
        click.echo(visible(f"✓ {pick.slot}: {pick_text(pick)}"))
    click.echo(f"{PICKS} holds {'it' if len(made) == 1 else f'these {len(made)}'}; commit it.")
