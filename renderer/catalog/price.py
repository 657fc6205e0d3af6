"""What one result of a request costs; an unknown price is None, never 0."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product

from renderer.catalog.money import Cost, rounded
from renderer.catalog.video_model import Path, SecondPrice, Size, TokenPrice, VideoModel, at
from renderer.json_types import Json, whole

_MILLION = 1_000_000


def estimate(model: VideoModel, request: Mapping[str, Json]) -> Cost | None:
    """Return the price of one result in USD; a range where the request leaves something open.

    None where the catalog does not know the price: spending on it has to be refused.
    """
    draft = bool(model.draft and at(request, model.draft.path) is True)
    promoted = model.draft is not None and at(request, model.draft.id_path) is not None
    sizes = _sizes(model, request, draft=draft)
    durations = _durations(model, request, promoted=promoted)
    sounds = _sounds(model, request, promoted=promoted)
    if not sizes or not durations or not sounds:
        return None
    return _range(model, sizes, durations, sounds, draft=draft)


def unpriced(model: VideoModel, request: Mapping[str, Json]) -> tuple[str, str]:
    """Say of a request without a known price which one is missing, and what to do."""
    draft = bool(model.draft and at(request, model.draft.path) is True)
    named = [model.name_of(*size) for size in _sizes(model, request, draft=draft)]
    asked = {name[0] for name in named if name}
    rates = model.price.per_second if isinstance(model.price, SecondPrice) else {}
    without = [name for name in model.resolutions if name in asked and rates.get(name) is None]
    priced = [name for name in model.resolutions if rates.get(name) is not None]
    where = f" for {' and '.join(without)}" if without else ""
    add = "add the price to the model's file in the catalog"
    todo = f"choose {' or '.join(priced)}, or {add}" if priced else add
    return f"the price of {model.air} is not known{where}", todo


@lru_cache(maxsize=4096)
def _range(
    model: VideoModel,
    sizes: tuple[Size, ...],
    durations: tuple[Decimal, ...],
    sounds: tuple[bool, ...],
    *,
    draft: bool,
) -> Cost | None:
    prices = []
    for size, seconds, sound in product(sizes, durations, sounds):
        amount = _amount(model, size, seconds, sound=sound, draft=draft)
        if amount is None:
            return None
        prices.append(rounded(amount))
    return Cost(low=min(prices), high=max(prices))


def _amount(
    model: VideoModel, size: Size, seconds: Decimal, *, sound: bool, draft: bool
) -> Decimal | None:
    match model.price:
        case TokenPrice() as price:
            frames = model.fps * seconds + price.extra_frames
            tokens = size[0] * size[1] * frames / price.pixels_per_token
            factor = price.draft_factor[sound] if draft else 1
            return tokens * price.per_million[sound] * factor / _MILLION
        case SecondPrice() as price:
            name = model.name_of(*size)
            rate = price.per_second.get(name[0]) if name else None
            return None if rate is None else rate * seconds


def _sizes(model: VideoModel, request: Mapping[str, Json], *, draft: bool) -> tuple[Size, ...]:
    width, height = request.get("width"), request.get("height")
    if width is not None or height is not None:
        pixels = _whole(width), _whole(height)
        return ((pixels[0], pixels[1]),) if pixels[0] > 0 and pixels[1] > 0 else ()
    resolution = request.get("resolution")
    if draft and model.draft and resolution is None:
        resolution = model.draft.resolution
    if resolution is None:
        return tuple(model.named)
    return tuple(model.sizes.get(resolution, {}).values()) if isinstance(resolution, str) else ()


def _whole(value: Json) -> int:
    found = whole(value)
    return found if 0 < found <= 2**16 else 0


def _durations(
    model: VideoModel, request: Mapping[str, Json], *, promoted: bool
) -> tuple[Decimal, ...]:
    given = request.get("duration", None if promoted else model.defaults.get("duration"))
    if given is None or given == "auto":
        return tuple(map(Decimal, model.durations))
    return (Decimal(_whole(given)),) if _whole(given) else ()


def _sounds(model: VideoModel, request: Mapping[str, Json], *, promoted: bool) -> tuple[bool, ...]:
    path: Path | None = model.audio
    if path is None:
        return (False,)
    given = at(request, path)
    if given is None:
        return (True, False) if promoted else (bool(model.defaults.get(".".join(path))),)
    return (given,) if isinstance(given, bool) else ()
