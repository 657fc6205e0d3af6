"""The typefaces of the burn-in, and which characters they lack."""

import unicodedata
from functools import lru_cache

import fontpkg  # type: ignore[import-untyped]
from PIL import ImageFont

Font = ImageFont.FreeTypeFont
_NOWHERE = "\U0010ffff"  # no font draws this: what comes out is the sign for a missing glyph


@lru_cache(maxsize=64)
def sans(size: int, weight: int = 500) -> Font:
    """Return Noto Sans: Latin, Greek and Cyrillic."""
    font = ImageFont.truetype(str(fontpkg.path("Noto Sans")), size)
    font.set_variation_by_axes([weight, 100])
    return font


@lru_cache(maxsize=64)
def mono(size: int, weight: int = 500) -> Font:
    """Return JetBrains Mono, whose figures all have one width."""
    font = ImageFont.truetype(str(fontpkg.path("JetBrains Mono")), size)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=4096)
def has_glyph(character: str) -> bool:
    """Whether Noto Sans draws the character."""
    if character.isspace() or unicodedata.combining(character):
        return True
    font = _probe()
    return bytes(font.getmask(character)) != bytes(font.getmask(_NOWHERE))


@lru_cache(maxsize=1)
def _probe() -> Font:
    return ImageFont.truetype(str(fontpkg.path("Noto Sans")), 24)


def drawable(text: str) -> tuple[str, int]:
    """Return one line without control characters, missing glyphs as `?`, and their number."""
    flat = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = [char for char in flat if char == " " or not _hidden(char)]
    missing = sum(not has_glyph(char) for char in kept)
    return "".join(char if has_glyph(char) else "?" for char in kept), missing


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
