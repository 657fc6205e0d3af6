"""Shots that are meant to stand still: to call such a take frozen would be a false alarm."""

import re
from collections.abc import Mapping

from renderer.json_types import Json

# What prompts say of a camera that does not move, or of a picture in which nothing does.
_WORDS = re.compile(
    r"\b(?:static|motionless|tripod|freeze[ -]?frame|still[ -]life|lock(?:ed)?[ -]?(?:off|down)"
    r"|(?:fixed|locked|still|stationary|unmoving)[ -](?:camera|shot|frame|angle|lens|image|photo)"
    r"|camera[ -](?:is[ -]|stays[ -])?(?:fixed|locked|still|stationary)"
    r"|(?:no|without)[ -](?:any[ -])?(?:camera[ -])?(?:movement|motion)"
    r"|camera[ -](?:does[ -]not|doesn['’]t|never)[ -]move)\b",
    re.IGNORECASE,
)


def meant_still(request: Mapping[str, Json]) -> bool:
    """Whether a request asks for a camera or a picture that does not move."""
    return _fixed(request) or bool(_WORDS.search(str(request.get("positivePrompt", ""))))


def _fixed(value: Json) -> bool:
    """Whether `cameraFixed` is true, whichever vendor's settings hold it."""
    if not isinstance(value, Mapping):
        return False
    return value.get("cameraFixed") is True or any(map(_fixed, value.values()))
