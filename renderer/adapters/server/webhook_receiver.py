"""A receiver of small POSTs at one secret path: bounded in size, time and connections."""

import asyncio
import hmac
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from renderer.errors import MachineError

LIMIT = 1024 * 1024  # bytes of one delivery
SECONDS = 10.0  # for one delivery
CONNECTIONS = 64
Deliver = Callable[[bytes], Awaitable[int]]  # a body -> an HTTP status
_CLOSE = {"Connection": "close", "Cache-Control": "no-store"}


class Receiver:
    """The ASGI app. `hosts` are the only names under which it answers, against rebinding."""

    def __init__(
        self, token: str, hosts: frozenset[str], deliver: Deliver, *, seconds: float = SECONDS
    ) -> None:
        self._path = f"/{token}".encode("ascii")
        self._hosts = hosts
        self._deliver = deliver
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: with a status and no body at all."""
        if scope["type"] != "http":
            return
        status = await self._status(Request(scope, receive))
        headers = {**_CLOSE, "Allow": "POST"} if status == 405 else _CLOSE
        await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _status(self, request: Request) -> int:
        if request.headers.get("host", "").lower() not in self._hosts:
            return 421
        if request.method != "POST":
            return 405
        path = request.scope.get("raw_path") or b""
        if not hmac.compare_digest(path, self._path):
            return 404
        try:
            async with asyncio.timeout(self._seconds):
                body = await _body(request)
                return 413 if body is None else await self._deliver(body)
        except TimeoutError:
            return 408
        except ClientDisconnect:
            return 400


async def _body(request: Request) -> bytes | None:
    """Return the body, or None when it is too long."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdecimal() and int(length[:20]) > LIMIT:
        return None
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > LIMIT:
            return None
    return bytes(found)


def bounded(most: int = CONNECTIONS, seconds: float = SECONDS + 5) -> type[asyncio.Protocol]:
    """Return a protocol of which so many connections live at most, each so many seconds.

    One too many ends the oldest: who only holds connections open keeps nobody out.
    """
    living: dict[H11Protocol, asyncio.TimerHandle] = {}

    class Bounded(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            living[self] = self.loop.call_later(seconds, transport.abort)
            while len(living) > most:
                oldest = next(iter(living))
                living.pop(oldest).cancel()
                oldest.transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            timer = living.pop(self, None)
            if timer:
                timer.cancel()
            super().connection_lost(exc)

    return Bounded


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raise MachineError if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise MachineError(
            f"{host}, port {port} cannot be used: {error.strerror or error}",
            "name another with --host and --port",
        ) from None


async def serve(app: ASGIApp, sock: socket.socket) -> None:
    """Serve on a socket until a signal comes."""
    config = uvicorn.Config(
        app,
        http=bounded(),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=1,
        timeout_graceful_shutdown=5,
    )
    await uvicorn.Server(config).serve(sockets=[sock])
