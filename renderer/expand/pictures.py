"""A shot's own frame images against its video model and its size, before anything is paid."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from renderer.catalog.pictures import ImageFacts, alike, image_faults, shape, total_fault
from renderer.catalog.video_model import VideoModel, at
from renderer.catalog.whole import has_pixels, is_cut_off
from renderer.errors import InputError, Place, Problem
from renderer.expand.images import begins_as_image, facts
from renderer.expand.layers import Layers
from renderer.expand.request import Built, data_bytes
from renderer.expand.storyboard import Storyboard
from renderer.json_types import Json, sequence, whole

_Framed = tuple[str, str, ImageFacts]  # position, name, what is known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inline:
    """What is known of an image that the spec itself holds."""

    facts: ImageFacts | None = None
    cut_off: bool = False


def picture_problems(
    board: Storyboard, layers: Layers, built: Built, model: VideoModel
) -> Iterator[Problem]:
    """Yield what the model does not take as errors, and shapes that differ as warnings."""
    cut_off = list(_cut_off(board, layers, built))
    framed = list(_framed(board, built))
    faults = cut_off or list(_faults(layers, framed, model))
    yield from faults or _shapes(layers, framed, built, model)


def _faults(layers: Layers, framed: list[_Framed], model: VideoModel) -> Iterator[Problem]:
    for position, name, image in framed:
        for what, todo in image_faults(model, image):
            yield Problem(what=f"{name} {what}", todo=todo, place=_place(layers, position))
    total = total_fault(model.images, (image.size for _, _, image in framed))
    if total:
        place = _place(layers, framed[-1][0])
        yield Problem(what=total, todo="make them smaller", place=place)


def _cut_off(board: Storyboard, layers: Layers, built: Built) -> Iterator[Problem]:
    """Yield what is cut off among the images that the spec itself holds; files are read before."""
    for position, source in _sources(built):
        if source not in board.images and _inline(source).cut_off:
            yield Problem(
                what="this image is truncated: its data is incomplete",
                todo="copy the whole image again, or save it as a file of the project",
                place=_place(layers, position),
            )


def _framed(board: Storyboard, built: Built) -> Iterator[_Framed]:
    for position, source in _sources(built):
        image = board.images.get(source) or _inline(source).facts
        if image is not None:
            yield position, source if source in board.images else "this image", image


def _sources(built: Built) -> Iterator[tuple[str, str]]:
    """Yield the position of each frame image, and what it comes from: a file, or itself."""
    for number, one in enumerate(sequence(at(built.request, ("inputs", "frameImages"))) or ()):
        reference = one.get("image") if isinstance(one, Mapping) else one
        label = one.get("frame") if isinstance(one, Mapping) else None
        known: dict[Json, str] = {0: "first", -1: "last", None: ("first", "last")[number]}
        yield str(known.get(label, label)), built.files.get(str(reference), str(reference))


def _inline_bytes(source: str) -> bytes | None:
    """Return the bytes of a data URI, or of bare Base64; None for an address, a UUID, a file."""
    if source.startswith("data:"):
        return data_bytes(source)
    try:
        return base64.b64decode(source, validate=True)
    except (binascii.Error, ValueError):
        return None


@lru_cache(maxsize=4)  # one image is in every cell of a matrix
def _inline(source: str) -> _Inline:
    content = _inline_bytes(source)
    if content is None:
        return _Inline()
    try:
        known = facts(content, len(content), "this image")
    except InputError:  # what is not an image is reported where frames are read
        return _Inline(cut_off=begins_as_image(content))
    cut_off = is_cut_off(content) or not has_pixels(content)
    return _Inline(facts=known, cut_off=cut_off)


def _shapes(
    layers: Layers, framed: list[_Framed], built: Built, model: VideoModel
) -> Iterator[Problem]:
    seen = [one for one in framed if one[2].ratio]
    width, height = whole(built.request.get("width")), whole(built.request.get("height"))
    if width and height:
        name = f"{shape(model, width, height)} ({width}x{height})"
        for position, own, image in seen:
            if not alike(image.ratio, Decimal(width) / height):
                what = f"{own} is {_called(model, image)}, the take {name}"
                todo = "crop it to the shape of the take, or give the shot its aspect"
                yield _warning(layers, position, what, todo)
    for (_, first, one), (position, own, other) in pairwise(seen):
        if not alike(one.ratio, other.ratio):
            what = f"first and last frame have two shapes: {first} is {_called(model, one)}, "
            what += f"{own} is {_called(model, other)}"
            yield _warning(layers, position, what, "crop one of them")


def _called(model: VideoModel, image: ImageFacts) -> str:
    size = f"{image.width}x{image.height}"
    name = shape(model, image.width, image.height)
    return size if name == size else f"{name} ({size})"


def _warning(layers: Layers, position: str, what: str, todo: str) -> Problem:
    place = _place(layers, position)
    return Problem(what=what, todo=todo, place=place, severity="warning")


def _place(layers: Layers, position: str) -> Place:
    places = (
        layers.place("frames", position),
        layers.place("settings", "inputs", "frameImages"),
    )
    return next((place for place in places if place), layers.shot.place())
