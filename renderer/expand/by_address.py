"""Frames that are given by address, which not everybody who makes videos fetches."""

from collections.abc import Iterator, Mapping

from renderer.json_types import Json, JsonObject, mapping, sequence

_ADDRESS = ("https://", "http://")
_ORDER = ("first", "last")  # of frames without a label
_LABELS: Mapping[Json, str] = {0: "first", -1: "last"}


def frames_by_address(request: JsonObject) -> Iterator[str]:
    """Yield the positions of the frames of a request that are addresses."""
    inputs = request.get("inputs")
    if not inputs:
        return
    frames = (mapping(inputs) or {}).get("frameImages")
    for number, frame in enumerate(sequence(frames) or ()):
        image = frame.get("image") if isinstance(frame, Mapping) else frame
        if str(image).lower().startswith(_ADDRESS):
            label = frame.get("frame") if isinstance(frame, Mapping) else None
            yield str(_LABELS.get(label, label) if label is not None else _ORDER[number])
