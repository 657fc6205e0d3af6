"""Under water and out in space."""

import numpy as np

from renderer.animatic.picture.canvas import Canvas, Lamp, Pen, noise, ridge
from renderer.animatic.picture.landscapes import shafts
from renderer.animatic.picture.palette import mix
from renderer.animatic.picture.sky import stars


def reef(stage: Canvas, *, portal: bool = False) -> None:
    """Paint a coral reef under falling light, and a ring of light for a portal."""
    stage.wash(stage.mood.sky)
    source = float(stage.rng.uniform(0.3, 0.7))
    stage.glow(source, -0.05, 1.1, stage.mood.light, 0.5)
    shafts(stage, (source, -0.45), 0.42)
    for depth in (0.0, 0.4, 0.75):
        _bed(stage, depth)
        stage.haze(0.8, 0.16, stage.mood.haze, 0.34 - 0.3 * depth)
    if portal:
        _portal(stage)
    _fish(stage)
    _plankton(stage)
    line = 0.97 - 0.2 * np.abs(np.linspace(-1, 1, 300)) ** 2 * (
        0.4 + ridge(stage.rng, 300, 5, 0.6)
    )
    stage.near.ground(line.astype(np.float32))
    for x in (0.03, 0.11, 0.2, 0.82, 0.9, 0.98):
        _coral(stage.near, stage.rng, (x, 0.95), 0.24 - 0.5 * min(x, 1 - x))


def _bed(stage: Canvas, depth: float) -> None:
    pen, rng, tips = stage.pen(), stage.rng, stage.pen()
    slope = np.abs(np.linspace(-1, 1, 300)) ** 1.6
    line = 0.8 + 0.14 * depth - (0.1 + 0.16 * slope) * ridge(rng, 300, 3 + 2 * depth, 0.55)
    pen.ground(line.astype(np.float32))
    for _ in range(11):
        x = rng.random()
        y = float(line[int(x * 299)]) + 0.015
        tall = (0.06 + 0.1 * depth) * rng.uniform(0.6, 1.3)
        _coral(pen, rng, (x, y), tall)
        tips.disc(
            x + rng.uniform(-0.02, 0.02), y - tall * rng.uniform(0.5, 1), rng.uniform(0.002, 0.006)
        )
    body = mix(stage.mood.sky[2], stage.mood.near, 0.25 + 0.6 * depth)
    stage.fill(pen.mask(0.002 * (1 - depth)), mix(body, stage.mood.haze, 0.15), body)
    lit = tips.mask(0.002)
    stage.light(lit, stage.mood.accent, 0.9)
    stage.light(tips.mask(0.014), stage.mood.accent, 1.6)


def _coral(pen: Pen, rng: np.random.Generator, foot: tuple[float, float], tall: float) -> None:
    kind = rng.integers(3)
    squeeze = pen.height / pen.width
    if kind == 0:
        _branch(pen, rng, foot, tall * 0.42, float(rng.uniform(-0.2, 0.2)))
    elif kind == 1:
        for turn in np.linspace(-0.9, 0.9, 13).tolist():
            reach = tall * rng.uniform(0.75, 1.05)
            tip = (foot[0] + np.sin(turn) * reach * squeeze, foot[1] - np.cos(turn) * reach)
            bend = (foot[0] + np.sin(turn * 0.6) * reach * 0.55 * squeeze, foot[1] - reach * 0.55)
            pen.line([foot, bend, tip], 0.0045)
            pen.disc(tip[0], tip[1], 0.005)
    else:
        for _ in range(5):
            x = foot[0] + rng.uniform(-0.3, 0.3) * tall * squeeze
            size = tall * rng.uniform(0.14, 0.3)
            pen.disc(x, foot[1] - size * 0.5, (size, size * 0.75))


def _branch(
    pen: Pen, rng: np.random.Generator, foot: tuple[float, float], reach: float, turn: float
) -> None:
    squeeze = pen.height / pen.width
    tip = (foot[0] + np.sin(turn) * reach * squeeze, foot[1] - np.cos(turn) * reach)
    pen.line([foot, tip], max(0.003, reach * 0.1))
    pen.disc(tip[0], tip[1], max(0.002, reach * 0.055))
    if reach > 0.016:
        for side in (-1, 1):
            _branch(
                pen, rng, tip, reach * rng.uniform(0.62, 0.8), turn + side * rng.uniform(0.25, 0.6)
            )


def _portal(stage: Canvas) -> None:
    x, y = 0.5 + float(stage.rng.uniform(-0.08, 0.08)), 0.42
    across, down = stage.width / stage.unit, stage.height / stage.unit
    dx, dy = (stage.u - x) * across, (stage.v - y) * down
    far, turn = np.hypot(dx, dy * 1.06), np.arctan2(dy, dx)
    ribbons = np.zeros_like(far)
    for arm in range(5):
        phase = stage.rng.uniform(0, 6.3)
        wave = 0.2 + 0.014 * np.sin(turn * (2 + arm) + phase) + 0.009 * arm
        ribbons += np.exp(-(((far - wave) / (0.005 + 0.002 * arm)) ** 2)) * (
            0.6 + 0.4 * np.sin(turn * 3 + phase)
        )
    inner = np.clip(1 - far / 0.21, 0, 1) ** 0.7 * (0.55 + 0.25 * np.sin(turn * 3 + far * 46))
    stage.light(ribbons.astype(np.float32), mix(stage.mood.accent, (1, 1, 1), 0.2), 0.62)
    stage.light(inner.astype(np.float32), mix(stage.mood.accent, stage.mood.light, 0.12), 0.4)
    stage.glow(x, y, 0.62, stage.mood.accent, 0.42)
    stage.lamps.insert(0, Lamp(x=x, y=y, reach=0.5, colour=stage.mood.accent))
    diver = stage.pen()
    _diver(diver, x - 0.1, y + 0.2)
    stage.fill(diver.mask(), mix(stage.mood.near, stage.mood.haze, 0.1))


# A diver, seen from the side: parts from the middle, in heights of the picture.
_TRUNK = (
    *((0.058, -0.036), (0.05, -0.014), (0.006, 0.014), (-0.034, 0.026)),
    *((-0.038, 0.008), (-0.006, -0.012), (0.032, -0.034)),
)
_TANK = ((0.03, -0.036), (-0.014, -0.012), (-0.008, -0.026), (0.024, -0.046))
_LEGS = (
    ((-0.034, 0.016), (-0.075, 0.02), (-0.108, 0.036)),
    ((-0.03, 0.02), (-0.066, 0.044), (-0.098, 0.066)),
)
_FIN = ((0.006, -0.006), (-0.034, 0.004), (-0.026, 0.024), (0.0, 0.007))


def _diver(pen: Pen, x: float, y: float) -> None:
    """Draw a swimmer with fins, seen from the side."""
    w, unit = pen.height / pen.width, pen.height / pen.unit
    pen.disc(x + 0.066 * w, y - 0.042, 0.0155 * unit)
    pen.shape([(x + dx * w, y + dy) for dx, dy in _TRUNK])
    pen.shape([(x + dx * w, y + dy) for dx, dy in _TANK])
    for leg in _LEGS:
        points = [(x + dx * w, y + dy) for dx, dy in leg]
        pen.line(points[:2], 0.016 * unit)
        pen.line(points[1:], 0.0105 * unit)
        foot_x, foot_y = points[2]
        pen.shape([(foot_x + dx * w, foot_y + dy) for dx, dy in _FIN])
    arm = ((0.044, -0.026), (0.076, -0.012), (0.106, -0.028))
    pen.line([(x + dx * w, y + dy) for dx, dy in arm], 0.0095 * unit)
    pen.disc(x + 0.106 * w, y - 0.028, 0.006 * unit)


def _fish(stage: Canvas) -> None:
    rng = stage.rng
    for school in range(3):
        pen, heading = stage.pen(), 1 if rng.random() < 0.5 else -1
        cx, cy, size = rng.uniform(0.15, 0.85), rng.uniform(0.2, 0.55), 0.007 + 0.004 * school
        for _ in range(26):
            x, y = cx + rng.normal(0, 0.075), cy + rng.normal(0, 0.035)
            long = size * rng.uniform(0.7, 1.2)
            step = heading * long * stage.unit / stage.width
            tall = long * stage.unit / stage.height
            pen.disc(x, y, (long, long * 0.36))
            pen.shape(
                [
                    (x - step * 0.8, y),
                    (x - step * 1.6, y - tall * 0.4),
                    (x - step * 1.6, y + tall * 0.4),
                ]
            )
        stage.fill(pen.mask() * 0.85, mix(stage.mood.sky[2], stage.mood.near, 0.35 + 0.2 * school))


def _plankton(stage: Canvas) -> None:
    rng = stage.rng
    for _ in range(120):
        near = rng.random() ** 4
        colour = mix(stage.mood.light, stage.mood.accent, float(rng.random()))
        stage.glow(rng.random(), rng.random(), 0.003 + 0.03 * near, colour, 0.5 - 0.3 * near)


def space(stage: Canvas) -> None:
    """Paint a nebula, stars, and a planet lit from one side."""
    stage.wash(stage.mood.sky)
    size = (max(16, stage.width // 3), max(16, stage.height // 3))
    for colour, power in ((stage.mood.haze, 0.75), (stage.mood.accent, 0.5)):
        cloud = noise(stage.rng, size, (3, 3), 5)
        grid = np.clip((cloud - 0.45) * 2, 0, 1) ** 1.7
        rows = np.linspace(0, size[1] - 1, stage.height).astype(np.intp)
        columns = np.linspace(0, size[0] - 1, stage.width).astype(np.intp)
        stage.light(grid[rows][:, columns], colour, power)
    stars(stage, 1.1)
    stars(stage, 1.1)
    _planet(stage)
    line = 1.03 - 0.13 * ridge(stage.rng, 300, 3, 0.5) * np.linspace(1, 0.3, 300)
    stage.near.ground(line.astype(np.float32))


def _planet(stage: Canvas) -> None:
    x, y, radius = float(stage.rng.uniform(0.36, 0.68)), 0.5, 0.27
    across, down = stage.width / stage.unit, stage.height / stage.unit
    dx, dy = (stage.u - x) * across / radius, (stage.v - y) * down / radius
    far = np.hypot(dx, dy)
    pen = stage.pen()
    pen.disc(x, y, radius)
    mask = pen.mask()
    stage.glow(x - 0.06, y - 0.05, radius * 1.9, mix(stage.mood.accent, stage.mood.haze, 0.5), 0.6)
    height = np.sqrt(np.clip(1 - far**2, 0, 1))
    day = np.clip(-0.62 * dx - 0.42 * dy + 0.66 * height, 0, 1)
    bands = 0.82 + 0.1 * np.sin(dy * 13 + np.sin(dx * 3)) + 0.06 * np.sin(dy * 31)
    stage.fill(mask, (0.01, 0.01, 0.03))
    tone = mix(stage.mood.light, stage.mood.accent, 0.4)
    stage.light((mask * day * bands).astype(np.float32), tone, 0.95)
    stage.light((mask * np.clip(far - 0.8, 0, 1) * day).astype(np.float32), stage.mood.accent, 1.6)
    stage.lamps.append(Lamp(x=x, y=y, reach=0.55, colour=stage.mood.accent))
