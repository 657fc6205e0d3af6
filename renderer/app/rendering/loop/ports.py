"""What a run needs of the world, and on which terms it works."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeVar

from renderer.adapters.clock import Clock
from renderer.adapters.disk.disk import Part
from renderer.adapters.disk.store import Store
from renderer.adapters.journal.journal import Journal
from renderer.adapters.net.client import Client
from renderer.adapters.net.fetch import Keep, Seen
from renderer.render.backoff import Pace
from renderer.render.order import Order, Recorded
from renderer.render.outcome import Notice, Probed

T = TypeVar("T")


class Media(Protocol):
    """Fetches one video whole."""

    async def fetch(self, url: str, part: Part, seen: Seen, keep: Keep) -> None:
        """Fill the part and have it kept; see `adapters.download.Fetcher`."""


class Images(Protocol):
    """Makes the references of an order into what its request carries."""

    async def images(self, order: Order) -> Mapping[str, str]:
        """Return what stands for each reference; see `adapters.inputs.Inputs`."""

    def forget(self, order: Order) -> None:
        """Forget the uploads that an order used."""


class Work(Protocol):
    """Runs a blocking function, in a thread or here."""

    def __call__(self, function: Callable[[], T]) -> Awaitable[T]:
        """Return its result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world of a run. The project's mutex is held by the caller.

    `record` writes takes into the lockfile and returns when they are durable; it is called
    with all takes that finished since, one call at a time, and takes that are already there
    (same task and video) must change nothing. `observe` is called for each step and must not block.
    `begin` is called when a run was not refused, before its first request.
    """

    client: Client
    journal: Journal
    store: Store
    media: Media
    images: Images
    clock: Clock
    record: Callable[[Sequence[Recorded]], None]
    probe: Callable[[Path, str], Probed]
    work: Work
    observe: Callable[[Notice], None] = lambda _: None
    begin: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a run works. `intent` names what was asked for: a digest of the wanted takes.

    `limit` is the most that all runs of the intent may cost, in USD. `again` names tasks
    (ids) that a person decided to give up: they are bought again. `later` are orders that follow
    in another run, and are within the limit, too. `collect`: nothing is bought, what was bought
    is collected; `brief`: and what still runs is not waited for. `own`: open tasks of pictures
    that are not among the orders are left alone.
    """

    lineage: str
    intent: str
    limit: Decimal | None = None
    again: frozenset[str] = frozenset()
    later: tuple[Order, ...] = ()
    collect: bool = False
    brief: bool = False
    own: bool = False
    in_flight: int = 100
    batch: int = 100  # tasks in one call
    calls: int = 6  # at a time
    downloads: int = 5  # at a time
    pace: Pace = field(default_factory=Pace)


class Interrupt:
    """Interrupt request. First: graceful, nothing more is sent; second: immediate."""

    def __init__(self) -> None:
        self._first = asyncio.Event()
        self._second = asyncio.Event()

    def press(self) -> None:
        """Be called for each signal, on the loop's thread."""
        (self._second if self._first.is_set() else self._first).set()

    @property
    def pressed(self) -> bool:
        """Whether it was pressed at all."""
        return self._first.is_set()

    async def once(self) -> None:
        """Wait for the first press."""
        await self._first.wait()

    async def twice(self) -> None:
        """Wait for the second press."""
        await self._second.wait()
