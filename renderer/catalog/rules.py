"""What a schema cannot say of a request: sizes, drafts, frames, addresses.

Each rule yields faults and stays silent about values of a wrong type: the schema reports those.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeGuard
from urllib.parse import urlsplit

from renderer.catalog.schema_messages import Fault, FaultPath, dotted, listed, shown
from renderer.catalog.video_model import Size, VideoModel, at
from renderer.json_types import Json, JsonObject, is_number, whole

Request = JsonObject
Rule = Callable[[VideoModel, Request], Iterator[Fault]]

_URL_LIMIT = 8192
_HEX = "[0-9a-fA-F]"
_UUID = re.compile(rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}\Z")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
_DATA = re.compile(r"data:image/[a-z0-9.+-]{1,40};base64,[A-Za-z0-9+/]+={0,2}\Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}\Z")


def _size(model: VideoModel, request: Request) -> Iterator[Fault]:
    given, missing = ("width", "height") if "width" in request else ("height", "width")
    if given in request and missing not in request:
        yield Fault(
            path=(given,),
            what=f"`{given}` requires `{missing}`",
            todo=f"add `{missing}`, or give `resolution` with `aspect`",
        )
    size = _pixels(request)
    if size and not model.name_of(*size):
        yield Fault(
            path=("width",),
            what=f"{size[0]}x{size[1]} is not a size of {model.title}",
            todo=_sizes_text(model, *size),
        )


def _pixels(request: Request) -> Size | None:
    """Return width and height; None if one is missing or is no number of pixels."""
    width, height = request.get("width"), request.get("height")
    if not _is_pixels(width) or not _is_pixels(height):
        return None
    return int(width), int(height)


def _is_pixels(value: Json) -> TypeGuard[float]:
    # A float that is whole is an integer for JSON Schema.
    whole = type(value) is int or (type(value) is float and value.is_integer())
    return whole and is_number(value) and 0 < value <= 16384


def _sizes_text(model: VideoModel, width: int, height: int) -> str:
    w, h = model.closest(width, height)
    resolution, aspect = model.named[(w, h)]
    table = "; ".join(
        f"{name}: " + ", ".join(f"{w}x{h} ({ratio})" for ratio, (w, h) in row.items())
        for name, row in model.sizes.items()
    )
    return f"the closest is {w}x{h} ({resolution} {aspect}); sizes are {table}"


def _one_way_of_sizing(model: VideoModel, request: Request) -> Iterator[Fault]:
    pair = "width" in request or "height" in request
    if pair and "resolution" in request:
        yield Fault(
            path=("resolution",),
            what="`resolution` cannot be combined with `width` and `height`",
            todo="keep one of them",
        )
    given = pair or "resolution" in request or at(request, ("inputs", "frameImages"))
    promoted = model.draft and at(request, model.draft.id_path)
    if not given and not promoted:
        yield Fault(
            path=(),
            what="the request has no size",
            todo=f"give `resolution` ({listed(model.resolutions)}) with `aspect`, "
            "or `width` and `height`, or a frame image",
        )


def _draft(model: VideoModel, request: Request) -> Iterator[Fault]:
    if not model.draft or at(request, model.draft.path) is not True:
        return
    wanted = model.draft.resolution
    field = dotted(model.draft.path)
    if at(request, model.draft.id_path) is not None:
        yield Fault(
            path=model.draft.id_path,
            what=f"`{dotted(model.draft.id_path)}` and `{field}` cannot be combined",
            todo="a draft id makes the final: remove one of them",
        )
    size = _pixels(request)
    name = model.name_of(*size) if size else None
    resolution = name[0] if name else request.get("resolution")
    if resolution in model.resolutions and resolution != wanted:
        smaller = model.draft_size(*size) if size else None
        dimensions = f"width {smaller[0]} and height {smaller[1]}" if smaller else f"`{wanted}`"
        yield Fault(
            path=("width",) if name else ("resolution",),
            what=f"a draft is made in {wanted} only, found {resolution}",
            todo=f"use {dimensions}, or remove `{field}`",
        )


def _frames(model: VideoModel, request: Request) -> Iterator[Fault]:
    frames = at(request, ("inputs", "frameImages"))
    if not isinstance(frames, list) or len(frames) > 2:
        return
    taken = [place for place in map(_position, frames, ("first", "last")) if place]
    if len(taken) == 2 and taken[0] == taken[1]:
        yield Fault(
            path=("inputs", "frameImages", 1),
            what=f"both frame images are the {taken[0]} frame",
            todo="label one `first` and the other `last`",
        )
    for index, frame in enumerate(frames):
        path: FaultPath = ("inputs", "frameImages", index)
        image = frame.get("image") if isinstance(frame, dict) else frame
        if isinstance(image, str) and image and not is_image(image):
            yield Fault(
                path=(*path, "image") if isinstance(frame, dict) else path,
                what=f"{model.title} does not accept the image {shown(image)}",
                todo="give an https URL, a UUID, a data URI of an image, or base64 text; "
                "for a file of the project use `frames`",
            )


def _position(frame: Json, default: str) -> str:
    label = frame.get("frame") if isinstance(frame, dict) else None
    if label is None:
        return default
    known = {"first": "first", "last": "last", 0: "first", -1: "last"}
    return known.get(label, "") if isinstance(label, str | int) else ""


def is_image(text: str) -> bool:
    """Whether a text is an https URL, a UUID, a data URI, base64, or a `sha256:` reference."""
    if text.startswith(("http:", "https:")):
        return _is_url(text, ("https",))
    return any(form.match(text) for form in (_UUID, _DIGEST, _DATA, _BASE64))


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    if len(text) > _URL_LIMIT or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
        return parts.scheme in schemes and bool(host) and (parts.port or 1) > 0
    except ValueError:
        return False


def _addresses(model: VideoModel, request: Request) -> Iterator[Fault]:
    known = model.schema["properties"]
    for key, value in request.items():
        if not isinstance(value, str) or known.get(key, {}).get("format") != "uri":
            continue
        if not _is_url(value, ("https", "http")):
            yield Fault(
                path=(key,),
                what=f"`{key}` is not a valid URL",
                todo="write a URL that starts with https://",
            )


def fits_range(model: VideoModel, request: Request) -> bool:
    """Return whether the seeds of all results, seed, seed+1, …, are ones that the model takes."""
    seed, results = request.get("seed"), request.get("numberResults", 1)
    if seed is None:
        return True
    most = model.schema["properties"].get("seed", {}).get("maximum")
    if most is None or not is_number(seed) or not is_number(results):
        return True
    return seed + results - 1 <= most


def _seeds(model: VideoModel, request: Request) -> Iterator[Fault]:
    if not fits_range(model, request):
        most = model.schema["properties"]["seed"]["maximum"]
        results = whole(request.get("numberResults", 1))
        yield Fault(
            path=("seed",),
            what=f"{results} results from `seed` {request['seed']} on go over the highest, {most}",
            todo=f"write a seed of at most {most - results + 1}",
        )


RULES: tuple[Rule, ...] = (_size, _one_way_of_sizing, _draft, _frames, _addresses, _seeds)
