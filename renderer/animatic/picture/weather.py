"""What moves in the air: rain, snow, fireflies, bubbles, dust. Places follow from the time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderer.animatic.keywords import number, themes

KINDS = {
    "rain": "rain rains raining rainfall monsoon drizzle downpour",
    "snow": "snow snowy snowing snowfall blizzard snowflakes",
    "bubbles": "underwater reef bubbles coral diver",
    "sparks": "fireflies firefly embers sparks plankton bioluminescent fire campfire",
    "dust": "dust dusty desert sand interior room",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How many, how fast (frame heights a second, across and down), how long, how bright."""

    count: int
    speed: tuple[float, float]
    size: float
    light: int
    streak: float = 0.0
    wander: float = 0.0


_AIR = {
    "rain": _Kind(count=90, speed=(-0.12, 1.9), size=0.0011, light=64, streak=0.05),
    "snow": _Kind(count=110, speed=(-0.03, 0.12), size=0.0042, light=120, wander=0.02),
    "bubbles": _Kind(count=26, speed=(0.0, -0.11), size=0.0042, light=70, wander=0.012),
    "sparks": _Kind(count=30, speed=(0.01, -0.018), size=0.0048, light=150, wander=0.05),
    "dust": _Kind(count=40, speed=(0.02, -0.008), size=0.0026, light=52, wander=0.03),
}


class Weather:
    """The particles of one animatic, in pixels of a frame."""

    def __init__(self, prompt: str, seed: int, size: tuple[int, int]) -> None:
        self._width, self._height = size
        names = themes(prompt, KINDS)[:2]
        self._layers = [(_AIR[name], *_seeded(name, seed, _AIR[name], size)) for name in names]

    def over(self, luma: NDArray[np.uint8], seconds: float) -> None:
        """Add the particles where they are at this time."""
        for kind, places, sprites in self._layers:
            for x, y, near, phase in self._moved(kind, places, seconds).tolist():
                sprite = sprites[int(near * (len(sprites) - 0.01))]
                twinkle = 0.55 + 0.45 * np.sin(phase + seconds * 2.4) if kind.wander else 1.0
                _sprinkle(luma, sprite, x, y, twinkle)

    def _moved(
        self, kind: _Kind, places: NDArray[np.float64], seconds: float
    ) -> NDArray[np.float64]:
        x, y, near, phase = places.T
        pace = (0.55 + near) * seconds
        aspect = self._width / self._height
        across = (
            x + kind.speed[0] * pace / aspect + kind.wander * np.sin(phase + seconds * 0.9)
        ) % 1
        down = (y + kind.speed[1] * pace + kind.wander * np.cos(phase * 1.7 + seconds * 0.7)) % 1
        margin = 0.06
        return np.stack(
            [
                (across * (1 + 2 * margin) - margin) * self._width,
                (down * (1 + 2 * margin) - margin) * self._height,
                near,
                phase,
            ],
            axis=1,
        )


def _seeded(
    name: str, seed: int, kind: _Kind, size: tuple[int, int]
) -> tuple[NDArray[np.float64], list[NDArray[np.float32]]]:
    rng = np.random.default_rng(number("weather", name, seed))
    places = rng.random((kind.count, 4))
    places[:, 2] **= 2
    places[:, 3] *= 2 * np.pi
    unit = min(size)
    return places, [_sprite(kind, unit, near) for near in (0.15, 0.5, 1.0)]


def _sprite(kind: _Kind, unit: int, near: float) -> NDArray[np.float32]:
    """Return a soft dot, or a streak that leans with the fall."""
    radius = max(0.55, kind.size * unit * (0.5 + near))
    long = kind.streak * unit * (0.5 + near)
    half = int(max(radius * 2.6, long / 2 + radius) + 2)
    wide = int(radius * 2.6 + long * 0.07 + 2)
    y, x = np.mgrid[-half : half + 1, -wide : wide + 1].astype(np.float32)
    lean = kind.speed[0] / kind.speed[1] if long else 0.0
    away = np.maximum(np.abs(y) - long / 2, 0)
    spot = np.exp(-(((x - y * lean) / radius) ** 2) - (away / radius) ** 2)
    return np.asarray(spot * kind.light * (1.15 - 0.5 * near), np.float32)


def _sprinkle(
    luma: NDArray[np.uint8], sprite: NDArray[np.float32], x: float, y: float, light: float
) -> None:
    """Add one sprite, placed between pixels by sharing its light."""
    rows, columns = sprite.shape
    left, top = int(np.floor(x)) - columns // 2, int(np.floor(y)) - rows // 2
    if left < 0 or top < 0 or left + columns + 1 > luma.shape[1] or top + rows + 1 > luma.shape[0]:
        return
    dx, dy = x - np.floor(x), y - np.floor(y)
    part = luma[top : top + rows + 1, left : left + columns + 1].astype(np.float32)
    for down, share in ((0, 1 - dy), (1, dy)):
        for across, weight in ((0, 1 - dx), (1, dx)):
            part[down : down + rows, across : across + columns] += sprite * (
                share * weight * light
            )
    luma[top : top + rows + 1, left : left + columns + 1] = np.minimum(part, 235).astype(np.uint8)
