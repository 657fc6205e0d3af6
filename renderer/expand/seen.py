"""A request as a picture: what is wrong with it, its name, its fields and its price."""

from collections.abc import Mapping
from dataclasses import dataclass

from renderer.catalog import check as catalog_check
from renderer.catalog.check import Fault
from renderer.catalog.defaults import picture
from renderer.catalog.money import Cost
from renderer.catalog.price import estimate
from renderer.catalog.video_model import VideoModel
from renderer.expand.delivery import Sent, delivery
from renderer.expand.fingerprint import fields, fingerprint, former
from renderer.json_types import Json, is_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as a picture: its name, its names by older rules, its fields, its price.

    `seedless` is its name without its seed, if it asks for one.
    """

    fingerprint: str
    former: tuple[str, ...]
    fields: Mapping[str, Json]
    cost: Cost | None
    seconds: float
    delivery: Mapping[str, Sent]
    seed: int | None = None
    seedless: str = ""


class Judge:
    """Judges requests one by one; the truth of what `fast/shared_request.py` shares."""

    def faults(self, model: VideoModel, request: Mapping[str, Json]) -> tuple[Fault, ...]:
        """Return what the catalog finds wrong with a request."""
        return catalog_check.check(model, request)

    def seen(self, model: VideoModel, request: Mapping[str, Json]) -> Seen:
        """Return a request without faults as a picture."""
        whole = picture(model, request)
        rest = {name: value for name, value in request.items() if name != "seed"}
        seed = request.get("seed")
        return Seen(
            fingerprint=fingerprint(whole),
            former=former(whole),
            fields=fields(whole),
            cost=estimate(model, request),
            seconds=longest(model, whole.get("duration")),
            delivery=delivery(request),
            seed=int(seed) if is_number(seed) else None,
            seedless=fingerprint(picture(model, rest)) if "seed" in request else "",
        )


def longest(model: VideoModel, duration: Json) -> float:
    """Return how long a take may be: `auto` leaves it to the model, a draft has its own length."""
    if isinstance(duration, int | float):
        return duration
    return max(model.durations, default=0)
