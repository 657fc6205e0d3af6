"""`renderer review`: the page where takes are looked at and chosen."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict
from urllib.parse import urlsplit

import click

from renderer.cli.options import json_option, provider_option
from renderer.cli.output import write_event, write_json
from renderer.cli.wiring import Session
from renderer.paths import REVIEW
from renderer.sanitize import counted, visible

if TYPE_CHECKING:
    from renderer.app.review.page_data import Reviewer
    from renderer.app.review.server import Serving


class ReviewData(TypedDict):
    """The page that was written, and how many shots and takes it shows."""

    version: int
    page: str
    shots: int
    takes: int


class ReviewServingEvent(TypedDict):
    """`--serve`: where the page can be opened, by its owner alone, and through tunnels."""

    version: int
    event: Literal["serving"]
    url: str
    tunnels: list[str]


allow_host = click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST:PORT",
    help="With --serve: another HOST:PORT that the page may be opened at, such as a tunnel; repeatable.",
)


@click.command("review")
@click.option("--out", metavar="DIR", help=f"Where to write the page; default: {REVIEW}/.")
@click.option("--serve", is_flag=True, help="Serve it on this machine; picks are written at once.")
@click.option("--port", type=click.IntRange(0, 65535), help="With --serve; default: 8765 or next.")
@allow_host
@provider_option
@json_option
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    session: Session,
    out: str | None,
    port: int | None,
    hosts: tuple[str, ...],
    provider: str | None,
    *,
    serve: bool,
    form: str,
) -> None:
    """Write the review page into a folder that opens from disk, or serve it."""
    from renderer.app.review.static_page import review

    one_page(out, port, hosts, serve=serve)
    reviewer = reviewer_of(session, provider, live=serve)
    if serve:
        from renderer.app.review.request_guard import allowed
        from renderer.app.review.server import serve_review

        serve_review(reviewer, port, ready(form), allowed(hosts))
        return
    written = review(reviewer, Path(out) if out is not None else session.project.root / REVIEW)
    document: ReviewData = {
        "version": 1,
        "page": str(written.page),
        "shots": written.shots,
        "takes": written.takes,
    }
    if form == "json":
        write_json(document)
        return
    shown = f"{counted(written.shots, 'shot')} and {counted(written.takes, 'take')}"
    click.echo(visible(f"{shown}: open {written.page}"))


def ready(form: str) -> "Callable[[Serving], None]":
    """Return what says where a page is served, once it can be opened."""
    return _write_serving if form == "json" else _say_serving


def _say_serving(at: "Serving") -> None:
    if at.in_use is not None:
        click.echo(f"Port {at.in_use} is in use, so this is {urlsplit(at.url).port}.")
    click.echo(f"The review is at {at.url}")
    for url in at.tunnels:
        click.echo(f"Through a tunnel: {url}")
    click.echo("Picks go into picks.yaml at once. Stop it with Ctrl-C.")


def _write_serving(at: "Serving") -> None:
    event: ReviewServingEvent = {
        "version": 1,
        "event": "serving",
        "url": at.url,
        "tunnels": list(at.tunnels),
    }
    write_event(event)


def one_page(out: str | None, port: int | None, hosts: tuple[str, ...], *, serve: bool) -> None:
    """Refuse options that cannot be combined: a page is written or served."""
    if serve and out is not None:
        raise click.UsageError("--out and --serve cannot be combined: use one of them")
    if port is not None and not serve:
        raise click.UsageError("--port is for --serve")
    if hosts and not serve:
        raise click.UsageError("--allow-host is for --serve")


def reviewer_of(session: Session, provider: str | None, *, live: bool) -> "Reviewer":
    """Return what gathers the page's data, and says how far it is where somebody looks."""
    from renderer.app.review.page_data import Reviewer

    return Reviewer(
        workspace=session.workspace(provider),
        live=live,
        looked=_looking,
    )


def _looking(done: int, of: int) -> None:
    """Say how far it is, where somebody watches."""
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        click.echo(f"\rchecking takes: {done} of {of}{end}", nl=False, err=True)
