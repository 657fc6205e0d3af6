"""A picture as linear light: masks are drawn at twice the size, blended, then developed to 8 bits."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 720
_SCALE = 2

Array = npt.NDArray[np.float64]
Colour = tuple[float, float, float]
Point = tuple[float, float]

ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)


class Pen:
    """ImageDraw in picture coordinates, at twice the resolution."""

    def __init__(self) -> None:
        self.image = Image.new("L", (WIDTH * _SCALE, HEIGHT * _SCALE))
        self._draw = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], value: float = 1) -> None:
        """Fill a polygon; `value` is its coverage from 0 to 1."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=round(255 * value))

    def ellipse(self, centre: Point, radii: Point, value: float = 1) -> None:
        """Fill an upright ellipse."""
        (x, y), (rx, ry) = centre, radii
        box = [(x - rx) * _SCALE, (y - ry) * _SCALE, (x + rx) * _SCALE, (y + ry) * _SCALE]
        self._draw.ellipse(box, fill=round(255 * value))

    def stroke(self, points: Sequence[Point], start: float, end: float, value: float = 1) -> None:
        """Draw a line with round joints whose width goes from `start` to `end`."""
        last = max(len(points) - 1, 1)
        for index, (a, b) in enumerate(pairwise(points)):
            width = start + (end - start) * index / last
            line = [(a[0] * _SCALE, a[1] * _SCALE), (b[0] * _SCALE, b[1] * _SCALE)]
            self._draw.line(line, fill=round(255 * value), width=max(1, round(width * _SCALE)))
            self.ellipse(a, (width / 2, width / 2), value)
        self.ellipse(points[-1], (end / 2, end / 2), value)

    def mask(self) -> Array:
        """Return what was drawn, 0 to 1, at the size of the picture."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        return np.asarray(small, dtype=np.float64) / 255


def shape(draw: Callable[[Pen], None], blur: float = 0) -> Array:
    """Return the mask, 0 to 1, of what `draw` draws."""
    pen = Pen()
    draw(pen)
    return soften(pen.mask(), blur) if blur else pen.mask()


def area(points: Sequence[Point]) -> Array:
    """Return the mask of a polygon."""
    return shape(lambda pen: pen.polygon(points))


def strand(points: Sequence[Point], start: float, end: float) -> Array:
    """Return the mask of a line whose width goes from `start` to `end`."""
    return shape(lambda pen: pen.stroke(points, start, end))


def dots(points: Iterable[Point], radii: Point, blur: float = 0) -> Array:
    """Return the mask of one ellipse around each point."""

    def draw(pen: Pen) -> None:
        for point in points:
            pen.ellipse(point, radii)

    return shape(draw, blur)


def soften(mask: Array, radius: float) -> Array:
    """Blur with three boxes, which is nearly a Gaussian of sigma `radius`."""
    for axis in (0, 1):
        for _ in range(3):
            mask = _box(mask, max(1, round(radius)), axis)
    return mask


def _box(mask: Array, radius: int, axis: int) -> Array:
    radius = min(radius, mask.shape[axis] // 2 - 1)
    pad = [(0, 0), (0, 0)]
    pad[axis] = (radius + 1, radius)
    total = np.cumsum(np.pad(mask, pad, mode="edge"), axis=axis)
    size = 2 * radius + 1
    high = np.take(total, np.arange(size, total.shape[axis]), axis=axis)
    low = np.take(total, np.arange(total.shape[axis] - size), axis=axis)
    return np.asarray((high - low) / size)


def clouds(seed: int, cell: Point, octaves: int = 4) -> Array:
    """Smooth noise, 0 to 1, whose largest forms are `cell` pixels wide and high."""
    rng = np.random.default_rng(seed)
    total, weight = np.zeros((HEIGHT, WIDTH)), 0.0
    for octave in range(octaves):
        columns = int(WIDTH * 2**octave / cell[0]) + 3
        rows = int(HEIGHT * 2**octave / cell[1]) + 3
        grid = Image.fromarray(rng.random((rows, columns), dtype=np.float32))
        layer = np.asarray(grid.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
        total += layer / 2**octave
        weight += 1 / 2**octave
    return np.clip(total / weight, 0, 1)


def wave(seed: int, length: float, octaves: int = 4) -> Array:
    """One row of smooth noise, -1 to 1, as wide as the picture."""
    return np.asarray(clouds(seed, (length, HEIGHT * 4), octaves)[0] * 2 - 1)


def glow(centre: Point, radius: float, power: float = 2) -> Array:
    """Return a round light that fades from 1 at the centre; `power` sharpens it."""
    distance = np.hypot(COLUMNS - centre[0], ROWS - centre[1]) / radius
    return np.asarray(1 / (1 + distance**2) ** power)


class Canvas:
    """A picture in linear light, painted from far to near."""

    def __init__(self) -> None:
        self.light = np.zeros((HEIGHT, WIDTH, 3))

    def cover(self, mask: Array, colour: Colour | Array) -> None:
        """Paint over what is there."""
        alpha = np.clip(mask, 0, 1)[..., None]
        self.light = self.light * (1 - alpha) + np.asarray(colour) * alpha

    def shine(self, mask: Array, colour: Colour | Array) -> None:
        """Add light."""
        self.light = self.light + mask[..., None] * np.asarray(colour)

    def edge(self, mask: Array, colour: Colour, shift: Point, size: float = 4) -> None:
        """Light the edges of a form that face the direction (`shift`, in pixels) of a lamp."""
        moved = np.roll(soften(mask, size), (round(-shift[1]), round(-shift[0])), axis=(0, 1))
        self.shine(mask * np.clip(mask - moved, 0, 1), colour)

    def develop(self, *, exposure: float, vignette: float, seed: int) -> Image.Image:
        """Turn light into an 8-bit picture: bloom, film curve, vignette and a grain against bands."""
        bright = np.clip(self.light - 0.6, 0, 3)
        bloom = np.stack([soften(bright[..., band], 14) for band in range(3)], axis=-1)
        light = (self.light + 0.55 * bloom) * exposure
        radius = np.hypot((COLUMNS / WIDTH - 0.5) * 1.5, ROWS / HEIGHT - 0.5)
        light = light * (1 - vignette * np.clip(radius - 0.25, 0, 1))[..., None]
        screen = (1 - np.exp(-light)) ** (1 / 2.2)
        grain = np.random.default_rng(seed).normal(0, 0.0035, (HEIGHT, WIDTH, 1))
        return Image.fromarray(np.clip((screen + grain) * 255, 0, 255).astype(np.uint8))
