"""A request that was read, judged and priced: what is to be made, how often, for how much."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal

from renderer.animatic.keywords import number
from renderer.animatic.spec import AnimaticSpec
from renderer.catalog.catalog import Catalog, VideoModel, at
from renderer.catalog.check import check
from renderer.catalog.defaults import effective
from renderer.catalog.defaults import picture as seen
from renderer.catalog.price import estimate
from renderer.engine.error_rows import rows
from renderer.engine.ids import drawn_seed
from renderer.engine.responses import RequestError, error
from renderer.engine.uploads import UnusableImageError, Uploads, image_sizes
from renderer.json_types import Json, mapping, sequence, text, whole

Request = dict[str, Json]
_SEEDS = 2**63
_ENDS: Mapping[Json, str] = {"first": "first", 0: "first", "last": "last", -1: "last"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An approved draft: its request, its seed, and when it was made (seconds since 1970)."""

    request: Request
    seed: int
    made_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """One task: the request as sent (images by UUID) and the picture that it asks for."""

    request: Request
    picture: Request
    frames: Mapping[str, str]
    size: tuple[int, int]
    fps: int
    duration: int
    seed: int
    audio: bool
    draft: bool
    count: int
    cost: Decimal | None  # of one result; None if unknown

    def brief(self, index: int, shelf: Uploads) -> AnimaticSpec:
        """Return the work order of one result, from 0; raise Unusable if an image is gone."""
        ends = {end: shelf.take(name) for end, name in self.frames.items()}
        settings = mapping(self.picture.get("providerSettings")) or {}
        fixed = any((mapping(one) or {}).get("cameraFixed") for one in settings.values())
        return AnimaticSpec(
            prompt=str(self.picture["positivePrompt"]),
            seed=self.seed_of(index),
            width=self.size[0],
            height=self.size[1],
            duration=self.duration,
            fps=self.fps,
            format=str(self.request.get("outputFormat", "MP4")),
            quality=whole(self.request.get("outputQuality", 95)),
            audio=self.audio,
            camera_fixed=bool(fixed),
            draft=self.draft,
            first=ends.get("first"),
            last=ends.get("last"),
        )

    def seed_of(self, index: int) -> int:
        """Return the seed of a result: one more than the one before."""
        return (self.seed + index) % _SEEDS


def order(
    catalog: Catalog,
    shelf: Uploads,
    task: Request,
    draft_of: Callable[[str], Draft | None],
    take: int = 1,
) -> VideoRequest:
    """Judge a task and return its order; raise RequestError with every fault at once.

    `take` is the number of the first result among all takes, which sets unseeded ones apart.
    """
    model = _model(catalog, task)
    faults = check(model, task)
    if faults:
        raise RequestError(rows(model, task, faults))
    request = _shelved(shelf, task)
    picture = _picture(model, request, draft_of)
    if "seed" not in picture:
        picture["seed"] = drawn_seed(seen(model, picture), take)
    return _ordered(model, shelf, request, picture)


def _model(catalog: Catalog, task: Request) -> VideoModel:
    model = catalog.models.get(text(task.get("model")) or "")
    if model is not None:
        return model
    known = [model.air for model in catalog.all()]
    message = "Invalid value for model parameter: this engine does not know it."
    if "model" not in task:
        message = "The model parameter is missing."
    raise RequestError(
        [error("invalidModel", message, task, parameter="model", allowedValues=[*known])]
    )


def _picture(
    model: VideoModel, request: Request, draft_of: Callable[[str], Draft | None]
) -> Request:
    """Return the request whose picture is made: with a draft id, the draft's at another size."""
    name = at(request, model.draft.id_path) if model.draft else None
    if name is None or model.draft is None:
        return effective(model, request)
    draft = draft_of(str(name))
    if draft is None:
        message = f"The draft '{str(name)[:80]}' is not known here, or older than {model.draft.days} days."
        parameter = ".".join(model.draft.id_path)
        raise RequestError([error("invalidParameter", message, request, parameter=parameter)])
    size: Request = {
        key: request[key] for key in ("width", "height", "resolution") if key in request
    }
    shape = {"width", "height", "resolution"}
    kept = {key: value for key, value in draft.request.items() if key not in shape}
    # Without a size of its own the final has the draft's shape in the usual resolution.
    base: Request = {
        key: draft.request[key] for key in ("width", "height") if key in draft.request
    }
    return _without_flag(model, {**kept, "seed": draft.seed, "shape": base, **size})


def _without_flag(model: VideoModel, request: Request) -> Request:
    """Drop the word that asks for a draft."""
    plain = deepcopy(request)
    if model.draft:
        inner = at(plain, model.draft.path[:-1])
        if isinstance(inner, dict):
            inner.pop(model.draft.path[-1], None)
    return effective(model, plain)


def _ordered(
    model: VideoModel, shelf: Uploads, request: Request, picture: Request
) -> VideoRequest:
    frames = _frames(picture)
    draft = bool(model.draft and at(picture, model.draft.path) is True)
    size = _size(model, picture, _first_size(model, shelf, picture, frames), draft=draft)
    seed = whole(picture["seed"])
    duration = _duration(model, picture, seed)
    audio = bool(model.audio and at(picture, model.audio))
    priced = {**picture, "width": size[0], "height": size[1], "duration": duration}
    cost = estimate(model, {key: value for key, value in priced.items() if key != "resolution"})
    return VideoRequest(
        request=request,
        picture=picture,
        frames=frames,
        size=size,
        fps=model.fps,
        duration=duration,
        seed=seed,
        audio=audio,
        draft=draft,
        count=whole(request.get("numberResults", 1)),
        cost=cost.high if cost else None,
    )


def _shelved(shelf: Uploads, task: Request) -> Request:
    """Return the request with each image put on the shelf and named by its UUID."""
    inputs = mapping(task.get("inputs")) or {}
    frames = sequence(inputs.get("frameImages"))
    if not frames:
        return task
    named: list[Json] = []
    for index, frame in enumerate(frames):
        image = frame["image"] if isinstance(frame, dict) else frame
        try:
            name = shelf.put(str(image))
        except UnusableImageError as fault:
            raise _unusable(task, f"inputs.frameImages[{index}]", fault) from fault
        named.append({**frame, "image": name} if isinstance(frame, dict) else name)
    return {**task, "inputs": {**inputs, "frameImages": named}}


def _unusable(task: Request, parameter: str, fault: UnusableImageError) -> RequestError:
    message = f"Processing parameter '{parameter}' failed: {fault}."
    return RequestError([error("invalidValueUploadFailed", message, task, parameter=parameter)])


def _frames(picture: Request) -> dict[str, str]:
    named = {}
    frames = sequence(at(picture, ("inputs", "frameImages"))) or ()
    for frame, place in zip(frames, ("first", "last"), strict=False):
        label = frame.get("frame", place) if isinstance(frame, dict) else place
        named[_ENDS[label]] = str(frame["image"] if isinstance(frame, dict) else frame)
    return named


def _first_size(
    model: VideoModel, shelf: Uploads, picture: Request, frames: Mapping[str, str]
) -> tuple[int, int] | None:
    """Check all images; return the size of the first that is known."""
    try:
        sizes = image_sizes([shelf.take(frames[end]) for end in sorted(frames)], model.images)
    except UnusableImageError as fault:
        raise _unusable(picture, "inputs.frameImages", fault) from fault
    return next((size for size in sizes if size), None)


def _size(
    model: VideoModel, picture: Request, image: tuple[int, int] | None, *, draft: bool
) -> tuple[int, int]:
    if "width" in picture and "height" in picture:
        return whole(picture["width"]), whole(picture["height"])
    usual = model.draft.resolution if draft and model.draft else "720p"
    resolution = str(picture.get("resolution", usual))
    table = model.sizes.get(resolution) or next(iter(model.sizes.values()))
    shape = mapping(picture.get("shape"))
    sides = (whole(shape["width"]), whole(shape["height"])) if shape else None
    width, height = sides or image or (16, 9)
    return min(table.values(), key=lambda size: abs(size[0] / size[1] - width / height))


def _duration(model: VideoModel, picture: Request, seed: int) -> int:
    given = picture.get("duration")
    if isinstance(given, int | float):
        return int(given)
    return model.durations[
        number("duration", seed, picture["positivePrompt"]) % len(model.durations)
    ]
