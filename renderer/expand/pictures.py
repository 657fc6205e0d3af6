"""A shot's own frame images against its video model and its size, before anything is paid."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from renderer.catalog.pictures import ImageFacts, alike, image_faults, shape, total_fault
from renderer.catalog.video_model import VideoModel, at
from renderer.errors import InputError, Place, Problem
from renderer.expand.images import facts
from renderer.expand.layers import Layers
from renderer.expand.request import Built, data_bytes
from renderer.expand.storyboard import Storyboard

_Framed = tuple[str, str, ImageFacts]  # position, name, what is known


def picture_problems(
    board: Storyboard, layers: Layers, built: Built, model: VideoModel
) -> Iterator[Problem]:
    """Yield what the model does not take as errors, and shapes that differ as warnings."""
    framed = list(_framed(board, built))
    faults = list(_faults(layers, framed, model))
    yield from faults or _shapes(layers, framed, built, model)


def _faults(layers: Layers, framed: list[_Framed], model: VideoModel) -> Iterator[Problem]:
    for position, name, image in framed:
        for what, todo in image_faults(model, image):
            yield Problem(what=f"{name} {what}", todo=todo, place=_place(layers, position))
    total = total_fault(model.images, (image.size for _, _, image in framed))
    if total:
        place = _place(layers, framed[-1][0])
        yield Problem(what=total, todo="make them smaller", place=place)


def _framed(board: Storyboard, built: Built) -> Iterator[_Framed]:
    for number, one in enumerate(at(built.request, ("inputs", "frameImages")) or ()):
        reference = one.get("image") if isinstance(one, Mapping) else one
        label = one.get("frame") if isinstance(one, Mapping) else None
        position = {0: "first", -1: "last", None: ("first", "last")[number]}.get(label, label)
        source = built.files.get(str(reference), "")
        image = board.images.get(source) or _inline(source)
        if image is not None:
            yield str(position), source if source in board.images else "this image", image


def _inline(source: str) -> ImageFacts | None:
    content = data_bytes(source)
    if content is None:
        return None
    try:
        return facts(content, len(content), "this image")
    except InputError:
        return None  # told where data URIs are read


def _shapes(
    layers: Layers, framed: list[_Framed], built: Built, model: VideoModel
) -> Iterator[Problem]:
    seen = [one for one in framed if one[2].ratio]
    width, height = built.request.get("width"), built.request.get("height")
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
