"""`renderer git`: set up how git merges and shows the lockfile."""

import click

from renderer.cli.wiring import Session


@click.group("git")
def command() -> None:
    """Tell git how to merge the lockfile and how to show it in a diff."""


@command.command("install")
@click.pass_obj
def install(session: Session) -> None:
    """Set the merge driver and the diff of the lockfile in this repository."""
    from renderer.app.git.install import install

    _told(install(session.root))


@command.command("uninstall")
@click.pass_obj
def uninstall(session: Session) -> None:
    """Undo `renderer git install`."""
    from renderer.app.git.install import uninstall

    _told(uninstall(session.root))


def _told(done: list[str]) -> None:
    for line in done or ["nothing to do: it is so already"]:
        click.echo(line)
