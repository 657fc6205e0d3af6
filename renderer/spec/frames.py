"""Frame images as a person names them: a file of the project, a URL, a UUID or a data URI."""

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from renderer.spec.faults import FORBIDDEN, SlipError, show
from renderer.spec.project_paths import inside

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_DATA = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,(.*)", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*")
_BARE_BASE64 = re.compile(r"(?:iVBORw0KGgo|/9j/|UklGR)[A-Za-z0-9+/=\s]*")
_IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
_MAX_URL = 2048

IMAGE_KINDS = "PNG, JPEG or WebP"


class Source(StrEnum):
    """Where a frame image comes from."""

    FILE = "file"
    URL = "url"
    UUID = "uuid"
    DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameImage:
    """A frame image: its source, its clean text, its media type, a data URI's bytes."""

    source: Source
    text: str
    media: str = ""
    data: bytes = b""


class FrameFaultError(SlipError):
    """A text that names no usable frame image."""


def classify(text: str) -> FrameImage:
    """Say what a frame's text names; raise FrameFaultError if nothing that may be used."""
    if not text.strip() or text != text.strip() or FORBIDDEN.search(text):
        raise FrameFaultError("is empty or has stray spaces", "write a file, a URL or a UUID")
    if text.startswith("data:"):
        return _data(text)
    if _UUID.fullmatch(text):
        return _uuid(text)
    if "{{" in text or "{%" in text:
        raise FrameFaultError(
            "contains template marks, and frames are not templates", "write the name itself"
        )
    if _BARE_BASE64.fullmatch(text):
        raise FrameFaultError(
            "is bare Base64", "write data:image/png;base64,… or save it as a file"
        )
    scheme = _SCHEME.match(text)
    if scheme and len(scheme.group(1)) > 1:
        return _url(text, scheme.group(1).lower())
    return _file(text)


def _uuid(text: str) -> FrameImage:
    if not _UUID4.fullmatch(text.lower()):
        raise FrameFaultError("is a UUID, but not of version 4", "copy the imageUUID again")
    return FrameImage(source=Source.UUID, text=text.lower())


def _data(text: str) -> FrameImage:
    found = _DATA.fullmatch(text)
    if not found:
        raise FrameFaultError("is not a data URI of an image", "write data:image/png;base64,…")
    media, body = found.groups()
    if media == "image/svg+xml":
        raise FrameFaultError("is an SVG, which can pull in other files", f"use {IMAGE_KINDS}")
    if media not in _IMAGES.values():
        raise FrameFaultError(f"has the type {show(media)}", f"use {IMAGE_KINDS}")
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise FrameFaultError("is not valid Base64", "copy the data URI again") from None
    if media_of(data) != media:
        seen = media_of(data) or "not a supported image"
        raise FrameFaultError(f"says {media}, and its bytes are {seen}", "correct the type")
    return FrameImage(source=Source.DATA, text=text, media=media, data=data)


def media_of(data: bytes) -> str:
    """Return the media type that the first bytes of an image show, or an empty text."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _url(text: str, scheme: str) -> FrameImage:
    if scheme == "http":
        raise FrameFaultError("is not encrypted", "use https://")
    if scheme != "https" or not text[len(scheme) :].startswith("://"):
        todo = "write a file below the project, an https:// URL or a UUID"
        raise FrameFaultError(f"has the scheme {show(scheme)}:, which is not allowed", todo)
    if len(text) > _MAX_URL:
        raise FrameFaultError(f"is longer than {_MAX_URL} characters", "shorten the URL")
    if not text.isascii() or re.search(r"[\s\\<>\"{}|^`]", text):
        raise FrameFaultError("contains characters not allowed in a URL", "write them as %XX")
    _check_host(text)
    return FrameImage(source=Source.URL, text=text)


def _check_host(text: str) -> None:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise FrameFaultError("is not a valid URL", "write https://host/path") from None
    if "@" in parts.netloc:
        raise FrameFaultError("contains a user name or a password", "use a URL without them")
    if _is_address(host):
        raise FrameFaultError("names a host by its number", "use the host's name")
    if host.endswith((".local", ".internal", ".localhost")) or not _HOST.fullmatch(host):
        raise FrameFaultError(
            "names a host that the provider cannot reach", "use a public host, or a file"
        )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(re.fullmatch(r"[0-9.]+|0x[0-9a-f.x]+", host))
    return True


def _file(text: str) -> FrameImage:
    try:
        path = inside(text)
    except SlipError as error:
        raise FrameFaultError(error.what, error.todo) from None
    return FrameImage(source=Source.FILE, text=path, media=_image(path.rpartition("/")[2]))


def _image(name: str) -> str:
    dot = name.rfind(".")
    ending = name[dot:].lower() if dot > 0 else ""
    if ending in {".svg", ".svgz"}:
        raise FrameFaultError("is an SVG, which can pull in other files", f"use {IMAGE_KINDS}")
    if ending not in _IMAGES:
        raise FrameFaultError("is not a supported image file", f"use {IMAGE_KINDS}")
    return _IMAGES[ending]
