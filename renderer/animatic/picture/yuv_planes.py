"""Pictures as three planes (BT.709, limited range), seen through a moving window."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from renderer.animatic.picture.camera import View

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]
_BILINEAR = Image.Resampling.BILINEAR
_SPARE = 1.14  # a plate is larger than the frame, so that moving closer stays sharp


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A still in planes; chroma has half the size."""

    luma: Image.Image
    blue: Image.Image
    red: Image.Image

    def seen(self, view: View, width: int, height: int) -> Planes:
        """Return the planes of a frame, cut out and resized with sub-pixel precision."""
        return (
            _cut(self.luma, view, (width, height)),
            _cut(self.blue, view, (width // 2, height // 2)),
            _cut(self.red, view, (width // 2, height // 2)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreground:
    """What is close to the lens: coverage at half the size, in one colour (luma, Cb, Cr)."""

    cover: Image.Image
    colour: tuple[int, int, int]

    def over(self, planes: Planes, view: View) -> None:
        """Lay it over a frame; it moves more than what is behind."""
        height, width = planes[0].shape
        half = _cut(self.cover, view, (width // 2, height // 2), 1.7)
        full = half.repeat(2, axis=0).repeat(2, axis=1)  # it is out of focus: nobody sees steps
        for plane, cover, tone in zip(planes, (full, half, half), self.colour, strict=True):
            _blend(plane, cover, tone)


def _blend(plane: Plane, cover: Plane, tone: int) -> None:
    rows = np.flatnonzero(cover.any(axis=1))
    if not len(rows):
        return
    part = slice(int(rows[0]), int(rows[-1]) + 1)
    keep = 255 - cover[part]
    mixed = plane[part].astype(np.uint16)
    mixed *= keep
    mixed += cover[part].astype(np.uint16) * np.uint16(tone) + np.uint16(128)
    plane[part] = mixed >> 8


def _cut(image: Image.Image, view: View, size: tuple[int, int], depth: float = 1.0) -> Plane:
    box = view.box(image.width, image.height, depth)
    return np.array(image.resize(size, _BILINEAR, box=box))


def plate_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of a plate for a frame, in even numbers."""
    return int(width * _SPARE) // 2 * 2, int(height * _SPARE) // 2 * 2


def plate(pixels: NDArray[np.uint8]) -> Plate:
    """Turn a picture (height x width x RGB) into planes."""
    luma, blue, red = to_planes(pixels)
    return Plate(luma=Image.fromarray(luma), blue=_halved(blue), red=_halved(red))


def _halved(plane: Plane) -> Image.Image:
    return Image.fromarray(plane).reduce(2)


def foreground(cover: NDArray[np.uint8], shade: tuple[float, float, float]) -> Foreground | None:
    """Return the foreground of a cover at full plate size, None if it is empty."""
    if not cover.any():
        return None
    luma, blue, red = to_planes(np.array([[shade]], np.float32) * 255)
    colour = int(luma[0, 0]), int(blue[0, 0]), int(red[0, 0])
    return Foreground(cover=Image.fromarray(cover).reduce(2), colour=colour)


def to_planes(pixels: NDArray[np.uint8] | NDArray[np.float32]) -> Planes:
    """Return luma, Cb and Cr at full size of an RGB picture (0 to 255)."""
    r, g, b = (pixels[..., i].astype(np.float32) for i in range(3))
    light = 0.2126 * r + 0.7152 * g + 0.0722 * b
    luma = 16.5 + light * (219 / 255)
    blue = 128.5 + (b - light) * (224 / 255 / 1.8556)
    red = 128.5 + (r - light) * (224 / 255 / 1.5748)
    return luma.astype(np.uint8), blue.astype(np.uint8), red.astype(np.uint8)


def load_picture(data: bytes, width: int, height: int) -> NDArray[np.uint8]:
    """Read an image file and crop its middle to the shape asked for."""
    with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
        upright = ImageOps.exif_transpose(image)
        fitted = ImageOps.fit(_opaque(upright), (width, height), Image.Resampling.LANCZOS)
        return np.asarray(fitted)


def _opaque(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")
