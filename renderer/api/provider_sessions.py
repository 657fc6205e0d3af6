"""Where takes are made: Runware over the network, or the embedded engine in this process."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from renderer.adapters.clock import Clock
from renderer.adapters.journal.journal import Journal
from renderer.adapters.media.image_bytes import ImageBytes
from renderer.adapters.media.probe import probe
from renderer.adapters.net.client import Client, Secret
from renderer.adapters.net.endpoint import endpoint_of
from renderer.adapters.net.fetch import Fetcher, Way
from renderer.adapters.net.http_fetch import AsyncWay, ProxyWay, ThreadWay
from renderer.adapters.net.image_uploads import ImageUploads
from renderer.adapters.net.media_url import MediaRules
from renderer.adapters.net.network import Network
from renderer.adapters.net.transports import Dry, TappedWay, Trace, api
from renderer.app.rendering.loop.ports import Ports
from renderer.app.rendering.sessions import FetchPorts, Observe, Record
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.engine.app import create_app
from renderer.paths import ENGINE, JOURNAL
from renderer.render.backoff import Pace
from renderer.render.outcome import News, Notice

_ENGINE = "http://engine.localhost"
_THREADS = 12  # for downloads, and for all else that blocks
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalProvider:
    """The embedded engine, in this process: free, without a key, without a network."""

    workspace: Workspace
    quick: bool = True

    @asynccontextmanager
    async def dry(self) -> AsyncIterator[Client]:
        """Start an engine that is asked for prices only."""
        with tempfile.TemporaryDirectory(prefix="engine-") as folder:
            app = create_app(catalog=self.workspace.catalog, folder=folder, base_url=_ENGINE)
            transport = Dry(httpx.ASGITransport(app))
            client = Client(_ENGINE, Secret("local"), self.workspace.clock, transport=transport)
            try:
                yield client
            finally:
                app.state.engine.close()
                await client.close()

    @asynccontextmanager
    async def ports(
        self, lineages: Sequence[str], record: Record, observe: Observe
    ) -> AsyncIterator[Ports]:
        """Start an engine with a folder of its own; only drafts outlive it, to be promoted."""
        with (
            tempfile.TemporaryDirectory(
                prefix="engine-", dir=_made(self.workspace.store.root)
            ) as folder,
            ThreadPoolExecutor(4, thread_name_prefix="local") as pool,
        ):
            _lasting(Path(folder), self.workspace.store.root / ENGINE)
            app = create_app(catalog=self.workspace.catalog, folder=folder, base_url=_ENGINE)
            transport = Slates(httpx.ASGITransport(app))
            client = Client(_ENGINE, Secret("local"), self.workspace.clock, transport=transport)
            work = partial(_work, pool)
            way = AsyncWay(httpx.ASGITransport(app), self.workspace.clock, work)
            journal = Journal(Path(folder) / JOURNAL, lineages[0])
            rules = MediaRules(engine=_ENGINE)
            pace = Pace(most=1.0)
            try:
                yield Ports(
                    client=client,
                    journal=journal,
                    store=self.workspace.store,
                    media=Fetcher(way, rules, self.workspace.clock, pace),
                    images=self._inputs(client, journal, lineages[0]),
                    clock=self.workspace.clock,
                    record=record,
                    probe=probe,
                    work=work,
                    observe=transport.hearing(observe),
                )
            finally:
                app.state.engine.close()
                journal.close()
                await way.close()
                await client.close()

    def fetching(self) -> None:
        """Return None: an engine that restarts has nothing that was made before."""

    def _inputs(self, client: Client, journal: Journal, lineage: str) -> ImageUploads:
        pictures = self.workspace.images()
        return images_of(
            pictures, self.workspace.catalog, client, journal, self.workspace.clock, lineage
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunwareProvider:
    """Runware, or whatever answers like it at `address`; `trace` is called for each request."""

    workspace: Workspace
    address: str
    key: Secret
    own_engine: bool
    trace: Trace | None = None
    network: Network = field(default_factory=Network)

    @property
    def quick(self) -> bool:
        """Whether it is an engine on this machine."""
        return self.own_engine and is_loopback(self.address)

    @asynccontextmanager
    async def dry(self) -> AsyncIterator[Client]:
        """Open a client that asks for judgement and price only."""
        client = self.client(dry=True)
        try:
            yield client
        finally:
            await client.close()

    def client(self, *, dry: bool = False) -> Client:
        """Return a client of the API, over TCP."""
        return api(
            self.address,
            self.key,
            self.workspace.clock,
            trace=self.trace,
            dry=dry,
            network=self.network,
        )

    @asynccontextmanager
    async def ports(
        self, lineages: Sequence[str], record: Record, observe: Observe
    ) -> AsyncIterator[Ports]:
        """Open the journal and the connections."""
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="download") as pool:
            client = self.client()
            journal = Journal(
                _made(self.workspace.state) / JOURNAL,
                lineages[0],
                joined=lineages[1:],
                endpoint=endpoint_of(self.address),
            )
            try:
                async with self._media(pool) as media:
                    yield Ports(
                        client=client,
                        journal=journal,
                        store=self.workspace.store,
                        media=media,
                        images=self._inputs(client, journal, lineages[0]),
                        clock=self.workspace.clock,
                        record=record,
                        probe=probe,
                        work=partial(_work, pool),
                        observe=observe,
                    )
            finally:
                journal.close()
                await client.close()

    def _inputs(self, client: Client, journal: Journal, lineage: str) -> ImageUploads:
        pictures = self.workspace.images()
        return images_of(
            pictures, self.workspace.catalog, client, journal, self.workspace.clock, lineage
        )

    @asynccontextmanager
    async def fetching(self) -> AsyncIterator[FetchPorts]:
        """Open the connections, and no journal: what is fetched was bought long ago."""
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="download") as pool:
            client = self.client()
            try:
                async with self._media(pool) as media:
                    work = partial(_work, pool)
                    yield FetchPorts(
                        client=client, media=media, store=self.workspace.store, work=work
                    )
            finally:
                await client.close()

    @asynccontextmanager
    async def _media(self, pool: ThreadPoolExecutor) -> AsyncIterator[Fetcher]:
        """Open what fetches videos, in these threads or through a proxy."""
        rules, work = self._rules(), partial(_work, pool)
        threads = ThreadWay(rules, pool, self.network)
        ways = ProxyWay(
            self.network, rules, threads, lambda t: AsyncWay(t, self.workspace.clock, work)
        )
        way: Way = TappedWay(ways, self.trace, self.workspace.clock) if self.trace else ways
        try:
            yield Fetcher(way, rules, self.workspace.clock, Pace())
        finally:
            await ways.close()
            await threads.close()

    def _rules(self) -> MediaRules:
        hosts = frozenset(
            host for model in self.workspace.catalog.all() for host in model.media_hosts
        )
        return MediaRules(
            hosts=hosts | self.network.media_hosts, engine=self.address if self.own_engine else ""
        )


def images_of(
    pictures: ImageBytes,
    catalog: Catalog,
    client: Client,
    journal: Journal,
    clock: Clock,
    lineage: str,
) -> ImageUploads:
    """Return the images of orders on their way to a provider."""
    return ImageUploads(
        lambda _, source: pictures.load(source),
        client,
        journal,
        clock,
        Pace(),
        lineage=lineage,
        limits=lambda air: catalog.get(air).images,
    )


class Slates(httpx.AsyncBaseTransport):
    """Tells the embedded engine which shot and take a task is, to burn it into the picture."""

    def __init__(self, below: httpx.AsyncBaseTransport) -> None:
        self._below = below
        self._names: dict[str, tuple[str, int]] = {}

    def hearing(self, observe: Observe) -> Observe:
        """Return an observer that also learns the name of a task when it waits to be sent."""

        def heard(notice: Notice) -> None:
            if notice.news is News.QUEUED:
                self._names.setdefault(notice.task_uuid, (notice.address, notice.number))
            observe(notice)

        return heard

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Add the header and pass the request on."""
        slates = [
            {"taskUUID": task.get("taskUUID"), "shot": name[0], "take": name[1]}
            for task in json.loads(request.content)
            if task.get("taskType") == "videoInference"
            and (name := self._names.get(task.get("taskUUID", "")))
        ]
        if slates:
            request.headers["X-Renderer-Slate"] = json.dumps(slates)
        return await self._below.handle_async_request(request)


async def _work(pool: Executor, function: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, function)


def is_loopback(address: str) -> bool:
    """Whether an address leads to this machine."""
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}


def _lasting(folder: Path, kept: Path) -> None:
    """Let the engine keep drafts, and the images that they were made with, for the next run."""
    for kind in ("drafts", "media"):
        (folder / kind).symlink_to(_made(kept / kind), target_is_directory=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
