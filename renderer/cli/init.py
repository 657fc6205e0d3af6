"""`renderer init`: a project that renders at once."""

from pathlib import Path

import click

from renderer.sanitize import visible


@click.command("init")
@click.argument("directory", default=".", metavar="[DIR]")
def command(directory: str) -> None:
    """Write a small storyboard into DIR (default: here); nothing is overwritten."""
    from renderer.app.init import scaffold

    for name in scaffold(Path(directory)):
        click.echo(f"wrote {visible(str(Path(directory) / name))}")
    where = "" if directory == "." else f"cd {visible(directory)} && "
    click.echo(f"Next: {where}renderer plan && renderer render")
