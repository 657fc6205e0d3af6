"""What a run needs of the world, as a provider opens it: the API, the journal, the downloads."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from renderer.adapters.disk.store import Store
from renderer.adapters.net.client import Client
from renderer.app.rendering.loop.ports import Media, Ports, Work
from renderer.render.order import Recorded
from renderer.render.outcome import Notice

Record = Callable[[Sequence[Recorded]], None]
Observe = Callable[[Notice], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPorts:
    """What bringing made videos back needs; nothing of it can buy anything new."""

    client: Client
    media: Media
    store: Store
    work: Work


class ProviderSession(Protocol):
    """Opens what a run needs of the world, and closes it again.

    `quick` says that a video takes a second or so, as the engine's do.
    """

    @property
    def quick(self) -> bool:
        """Whether polls begin at once."""

    def dry(self) -> AbstractAsyncContextManager[Client]:
        """Return a client whose requests are judged and priced, and never carried out."""

    def ports(
        self, lineages: Sequence[str], record: Record, observe: Observe
    ) -> AbstractAsyncContextManager[Ports]:
        """Return the ports for one run; new ids are of the first lineage."""

    def fetching(self) -> AbstractAsyncContextManager[FetchPorts] | None:
        """Return what it takes to fetch what was made before; None if nothing of it is kept."""
