"""`renderer git`: set up how git merges and shows the lockfile."""

from typing import TypedDict

import click

from renderer.cli.options import json_option
from renderer.cli.output import write_json
from renderer.cli.wiring import Session


@click.group("git")
def command() -> None:
    """Configure git to merge and diff the lockfile."""


class GitData(TypedDict):
    """What was changed, in words; nothing where all was so already."""

    version: int
    changes: list[str]


@command.command("install")
@json_option
@click.pass_obj
def install(session: Session, form: str) -> None:
    """Set up the merge driver and the diff of the lockfile in this repository."""
    from renderer.app.git.install import install

    _print(install(session.workspace()), form)


@command.command("uninstall")
@json_option
@click.pass_obj
def uninstall(session: Session, form: str) -> None:
    """Undo `renderer git install`."""
    from renderer.app.git.install import uninstall

    _print(uninstall(session.workspace()), form)


def _print(done: list[str], form: str) -> None:
    document: GitData = {"version": 1, "changes": done}
    if form == "json":
        write_json(document)
        return
    for line in done or ["nothing to do: already done"]:
        click.echo(line)
