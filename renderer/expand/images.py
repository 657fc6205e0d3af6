"""What kind of picture a file is, by its first bytes; nothing is decoded."""

from dataclasses import dataclass

from renderer.catalog.pictures import ImageFacts
from renderer.errors import InputError
from renderer.expand.lfs import BEGIN, pointer
from renderer.expand.orientation import is_turned

_PNG = b"\x89PNG\r\n\x1a\n"
# JPEG frame headers carry the size; these markers look alike and do not.
_NO_SIZE = frozenset({0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image's type and its size in pixels; 0 where the header is further in."""

    type: str
    width: int
    height: int


def pointed(content: bytes) -> ImageFacts | None:
    """Return what a Git LFS pointer says of its image: its bytes; None for any other file."""
    found = pointer(content)
    return ImageFacts(type="", width=0, height=0, size=found.size) if found else None


def not_pulled(name: str) -> InputError:
    """Return what is to be said where the picture itself is needed."""
    todo = "run `git lfs pull`: the image itself is needed to be sent"
    return InputError(f"{name} is a Git LFS pointer, not the image", todo)


def inspect(head: bytes, name: str) -> Image:
    """Read an image's header from its first bytes; raise InputError if it is not PNG, JPEG, WEBP."""
    if not head:
        raise InputError(f"{name} is empty", "save the image there again")
    if pointer(head):
        raise not_pulled(name)
    if head.startswith(BEGIN):
        todo = "restore the file from git, or save the image there again"
        raise InputError(f"{name} is a Git LFS pointer that cannot be read", todo)
    found = _png(head) or _jpeg(head) or _webp(head)
    if found is None:
        kind = "an SVG" if b"<svg" in head[:2048].lower() else "not a PNG, JPEG or WEBP image"
        raise InputError(f"{name} is {kind}", "save it as PNG, JPEG or WEBP")
    return found


def begins_as_image(content: bytes) -> bool:
    """Return whether the first bytes are those of a PNG, JPEG or WEBP, whatever comes after them."""
    webp = content.startswith(b"RIFF") and content[8:12] in (b"WEBP", b"")
    return content.startswith((_PNG, b"\xff\xd8\xff")) or webp


def facts(content: bytes, size: int, name: str) -> ImageFacts:
    """Return what the limits of a video model are about; `size` counts all bytes of the file."""
    image = inspect(content, name)
    width, height = image.width, image.height
    if image.type == "image/jpeg" and is_turned(content):
        width, height = height, width
    return ImageFacts(type=image.type, width=width, height=height, size=size)


def _png(head: bytes) -> Image | None:
    if not head.startswith(_PNG) or head[12:16] != b"IHDR":
        return None
    return Image(type="image/png", width=_big(head[16:20]), height=_big(head[20:24]))


def _jpeg(head: bytes) -> Image | None:
    if not head.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 < len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE:
            height, width = _big(head[at + 5 : at + 7]), _big(head[at + 7 : at + 9])
            return Image(type="image/jpeg", width=width, height=height)
        at += 2 + _big(head[at + 2 : at + 4])
    return Image(type="image/jpeg", width=0, height=0)


def _webp(head: bytes) -> Image | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    kind, body = head[12:16], head[20:30]
    width = height = 0
    if kind == b"VP8X":
        width, height = 1 + _little(body[4:7]), 1 + _little(body[7:10])
    elif kind == b"VP8 ":
        width, height = _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    elif kind == b"VP8L":
        bits = _little(body[1:5])
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return Image(type="image/webp", width=width, height=height)


def _big(number: bytes) -> int:
    return int.from_bytes(number, "big")


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")
