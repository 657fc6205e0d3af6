"""What makes two requests the same picture.

Rule 1: SHA-256 of the canonical JSON of the request with the catalog's defaults filled in, less
what only concerns delivery; images stand as the digests of their bytes with a position; white
space in the prompt counts as one space, so that re-wrapping a paragraph is free.
"""

import hashlib
from collections.abc import Mapping

from renderer.expand.values import Json, canonical, leaves

RULE = 1
_SHOWN = 40
_POSITIONS = {"0": "first", "-1": "last"}


def fingerprint(picture: Mapping[str, Json]) -> str:
    """Return `v1-` and 64 hex digits for what `picture()` made of a request."""
    return f"v{RULE}-{hashlib.sha256(canonical(picture).encode()).hexdigest()}"


def picture(request: Mapping[str, Json], delivery: frozenset[str]) -> dict[str, Json]:
    """Reduce a full request to what changes the picture; fields in `delivery` are dropped."""
    kept = {key: value for key, value in request.items() if key not in delivery}
    if "positivePrompt" in kept:
        kept["positivePrompt"] = " ".join(str(kept["positivePrompt"]).split())
    inputs = kept.get("inputs")
    if isinstance(inputs, Mapping) and isinstance(inputs.get("frameImages"), list):
        kept["inputs"] = {**inputs, "frameImages": _frames(inputs["frameImages"])}
    return kept


def fields(picture_: Mapping[str, Json]) -> dict[str, Json]:
    """Return each field as the lockfile shows it: short values as they are, the rest as digests.

    Prompts and images never stand in the lockfile: a URL may hold a secret, a prompt is long.
    """
    return {name: _shown(name, value) for name, value in leaves(picture_)}


def digest(value: Json) -> str:
    """Return the first 16 hex digits of the SHA-256 of canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:16]


def _shown(name: str, value: Json) -> Json:
    if isinstance(value, bool | int | float) or value is None:
        return value
    short = isinstance(value, str) and len(value) <= _SHOWN and "://" not in value
    return value if short and name != "positivePrompt" else f"sha256:{digest(value)}"


def _frames(images: list[Json]) -> list[Json]:
    """Write frame images in one form, whichever of the API's forms was used."""
    default = ["first", "last"]
    found = []
    for at, image in enumerate(images):
        one = image if isinstance(image, Mapping) else {"image": image}
        position = str(one.get("frame", default[at] if at < len(default) else at))
        found.append({"image": one.get("image"), "frame": _POSITIONS.get(position, position)})
    return sorted(found, key=lambda one: str(one["frame"]))
