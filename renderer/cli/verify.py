"""`renderer verify`: that every recorded take is whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from renderer.cli.options import provider_option
from renderer.cli.output import write_json
from renderer.cli.wiring import Session
from renderer.sanitize import counted, visible

if TYPE_CHECKING:
    from renderer.app.inspect.verify import VerifiedTake

_TODO = "`renderer verify --repair` looks for a whole one, for nothing"


@click.command("verify")
@provider_option
@click.option("--repair", is_flag=True, help="Bring whole files back, for nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, provider: str | None, form: str, *, repair: bool) -> int:
    """Read every take that the lockfile names and compare its bytes; exit 1 if one is not whole."""
    from renderer.app.inspect.verify import not_whole, verify

    chosen = session.provider(provider)
    checked = verify(session.root, chosen)
    bad = list(not_whole(checked))
    if bad and repair:
        _repair(session, chosen, bad)
        checked = verify(session.root, chosen)
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
        click.echo(f"{name}: {one.state}" + ("" if repair else f"; {_TODO}"))
    whole = len(checked) - len(bad)
    verb = "is" if len(checked) == 1 else "are"
    click.echo(f"{whole} of {counted(len(checked), 'take')} {verb} whole")
    return 1 if bad else 0


def _repair(session: Session, provider: str, bad: "Sequence[VerifiedTake]") -> None:
    from renderer.app.inspect.verify import put_aside
    from renderer.app.rendering.job import Job, RenderOptions
    from renderer.cli.fetching import bring_home

    with session.mutex("verify"):
        job = Job.of(session.files, session.catalog, provider, RenderOptions())
        put_aside(session.root, bad)
        wanted = list({one.take.sha256: one.named for one in bad}.values())
        bring_home(job, lambda: session.studio(provider), wanted)
        Job.of(session.files, session.catalog, provider, RenderOptions()).lay_out()
