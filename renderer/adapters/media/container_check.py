"""Checks the MP4 or WebM structure of a file without decoding."""

import os
import struct
from pathlib import Path
from typing import BinaryIO

from renderer.errors import MachineError

_WEBM = b"\x1a\x45\xdf\xa3"
_SEGMENT = 0x18538067
_LEAST_BOX = 8


class NotMediaError(MachineError):
    """The file is cut, empty, or of another type."""


def check_container(path: Path) -> str:
    """Return "mp4", "mov" or "webm"; raise NotMediaError if the file is not a whole one."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        start = file.read(12)
        if size == 0:
            raise NotMediaError("the file is empty")
        if start[:4] == _WEBM:
            _walk_webm(file, size)
            return "webm"
        if start[4:8] != b"ftyp":
            raise NotMediaError("the file is not MP4, MOV or WEBM")
        _walk_boxes(file, size)
        return "mov" if start[8:12] == b"qt  " else "mp4"


def _walk_boxes(file: BinaryIO, size: int) -> None:
    position, seen = 0, set()
    while position < size:
        kind, length = _box(file, position)
        if length < _LEAST_BOX or position + length > size:
            raise NotMediaError("the file is cut, or its last box shows no end")
        seen.add(kind)
        position += length
    if not {b"moov", b"mdat"} <= seen:
        raise NotMediaError("the file has no picture data or no index")


def _box(file: BinaryIO, position: int) -> tuple[bytes, int]:
    file.seek(position)
    head = file.read(16)
    if len(head) < _LEAST_BOX:
        raise NotMediaError("the file is cut inside a box's head")
    length, kind = struct.unpack(">I4s", head[:8])
    if length == 1:
        if len(head) < 16:
            raise NotMediaError("the file is cut inside a box's head")
        (length,) = struct.unpack(">Q", head[8:])
        return kind, length if length >= 16 else 0
    return kind, length


def _walk_webm(file: BinaryIO, size: int) -> None:
    position, found = 0, False
    while position < size:
        name, length, head = _element(file, position)
        if length is None:  # an unknown length, as live streams write it: the demuxer judges
            return
        position += head + length
        found = found or name == _SEGMENT
    if position != size or not found:
        raise NotMediaError("the file is cut, or it has no segment")


def _element(file: BinaryIO, position: int) -> tuple[int, int | None, int]:
    """Return an EBML element's name, its length and the length of its head, in bytes."""
    file.seek(position)
    head = file.read(12)
    width = _width(head, 0, 4)
    name = int.from_bytes(head[:width], "big")
    count = _width(head, width, 8)
    if len(head) < width + count:
        raise NotMediaError("the file is cut inside an element's head")
    value = int.from_bytes(head[width : width + count], "big") & ((1 << 7 * count) - 1)
    return name, None if value == (1 << 7 * count) - 1 else value, width + count


def _width(head: bytes, at: int, most: int) -> int:
    first = head[at] if at < len(head) else 0
    width = 9 - first.bit_length()
    if not first or width > most:
        raise NotMediaError("the file is cut or not made of EBML elements")
    return width
