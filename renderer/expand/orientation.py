"""How a camera held a JPEG: its Exif orientation, read from its first bytes."""

from collections.abc import Mapping
from typing import Literal

_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_ORDERS: Mapping[bytes, Literal["little", "big"]] = {b"II": "little", b"MM": "big"}
_TURNED = frozenset({5, 6, 7, 8})


def is_turned(head: bytes) -> bool:
    """Return whether a JPEG is shown with its width and height exchanged."""
    return _orientation(_tiff(head)) in _TURNED


def _tiff(head: bytes) -> bytes:
    """Return what the Exif segment of a JPEG holds; empty where there is none."""
    at = 2
    while head[:2] == b"\xff\xd8" and head[at : at + 1] == b"\xff" and at + 4 <= len(head):
        length = int.from_bytes(head[at + 2 : at + 4], "big")
        body = head[at + 4 : at + 2 + length]
        if head[at + 1] == 0xE1 and body.startswith(_EXIF):
            return body[len(_EXIF) :]
        if head[at + 1] == 0xDA or length < 2:
            break
        at += 2 + length
    return b""


def _orientation(tiff: bytes) -> int:
    order = _ORDERS.get(tiff[:2])
    if order is None:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 200), 12):
        if number(entry, 2) == _ORIENTATION:
            return number(entry + 8, 2)
    return 1
