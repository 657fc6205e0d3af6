"""Use case: let the provider check and price every order without executing any."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from renderer.adapters.media.image_bytes import ImageBytes
from renderer.adapters.net.client import Client
from renderer.adapters.net.image_uploads import check_image
from renderer.adapters.net.refusal import refused
from renderer.app.rendering.job import Job
from renderer.catalog.money import Cost
from renderer.errors import NetworkError, RefusedError
from renderer.json_types import Json
from renderer.render.answers.calls import Answered, Call
from renderer.render.order import Order
from renderer.runware.codes import Kind
from renderer.runware.messages import Answer, TaskError

_BATCH = 50  # orders in one call
_LONGEST = 8 * 1024 * 1024  # characters of one call
_CALL = {Kind.KEY, Kind.MONEY, Kind.RATE, Kind.SERVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One order with what is expected and what the provider says, in USD for all its takes."""

    order: Order
    task_uuid: str
    estimate: Cost | None
    price: Decimal | None = None
    errors: tuple[TaskError, ...] = ()

    @property
    def dearer(self) -> bool:
        """Whether the provider asks for more than was expected."""
        both = self.price is not None and self.estimate is not None
        return both and self.price > self.estimate.high  # type: ignore[operator,union-attr]


async def dry_run(job: Job, client: Client, new_uuid: Callable[[], str]) -> tuple[Judged, ...]:
    """Return a judgement on each order of a job.

    The first goes alone: should the answer show that the header was not understood, then
    nothing else is asked, and RefusedError names the one task that may have been bought.
    """
    asked = [
        Judged(order=order, task_uuid=new_uuid(), estimate=_estimate(order))
        for order in job.orders
    ]
    found: list[Judged] = []
    for batch in _batches([(one, _body(job, one)) for one in asked]):
        call = await client.submit([body for _, body in batch])
        answer = _understood(call)
        found += [_judged(one, answer) for one, _ in batch]
        _check_dry(found)
    return tuple(found)


def _body(job: Job, one: Judged) -> dict[str, Json]:
    order = one.order
    known = {task.address: task for task in job.planned.tasks}[order.address]
    pictures = job.workspace.images()
    images = {ref: _image(pictures, job, order, path) for ref, path in order.files.items()}
    return replace(order, request=known.request).body(one.task_uuid, images)


def _image(pictures: ImageBytes, job: Job, order: Order, source: str) -> str:
    """Return an image inline: an upload would leave something behind."""
    if source.startswith("data:"):
        return source
    limits = job.workspace.catalog.get(str(order.request.get("model", ""))).images
    content = pictures.load(source)
    kind = check_image(content, source, limits)
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _batches(
    asked: Sequence[tuple[Judged, dict[str, Json]]],
) -> list[list[tuple[Judged, dict[str, Json]]]]:
    """Put orders into calls: the first alone, the others by number and by length."""
    batches: list[list[tuple[Judged, dict[str, Json]]]] = []
    room = 0
    for place, pair in enumerate(asked):
        length = len(str(pair[1]))
        if place < 2 or length > room or len(batches[-1]) >= _BATCH:
            batches.append([])
            room = _LONGEST
        batches[-1].append(pair)
        room -= length
    return batches


def _understood(call: Call) -> Answer:
    if not isinstance(call, Answered):
        raise NetworkError(
            f"no response from the provider: {call.why}", "check the network, try again"
        )
    loose = [error for error in call.answer.errors if not error.task_uuid or error.kind in _CALL]
    if loose and not call.answer.items:
        raise refused(loose[0])
    return call.answer


def _judged(one: Judged, answer: Answer) -> Judged:
    uuid = one.task_uuid.lower()
    errors = tuple(error for error in answer.errors if error.task_uuid.lower() == uuid)
    rows = [item for item in answer.items if item.task_uuid.lower() == uuid]
    if not errors and not rows:
        errors = (TaskError(code="noAnswer", message="the response does not contain it"),)
    return replace(one, errors=errors, price=next((r.cost for r in rows if r.cost), None))


def _check_dry(found: Sequence[Judged]) -> None:
    """Stop if an order was taken without a price: then it was perhaps no dry run."""
    for one in found:
        if not one.errors and one.price is None:
            raise RefusedError(
                f"{one.order.address}: the provider accepted it and returned no price, so it may have "
                f"been executed and billed: task {one.task_uuid}",
                "check the account; this endpoint may not support dry runs",
            )


def _estimate(order: Order) -> Cost | None:
    return order.estimate * order.count if order.estimate else None


def total_price(found: Sequence[Judged]) -> Decimal:
    """Return what the provider asks for all that it would take."""
    return sum((one.price for one in found if one.price is not None), Decimal(0))


def check_total(found: Sequence[Judged], limit: Decimal | None) -> None:
    """Raise RefusedError if the provider's own figure is over a limit."""
    if limit is not None and total_price(found) > limit:
        raise RefusedError(
            f"the provider's price is ${total_price(found):f}, and the limit is ${limit:f}",
            "raise --max-cost, or render less with --only",
        )
