"""A picture in the making: a float canvas with sky, light, water and silhouettes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from renderer.animatic.picture.palette import RGB, Mood, mix

Field = NDArray[np.float32]
Point = tuple[float, float]
_FINE = 2  # silhouettes are drawn twice as large and reduced: smooth edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """A light that may pulse: its place in parts of width and height, reach in units, colour."""

    x: float
    y: float
    reach: float
    colour: RGB


def ink(colour: RGB) -> Field:
    """Return a colour as an array of three."""
    return np.array(colour, np.float32)


def noise(
    rng: np.random.Generator, size: tuple[int, int], cells: Point, octaves: int = 4
) -> Field:
    """Return a smooth field of width x height from 0 to 1 with `cells` features each way."""
    total, weight = np.zeros(size[::-1], np.float32), 0.0
    for octave in range(octaves):
        shape = [max(2, round(count * 2**octave)) for count in reversed(cells)]
        grid = Image.fromarray(rng.random(shape, dtype=np.float32))
        total += np.asarray(grid.resize(size, Image.Resampling.BICUBIC)) * 0.5**octave
        weight += 0.5**octave
    low, high = float(total.min()), float(total.max())
    return (total - np.float32(low)) / np.float32(max(high - low, 1e-6))


def ridge(rng: np.random.Generator, count: int, cells: float, rough: float = 0.5) -> Field:
    """Return a smooth line of `count` heights from 0 to 1."""
    line = np.zeros(count, np.float32)
    spots = np.linspace(0, 1, count)
    for octave in range(6):
        knots = max(2, round(cells * 2**octave)) + 3
        step = np.interp(spots * (knots - 3) + rng.random(), np.arange(knots), rng.random(knots))
        line += (step * rough**octave).astype(np.float32)
    low, high = float(line.min()), float(line.max())
    return (line - np.float32(low)) / np.float32(max(high - low, 1e-6))


class Pen:
    """Draws one silhouette; places in parts of width and height, thickness in units."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height, self.unit = width, height, min(width, height)
        self._image = Image.new("L", (width * _FINE, height * _FINE))
        self._draw = ImageDraw.Draw(self._image)

    def _at(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.width * _FINE, y * self.height * _FINE) for x, y in points]

    def shape(self, points: Iterable[Point], fill: int = 255) -> None:
        """Fill a polygon."""
        self._draw.polygon(self._at(points), fill=fill)

    def line(self, points: Iterable[Point], thick: float, fill: int = 255) -> None:
        """Draw a bent line."""
        pixels = max(1, round(thick * self.unit * _FINE))
        self._draw.line(self._at(points), fill=fill, width=pixels, joint="curve")

    def disc(self, x: float, y: float, radius: Point | float, fill: int = 255) -> None:
        """Fill a circle, or an ellipse of two radii, in units."""
        wide, tall = radius if isinstance(radius, tuple) else (radius, radius)
        ((left, top),) = self._at([(x, y)])
        a, b = wide * self.unit * _FINE, tall * self.unit * _FINE
        self._draw.ellipse((left - a, top - b, left + a, top + b), fill=fill)

    def ground(self, line: Field, base: float = 1.02) -> None:
        """Fill from a line of heights (parts of the height) down to `base`."""
        xs = np.linspace(-0.01, 1.01, len(line))
        self.shape([(-0.01, base), *zip(xs.tolist(), line.tolist(), strict=True), (1.01, base)])

    def mask(self, blur: float = 0.0) -> Field:
        """Return the coverage, 0 to 1; `blur` in units softens it as a lens would."""
        image = self._image.reduce(_FINE)
        if blur:
            image = image.filter(ImageFilter.GaussianBlur(blur * self.unit))
        return np.asarray(image, np.float32) / np.float32(255)


class Canvas:
    """The canvas and what is known about it while it is painted."""

    def __init__(self, width: int, height: int, mood: Mood, rng: np.random.Generator) -> None:
        self.width, self.height, self.unit = width, height, min(width, height)
        self.mood, self.rng = mood, rng
        self.pixels: Field = np.zeros((height, width, 3), np.float32)
        self.near = Pen(width, height)
        self.lamps: list[Lamp] = []
        self.v: Field = ((np.arange(height) + 0.5) / height).astype(np.float32)[:, None]
        self.u: Field = ((np.arange(width) + 0.5) / width).astype(np.float32)[None, :]

    def pen(self) -> Pen:
        """Return a pen for one silhouette."""
        return Pen(self.width, self.height)

    def wash(self, stops: Sequence[RGB], bottom: float = 1.0) -> None:
        """Cover the canvas with a vertical gradient which ends at `bottom`."""
        places = np.linspace(0, bottom, len(stops))
        for channel in range(3):
            column = np.interp(self.v[:, 0], places, [stop[channel] for stop in stops])
            self.pixels[:, :, channel] = column[:, None]

    def glow(self, x: float, y: float, reach: float, colour: RGB, power: float = 1.0) -> None:
        """Add soft round light that fades to nothing at `reach` units."""
        radius = reach * self.unit
        cx, cy = x * self.width, y * self.height
        top, bottom = max(0, int(cy - radius)), min(self.height, int(cy + radius) + 1)
        left, right = max(0, int(cx - radius)), min(self.width, int(cx + radius) + 1)
        if top >= bottom or left >= right:
            return
        far = np.hypot(np.arange(left, right)[None] - cx, np.arange(top, bottom)[:, None] - cy)
        light = np.clip(1 - far / radius, 0, 1).astype(np.float32) ** 3 * power
        self.pixels[top:bottom, left:right] += light[..., None] * ink(colour)

    def fill(self, mask: Field, upper: RGB, lower: RGB | None = None) -> None:
        """Paint a silhouette, from one colour at its top to another at its foot."""
        rows = np.flatnonzero(mask.any(axis=1))
        if not len(rows):
            return
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        ramp = np.linspace(0, 1, bottom - top, dtype=np.float32)[:, None, None]
        colour = ink(upper) * (1 - ramp) + ink(lower or upper) * ramp
        part = self.pixels[top:bottom]
        part += (colour - part) * mask[top:bottom, :, None]

    def light(self, mask: Field, colour: RGB, power: float = 1.0) -> None:
        """Add light where the mask is."""
        self.pixels += mask[..., None] * (ink(colour) * np.float32(power))

    def haze(self, at: float, spread: float, colour: RGB, power: float) -> None:
        """Lay a band of mist around a height, uneven as mist is."""
        size = (max(8, self.width // 4), max(8, self.height // 4))
        drift = noise(self.rng, size, (3, 2), 3)
        full = Image.fromarray(drift).resize((self.width, self.height), Image.Resampling.BICUBIC)
        band = np.exp(-(((self.v - at) / spread) ** 2)) * power
        veil = np.clip(band * (0.45 + 0.75 * np.asarray(full)), 0, 1)
        self.pixels += (ink(colour) - self.pixels) * veil[..., None].astype(np.float32)

    def mirror(self, horizon: float, calm: float = 0.5, tint: RGB | None = None) -> None:
        """Turn what lies below the horizon into water or wet ground that reflects the rest."""
        edge = max(2, int(horizon * self.height))
        depth = np.arange(self.height - edge, dtype=np.float32)[:, None]
        size = (self.width, self.height - edge)
        waves = noise(self.rng, size, (4, 26), 3) - 0.5
        ripple = waves * (0.02 * self.height + depth * (0.5 - 0.4 * calm))
        rows = np.clip(edge - 1 - depth * 0.9 - ripple, 0, edge - 1).astype(np.intp)
        shift = np.arange(self.width)[None] + waves * depth * 0.12
        columns = np.clip(shift, 0, self.width - 1).astype(np.intp)
        fade = (0.72 - 0.4 * depth / max(1, len(depth)))[..., None]
        below = self.pixels[rows, columns] * fade
        below += ink(tint or mix(self.mood.near, self.mood.haze, 0.1)) * (1 - fade) * 0.8
        glint = np.clip(waves - 0.17, 0, 1) * (1 - depth / max(1, len(depth))) * 0.9
        self.pixels[edge:] = below + glint[..., None] * ink(self.mood.haze)
