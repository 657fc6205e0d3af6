"""Settings and our own words to one request, as it goes over the wire less its taskUUID."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from renderer.catalog.video_model import VideoModel
from renderer.expand.values import put
from renderer.json_types import Json
from renderer.spec.frames import Source, classify

DEFAULTS: Mapping[str, Json] = {
    "taskType": "videoInference",
    "deliveryMethod": "async",
    "includeCost": True,
}
_PREFIX = "sha256:"
_UNREAD = _PREFIX + "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one cell asks for, after all layers: settings as the API names them, and our words."""

    settings: Mapping[str, Json]
    prompt: str
    aspect: str | None = None
    draft: bool | None = None
    frames: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Something a request cannot be built from; `path` is in words of the spec, dotted."""

    path: Sequence[str | int]
    what: str
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A request whose own images are `sha256:` references, with where each comes from."""

    request: Mapping[str, Json]
    files: Mapping[str, str]
    misses: tuple[Miss, ...]


def build(wish: Wish, model: VideoModel, digests: Mapping[str, str]) -> Built:
    """Build the request; `digests` gives the SHA-256 of every project file that frames name."""
    misses: list[Miss] = []
    request = {**DEFAULTS, **wish.settings, "positivePrompt": wish.prompt}
    if wish.draft is not None:
        request = _drafted(request, model, misses, draft=wish.draft)
    request = _sized(request, wish, model, misses)
    files: dict[str, str] = {}
    if wish.frames:
        images: list[Json] = [
            {"image": _image(image, digests), "frame": at} for at, image in wish.frames.items()
        ]
        request = put(request, ("inputs", "frameImages"), images)
    request = _referenced(request, digests, files)
    return Built(request=request, files=files, misses=tuple(misses))


def _image(image: str, digests: Mapping[str, str]) -> str:
    """Stand in for a file that could not be read: that has been reported, and once is enough."""
    if image in digests or image.startswith(_PREFIX):
        return image
    return _UNREAD if classify(image).source is Source.FILE else image


def as_draft(request: Mapping[str, Json], model: VideoModel) -> dict[str, Json]:
    """Return the request of the draft of a picture, for a model that has drafts."""
    return _drafted(dict(request), model, [], draft=True)


def _drafted(
    request: dict[str, Json], model: VideoModel, misses: list[Miss], *, draft: bool
) -> dict[str, Json]:
    rule = model.draft
    if rule is None:
        if draft:
            misses.append(
                Miss(
                    path=("draft",),
                    what=f"{model.air} makes no drafts",
                    todo="remove draft, or choose a video model that has drafts",
                )
            )
        return request
    request = put(request, rule.path, draft)
    if not draft:
        return request
    if "resolution" in request or "width" not in request:
        request = {**request, "resolution": rule.resolution}
    size = _pair(request)
    small = model.draft_size(*size) if size else None
    return {**request, "width": small[0], "height": small[1]} if small else request


def _sized(
    request: dict[str, Json], wish: Wish, model: VideoModel, misses: list[Miss]
) -> dict[str, Json]:
    """Let `aspect` and `resolution` give width and height from the catalog.

    Nothing is said in two ways here: the layers are settled.
    """
    if wish.aspect is None or "width" in request or "height" in request:
        return request
    resolution = request.get("resolution")
    if resolution is None:
        misses.append(
            Miss(
                path=("aspect",),
                what="aspect gives no size without a resolution",
                todo="add `resolution: 720p` to settings",
            )
        )
        return request
    size = model.size(str(resolution), wish.aspect)
    if size is None:
        return request  # the catalog's check names the resolutions that there are
    kept = {key: value for key, value in request.items() if key != "resolution"}
    return {**kept, "width": size[0], "height": size[1]}


def _pair(request: Mapping[str, Json]) -> tuple[int, int] | None:
    width, height = request.get("width"), request.get("height")
    return (width, height) if type(width) is int and type(height) is int else None


def _referenced(
    request: dict[str, Json], digests: Mapping[str, str], files: dict[str, str]
) -> dict[str, Json]:
    inputs = request.get("inputs")
    if not isinstance(inputs, Mapping):
        return request
    given = inputs.get("frameImages")
    if not isinstance(given, list):
        return request
    images = [_reference(image, digests, files) for image in given]
    return {**request, "inputs": {**inputs, "frameImages": images}}


def _reference(image: Json, digests: Mapping[str, str], files: dict[str, str]) -> Json:
    if isinstance(image, Mapping):
        return {**image, "image": _reference(image.get("image"), digests, files)}
    if not isinstance(image, str):
        return image
    found = digests.get(image) or _inline(image)
    if found is None:
        return image
    files[_PREFIX + found] = image
    return _PREFIX + found


def _inline(image: str) -> str | None:
    """Return the digest of a data URI's bytes, so that the same picture in a file is the same."""
    content = data_bytes(image)
    return None if content is None else hashlib.sha256(content).hexdigest()


def data_bytes(image: str) -> bytes | None:
    """Return the bytes of a data URI, or None for anything else."""
    if not image.startswith("data:"):
        return None
    head, _, body = image.partition(",")
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
