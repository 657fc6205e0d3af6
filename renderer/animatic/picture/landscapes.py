"""Landscapes: mountains, marsh, forest, desert and sea."""

import numpy as np

from renderer.animatic.picture.canvas import Canvas, Field, Lamp, Pen, Point, ridge
from renderer.animatic.picture.palette import RGB, mix
from renderer.animatic.picture.sky import sky


def mountains(stage: Canvas) -> None:
    """Paint ranges that fade into the distance over a lake, firs in front."""
    horizon = 0.66
    sky(stage, horizon)
    for depth in np.linspace(0, 1, 4):
        height = 0.34 - 0.2 * depth
        line = horizon + 0.02 - height * ridge(stage.rng, 260, 2 + 3 * depth, 0.46)
        range_(stage, line, float(depth), horizon)
    stage.haze(horizon - 0.01, 0.05, stage.mood.haze, 0.55)
    stage.mirror(horizon, 0.8)
    shore = 1.0 - 0.17 * ridge(stage.rng, 200, 5, 0.55) * np.abs(np.linspace(-1, 1, 200)) ** 2
    stage.near.ground((shore - 0.02).astype(np.float32))
    firs(stage.near, stage.rng, 0.97)


def range_(stage: Canvas, line: Field, depth: float, foot: float) -> None:
    """Paint one range: far ones take the colour of the air, all pale towards their foot."""
    pen = stage.pen()
    pen.ground(line, foot + 0.02)
    mood = stage.mood
    body = mix(mood.haze, mood.near, 0.3 + 0.55 * depth)
    stage.fill(pen.mask(), mix(body, mood.sky[1], 0.25), mix(body, mood.haze, 0.45))


def firs(pen: Pen, rng: np.random.Generator, foot: float) -> None:
    """Stand dark firs at both sides of the frame."""
    for _ in range(11):
        side = rng.random() ** 2 * 0.34
        x = side if rng.random() < 0.5 else 1 - side
        tall = (0.56 - 0.9 * side) * rng.uniform(0.7, 1.1)
        _fir(pen, rng, (x, foot + 0.05), tall)


def _fir(pen: Pen, rng: np.random.Generator, foot: tuple[float, float], tall: float) -> None:
    x, y = foot
    wide = tall * 0.2 * pen.height / pen.width
    for tier in range(15):
        top = y - tall * (1 - tier / 16)
        reach = wide * (tier + 1) / 15 * rng.uniform(0.8, 1.15)
        pen.shape(
            [
                (x, top - tall * 0.05),
                (x - reach, top + tall * 0.085),
                (x + reach, top + tall * 0.085),
            ]
        )


def marsh(stage: Canvas) -> None:
    """Paint still water at night: stilt houses, mist, reeds in front, lights over the water."""
    horizon = 0.58
    sky(stage, horizon)
    for depth in (0.1, 0.55):
        line = horizon - (0.07 - 0.03 * depth) * ridge(stage.rng, 400, 9, 0.62)
        range_(stage, line, depth, horizon)
    _stilts(stage, horizon)
    stage.haze(horizon, 0.035, stage.mood.haze, 0.5)
    stage.mirror(horizon, 0.72)
    glitter(stage, stage.lamps[0].x, horizon)
    stage.haze(horizon + 0.08, 0.05, stage.mood.haze, 0.4)
    _pads(stage, horizon)
    reeds(stage.near, stage.rng)
    fireflies(stage)


def _stilts(stage: Canvas, horizon: float) -> None:
    pen, lit, rng = stage.pen(), stage.pen(), stage.rng
    across, down = stage.unit / stage.width, stage.unit / stage.height
    for spot in (0.2, 0.28, 0.62, 0.71, 0.81):
        x = spot + rng.uniform(-0.02, 0.02)
        wide, tall = rng.uniform(0.034, 0.052) * across, rng.uniform(0.05, 0.075) * down
        top, floor = horizon - tall, horizon - 0.025 * down
        pen.shape([(x - wide * 1.3, top), (x, top - 0.045 * down), (x + wide * 1.3, top)])
        pen.shape([(x - wide, top), (x + wide, top), (x + wide, floor), (x - wide, floor)])
        for leg in (-0.9, -0.3, 0.3, 0.9):
            pen.line([(x + wide * leg, floor), (x + wide * leg * 1.1, horizon + 0.01)], 0.003)
        sill, lintel = floor - 0.01 * down, top + 0.012 * down
        lit.shape([(x - wide * 0.4, lintel), (x, lintel), (x, sill), (x - wide * 0.4, sill)])
        stage.lamps.append(Lamp(x=x, y=top + 0.02 * down, reach=0.14, colour=stage.mood.accent))
    stage.fill(pen.mask(), mix(stage.mood.near, stage.mood.haze, 0.12))
    stage.fill(lit.mask(), stage.mood.accent)
    for lamp in stage.lamps[-5:]:
        stage.glow(lamp.x, lamp.y, 0.12, stage.mood.accent, 0.4)


def _pads(stage: Canvas, horizon: float) -> None:
    pen, rng = stage.pen(), stage.rng
    for _ in range(34):
        y = horizon + 0.06 + 0.4 * rng.random() ** 0.8
        size = 0.012 + 0.05 * (y - horizon)
        pen.disc(rng.random(), y, (size, size * 0.24))
    stage.fill(pen.mask() * 0.8, mix(stage.mood.near, stage.mood.haze, 0.25), stage.mood.near)


def reeds(pen: Pen, rng: np.random.Generator) -> None:
    """Bend reeds and cat-tails into the frame from below, more of them at the sides."""
    for index in range(64):
        side = rng.random() ** 1.7 * 0.46
        x = side if index % 2 else 1 - side
        tall = (0.44 - 0.62 * side) * rng.uniform(0.6, 1.15) + 0.05
        lean = rng.uniform(-0.07, 0.07)
        path = [(x + lean * t * t, 1.03 - tall * t) for t in np.linspace(0, 1, 9).tolist()]
        for part in range(8):
            pen.line(path[part : part + 2], 0.0068 * (1 - part / 9) + 0.001)
        if index % 5 == 0:
            pen.line([(x + lean * 0.8, 1.03 - tall * 0.94), path[-1]], 0.014)


def fireflies(stage: Canvas) -> None:
    """Hang small lights in the air, soft where they are near."""
    rng = stage.rng
    for _ in range(46):
        x, y, near = rng.random(), rng.uniform(0.36, 0.96), rng.random() ** 3
        colour = mix(stage.mood.accent, (1, 1, 0.8), 0.3 * rng.random())
        stage.glow(x, y, 0.006 + 0.03 * near, colour, 0.9 - 0.45 * near)


def glitter(stage: Canvas, x: float, horizon: float) -> None:
    """Lay the broken path of light that a sun or moon draws on water."""
    rng, pen = stage.rng, stage.pen()
    for _ in range(150):
        depth = rng.random() ** 1.4
        y = horizon + 0.008 + depth * (0.98 - horizon)
        spot = x + rng.normal(0, 0.012 + 0.05 * depth)
        pen.disc(
            spot,
            y,
            (0.004 + 0.03 * depth * rng.random(), 0.0009 + 0.0026 * depth),
            int(rng.integers(60, 230)),
        )
    fade = np.clip(1.1 - (stage.v - horizon) / (1 - horizon), 0, 1).astype(np.float32)
    stage.light(pen.mask(0.0008) * fade, stage.mood.light, 0.62)


def forest(stage: Canvas) -> None:
    """Paint trunks behind trunks in mist, with light falling between them."""
    sun = sky(stage, 0.82, orb=False)
    stage.lamps.append(Lamp(x=sun[0], y=0.2, reach=0.5, colour=stage.mood.light))
    for depth in np.linspace(0.05, 1, 5):
        pen = stage.pen()
        _trunks(pen, stage.rng, float(depth))
        line = 0.84 + 0.1 * float(depth) - 0.05 * ridge(stage.rng, 300, 6, 0.6)
        pen.ground(line)
        body = mix(stage.mood.haze, stage.mood.near, 0.14 + 0.8 * float(depth))
        stage.fill(pen.mask(), body, mix(body, stage.mood.haze, 0.3 - 0.25 * float(depth)))
        stage.haze(0.74 + 0.1 * float(depth), 0.13, stage.mood.haze, 0.42 - 0.3 * float(depth))
    shafts(stage, (sun[0], -0.2), 0.5)
    _canopy(stage)


def _trunks(pen: Pen, rng: np.random.Generator, depth: float) -> None:
    for _ in range(round(17 - 11 * depth)):
        x, thick = rng.uniform(-0.03, 1.03), (0.006 + 0.026 * depth) * rng.uniform(0.6, 1.25)
        lean = rng.uniform(-0.035, 0.035)
        foot = 0.86 + 0.1 * depth
        pen.shape(
            [
                (x - thick, foot + 0.04),
                (x - thick * 0.6, 0.5),
                (x + lean - thick * 0.4, -0.02),
                (x + lean + thick * 0.4, -0.02),
                (x + thick * 0.6, 0.5),
                (x + thick, foot + 0.04),
            ]
        )
        for _ in range(5):
            y, reach = rng.uniform(0.02, 0.5), rng.uniform(-0.11, 0.11) * (0.5 + depth)
            mid = (x + reach * 0.55, y - 0.03)
            pen.line([(x, y), mid, (x + reach, y - 0.1)], 0.0035 + 0.005 * depth)


def _canopy(stage: Canvas) -> None:
    rng = stage.rng
    for _ in range(120):
        x = rng.random()
        y = -0.02 + 0.15 * rng.random() ** 2 + 0.16 * (abs(x - 0.5) * 2) ** 3 * rng.random()
        stage.near.disc(x, y, (rng.uniform(0.015, 0.05), rng.uniform(0.01, 0.03)))


def shafts(stage: Canvas, source: tuple[float, float], power: float) -> None:
    """Let light fall from a point outside the frame."""
    angle = np.arctan2(stage.u - source[0], stage.v - source[1])
    waves = sum(
        np.sin(angle * rate + phase)
        for rate, phase in zip((9, 17, 31, 53), stage.rng.uniform(0, 6.3, 4), strict=True)
    )
    beam = np.clip(waves / 4 + 0.12, 0, 1) ** 1.5 * np.clip(1 - stage.v * 0.95, 0, 1)
    stage.light(beam.astype(np.float32), stage.mood.light, power)


def desert(stage: Canvas) -> None:
    """Paint dunes, each with its lit side, under a wide sky."""
    horizon, mood = 0.55, stage.mood
    sun = sky(stage, horizon)
    for depth in np.linspace(0, 1, 5):
        crest = (0.05 + 0.12 * depth) * ridge(stage.rng, 300, 1.6, 0.22)
        line = horizon + 0.36 * depth**1.3 - crest
        pen = stage.pen()
        pen.ground(line.astype(np.float32))
        mask, far = pen.mask(), 1 - float(depth)
        sand: RGB = mix(mix(mood.haze, mood.accent, 0.35), mood.near, 0.12 + 0.7 * float(depth))
        stage.fill(mask, mix(sand, mood.light, 0.3 * far), mix(sand, mood.near, 0.5))
        lit = (
            mask
            * np.clip(1 - np.abs(stage.u - sun[0]) * 1.8, 0, 1)
            * np.exp(-np.clip(stage.v - line.min(), 0, 1) * 9)
        )
        stage.light(lit.astype(np.float32), mood.light, 0.12)
    stage.haze(horizon, 0.05, mood.haze, 0.4)


def sea(stage: Canvas) -> None:
    """Paint open water with islands, a boat or a lighthouse."""
    horizon = 0.56
    sky(stage, horizon)
    line = horizon + 0.004 - 0.09 * np.clip(ridge(stage.rng, 300, 3) - 0.45, 0, 1)
    range_(stage, line.astype(np.float32), 0.25, horizon)
    _lighthouse(stage, horizon)
    stage.mirror(horizon, 0.25)
    glitter(stage, stage.lamps[0].x, horizon)
    _boat(stage, 0.4 + 0.2 * float(stage.rng.random()), horizon + 0.13)
    stage.haze(horizon, 0.025, stage.mood.haze, 0.5)
    rock = 1.0 - 0.2 * ridge(stage.rng, 200, 4, 0.6) * np.abs(np.linspace(-1, 1, 200)) ** 3
    stage.near.ground(rock.astype(np.float32))


def _lighthouse(stage: Canvas, horizon: float) -> None:
    x = float(stage.rng.choice([0.16, 0.84]))
    rock = ((-0.16, 0.01), (-0.053, -0.05), (0.07, -0.055), (0.178, 0.01))
    tower = ((-0.021, -0.04), (-0.014, -0.2), (0.014, -0.2), (0.021, -0.04))
    roof = ((-0.018, -0.205), (0, -0.24), (0.018, -0.205))
    _shapes(stage, (x, horizon), (rock, tower, roof), 0.16)
    light = horizon - 0.205 * stage.unit / stage.height
    stage.glow(x, light, 0.2, stage.mood.accent, 0.9)
    stage.lamps.append(Lamp(x=x, y=light, reach=0.3, colour=stage.mood.accent))


def _boat(stage: Canvas, x: float, y: float) -> None:
    hull = ((-0.133, -0.012), (0.15, -0.02), (0.107, 0.022), (-0.098, 0.022))
    mast = ((-0.004, 0), (-0.003, -0.245), (0.003, -0.245), (0.004, 0))
    main = ((0.011, -0.23), (0.05, -0.13), (0.124, -0.03), (0.011, -0.03))
    jib = ((-0.011, -0.2), (-0.011, -0.03), (-0.08, -0.035), (-0.04, -0.12))
    _shapes(stage, (x, y), (hull, mast, main, jib), 0.14)


def _shapes(stage: Canvas, at: Point, shapes: tuple[tuple[Point, ...], ...], haze: float) -> None:
    """Fill outlines given in units around a point."""
    pen = stage.pen()
    across, down = stage.unit / stage.width, stage.unit / stage.height
    for outline in shapes:
        pen.shape([(at[0] + dx * across, at[1] + dy * down) for dx, dy in outline])
    stage.fill(pen.mask(), mix(stage.mood.near, stage.mood.haze, haze), stage.mood.near)
