"""A reef at night with an explorer, before and after a portal opens."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from paint.canvas import (
    COLUMNS,
    HEIGHT,
    ROWS,
    WIDTH,
    Array,
    Canvas,
    Colour,
    Pen,
    Point,
    area,
    clouds,
    dots,
    glow,
    shape,
    soften,
    strand,
    wave,
)

_PORTAL: Point = (842, 318)
_RING = 128.0
_TEAL: Colour = (0.05, 0.62, 0.66)
_MAGENTA: Colour = (0.95, 0.12, 0.62)
_AMBER: Colour = (1.0, 0.52, 0.12)
_VIOLET: Colour = (0.42, 0.22, 1.0)
_LIGHTS = (_TEAL, _MAGENTA, _AMBER, _VIOLET)


def paint(*, portal: bool) -> Image.Image:
    """Paint the reef; with `portal` the water is awake and the explorer has drifted on."""
    canvas = Canvas()
    power = 1.0 if portal else 0.0
    _water(canvas, power)
    for index, depth in enumerate((0.82, 0.64, 0.46)):
        _ridge(canvas, index, depth, power)
    if portal:
        _ribbons(canvas)
        _ring(canvas)
    _fish(canvas, scattered=portal)
    _explorer(canvas, (604, 352) if portal else (560, 372), power)
    _garden(canvas, power)
    _plankton(canvas, power)
    return canvas.develop(exposure=1.3, vignette=0.95, seed=7)


def _water(canvas: Canvas, power: float) -> None:
    depth = ROWS / HEIGHT
    for band, (top, bottom) in enumerate(((0.006, 0.012), (0.135, 0.010), (0.235, 0.052))):
        canvas.light[..., band] = bottom + (top - bottom) * np.exp(-3.0 * depth)
    angle = np.arctan2(COLUMNS - 470, ROWS + 330)
    row = wave(3, 34, 5)
    rays = np.interp(angle, np.linspace(-1.3, 1.3, WIDTH), np.clip(row, 0, 1) ** 1.5)
    canvas.shine(rays * np.exp(-2.4 * depth) * (1 - 0.55 * power), (0.10, 0.55, 0.58))
    canvas.shine(glow((470, -90), 300, 1.4), (0.10, 0.46, 0.50))
    haze = clouds(11, (420, 190)) ** 2 * np.clip(depth * 1.5, 0, 1)
    canvas.shine(haze, (0.012, 0.05, 0.085))
    canvas.shine(glow(_PORTAL, 330, 1.3) * power, (0.12, 0.16, 0.42))


def _ridge(canvas: Canvas, index: int, depth: float, power: float) -> None:
    rng = np.random.default_rng(40 + index)
    base = HEIGHT * (0.60 + 0.10 * index)
    valley = 150 * np.exp(-(((np.arange(WIDTH) - 700) / 330) ** 2))
    line = base - 60 * wave(20 + index, 300, 5) + valley * (0.55 - 0.1 * index)

    def draw(pen: Pen) -> None:
        ground = [(float(x), float(line[x])) for x in range(0, WIDTH, 4)]
        pen.polygon([(0, HEIGHT), *ground, (WIDTH, float(line[-1])), (WIDTH, HEIGHT)])
        for _ in range(56):
            x = int(rng.integers(0, WIDTH))
            _head(pen, rng, (x, float(line[x])), 1.1 - 0.55 * depth)

    mask = shape(draw)
    far: Array = np.array([0.010, 0.085, 0.135]) * depth + np.array([0.004, 0.012, 0.030])
    rock = clouds(60 + index, (46, 30))
    canvas.cover(mask, far * (0.55 + 0.8 * rock)[..., None])
    canvas.edge(mask, (0.03, 0.26 * depth, 0.30 * depth), (2, -9), 5)
    toward = glow(_PORTAL, 300, 1.2)
    canvas.edge(mask * toward, (0.5 * power, 0.75 * power, 1.1 * power), (2, -12), 6)
    spots = (
        np.clip((clouds(80 + index, (9, 8), 2) - 0.78) * 12, 0, 1)
        * mask
        * np.clip(1.5 - (ROWS - base) / 170, 0, 1)
    )
    hue = clouds(90 + index, (210, 180), 2)[..., None]
    tint = np.array(_TEAL) * hue + np.array(_MAGENTA) * (1 - hue) * 0.7
    canvas.shine(spots, tint * (0.40 + 0.7 * power) * (1.15 - depth))


def _head(pen: Pen, rng: np.random.Generator, foot: Point, scale: float) -> None:
    x, y = foot
    size = scale * float(rng.uniform(10, 34))
    match int(rng.integers(0, 4)):
        case 0:
            pen.ellipse((x, y), (size, size * 0.8))
        case 1:
            pen.stroke([(x, y + 10), (x + 2, y - size)], size * 0.35, size * 0.2)
            pen.ellipse((x, y - size), (size * 1.25, size * 0.2))
        case 2:
            for lean in (-0.5, -0.15, 0.2, 0.55):
                tip = (x + lean * size * 1.3, y - size * float(rng.uniform(0.9, 1.6)))
                pen.stroke([(x + lean * 12, y + 8), tip], size * 0.34, size * 0.28)
        case _:
            _tree(pen, rng, _Twig(foot, -math.pi / 2, size * 0.62, size * 0.22, 4))


class _Twig(NamedTuple):
    foot: Point
    angle: float
    length: float
    width: float
    forks: int


def _tree(pen: Pen, rng: np.random.Generator, twig: _Twig) -> list[Point]:
    """Draw a twig and all that grows from it; return where the twigs end."""
    x, y = twig.foot
    tip = (x + twig.length * math.cos(twig.angle), y + twig.length * math.sin(twig.angle))
    pen.stroke([twig.foot, tip], twig.width, twig.width * 0.72)
    if not twig.forks:
        return [tip]
    tips: list[Point] = []
    for turn in (-0.42, 0.40):
        angle = twig.angle + turn + float(rng.uniform(-0.2, 0.2))
        length = twig.length * float(rng.uniform(0.68, 0.9))
        tips += _tree(pen, rng, _Twig(tip, angle, length, twig.width * 0.72, twig.forks - 1))
    return tips


def _garden(canvas: Canvas, power: float) -> None:
    """Paint the corals close to the camera: dark forms whose tips shine."""
    rng = np.random.default_rng(77)
    plants = [
        (70, 706, 86, 7, 1), (178, 730, 60, 6, 0), (292, 738, 50, 6, 2), (408, 742, 34, 5, 3),
        (930, 742, 36, 5, 0), (1024, 736, 54, 6, 3), (1138, 728, 66, 6, 2), (1240, 712, 92, 7, 1),
    ]  # fmt: skip
    floor = 690 + 22 * wave(5, 260) + 26 * np.cos((np.arange(WIDTH) - 660) / 640 * math.pi) + 6
    line = [(float(x), float(floor[x])) for x in range(0, WIDTH, 4)]
    ground = area([(0, HEIGHT), *line, (WIDTH, HEIGHT)])
    canvas.cover(ground, np.array([0.004, 0.012, 0.022]) * (0.5 + clouds(9, (40, 22)))[..., None])
    canvas.edge(ground, (0.02, 0.16, 0.18), (0, -8), 5)
    for x, y, length, depth, light in plants:
        pen = Pen()
        tips = _tree(pen, rng, _Twig((x, y), -math.pi / 2, length, length * 0.17, depth))
        _coral(canvas, pen.mask(), tips, _LIGHTS[light], power)
    _tubes(canvas, rng, power)


def _coral(canvas: Canvas, mask: Array, tips: list[Point], light: Colour, power: float) -> None:
    flesh = np.array(light) * 0.055 + np.array([0.004, 0.010, 0.020])
    canvas.cover(mask, flesh * (0.5 + 0.9 * clouds(33, (24, 24)))[..., None])
    toward = 0.35 + 2.4 * power * glow(_PORTAL, 420, 1.1)
    canvas.edge(mask * toward, (0.10, 0.42, 0.50), (0, -5), 3)
    polyps = dots(tips, (2.5, 2.5))
    strength = 0.9 + 1.1 * power
    canvas.shine(soften(polyps, 1) * 1.5, np.array(light) * strength + 0.12)
    canvas.shine(soften(polyps, 9), np.array(light) * strength * 1.3)


def _tubes(canvas: Canvas, rng: np.random.Generator, power: float) -> None:
    """Tube sponges with lit mouths, left and right of the middle."""
    for foot, light in (((506, 724), _AMBER), ((826, 728), _VIOLET)):
        lips = np.zeros_like(ROWS)
        for offset in (-26, -9, 10, 27):
            top = (foot[0] + offset * 1.35, foot[1] - float(rng.uniform(30, 74)))
            width = float(rng.uniform(13, 19))
            mask = strand([(foot[0] + offset, foot[1] + 14), top], width * 0.8, width)
            canvas.cover(mask, np.array(light) * 0.06 + 0.006)
            canvas.edge(mask, (0.08, 0.34, 0.40), (-3, -4), 3)
            lips = np.maximum(lips, dots([top], (width / 2, width / 4.5)))
        canvas.shine(lips, np.array(light) * (0.5 + 0.8 * power))
        canvas.shine(soften(lips, 10), np.array(light) * (0.4 + 0.6 * power))


def _fish(canvas: Canvas, *, scattered: bool) -> None:
    rng = np.random.default_rng(15)

    def draw(pen: Pen) -> None:
        for _ in range(150):
            spread, along = rng.normal(0, 1, 2), float(rng.uniform(0, 1))
            x = 930 + 290 * along + 36 * spread[0]
            y = 150 + 60 * math.sin(along * 3.1) + 30 * spread[1]
            heading = math.pi + 0.25 * math.sin(along * 5)
            if scattered:
                away = math.atan2(y - _PORTAL[1], x - _PORTAL[0]) + float(rng.normal(0, 0.25))
                x, y = x + 95 * math.cos(away), y + 95 * math.sin(away)
                heading = away
            _one_fish(pen, (x, y), heading, float(rng.uniform(5, 10)))

    mask = shape(draw)
    canvas.cover(mask * 0.9, (0.006, 0.055, 0.075))
    canvas.edge(mask, (0.22, 0.95, 0.95) if scattered else (0.12, 0.60, 0.62), (0, -2), 2)


def _one_fish(pen: Pen, at: Point, heading: float, size: float) -> None:
    c, s = math.cos(heading), math.sin(heading)
    outline = [(1, 0), (0.45, 0.30), (-0.3, 0.22), (-0.72, 0.04), (-1.15, 0.36),
               (-1.0, 0), (-1.15, -0.36), (-0.72, -0.04), (-0.3, -0.22), (0.45, -0.30)]  # fmt: skip
    pen.polygon(
        [(at[0] + size * (x * c - y * s), at[1] + size * (x * s + y * c)) for x, y in outline]
    )


Place = Callable[[float, float], Point]


def _explorer(canvas: Canvas, at: Point, power: float) -> None:
    """Paint a diver who drifts to the right, lit from above and by what lies ahead."""

    def place(x: float, y: float) -> Point:
        c, s = math.cos(-0.16), math.sin(-0.16)
        return (at[0] + x * c - y * s, at[1] + x * s + y * c)

    lamp = place(100, 10)
    _beam(canvas, lamp, 1 - 0.6 * power)
    canvas.shine(glow(at, 120, 1.6), (0.0, 0.030, 0.038))
    mask = shape(lambda pen: _body(pen, place))
    canvas.cover(mask, (0.006, 0.014, 0.020))
    canvas.edge(mask, (0.06, 0.44, 0.48), (-1, -3), 2)
    ahead = (0.16 + 0.34 * power, 0.14 + 0.30 * power, 0.08 + 0.62 * power)
    canvas.edge(mask, ahead, (3, 1), 2)
    _straps(canvas, place)
    visor = dots([place(76, -12)], (6.5, 8))
    canvas.shine(visor, (0.10 + 0.3 * power, 0.42 + 0.4 * power, 0.46 + 0.7 * power))
    canvas.shine(glow(lamp, 5, 1.4), (1.6, 1.25, 0.7))
    _bubbles(canvas, place(62, -30))


def _body(pen: Pen, place: Place) -> None:
    limbs: tuple[tuple[list[Point], float, float], ...] = (
        ([(42, -4), (10, 0), (-30, 6)], 33, 27),  # the trunk
        ([(-30, 2), (-66, 2), (-104, -10)], 21, 11),  # the far leg
        ([(-30, 10), (-64, 22), (-98, 34)], 22, 11),  # the near leg
        ([(44, 4), (62, 22), (92, 12)], 13, 9),  # the arm with the lamp
        ([(38, 2), (34, 30), (54, 44)], 12, 8),  # the other arm
        ([(22, -22), (-26, -15)], 15, 15),  # the tank
    )
    for points, start, end in limbs:
        pen.stroke([place(*point) for point in points], start, end)
    fins: tuple[list[Point], ...] = (
        [(-100, -16), (-148, -38), (-176, -30), (-152, -8), (-102, -4)],
        [(-95, 27), (-140, 40), (-164, 60), (-136, 66), (-97, 42)],
    )
    for fin in fins:
        pen.polygon([place(*point) for point in fin])
    pen.ellipse(place(68, -13), (15, 14.5))  # the helmet


def _beam(canvas: Canvas, lamp: Point, strength: float) -> None:
    angle = np.arctan2(ROWS - lamp[1], COLUMNS - lamp[0]) + 0.025
    reach = np.hypot(COLUMNS - lamp[0], ROWS - lamp[1])
    cone = np.exp(-((angle / 0.16) ** 2)) * np.exp(-reach / 210) * strength
    canvas.shine(cone, (0.85, 0.70, 0.42))


def _straps(canvas: Canvas, place: Place) -> None:
    def draw(pen: Pen) -> None:
        for start, lift in ((-8, -20), (-14, 16), (4, 20)):
            points = [
                (start - t * 14.0, lift + 7 * math.sin(t * 0.9 + start) + t * 1.2)
                for t in range(9)
            ]
            pen.stroke([place(*point) for point in points], 3.2, 1.0)

    canvas.cover(shape(draw), (0.34, 0.10, 0.05))


def _bubbles(canvas: Canvas, start: Point) -> None:
    rng = np.random.default_rng(8)
    for step in range(26):
        rise = step * 9.0
        x = start[0] - rise * 0.16 + float(rng.normal(0, 4 + rise * 0.04))
        y = start[1] - rise
        size = float(rng.uniform(1.4, 3.0)) + rise * 0.010
        full = dots([(x, y)], (size, size))
        hole = dots([(x, y + 0.6)], (size - 0.9, size - 0.9))
        canvas.shine(np.clip(full - 0.8 * hole, 0, 1), (0.20, 0.55, 0.58))


def _ring(canvas: Canvas) -> None:
    x, y = COLUMNS - _PORTAL[0], (ROWS - _PORTAL[1]) * 1.02
    reach, angle = np.hypot(x, y), np.arctan2(y, x)
    inside = 1 / (1 + np.exp((reach - _RING + 4) / 3))
    swirl = 0.5 + 0.5 * np.sin(
        5 * angle + 14 * np.log(reach / _RING + 0.06) + 3 * clouds(21, (90, 90))
    )
    depth = np.clip(reach / _RING, 0, 1)
    canvas.cover(
        inside, np.stack([0.02 + 0.10 * depth, 0.03 + 0.16 * depth, 0.10 + 0.34 * depth], -1)
    )
    canvas.shine(inside * swirl**3 * depth**1.5, (0.55, 0.75, 1.25))
    canvas.shine(inside * np.exp(-((reach / 34) ** 2)), (1.3, 1.0, 0.72))
    stars = (clouds(23, (5, 5), 1) > 0.93) * inside
    canvas.shine(soften(stars, 1), (1.2, 1.2, 1.5))
    for radius, width, colour in ((_RING, 3.2, (1.5, 2.2, 2.6)), (_RING + 9, 10.0, (0.5, 0.5, 1.5)),
                                  (_RING - 8, 6.0, (1.0, 0.3, 0.9))):  # fmt: skip
        wobble = radius + 1.6 * np.sin(angle * 5 + 1) + 1.2 * np.sin(angle * 11)
        canvas.shine(np.exp(-(((reach - wobble) / width) ** 2)), colour)


def _ribbons(canvas: Canvas) -> None:
    """Arms of light that wind into the portal."""
    for index in range(15):
        turn = index / 15 * math.tau
        points: list[Point] = []
        for step in range(90):
            t = step / 89
            reach = _RING + 4 + (150 + 26 * (index % 5)) * t**1.5
            angle = turn + 2.3 * t + 0.12 * math.sin(9 * t + index)
            points.append(
                (_PORTAL[0] + reach * math.cos(angle), _PORTAL[1] + 0.86 * reach * math.sin(angle))
            )
        mask, core = strand(points, 9, 0.6), strand(points, 3, 0.4)
        colour = np.array(_LIGHTS[index % 4]) * 0.7 + np.array((0.0, 0.18, 0.30))
        fade = np.clip(1.2 - np.hypot(COLUMNS - _PORTAL[0], ROWS - _PORTAL[1]) / 330, 0, 1)
        canvas.shine(soften(mask, 7) * fade, colour * 0.55)
        canvas.shine(soften(core, 1) * fade, colour * 0.8 + 0.1)


def _plankton(canvas: Canvas, power: float) -> None:
    rng = np.random.default_rng(31)
    for radius, count, strength in ((0.8, 360, 0.5), (1.4, 90, 0.9), (2.4, 22, 0.8)):
        spots = [(float(x), float(y)) for x, y in rng.random((count, 2)) * (WIDTH, HEIGHT)]
        mask = dots(spots, (radius, radius), radius * 0.8)
        canvas.shine(mask * strength * (1 + 0.8 * power), (0.30, 0.85, 0.85))
