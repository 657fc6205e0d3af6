"""Orders and finished takes: what goes into the life of a task, and what comes out."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from renderer.catalog.money import Cost
from renderer.expand.delivery import filled_in
from renderer.json_types import Json
from renderer.render.seeds import free_runs, start_of

TEMPLATED = ("webhookURL", "uploadEndpoint")
HIDDEN = "\x1a"  # before the name of such a field: its address is kept nowhere, see `body`


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the file should be: pixels, seconds, frames a second; None is not known."""

    width: int | None = None
    height: int | None = None
    duration: Decimal | None = None
    fps: int | None = None
    audio: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One `videoInference` task to be sent: `count` takes of one fingerprint.

    `number` is the first take's number in the lockfile; `index` is how many takes of this
    fingerprint the lockfile had (a word of the taskUUID). `request` is the wire object less
    its taskUUID, with images as "sha256:<hex>" references that `files` leads to project
    paths. `estimate` is the price of one take in USD; `seconds` how long one usually takes.
    `replaces` are the SHA-256 of lost takes that these are bought in place of.
    """

    address: str
    scene: str
    shot: str
    fingerprint: str
    number: int
    count: int
    index: int
    request: Mapping[str, Json]
    files: Mapping[str, str]
    estimate: Cost | None
    expected: Expected
    seconds: float
    replaces: tuple[str, ...] = ()

    def body(self, uuid: str, images: Mapping[str, str]) -> dict[str, Json]:
        """Return the task object to send; `images` leads each reference and mark to what is sent.

        Addresses may say {scene}, {shot}, {address} and {take}: these are filled in, quoted.
        """
        filled = {name: _replaced(value, images) for name, value in self.request.items()}
        if self.count > 1 or "numberResults" in filled:
            filled["numberResults"] = self.count
        for field in TEMPLATED:
            if filled.get(field) == HIDDEN + field:
                del filled[field]  # the specs name none any more: nothing is sent there
            elif field in filled:
                filled[field] = self._addressed(str(filled[field]))
        return {"taskType": "videoInference", "taskUUID": uuid, **filled}

    def _addressed(self, url: str) -> str:
        take = str(self.number)
        return filled_in(url, scene=self.scene, shot=self.shot, address=self.address, take=take)

    def rest(self, made: int, seeds: tuple[int | None, ...] = ()) -> "Order | None":
        """Return the order for what `made` takes leave wanting; None if nothing is left.

        Where a seed was asked for, it is the first run of seeds that did not come.
        """
        if made >= self.count:
            return None
        if not made:
            return self
        request, count = dict(self.request), self.count - made
        start = start_of(request)
        if start is not None:
            had = (*seeds[:made], *[None] * (made - len(seeds)))
            request["seed"], count = free_runs(start, self.count, had, count)[0]
        return dataclasses.replace(
            self,
            number=self.number + made,
            index=self.index + made,
            count=count,
            request=request,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedTake:
    """One take that lies whole in the store; `flags` say what is not as asked.

    `cost` is what the provider reported in USD, None when it reported none or zero;
    `estimate` the highest price that was expected. `number` is a proposal: the lockfile
    gives the next free one if a merge took it. `engine`: an embedded engine made it, so it is an
    animatic, whatever it was asked through.
    """

    number: int
    sha256: str
    size: int
    format: str
    seed: int | None
    cost: Decimal | None
    estimate: Decimal | None
    task_uuid: str
    video_uuid: str
    draft_id: str = ""
    flags: tuple[str, ...] = ()
    engine: bool = False
    unsafe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A finished take with the order that it answers."""

    order: Order
    take: FinishedTake


def order_text(order: Order) -> str:
    """Return the order as one line of JSON for the journal."""
    value = {name: getattr(order, name) for name in Order.__slots__}
    if not order.replaces:
        del value["replaces"]  # as earlier versions read it
    value["estimate"] = _pair(order.estimate)
    value["expected"] = {name: getattr(order.expected, name) for name in Expected.__slots__}
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)


def order_of(text: str) -> Order:
    """Read back what `order_text` wrote; ValueError, KeyError or TypeError if it did not."""
    value = json.loads(text)
    pair, expected = value["estimate"], value["expected"]
    duration = expected["duration"]
    expected["duration"] = None if duration is None else Decimal(duration)
    value["expected"] = Expected(**expected)
    value["replaces"] = tuple(value.get("replaces", ()))
    value["estimate"] = pair and Cost(low=Decimal(pair[0]), high=Decimal(pair[1]))
    return Order(**value)


def take_text(take: FinishedTake) -> str:
    """Return a finished take as one line of JSON for the journal."""
    names = FinishedTake.__slots__
    return json.dumps({name: getattr(take, name) for name in names}, default=str)


def take_of(text: str) -> FinishedTake:
    """Read back what `take_text` wrote; ValueError, KeyError or TypeError if it did not."""
    value = json.loads(text)
    for name in ("cost", "estimate"):
        value[name] = None if value[name] is None else Decimal(value[name])
    return FinishedTake(**{**value, "flags": tuple(value["flags"])})


def _pair(cost: Cost | None) -> tuple[str, str] | None:
    return (str(cost.low), str(cost.high)) if cost else None


def _plain(value: Json) -> Json:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _replaced(value: Json, images: Mapping[str, str]) -> Json:
    if isinstance(value, Mapping):
        return {key: _replaced(inner, images) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(inner, images) for inner in value]
    return images.get(value, value) if isinstance(value, str) else value
