"""`renderer repin`: let pinned frames follow their shots once more."""

import click

from renderer.cli.complete import shots as shots_here
from renderer.cli.options import provider_option
from renderer.cli.wiring import Session
from renderer.sanitize import visible


@click.command("repin")
@click.argument("shots", nargs=-1, required=True, metavar="SHOT...", shell_complete=shots_here)
@provider_option
@click.pass_obj
def command(session: Session, shots: tuple[str, ...], provider: str | None) -> None:
    """Forget the frames that SHOT pins: the next plan takes them from the takes of now.

    Nothing is rendered; `renderer plan` shows what it would cost.
    """
    from renderer.app.planning.repin import repin

    with session.mutex("repin"):
        found = repin(session.files, session.catalog, session.provider(provider), shots)
    for address in found:
        click.echo(visible(f"{address}: its pinned frames are forgotten"))
    click.echo("`renderer plan` shows what follows." if found else "nothing was pinned")
