"""What a request means to the provider: defaults filled in, and what changes the picture."""

from collections.abc import Mapping

from renderer.catalog.video_model import VideoModel, at
from renderer.json_types import Json

# How a result is delivered, counted, paid for or checked; never how it looks. None of these
# is part of a fingerprint. `outputFormat` and `outputQuality` are: they change the file.
DELIVERY = frozenset(
    {
        *("taskType", "taskUUID", "outputType", "deliveryMethod", "webhookURL"),
        *("uploadEndpoint", "ttl", "includeCost", "safety", "numberResults"),
    }
)

_FRAMES: Mapping[Json, str] = {"first": "first", "last": "last", 0: "first", -1: "last"}


def effective(model: VideoModel, request: Mapping[str, Json]) -> dict[str, Json]:
    """Return the request with the catalog's defaults where it says nothing.

    The promotion of a draft is left without those that it inherits from the draft.
    """
    filled = {key: _copy(value) for key, value in request.items()}
    inherits = _inherited(model, request)
    for dotted, value in model.defaults.items():
        path = dotted.split(".")
        if path[0] not in inherits:
            _fill(filled, path, value)
    return filled


def picture(model: VideoModel, request: Mapping[str, Json]) -> dict[str, Json]:
    """Return what changes the picture, in one spelling, for a request without faults.

    Delivery is left out, 8.0 is 8, and frame images are objects with `first` or `last`.
    """
    kept = {key: value for key, value in request.items() if key not in DELIVERY}
    seen = effective(model, kept)
    for key in DELIVERY:
        seen.pop(key, None)
    inputs = seen.get("inputs")
    frames = inputs.get("frameImages") if isinstance(inputs, dict) else None
    if isinstance(inputs, dict) and isinstance(frames, list):
        inputs["frameImages"] = _ordered(frames)
    return seen


def _inherited(model: VideoModel, request: Mapping[str, Json]) -> tuple[str, ...]:
    if model.draft and at(request, model.draft.id_path) is not None:
        return model.draft.inherits
    return ()


def _copy(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fill(target: dict[str, Json], path: list[str], value: Json) -> None:
    for key in path[:-1]:
        inner = target.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        target = inner
    target.setdefault(path[-1], value)


def _ordered(frames: list[Json]) -> list[Json]:
    named: list[dict[str, Json]] = []
    for frame, place in zip(frames, ("first", "last"), strict=False):
        image = frame.get("image") if isinstance(frame, dict) else frame
        label = frame.get("frame", place) if isinstance(frame, dict) else place
        named.append({"image": image, "frame": _FRAMES.get(label, label)})
    return [*sorted(named, key=lambda frame: str(frame["frame"]))]
