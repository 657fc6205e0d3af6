"""`renderer repin`: let pinned frames follow their shots once more."""

from typing import TypedDict

import click

from renderer.cli.complete import shots as shots_here
from renderer.cli.options import json_option, provider_option
from renderer.cli.output import write_json
from renderer.cli.wiring import Session
from renderer.sanitize import visible


class RepinData(TypedDict):
    """The tasks whose pinned frames were removed; none if nothing was pinned."""

    version: int
    addresses: list[str]


@click.command("repin")
@click.argument("shots", nargs=-1, required=True, metavar="SHOT...", shell_complete=shots_here)
@provider_option
@json_option
@click.pass_obj
def command(session: Session, shots: tuple[str, ...], provider: str | None, form: str) -> None:
    """Remove the pinned frames of SHOT: the next plan takes them from the current takes.

    Nothing is rendered; `renderer plan` shows what it would cost.
    """
    from renderer.app.planning.repin import repin

    workspace = session.workspace(provider)
    with workspace.mutex("repin"):
        found = repin(workspace, shots)
    document: RepinData = {"version": 1, "addresses": list(found)}
    if form == "json":
        write_json(document)
        return
    for address in found:
        click.echo(visible(f"{address}: its pinned frames were removed"))
    click.echo("`renderer plan` shows what follows." if found else "nothing was pinned")
