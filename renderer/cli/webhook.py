"""`renderer webhook`: receive webhooks for finished videos, and collect them."""

import asyncio
import contextlib
from typing import Literal, TypedDict
from urllib.parse import urlsplit

import click

from renderer.cli.options import events_option
from renderer.cli.output import write_event
from renderer.cli.wiring import Session
from renderer.errors import InputError
from renderer.paths import WEBHOOK_TOKEN
from renderer.providers import RUNWARE
from renderer.sanitize import visible


class WebhookEvent(TypedDict):
    """Where deliveries are taken: the value for `webhookURL`."""

    version: int
    event: Literal["serving"]
    url: str


@click.command("webhook")
@click.option("--port", type=click.IntRange(0, 65535), default=8725, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--public-url", metavar="URL", help="Public URL of the receiver, such as a tunnel or proxy."
)
@events_option
@click.pass_obj
def command(session: Session, port: int, host: str, public_url: str | None, form: str) -> None:
    """Receive webhooks until Ctrl-C. Results are fetched from Runware; nothing is bought."""
    from renderer.adapters.server.token import token
    from renderer.adapters.server.webhook_receiver import listening

    public = _public(public_url)
    session.environment.key()  # without one nothing could be collected: said now, not at the first delivery
    workspace = session.workspace(RUNWARE.name)
    secret = token(workspace.state / WEBHOOK_TOKEN, workspace.disk)
    with listening(host, port) as sock:
        chosen = int(sock.getsockname()[1])
        origin = public or f"http://{_bracketed(host)}:{chosen}"
        _ready(f"{origin}/{secret}", form)
        asyncio.run(_serve(session, sock, secret, _hosts(host, chosen, public)))


def _ready(url: str, form: str) -> None:
    event: WebhookEvent = {"version": 1, "event": "serving", "url": url}
    if form == "json":
        write_event(event)
        return
    click.echo(f"Receiving webhooks at {url}")
    click.echo("Set `webhookURL` under settings to it. Ctrl-C stops it; nothing is lost.")


async def _serve(session: Session, sock: object, secret: str, hosts: frozenset[str]) -> None:
    from renderer.adapters.clock import SystemClock
    from renderer.adapters.server.webhook_receiver import Receiver, serve
    from renderer.app.rendering.webhook import Hints

    journal = session.workspace(RUNWARE.name).journal
    hints = Hints(journal, lambda: _collect(session), SystemClock(), _say)
    work = asyncio.create_task(hints.work())
    try:
        await serve(Receiver(secret, hosts, hints.deliver), sock)  # type: ignore[arg-type]
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        said = ", ".join(f"{count} {name}" for name, count in sorted(hints.counts.items()))
        _say(f"deliveries: {said or 'none'}")


def _collect(session: Session) -> int:
    from renderer.app.rendering.job import Job, RenderOptions
    from renderer.app.rendering.webhook import collect

    workspace = session.workspace(RUNWARE.name)

    def job() -> Job:
        return Job.of(workspace, RenderOptions())

    provider_session = session.environment.provider_session(workspace)
    return collect(job, provider_session, workspace.mutex("webhook"))


def _say(words: str) -> None:
    click.echo(visible(words), err=True)


def _public(url: str | None) -> str:
    if url is None:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise InputError(f"--public-url {visible(url)} is not a valid URL", "write https://host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise InputError("--public-url has a path", "write https://host only; the path is ours")
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(host: str, port: int, public: str) -> frozenset[str]:
    names = {_bracketed(host), "127.0.0.1", "localhost", "[::1]"}
    known = {f"{name}:{port}" for name in names}
    return frozenset(known | ({public.partition("://")[2].lower()} if public else set()))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
