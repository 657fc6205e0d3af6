"""`renderer init`: a project that renders at once."""

from pathlib import Path
from typing import TypedDict

import click

from renderer.app.init import TEMPLATES, scaffold
from renderer.cli.options import json_option
from renderer.cli.output import write_json
from renderer.sanitize import visible


class InitData(TypedDict):
    """The files of a new project, from its folder."""

    version: int
    directory: str
    files: list[str]


@click.command("init")
@click.argument("directory", default=".", metavar="[DIR]")
@click.option(
    "--template",
    type=click.Choice(list(TEMPLATES)),
    default="film",
    help="; ".join(f"{name}: {what}" for name, what in TEMPLATES.items()) + ". Default: film.",
)
@json_option
def command(directory: str, template: str, form: str) -> None:
    """Write a small storyboard into DIR (default: here); nothing is overwritten."""
    from renderer.adapters.disk.disk import Disk

    written = scaffold(Path(directory), Disk(), template)
    document: InitData = {"version": 1, "directory": directory, "files": written}
    if form == "json":
        write_json(document)
        return
    for name in written:
        click.echo(f"wrote {visible(str(Path(directory) / name))}")
    where = "" if directory == "." else f"cd {visible(directory)} && "
    click.echo(f"Next: {where}renderer plan && renderer render")
