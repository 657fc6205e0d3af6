"""Names that follow from what they name: the same task has the same names on every run."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TypeGuard
from uuid import UUID

from renderer.animatic.keywords import number
from renderer.json_types import JsonObject

_HEX = "[0-9a-f]"
_UUID4 = re.compile(
    rf"{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89ab]{_HEX}{{3}}-{_HEX}{{12}}\Z", re.IGNORECASE
)
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def is_uuid4(text: object) -> TypeGuard[str]:
    """Whether a value is the text of a UUID v4."""
    return isinstance(text, str) and bool(_UUID4.match(text))


def video_uuid(task: str, index: int) -> str:
    """Return the videoUUID of a task's result, from 0."""
    return str(UUID(int=number("video", task.lower(), index), version=4))


def media_uuid(content: bytes) -> str:
    """Return the mediaUUID of a file: equal files share one."""
    return str(UUID(bytes=hashlib.sha256(b"media\x1f" + content).digest()[:16], version=4))


def drawn_seed(picture: JsonObject, take: int) -> int:
    """Return the seed of a take whose request gives none, in the unsigned 32-bit range.

    It follows from the picture, never from a task's id: a second attempt is the same video.
    """
    words = json.dumps(picture, sort_keys=True, separators=(",", ":"))
    return (number("seed", words) + take - 1) % 2**32


def draft_id(video: str, made_at: float | None = None) -> str:
    """Return a draft's id in the provider's shape, with the time it was made (seconds since 1970).

    Without one the date says nothing: it follows from the video, so that a second run writes the
    same lockfile. When a draft was made, the engine remembers by itself.
    """
    drawn = number("draft", video)
    if made_at is None:
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=drawn % (365 * 86400))
    else:
        moment = datetime.fromtimestamp(made_at, UTC)
    tail = "".join(_SIGNS[(drawn >> (40 + 8 * i)) % 36] for i in range(5))
    return f"cgt-{moment:%Y%m%d%H%M%S}-{tail}"
