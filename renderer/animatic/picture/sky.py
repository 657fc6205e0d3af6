"""Skies: gradient, clouds, stars, and a sun or a moon."""

import numpy as np
from PIL import Image

from renderer.animatic.picture.canvas import Canvas, Lamp, ink, noise
from renderer.animatic.picture.palette import mix


def sky(stage: Canvas, horizon: float, *, orb: bool = True) -> tuple[float, float]:
    """Paint the sky down to the horizon; return where its light is."""
    mood, rng = stage.mood, stage.rng
    x = float(rng.choice([rng.uniform(0.16, 0.36), rng.uniform(0.64, 0.84)]))
    y = float(rng.uniform(0.2, 0.36)) if mood.dark else float(horizon - rng.uniform(0.06, 0.2))
    stage.wash([*mood.sky, mood.haze], horizon + 0.06)
    if mood.dark:
        stars(stage, horizon)
    stage.glow(x, y, 1.05, mix(mood.light, mood.haze, 0.5), 0.34)
    _clouds(stage, horizon, (x, y))
    if orb:
        _orb(stage, x, y)
    return x, y


def stars(stage: Canvas, horizon: float) -> None:
    """Scatter stars above the horizon."""
    rng = stage.rng
    for _ in range(170):
        x, y = rng.random(), rng.random() ** 1.3 * horizon * 0.9
        size = 0.0022 + 0.003 * rng.random() ** 3
        stage.glow(x, y, size * 1.6, stage.mood.light, 0.25 + 0.9 * rng.random() ** 2)


def _clouds(stage: Canvas, horizon: float, sun: tuple[float, float]) -> None:
    size = (max(16, stage.width // 3), max(16, stage.height // 3))
    field = noise(stage.rng, size, (2.2 * stage.width / stage.height + 1, 5), 5)
    full = Image.fromarray(field).resize((stage.width, stage.height), Image.Resampling.BICUBIC)
    cover = np.clip((np.asarray(full) - 0.5) * 2.4, 0, 1) * np.clip(1.15 - stage.v / horizon, 0, 1)
    near_sun = np.exp(-np.hypot((stage.u - sun[0]) * 1.4, (stage.v - sun[1]) * 1.8) * 2.6)
    lit = ink(mix(stage.mood.haze, stage.mood.light, 0.4))
    shade = ink(mix(stage.mood.sky[1], stage.mood.haze, 0.35))
    colour = shade + (lit - shade) * near_sun[..., None]
    stage.pixels += (colour - stage.pixels) * (cover * 0.5)[..., None].astype(np.float32)


def _orb(stage: Canvas, x: float, y: float) -> None:
    mood, radius = stage.mood, float(stage.rng.uniform(0.042, 0.06))
    stage.glow(x, y, radius * 7, mood.light, 0.38)
    stage.glow(x, y, radius * 3, mood.light, 0.4)
    pen = stage.pen()
    pen.disc(x, y, radius)
    face = pen.mask(0.0012)
    stage.fill(face, mix(mood.light, (1, 1, 1), 0.25), mood.light)
    stage.light(face, mood.light, 0.5)
    if mood.dark:  # the seas of the moon
        spots = stage.pen()
        for dx, dy, size in (
            (-0.3, -0.2, 0.3),
            (0.25, 0.1, 0.36),
            (-0.1, 0.45, 0.22),
            (0.4, -0.45, 0.16),
        ):
            tall = radius * stage.unit / stage.height
            wide = radius * stage.unit / stage.width
            spots.disc(x + dx * wide, y + dy * tall, radius * size)
        stage.fill(spots.mask(0.006) * face * 0.22, mix(mood.light, mood.haze, 0.8))
    stage.lamps.append(Lamp(x=x, y=y, reach=radius * 7, colour=mood.light))
