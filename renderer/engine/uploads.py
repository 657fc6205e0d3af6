"""Uploaded images, and images that come within a request; nothing is fetched from a network."""

import base64
import binascii
import re
from collections.abc import Sequence
from io import BytesIO

from renderer.animatic.spec import Frame
from renderer.catalog.catalog import ImageLimits
from renderer.catalog.pictures import total_fault
from renderer.catalog.whole import is_cut_off
from renderer.engine.ids import is_uuid4, media_uuid
from renderer.engine.storage import Storage

_DATA = re.compile(r"data:[\w.+/-]{1,80}(?:;[\w=.-]{1,80})*;base64,", re.IGNORECASE)
_URL = re.compile(r"https?://", re.IGNORECASE)
_URL_LIMIT = 8192


class UnusableImageError(Exception):
    """An image that cannot be used; the text says why."""


class Uploads:
    """Images by the UUID of their content."""

    def __init__(self, memory: Storage) -> None:
        self._memory = memory

    def put(self, text: str) -> str:
        """Keep a data URI, base64 text or a URL; return its mediaUUID, or that of one kept."""
        if is_uuid4(text):
            if self._memory.fetch("media", text.lower()) is None:
                raise UnusableImageError(f"no media has the UUID {text}: upload it first")
            return text.lower()
        content = _url(text) if _URL.match(text) else _decoded(text)
        name = media_uuid(content)
        self._memory.keep("media", name, content)
        return name

    def take(self, name: str) -> Frame:
        """Return a kept image as a frame."""
        content = self._memory.fetch("media", name)
        if content is None:
            raise UnusableImageError(f"no media has the UUID {name}: it was deleted")
        if _URL.match(content[:8].decode("latin-1")):
            return Frame(url=content.decode("utf-8", "replace"))
        return Frame(data=content)

    def drop(self, name: str) -> bool:
        """Forget an image; whether it was there."""
        return self._memory.drop("media", name.lower())


def _url(text: str) -> bytes:
    if len(text) > _URL_LIMIT or not text.isprintable():
        raise UnusableImageError("the URL is too long or holds characters not allowed in a URL")
    return text.encode()


def _decoded(text: str) -> bytes:
    head = _DATA.match(text)
    body = text[head.end() :] if head else text
    try:
        content = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise UnusableImageError("it is not a UUID, URL, data URI or base64 text")
    return content


def image_sizes(frames: Sequence[Frame], limits: ImageLimits) -> list[tuple[int, int] | None]:
    """Return the upright sizes of the frames of one request, each checked, and all together."""
    sizes = [_image_size(frame, limits) for frame in frames]
    if total := total_fault(limits, (len(frame.data) for frame in frames)):
        raise UnusableImageError(total)
    return sizes


def _image_size(frame: Frame, limits: ImageLimits) -> tuple[int, int] | None:
    if frame.url:
        return None
    if len(frame.data) > limits.max_bytes:
        raise UnusableImageError(f"it has {len(frame.data)} bytes, more than {limits.max_bytes}")
    width, height = _measured(frame.data, limits.formats)
    if min(width, height) < limits.min_side or max(width, height) > limits.max_side:
        raise UnusableImageError(
            f"it is {width}x{height}; both sides must have {limits.min_side} to {limits.max_side} pixels"
        )
    if not limits.min_ratio <= width / height <= limits.max_ratio:
        raise UnusableImageError(f"it is {width}x{height}, too narrow or too wide for a frame")
    return width, height


def _measured(data: bytes, formats: tuple[str, ...]) -> tuple[int, int]:
    from PIL import Image  # noqa: PLC0415 - only requests with images pay for it

    if is_cut_off(data):
        raise UnusableImageError("it is truncated: its image data is incomplete")
    try:
        with Image.open(BytesIO(data), formats=[f.upper() for f in formats]) as image:
            turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
            return image.size[::-1] if turned else image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as fault:
        raise UnusableImageError(f"it cannot be read as {', '.join(formats)}") from fault
