"""Whether the pixels of an image file begin and do not end: half a copy is found unopened."""

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_PIXELS, _PNG_END = b"IDAT", b"IEND\xaeB`\x82"
_JPEG_END = b"\xff\xd9"
_SCAN = 0xDA  # after it come the pixels, in which the mark of the end cannot occur


def is_cut_off(content: bytes) -> bool:
    """Return whether a PNG, JPEG or WEBP lacks its end; what is none of these is not judged."""
    if content.startswith(_PNG):
        begun = content.find(_PNG_PIXELS)
        return begun > 0 and content.find(_PNG_END, begun) < 0
    if content.startswith(b"\xff\xd8\xff"):
        begun = _scan(content)
        return begun < len(content) and content.find(_JPEG_END, begun) < 0
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return len(content) < 8 + int.from_bytes(content[4:8], "little")
    return False


def has_pixels(content: bytes) -> bool:
    """Return whether the pixels of a PNG, JPEG or WEBP begin; what is none of these has none."""
    if content.startswith(_PNG):
        return _PNG_PIXELS in content
    if content.startswith(b"\xff\xd8\xff"):
        return _scan(content) < len(content)
    return content[:4] == b"RIFF" and content[12:15] == b"VP8"


def _scan(content: bytes) -> int:
    """Return where the pixels of a JPEG begin; a preview in a segment has an end of its own."""
    at = 2
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] != bytes([_SCAN]):
        at += 2 + max(int.from_bytes(content[at + 2 : at + 4], "big"), 1)
    return at
