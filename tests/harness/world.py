"""A whole world in a folder: real adapters, a scripted provider, a lockfile of one line a take."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from renderer.adapters.disk.disk import Disk, FaultHook
from renderer.adapters.disk.store import Store
from renderer.adapters.journal.journal import Journal
from renderer.adapters.media.probe import probe
from renderer.adapters.net.client import Client, Secret
from renderer.adapters.net.fetch import Fetcher
from renderer.adapters.net.http_fetch import AsyncWay
from renderer.adapters.net.image_uploads import ImageUploads
from renderer.adapters.net.media_url import MediaRules
from renderer.app.rendering.loop import Interrupt, Ports, Terms, run
from renderer.catalog.video_model import ImageLimits
from renderer.render.backoff import Pace
from renderer.render.order import Order, Recorded
from renderer.render.outcome import Notice, Outcome
from tests.harness.engine import Reset, ScriptedEngine
from tests.harness.orders import order
from tests.harness.virtual import VirtualClock

__all__ = ["ENGINE", "IMAGES", "KEY", "LINEAGE", "Book", "Wire", "World", "inline", "order"]

ENGINE = "http://engine.local"
KEY = "CANARY-KEY"
LINEAGE = "5d219290-7a7d-4859-ae06-0404ac3c6296"
IMAGES = ImageLimits(
    formats=("PNG",),
    max_bytes=30_000_000,
    max_total_bytes=64_000_000,
    min_side=300,
    max_side=6000,
    min_ratio=Decimal("0.4"),
    max_ratio=Decimal("2.5"),
)


class Wire(httpx.ASGITransport):
    """ASGI in process; a Reset in the app is a broken connection."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except Reset as error:
            raise httpx.ReadError("connection reset", request=request) from error


class Book:
    """A lockfile for tests: JSON, written as a whole through the disk, idempotent."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self._disk = disk

    def takes(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        value: list[dict[str, Any]] = json.loads(self.path.read_text())
        return value

    def record(self, group: Sequence[Recorded]) -> None:
        takes = self.takes()
        known = {(take["task"], take["video"]) for take in takes}
        for recorded in group:
            take = recorded.take
            if (take.task_uuid, take.video_uuid) not in known:
                takes.append(
                    {
                        "fingerprint": recorded.order.fingerprint,
                        "task": take.task_uuid,
                        "video": take.video_uuid,
                        "sha256": take.sha256,
                        "size": take.size,
                        "seed": take.seed,
                        "number": take.number,
                        "cost": None if take.cost is None else str(take.cost),
                        "flags": list(take.flags),
                    }
                )
        self._disk.write(self.path, json.dumps(takes, indent=1).encode())


@dataclass
class World:
    """A project folder and its provider; `render` is one run of the program."""

    root: Path
    engine: ScriptedEngine
    clock: VirtualClock = field(default_factory=VirtualClock)
    watch: FaultHook | None = None
    terms: Terms = field(
        default_factory=lambda: Terms(lineage=LINEAGE, intent="all", pace=Pace(jitter=0.0))
    )
    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    transport: httpx.AsyncBaseTransport | None = None
    observe: Callable[[Notice], None] | None = None

    @property
    def book(self) -> Book:
        return Book(self.root / "book.json", Disk(self.watch))

    def wanted(self, orders: Sequence[Order]) -> list[Order]:
        """Return what the lockfile leaves wanting of orders for the whole of each picture."""
        have: dict[str, list[int | None]] = {}
        for take in self.book.takes():
            have.setdefault(take["fingerprint"], []).append(take["seed"])
        rests = [
            order.rest(
                len(have.get(order.fingerprint, [])), tuple(have.get(order.fingerprint, []))
            )
            for order in orders
        ]
        return [rest for rest in rests if rest]

    async def render(
        self,
        orders: Sequence[Order],
        *,
        interrupt: Interrupt | None = None,
        **changes: Any,
    ) -> Outcome:
        disk, terms = Disk(self.watch), replace(self.terms, **changes)
        transport = self.transport or Wire(self.engine)
        client = Client(
            f"{ENGINE}/v1", Secret(KEY), self.clock, transport=transport, watch=self.watch
        )
        (self.root / ".renderer").mkdir(exist_ok=True)
        journal = Journal(self.root / ".renderer" / "state.db", terms.lineage, self.watch)
        way = AsyncWay(transport, self.clock, inline)
        rules = MediaRules(hosts=frozenset({"vm.runware.ai"}), engine=ENGINE)
        ports = Ports(
            client=client,
            journal=journal,
            store=Store(self.root / ".renderer", disk),
            media=Fetcher(way, rules, self.clock, terms.pace, self.watch),
            images=ImageUploads(
                lambda _, path: self.files[path],
                client,
                journal,
                self.clock,
                terms.pace,
                lineage=terms.lineage,
                limits=lambda _: IMAGES,
            ),
            clock=self.clock,
            record=Book(self.root / "book.json", disk).record,
            observe=self.observe or self.notices.append,
            probe=probe,
            work=inline,
        )
        try:
            return await run(self.wanted(orders), ports, terms, interrupt)
        finally:
            journal.close()
            await client.close()
            await way.close()


async def inline(function: Callable[[], Any]) -> Any:
    return function()
