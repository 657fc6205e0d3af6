"""`renderer verify`: that every recorded take is whole."""

import click

from renderer.cli.output import write_json
from renderer.cli.wiring import PROVIDERS, Session
from renderer.safe import counted, visible

_TODO = {
    "missing": "fetch it from a colleague or a backup; `renderer render` makes local ones again",
    "damaged": "remove it from the store, then as for a missing one",
}


@click.command("verify")
@click.option("--provider", type=click.Choice(PROVIDERS), help="Default: renderer.yaml, or local.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, provider: str | None, form: str) -> int:
    """Read every take that the lockfile names and compare its bytes; exit 1 if one is not whole."""
    from renderer.app.verify import not_whole, verify

    checked = verify(session.root, session.provider(provider))
    bad = list(not_whole(checked))
    if form == "json":
        rows = [
            {"address": one.address, "take": one.take.number, "state": one.state}
            for one in checked
        ]
        write_json({"version": 1, "takes": rows})
        return 1 if bad else 0
    for one in bad:
        name = visible(f"{one.address}#{one.take.number}")
        click.echo(f"{name}: {one.state}; {_TODO[one.state]}")
    whole = len(checked) - len(bad)
    verb = "is" if len(checked) == 1 else "are"
    click.echo(f"{whole} of {counted(len(checked), 'take')} {verb} whole")
    return 1 if bad else 0
