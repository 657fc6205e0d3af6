"""The addresses that finished videos are sent to: filled in from the specs when an order is sent."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from renderer.expand.task import Task
from renderer.render.order import HIDDEN, TEMPLATED, Order

if TYPE_CHECKING:  # plans look at addresses, and load no network for it
    from renderer.adapters.journal.queries import OpenTask
    from renderer.adapters.net.client import Client
    from renderer.app.rendering.loop.ports import Images


def keep_secret(client: "Client", tasks: Sequence[Task], sent: Sequence["OpenTask"]) -> None:
    """Let a client show no credentials of addresses that an earlier run sent."""
    known = {task.address for task in sent} | {task.fingerprint for task in sent}
    for task in tasks:
        if {task.address, task.fingerprint} & known:
            client.keep_secret(task.request)


class Addressed:
    """The images of an order, and the addresses that the specs of now give its task."""

    def __init__(self, images: "Images", tasks: Sequence[Task]) -> None:
        self._images = images
        self._by_address = {task.address: task for task in tasks}
        self._by_picture = {task.fingerprint: task for task in tasks}

    async def images(self, order: Order) -> Mapping[str, str]:
        """Return what stands for each reference and each mark of the order."""
        known = self._by_address.get(order.address) or self._by_picture.get(order.fingerprint)
        request = known.request if known else {}
        addresses = {HIDDEN + key: str(request[key]) for key in TEMPLATED if key in request}
        return {**addresses, **await self._images.images(order)}

    def forget(self, order: Order) -> None:
        """Forget the uploads that an order used."""
        self._images.forget(order)
