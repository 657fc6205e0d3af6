"""Frames that are given by address, which not everybody who makes videos fetches."""

from collections.abc import Iterator, Mapping

from renderer.json_types import Json

_ADDRESS = ("https://", "http://")
_ORDER = ("first", "last")  # of frames without a label
_LABELS = {0: "first", -1: "last"}


def frames_by_address(request: Mapping[str, Json]) -> Iterator[str]:
    """Yield the positions of the frames of a request that are addresses."""
    inputs = request.get("inputs")
    for number, frame in enumerate(inputs.get("frameImages", ()) if inputs else ()):
        image = frame.get("image") if isinstance(frame, Mapping) else frame
        if str(image).lower().startswith(_ADDRESS):
            label = frame.get("frame") if isinstance(frame, Mapping) else None
            yield str(_LABELS.get(label, label) if label is not None else _ORDER[number])
