"""`renderer watch`: plan again at every save and, with the embedded engine, render what changed."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from renderer.cli.options import events_option, only_option, provider_option
from renderer.cli.review import allow_host, one_page, ready, reviewer_of
from renderer.cli.wiring import Session
from renderer.paths import REVIEW
from renderer.sanitize import visible

if TYPE_CHECKING:
    from renderer.app.review.page_data import Reviewer
    from renderer.app.watch.messages import WatchReport
    from renderer.app.watch.watch import Watch
    from renderer.app.workspace import Workspace
    from renderer.cli.report import Report


@click.command("watch")
@provider_option
@only_option
@click.option("--serve", is_flag=True, help="Serve the review page too; it follows every save.")
@click.option("--port", type=click.IntRange(0, 65535), help="With --serve; default: 8765 or next.")
@allow_host
@click.option(
    "--out", metavar="DIR", help=f"Keep a review page here; default: {REVIEW}/, if it exists."
)
@events_option
@click.pass_obj
def command(  # noqa: PLR0913 - the options of one command
    session: Session,
    provider: str | None,
    only: tuple[str, ...],
    port: int | None,
    hosts: tuple[str, ...],
    out: str | None,
    *,
    serve: bool,
    form: str,
) -> None:
    """Plan at every save and, with the embedded engine, render what changed; Ctrl-C ends it.

    With a paid provider it plans only: nothing is ever sent or bought from here.
    """
    from renderer.app.review.request_guard import allowed
    from renderer.app.review.server import served
    from renderer.app.review.static_page import refuse_if_not_ours

    one_page(out, port, hosts, serve=serve)
    more = allowed(hosts)
    reviewer = reviewer_of(session, provider, live=serve)
    if out is not None:
        refuse_if_not_ours(Path(out))
    face = _face(form)
    watch = _watch(session, provider, reviewer, only, face, None if serve else out or "")
    face.began(session.project.root)
    with served(reviewer, port, ready(form), more) if serve else nullcontext():
        asyncio.run(_run(watch))
    face.ended()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Face:
    """What a watch shows of itself: in words, or as events."""

    report: "Report"
    telling: "WatchReport"
    began: Callable[[Path], None]
    ended: Callable[[], None]


def _face(form: str) -> _Face:
    if form == "json":
        from renderer.cli import watch_events
        from renderer.cli.events import EventReport

        return _Face(
            report=EventReport(),
            telling=watch_events.WatchEvents(),
            began=watch_events.began,
            ended=watch_events.ended,
        )
    return _text_face()


def _text_face() -> _Face:
    from renderer.app.watch.messages import Messages
    from renderer.cli import report
    from renderer.cli.output import width, write_lines

    # The bars of a running render make room for what is printed, and not for what is echoed.
    write = print if sys.stdout.isatty() else click.echo
    words = Messages(
        say=partial(write_lines, write=write),
        clock=lambda: f"{datetime.now().astimezone():%H:%M:%S}",
        width=width(),
    )
    return _Face(
        report=report.TextReport(),
        telling=words,
        began=lambda root: click.echo(visible(f"Watching {root}. Ctrl-C ends it.")),
        ended=lambda: click.echo("Stopped watching."),
    )


def _watch(
    session: Session,
    provider: str | None,
    reviewer: "Reviewer",
    only: tuple[str, ...],
    face: _Face,
    out: str | None,
) -> "Watch":
    from renderer.app.project.watched_files import WatchedFiles
    from renderer.app.watch.watch import Surroundings, Watch

    def now() -> "Workspace":
        reviewer.workspace = session.workspace(provider)
        return reviewer.workspace

    world = Surroundings(
        workspace=now,
        provider_session=session.environment.provider_session,
        follow=face.report.follow,
        ended=face.report.ended,
        page=partial(_written, session, reviewer, out),
    )
    return Watch(
        world=world,
        words=face.telling,
        sight=WatchedFiles(reviewer.workspace.files),
        only=only,
    )


def _written(session: Session, reviewer: "Reviewer", out: str | None) -> str:
    """Write the page into the folder that was named, or into the one that is there already."""
    from renderer.app.review.static_page import MARK, review

    target = Path(out) if out else session.project.root / REVIEW
    if out is None or not (out or (target / MARK).is_file()):
        return ""
    return str(review(reviewer, target).page)


async def _run(watch: "Watch") -> None:
    from renderer.adapters.clock import SystemClock
    from renderer.adapters.watcher import changes

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(name, watch.end)
    await watch.run(changes(watch.sight.look, SystemClock()))
