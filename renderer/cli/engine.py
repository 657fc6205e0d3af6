"""`renderer engine`: the embedded engine over TCP, for any Runware client."""

import click

from renderer.cli.wiring import Session


@click.command("engine")
@click.option("--port", type=click.IntRange(0, 65535), default=8724, show_default=True)
@click.pass_obj
def command(session: Session, port: int) -> None:
    """Serve the embedded engine on 127.0.0.1 until Ctrl-C; clients need RUNWARE_BASE_URL."""
    from renderer.app.engine import serve

    def ready(address: str) -> None:
        click.echo(f"The embedded engine answers at {address}/v1 (its key: {_key(session)}).")
        click.echo(f"Try it: RUNWARE_BASE_URL={address}/v1 RUNWARE_API_KEY={_key(session)} \\")
        click.echo("        renderer render --provider runware")

    serve(session.catalog, port=port, key=_key(session), ready=ready)


def _key(session: Session) -> str:
    """Return the key that the engine takes: never the real one, which is not for it."""
    return session.environment.get("RENDERER_ENGINE_KEY", "local")
