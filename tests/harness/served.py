"""The embedded engine over TCP in a thread: its ledger in reach, its videos made in a wink."""

import asyncio
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from renderer.adapters.disk.resources import model_texts
from renderer.animatic.spec import AnimaticSpec
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.engine.app import create_app
from renderer.engine.options import Options
from tests.harness.clip import clip, variant

KEY = "CANARY-KEY-0d1f"
Change = Callable[[bytes], bytes]


def quick(brief: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
    """Make a small real video of other bytes for each brief."""
    progress(50)
    path.write_bytes(variant(clip(), hashlib.sha256(repr(brief).encode()).hexdigest()))


@dataclass
class Served:
    """An engine that listens; `calls` are (headers, body) of each POST, in order."""

    address: str
    store: Any
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    change: Change | None = None  # made to each answer of a POST
    gate: Callable[[bytes], bool] | None = None  # whether a POST (its body) comes through at all

    @property
    def paid(self) -> dict[tuple[str, int], int]:
        """How often each picture (prompt, seed) was paid for."""
        counted: dict[tuple[str, int], int] = {}
        for line in self.store.billing.charged:
            counted[line.prompt, line.seed] = counted.get((line.prompt, line.seed), 0) + 1
        return counted

    def bodies(self, kind: str) -> list[bytes]:
        return [body for _, body in self.calls if f'"{kind}"'.encode() in body]

    def environment(self) -> dict[str, str]:
        return {"RUNWARE_BASE_URL": f"{self.address}/v1", "RUNWARE_API_KEY": KEY}


class _Seen:
    """Notes each POST, and may change its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.served: Served | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or self.served is None:
            await self.app(scope, receive, send)
            return
        body = await _body(receive)
        if self.served.gate and not await asyncio.to_thread(self.served.gate, body):
            raise ConnectionResetError("lost on its way")
        answer: list[Message] = []

        async def heard() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def said(message: Message) -> None:
            answer.append(message)

        await self.app(scope, heard, said)
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        self.served.calls.append((headers, body))
        await self._answer(answer, send, self.served.change)

    async def _answer(self, answer: list[Message], send: Send, change: Change | None) -> None:
        data = b"".join(message.get("body", b"") for message in answer)
        data = change(data) if change else data
        head = dict(answer[0])
        kept = [(k, v) for k, v in head["headers"] if k.lower() != b"content-length"]
        head["headers"] = [*kept, (b"content-length", str(len(data)).encode())]
        await send(head)
        await send({"type": "http.response.body", "body": data})


async def _body(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


@dataclass(frozen=True)
class Public:
    """How a provider is seen from outside: over https, with its videos below `media`."""

    certificate: Path
    key: Path
    media: str


@contextmanager
def served(folder: Path, public: Public | None = None, /, **wishes: Any) -> Iterator[Served]:
    """Serve an engine that takes `KEY` and plays the provider; `wishes` are its options."""
    catalog = Catalog.of(load_model(text, name) for name, text in model_texts().items())
    chosen: dict[str, Any] = {"make": quick, "marked": False} | wishes
    options = Options(**chosen)
    with _listening() as (sock, port):
        address = f"http://127.0.0.1:{port}"
        app = create_app(
            catalog=catalog,
            folder=folder,
            base_url=public.media if public else address,
            keys=frozenset({KEY}),
            options=options,
        )
        seen = _Seen(app)
        seen.served = Served(address=address, store=app.state.engine)
        config = uvicorn.Config(seen, log_config=None, access_log=False, lifespan="off")
        if public:
            config.ssl_certfile, config.ssl_keyfile = public.certificate, public.key
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
        thread.start()
        try:
            yield seen.served
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)
            app.state.engine.close()


@contextmanager
def _listening() -> Iterator[tuple[Any, int]]:
    import socket

    sock = socket.create_server(("127.0.0.1", 0))
    try:
        yield sock, sock.getsockname()[1]
    finally:
        sock.close()


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set variables of the environment for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
