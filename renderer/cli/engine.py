"""`renderer engine`: the embedded engine over TCP, for any Runware client."""

from typing import Literal, TypedDict

import click

from renderer.cli.options import events_option
from renderer.cli.output import write_event
from renderer.cli.wiring import Session

_VARIABLE = "RENDERER_ENGINE_KEY"


class EngineEvent(TypedDict):
    """Where the engine answers (RUNWARE_BASE_URL), and the key that it takes."""

    version: int
    event: Literal["serving"]
    url: str
    key: str


@click.command("engine")
@click.option("--port", type=click.IntRange(0, 65535), default=8724, show_default=True)
@click.option(
    "--key", metavar="TEXT", help="The key it accepts; default: RENDERER_ENGINE_KEY, or a new one."
)
@events_option
@click.pass_obj
def command(session: Session, port: int, key: str | None, form: str) -> None:
    """Serve the embedded engine on 127.0.0.1 until Ctrl-C; clients need RUNWARE_BASE_URL."""
    from renderer.app.engine import serve

    taken = _key(session, key)

    def ready(address: str) -> None:
        if form == "json":
            write_event(_event(f"{address}/v1", taken))
            return
        click.echo(f"The embedded engine answers at {address}/v1 (key: {taken}).")
        click.echo(f"Try it: RUNWARE_BASE_URL={address}/v1 RUNWARE_API_KEY={taken} \\")
        click.echo("        renderer render --provider runware")

    serve(session.models(), port=port, key=taken, ready=ready)


def _event(url: str, key: str) -> EngineEvent:
    return {"version": 1, "event": "serving", "url": url, "key": key}


def _key(session: Session, named: str | None) -> str:
    """Return the key that the engine takes: never the real one, which is not for it."""
    from renderer.adapters.chance import new_key
    from renderer.adapters.net.api_key import checked

    if named is not None:
        return checked(named, "--key")
    kept = session.variables.get(_VARIABLE, "")
    return checked(kept, _VARIABLE) if kept else new_key()
