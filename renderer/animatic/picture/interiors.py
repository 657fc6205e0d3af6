"""Rooms and studios."""

import numpy as np

from renderer.animatic.picture.canvas import Canvas, Lamp
from renderer.animatic.picture.palette import mix
from renderer.animatic.picture.streets import figure


def room(stage: Canvas) -> None:
    """Paint a dim room: a tall window, a beam of light on the floor, a lamp over a table."""
    mood, floor = stage.mood, 0.74
    stage.wash([mood.sky[0], mood.sky[2], mood.sky[3], mix(mood.sky[1], mood.near, 0.4)])
    pen = stage.pen()
    pen.shape([(-0.01, floor), (1.01, floor), (1.01, 1.02), (-0.01, 1.02)])
    stage.fill(pen.mask(), mix(mood.sky[2], mood.near, 0.3), mood.near)
    side = float(stage.rng.choice([0.2, 0.66]))
    _window(stage, side, floor)
    _table(stage, 0.64 if side < 0.5 else 0.36)
    _shelf(stage, side)
    stage.near.shape([(-0.01, -0.02), (0.13, -0.02), (0.08, 0.5), (0.11, 1.02), (-0.01, 1.02)])
    stage.near.shape([(1.01, 0.6), (0.9, 0.62), (0.86, 0.8), (0.84, 1.02), (1.01, 1.02)])


def _window(stage: Canvas, x: float, floor: float) -> None:
    mood, glass, bars = stage.mood, stage.pen(), stage.pen()
    wide, top, sill = 0.19, 0.14, 0.54
    glass.shape([(x, top), (x + wide, top), (x + wide, sill), (x, sill)])
    stage.fill(glass.mask(), mix(mood.light, (1, 1, 1), 0.2), mix(mood.light, mood.accent, 0.35))
    for part in (0, 0.333, 0.667, 1):
        bars.line([(x + wide * part, top), (x + wide * part, sill)], 0.008)
        bars.line([(x, top + (sill - top) * part), (x + wide, top + (sill - top) * part)], 0.008)
    stage.fill(bars.mask(), mood.near)
    stage.glow(x + wide / 2, (top + sill) / 2, 0.75, mood.light, 0.5)
    _daylight(stage, x, floor)
    stage.lamps.append(Lamp(x=x + wide / 2, y=0.34, reach=0.6, colour=mood.light))


def _daylight(stage: Canvas, x: float, floor: float) -> None:
    """Cast the beam of a window, and its three patches on the floor."""
    mood, wide, top, low = stage.mood, 0.19, 0.14, floor + 0.2
    slant = 0.16 if x < 0.5 else -0.16
    beam = stage.pen()
    beam.shape([(x, top), (x + wide, top), (x + wide + slant * 2.2, low), (x + slant * 2, low)])
    stage.light(beam.mask(0.025) * np.clip(1.25 - stage.v, 0, 1), mood.light, 0.16)
    for pane in range(3):
        left = x + slant * 1.6 + wide * pane / 3
        patch = stage.pen()
        patch.shape(
            [
                (left, floor + 0.06),
                (left + 0.054, floor + 0.06),
                (left + 0.07 + slant * 0.4, floor + 0.18),
                (left + 0.01 + slant * 0.4, floor + 0.18),
            ]
        )
        stage.light(patch.mask(0.004), mood.light, 0.3)


def _table(stage: Canvas, x: float) -> None:
    mood, pen = stage.mood, stage.pen()
    pen.line([(x, -0.02), (x, 0.26)], 0.003)
    pen.shape([(x - 0.012, 0.25), (x + 0.012, 0.25), (x + 0.045, 0.31), (x - 0.045, 0.31)])
    top = 0.68
    pen.shape([(x - 0.17, top), (x + 0.17, top), (x + 0.17, top + 0.022), (x - 0.17, top + 0.022)])
    for leg in (-0.15, 0.15):
        pen.line([(x + leg, top), (x + leg * 1.05, 0.9)], 0.013)
    for spot, size in ((-0.1, 0.03), (-0.05, 0.018), (0.07, 0.026)):
        pen.shape(
            [
                (x + spot - size * 0.5, top),
                (x + spot - size * 0.4, top - size * 2.4),
                (x + spot + size * 0.4, top - size * 2.4),
                (x + spot + size * 0.5, top),
            ]
        )
    figure(pen, (x + (0.23 if x < 0.5 else -0.22), 0.96), 0.5)
    cone = stage.pen()
    cone.shape([(x - 0.04, 0.31), (x + 0.04, 0.31), (x + 0.16, top), (x - 0.16, top)])
    stage.light(cone.mask(0.018), mood.accent, 0.26)
    stage.glow(x, 0.33, 0.5, mood.accent, 0.7)
    stage.fill(pen.mask(), mix(mood.near, mood.haze, 0.06), mood.near)
    stage.glow(x, 0.315, 0.09, mix(mood.accent, (1, 1, 1), 0.5), 1.3)
    stage.lamps.insert(0, Lamp(x=x, y=0.33, reach=0.5, colour=mood.accent))


def _shelf(stage: Canvas, window: float) -> None:
    pen, rng = stage.pen(), stage.rng
    start = 0.52 if window < 0.5 else 0.2
    for y in (0.3, 0.42, 0.54):
        pen.shape([(start, y), (start + 0.26, y), (start + 0.26, y + 0.01), (start, y + 0.01)])
        x = start + 0.01
        while x < start + 0.24:
            wide, tall = rng.uniform(0.007, 0.018), rng.uniform(0.04, 0.085)
            if rng.random() < 0.8:
                pen.shape([(x, y), (x, y - tall), (x + wide, y - tall), (x + wide, y)])
            x += wide + 0.002
    stage.fill(pen.mask() * 0.75, mix(stage.mood.sky[1], stage.mood.near, 0.5))


def product(stage: Canvas) -> None:
    """Paint a studio sweep with a plinth, a lit object and its soft shadow."""
    mood, x, top = stage.mood, 0.5, 0.66
    stage.wash([mood.sky[0], mood.sky[1], mood.sky[2], mood.sky[3], mood.sky[2]])
    stage.glow(x, 0.42, 0.85, mix(mood.light, mood.accent, 0.25), 0.55)
    across, down = stage.unit / stage.width, stage.unit / stage.height
    shadow = stage.pen()
    shadow.disc(x + 0.12 * across, 0.93, (0.42, 0.06))
    stage.fill(shadow.mask(0.03) * 0.6, mood.near)
    _plinth(stage, x, top)
    _object(stage, x, top, (across, down))
    stage.lamps.append(Lamp(x=x, y=0.4, reach=0.6, colour=mood.accent))
    stage.near.disc(-0.02, 0.2, (0.14, 0.5))
    stage.near.disc(1.02, 0.85, (0.12, 0.3))


def _plinth(stage: Canvas, x: float, top: float) -> None:
    """Draw a round plinth, lit from the left."""
    mood, across = stage.mood, stage.unit / stage.width
    left, right = x - 0.24 * across, x + 0.24 * across
    body = stage.pen()
    body.shape([(left, top), (right, top), (right, 0.92), (left, 0.92)])
    body.disc(x, 0.92, (0.24, 0.045))
    side = body.mask()
    shine = np.clip(1 - np.abs((stage.u - x) / across + 0.1) * 3.2, 0, 1) ** 2
    stage.fill(side, mix(mood.sky[1], mood.near, 0.2), mix(mood.sky[0], mood.near, 0.4))
    stage.light((side * shine).astype(np.float32), mood.light, 0.4)
    disc = stage.pen()
    disc.disc(x, top, (0.24, 0.045))
    stage.fill(disc.mask(), mix(mood.sky[3], mood.light, 0.5), mood.sky[3])


# Half the outline of the object, from its foot: away from its middle, and up.
_OUTLINE = (
    *((-0.075, 0), (-0.085, 0.05), (-0.085, 0.2)),
    *((-0.06, 0.245), (-0.026, 0.262), (-0.026, 0.31)),
)


def _object(stage: Canvas, x: float, top: float, scale: tuple[float, float]) -> None:
    mood, pen = stage.mood, stage.pen()
    across, down = scale
    foot = top + 0.012
    left = [(x + dx * across, foot - dy * down) for dx, dy in _OUTLINE]
    pen.shape([*left, *[(2 * x - px, py) for px, py in reversed(left)]])
    pen.disc(x, foot, (0.075, 0.012))
    mask = pen.mask()
    place = (stage.u - x) / across
    stage.fill(mask, mix(mood.accent, mood.near, 0.25), mix(mood.accent, mood.near, 0.6))
    rim = np.exp(-(((place + 0.068) / 0.011) ** 2)) + 0.7 * np.exp(
        -(((place - 0.072) / 0.008) ** 2)
    )
    core = np.exp(-(((place + 0.02) / 0.04) ** 2)) * 0.4
    stage.light((mask * (rim + core)).astype(np.float32), mix(mood.light, mood.accent, 0.3), 0.8)
    cap, half = stage.pen(), 0.034 * across
    low, high = foot - 0.305 * down, foot - 0.375 * down
    cap.shape([(x - half, low), (x + half, low), (x + half, high), (x - half, high)])
    stage.fill(cap.mask(), mix(mood.near, mood.light, 0.5), mood.near)
    stage.glow(x, foot - 0.15, 0.34, mood.accent, 0.4)
