"""`renderer schema`: the JSON Schemas that editors, scripts and outside checks use."""

import click

from renderer.cli.documents import DOCUMENTS, document_schema
from renderer.cli.wiring import Session

SPECS = ("scene", "project")


@click.command("schema")
@click.argument("kind", type=click.Choice([*SPECS, *DOCUMENTS]))
@click.pass_obj
def command(session: Session, kind: str) -> None:
    """Print the JSON Schema of a scene file, of renderer.yaml, or of what a command prints."""
    from renderer.app.schemas import as_text, text

    shown = text(kind, session.models()) if kind in SPECS else as_text(document_schema(kind))
    click.echo(shown, nl=False)
