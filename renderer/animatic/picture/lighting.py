"""Light that answers to the moments of a prompt: lamps that pulse, a sky that flashes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from renderer.animatic.picture.camera import View
from renderer.animatic.picture.canvas import Lamp
from renderer.animatic.picture.yuv_planes import Planes, to_planes
from renderer.animatic.timed_events import Cue

_LASTS = {"bell": 1.3, "thunder": 0.55, "spark": 0.6, "drum": 0.35}


class Lights:
    """The lamps of one picture, in pixels of a frame."""

    def __init__(self, lamps: Sequence[Lamp], size: tuple[int, int], cues: Sequence[Cue]) -> None:
        self._width, self._height = size
        self._cues = [cue for cue in cues if cue.light and cue.kind in _LASTS]
        lamp = lamps[0] if lamps else None
        self._lamp = lamp
        radius = int((lamp.reach if lamp else 0.4) * min(size)) // 2 * 2 or 2
        span = np.hypot(*np.meshgrid(*[np.arange(-radius, radius) + 0.5] * 2)) / radius
        self._glow: NDArray[np.float32] = (np.clip(1 - span, 0, 1) ** 2.2).astype(np.float32)
        colour = lamp.colour if lamp else (1.0, 1.0, 1.0)
        _, blue, red = to_planes(np.array([[colour]], np.float32) * 255)
        self._tint = (int(blue[0, 0]) - 128, int(red[0, 0]) - 128)

    def over(self, planes: Planes, view: View, seconds: float) -> None:
        """Add what shines at this time."""
        for cue in self._cues:
            age = (seconds - cue.at) / _LASTS[cue.kind]
            if 0 <= age < 1:
                power = cue.light * (1 - age) ** 2
                if cue.kind == "thunder":
                    self._flash(planes[0], power * (0.6 + 0.4 * np.cos(age * 40)))
                else:
                    self._pulse(planes, view, power)

    def _flash(self, luma: NDArray[np.uint8], power: float) -> None:
        gain = np.clip(np.arange(256) * (1 + 0.9 * power) + 22 * power, 16, 235).astype(np.uint8)
        luma[:] = gain[luma]

    def _pulse(self, planes: Planes, view: View, power: float) -> None:
        if self._lamp is None:
            return
        left, top, right, bottom = view.box(1, 1)
        x = (self._lamp.x - left) / (right - left) * self._width
        y = (self._lamp.y - top) / (bottom - top) * self._height
        _add(planes[0], self._glow * (96 * power), int(x), int(y), 235)
        small = self._glow[::2, ::2] * power
        for plane, tint in zip(planes[1:], self._tint, strict=True):
            _add(plane, small * (tint * 0.7), int(x / 2), int(y / 2), 240)


def _add(plane: NDArray[np.uint8], glow: NDArray[np.float32], x: int, y: int, most: int) -> None:
    """Add a square of light around a point, cut at the edges of the plane."""
    half = glow.shape[0] // 2
    top, left = max(0, y - half), max(0, x - half)
    bottom, right = min(plane.shape[0], y + half), min(plane.shape[1], x + half)
    if top >= bottom or left >= right:
        return
    part = glow[top - y + half : bottom - y + half, left - x + half : right - x + half]
    lit = plane[top:bottom, left:right] + part
    plane[top:bottom, left:right] = np.clip(lit, 16, most).astype(np.uint8)
