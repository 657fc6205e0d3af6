"""`renderer schema`: the JSON Schema that editors and outside checks use."""

import click

from renderer.cli.wiring import Session


@click.command("schema")
@click.argument("kind", type=click.Choice(["scene", "project"]))
@click.pass_obj
def command(session: Session, kind: str) -> None:
    """Print the JSON Schema of a scene file or of renderer.yaml."""
    from renderer.app.schemas import text

    click.echo(text(kind, session.catalog), nl=False)
