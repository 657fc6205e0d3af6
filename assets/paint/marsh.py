"""A marsh under the moon: a masked herbalist with a reed lantern, stilt houses far off."""

import math

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
    wave,
)

_SHORE = 404.0
_MOON: Point = (806, 142)
_LANTERN: Point = (537, 356)
_FEET: Point = (452, 566)
_WARM: Colour = (1.0, 0.50, 0.14)
_COLD: Colour = (0.34, 0.52, 0.80)
_GLOW: Colour = (0.04, 0.75, 0.62)


def paint() -> Image.Image:
    """Paint the marsh: everything above the shore first, then its image in the water."""
    canvas = Canvas()
    _sky(canvas)
    _trees(canvas)
    for house in ((1010, 396, 1.0), (1118, 402, 1.35), (930, 392, 0.7), (206, 394, 0.8)):
        _house(canvas, *house)
    _fog(canvas, 388, 34, 0.20, 51)
    _water(canvas)
    _algae(canvas)
    _fog(canvas, 430, 26, 0.11, 52)
    _herbalist(canvas)
    _fog(canvas, 596, 30, 0.05, 53)
    _fireflies(canvas)
    _reeds(canvas)
    return canvas.develop(exposure=1.12, vignette=0.85, seed=9)


def _sky(canvas: Canvas) -> None:
    depth = np.clip(ROWS / _SHORE, 0, 1)
    for band, (top, bottom) in enumerate(((0.006, 0.040), (0.012, 0.085), (0.040, 0.150))):
        canvas.light[..., band] = top + (bottom - top) * depth**1.6
    rng = np.random.default_rng(4)
    stars = [(float(x), float(y) ** 1.3 * 300) for x, y in rng.random((240, 2)) * (WIDTH, 1)]
    canvas.shine(dots(stars, (0.7, 0.7)) * clouds(3, (60, 60), 2), (0.55, 0.62, 0.75))
    canvas.shine(glow(_MOON, 210, 1.5), (0.13, 0.19, 0.30))
    canvas.shine(glow(_MOON, 84, 2.2), (0.22, 0.28, 0.36))
    disc = dots([_MOON], (54, 54))
    seas = np.clip((clouds(17, (52, 44), 3) - 0.46) * 4, 0, 1)
    canvas.cover(disc, np.array([0.98, 1.02, 1.0]) * (1.15 - 0.42 * seas)[..., None])
    veil = np.clip((clouds(24, (560, 70), 5) - 0.47) * 3.6, 0, 1) * np.clip(
        1.1 - depth * 0.9, 0, 1
    )
    lit = 0.35 + 3.2 * glow(_MOON, 170, 1.2)
    canvas.cover(veil * 0.72, np.array([0.10, 0.15, 0.23]) * lit[..., None] + 0.012)


def _trees(canvas: Canvas) -> None:
    for index, (base, height, dark) in enumerate(((392, 60, 0.055), (400, 92, 0.026))):
        rng = np.random.default_rng(70 + index)
        crowns = base - height * (0.35 + 0.65 * np.clip(wave(30 + index, 230, 3) + 0.35, 0, 1))
        crowns -= (np.abs(np.arange(WIDTH) - 640) / 640) ** 2 * 46 * index

        def draw(
            pen: Pen, crowns: Array = crowns, base: float = base, rng: np.random.Generator = rng
        ) -> None:
            line = [(float(x), float(crowns[x])) for x in range(0, WIDTH, 5)]
            pen.polygon([(0, base + 16), *line, (WIDTH, base + 16)])
            for x in rng.integers(0, WIDTH, 420):
                top = float(crowns[x]) + float(rng.uniform(-7, 8))
                pen.ellipse((float(x), top), (float(rng.uniform(4, 11)), float(rng.uniform(3, 8))))

        mask = shape(draw)
        canvas.cover(mask, np.array([0.40, 0.75, 1.15]) * dark + 0.002)
        near = 0.15 + 1.2 * glow(_MOON, 260, 1.1)
        canvas.edge(mask * near, (0.10, 0.15, 0.21), (0, -5), 3)


def _house(canvas: Canvas, x: float, y: float, s: float) -> None:
    def draw(pen: Pen) -> None:
        for leg in (-25, -9, 9, 25):
            pen.stroke(
                [(x + leg * s, y - 30 * s), (x + leg * 1.12 * s, y + 16 * s)], 2.6 * s, 2.2 * s
            )
        pen.stroke([(x - 25 * s, y - 6 * s), (x + 9 * s, y - 26 * s)], 1.6 * s, 1.6 * s)
        pen.polygon(
            [
                (x - 38 * s, y - 28 * s),
                (x + 38 * s, y - 28 * s),
                (x + 38 * s, y - 32 * s),
                (x - 38 * s, y - 32 * s),
            ]
        )
        pen.polygon(
            [
                (x - 27 * s, y - 31 * s),
                (x + 27 * s, y - 31 * s),
                (x + 25 * s, y - 58 * s),
                (x - 25 * s, y - 58 * s),
            ]
        )
        pen.polygon(
            [
                (x - 40 * s, y - 55 * s),
                (x + 40 * s, y - 55 * s),
                (x + 15 * s, y - 84 * s),
                (x - 12 * s, y - 86 * s),
            ]
        )
        pen.stroke([(x + 34 * s, y - 30 * s), (x + 46 * s, y + 10 * s)], 1.6 * s, 1.6 * s)

    mask = shape(draw)
    canvas.cover(mask, (0.006, 0.010, 0.018))
    canvas.edge(mask, (0.16, 0.23, 0.32), (-2 if x > _MOON[0] else 2, -3), 2)
    window = np.zeros_like(ROWS)
    for left, right in ((x - 16 * s, x - 7 * s), (x + 6 * s, x + 15 * s)):
        top, sill = y - 50 * s, y - 38 * s
        window += area([(left, top), (right, top), (right, sill), (left, sill)])
    canvas.shine(window, (1.25, 0.62, 0.18))
    canvas.shine(soften(window, 8), (0.9, 0.42, 0.10))


def _fog(canvas: Canvas, y: float, height: float, strength: float, seed: int) -> None:
    band = np.exp(-(((ROWS - y) / height) ** 2)) * np.clip(
        clouds(seed, (360, 40), 4) * 1.8 - 0.35, 0, 1
    )
    lit = np.array([0.42, 0.62, 0.84]) + glow(_LANTERN, 110, 1.2)[..., None] * np.array(
        [1.2, 0.5, 0.0]
    )
    canvas.cover(band * strength * 2.2, lit * 0.34)


def _water(canvas: Canvas) -> None:
    """Mirror what stands above the shore, moved sideways and up by ripples that grow nearer."""
    below = np.clip((ROWS - _SHORE) / (HEIGHT - _SHORE), 0, 1)
    ripples = clouds(61, (150, 9), 3) - 0.5 + 0.6 * (clouds(62, (60, 5), 2) - 0.5)
    ripples += 0.10 * np.sin(_rings() / 4.6) * np.exp(-_rings() / 120)
    source = _SHORE - (ROWS - _SHORE) * 1.28 + ripples * (10 + 330 * below)
    rows = np.clip(source, 0, _SHORE - 1).astype(int)
    columns = np.clip(COLUMNS + ripples * (6 + 60 * below), 0, WIDTH - 1).astype(int)
    mirror = canvas.light[rows, columns] * (0.66 - 0.22 * below)[..., None]
    sheen = np.clip(ripples * 2.2, 0, 1) * np.exp(
        -(((COLUMNS - _MOON[0]) / (60 + 240 * below)) ** 2)
    )
    mirror += (sheen * (0.50 - 0.18 * below))[..., None] * np.array([0.62, 0.80, 0.98])
    mirror += np.array([0.003, 0.014, 0.022])
    canvas.cover(np.clip((ROWS - _SHORE) / 2, 0, 1), mirror)


def _rings() -> Array:
    """Distance from where the herbalist wades, as seen on the flat of the water."""
    return np.asarray(np.hypot(COLUMNS - _FEET[0], (ROWS - _FEET[1]) * 3.1))


def _algae(canvas: Canvas) -> None:
    """Cold light in the water: long threads, brighter along the ripples around the figure."""
    below = np.clip((ROWS - _SHORE - 8) / (HEIGHT - _SHORE), 0, 1)
    threads = np.exp(-((np.abs(clouds(71, (300, 34), 4) - 0.5) / 0.016) ** 2))
    patches = np.clip(clouds(72, (330, 70), 3) * 2.6 - 1.05, 0, 1)
    canvas.shine(threads * patches * below**0.6 * 1.0, _GLOW)
    canvas.shine(patches * below * 0.085, _GLOW)
    reach = _rings()
    rings = np.clip(np.sin(reach / 8.2 + 2.4 * clouds(73, (80, 30))), 0, 1) ** 5 * np.exp(
        -reach / 105
    )
    canvas.shine(rings * np.clip(reach / 26, 0, 1) * (ROWS > _SHORE + 6) * 1.1, _GLOW)
    canvas.shine(np.exp(-reach / 78) * (ROWS > _SHORE + 6) * 0.085, _GLOW)
    path = np.exp(-(((COLUMNS - _LANTERN[0] + 8) / (17 + 34 * below)) ** 2)) * below**0.3
    glints = np.clip(clouds(74, (70, 6), 2) * 3 - 1.15, 0, 1) * np.exp(-(((ROWS - 618) / 66) ** 2))
    canvas.shine(path * glints * 1.1, _WARM)


def _herbalist(canvas: Canvas) -> None:
    x, y = _FEET
    cloak = [(x - 20, y - 214), (x + 14, y - 216), (x + 32, y - 190), (x + 40, y - 132), (x + 50, y - 62),
             (x + 62, y + 2), (x + 30, y + 9), (x - 8, y + 6), (x - 46, y + 10), (x - 74, y + 3),
             (x - 60, y - 70), (x - 50, y - 136), (x - 42, y - 188)]  # fmt: skip

    def draw(pen: Pen) -> None:
        pen.polygon(cloak)
        pen.ellipse((x + 2, y - 226), (19, 24))
        pen.stroke([(x + 20, y - 186), (x + 52, y - 164), (x + 80, y - 222)], 22, 11)
        pen.polygon(
            [
                (x + 26, y - 190),
                (x + 60, y - 170),
                (x + 74, y - 196),
                (x + 64, y - 128),
                (x + 40, y - 118),
            ]
        )
        pen.polygon(
            [
                (x - 56, y - 236),
                (x - 6, y - 272),
                (x + 14, y - 270),
                (x + 58, y - 230),
                (x + 2, y - 240),
            ]
        )
        pen.stroke([(x - 54, y - 236), (x + 2, y - 241), (x + 56, y - 230)], 7, 7)

    mask = shape(draw)
    folds = 0.5 + 0.5 * np.sin(COLUMNS / 7.0 + 5 * clouds(81, (60, 200), 2) + (ROWS - y) * 0.012)
    canvas.cover(mask, np.array([0.010, 0.013, 0.020]) * (0.5 + folds)[..., None])
    lit = glow(_LANTERN, 105, 1.25)
    canvas.shine(
        mask * lit * (0.25 + 0.75 * folds) * np.clip((COLUMNS - x + 46) / 90, 0, 1),
        (0.15, 0.058, 0.013),
    )
    canvas.edge(mask * (0.2 + 2.2 * lit), (0.80, 0.36, 0.09), (2, 0), 2)
    canvas.edge(mask, (0.20, 0.32, 0.48), (1, -3), 2)
    _mask(canvas, x, y)
    _herbs(canvas, x, y)
    _lantern(canvas)
    hem = np.exp(-(((ROWS - y - 6) / 5) ** 2)) * np.exp(-(((COLUMNS - x + 6) / 62) ** 4))
    canvas.shine(hem * (0.5 + 0.8 * clouds(84, (22, 8), 2)), (0.03, 0.50, 0.44))


def _mask(canvas: Canvas, x: float, y: float) -> None:
    outline = [(3, 243), (19, 239), (23, 224), (31, 211), (16, 206), (4, 210), (0, 226)]
    face = area([(x + right, y - up) for right, up in outline])
    canvas.cover(face, (0.30, 0.20, 0.12))
    canvas.edge(face, (1.0, 0.55, 0.20), (3, 0), 2)
    eye = dots([(x + 13, y - 228)], (3.6, 2.4))
    canvas.cover(eye, (0.004, 0.004, 0.006))


def _herbs(canvas: Canvas, x: float, y: float) -> None:
    """Paint a basket of cut herbs on the back."""
    rng = np.random.default_rng(12)

    def draw(pen: Pen) -> None:
        pen.polygon([(x - 66, y - 172), (x - 36, y - 178), (x - 40, y - 110), (x - 62, y - 112)])
        for _ in range(22):
            foot = (x - 51 + float(rng.uniform(-12, 12)), y - 170)
            lean = float(rng.normal(-5, 13))
            pen.stroke(
                [
                    foot,
                    (foot[0] + lean * 0.4, foot[1] - 18),
                    (foot[0] + lean, foot[1] - float(rng.uniform(22, 46))),
                ],
                2.4,
                0.8,
            )

    mask = shape(draw)
    weave = 0.5 + 0.5 * np.sin(ROWS * 0.9) * np.sin(COLUMNS * 0.8)
    canvas.cover(mask, np.array([0.016, 0.016, 0.014]) * (0.6 + weave)[..., None])
    canvas.edge(mask, (0.20, 0.34, 0.44), (1, -2), 2)


def _lantern(canvas: Canvas) -> None:
    x, y = _LANTERN
    canvas.shine(glow(_LANTERN, 150, 1.7), (0.15, 0.062, 0.011))
    canvas.shine(glow(_LANTERN, 40, 1.8), (0.85, 0.36, 0.07))
    outline = [(-9, -17), (9, -17), (13, 2), (9, 19), (-9, 19), (-13, 2)]
    body = area([(x + right, y + down) for right, down in outline])
    canvas.cover(body, (1.5, 0.78, 0.22))
    canvas.shine(glow((x, y + 4), 7, 1.5) * body, (2.0, 1.6, 0.8))

    def draw(pen: Pen) -> None:
        for side in (-1, -0.33, 0.33, 1):
            pen.stroke(
                [(x + 9 * side, y - 17), (x + 13 * side, y + 2), (x + 9 * side, y + 19)], 1.5, 1.5
            )
        for level, half in ((-17, 11), (19, 11), (2, 13)):
            pen.stroke([(x - half, y + level), (x + half, y + level)], 2.2, 2.2)
        pen.stroke([(x - 9, y - 18), (x, y - 30), (x + 9, y - 18)], 1.6, 1.6)
        pen.stroke([(x, y - 30), (x - 4, y - 40)], 1.6, 1.6)

    canvas.cover(shape(draw), (0.050, 0.022, 0.008))


def _fireflies(canvas: Canvas) -> None:
    rng = np.random.default_rng(19)
    for radius, count, strength in ((1.0, 70, 0.9), (1.7, 34, 1.2), (3.0, 13, 1.0)):
        spots = [(float(x), float(y)) for x, y in
                 np.stack([rng.uniform(0, WIDTH, count), rng.normal(455, 95, count)], -1)]  # fmt: skip
        mask = dots(spots, (radius, radius))
        canvas.shine(soften(mask, radius * 0.8) * strength * 1.5, (0.80, 0.95, 0.30))
        canvas.shine(soften(mask, radius * 6) * strength * 4, (0.42, 0.50, 0.10))


def _reeds(canvas: Canvas) -> None:
    """Reeds and cattails that frame the picture, out of the light."""
    rng = np.random.default_rng(23)
    for layer, (blur, dark, tall) in enumerate(
        ((0, 0.010, 250), (0, 0.005, 330), (3, 0.002, 440))
    ):

        def draw(pen: Pen, layer: int = layer, tall: float = tall) -> None:
            for _ in range(64 - 12 * layer):
                side = -1 if rng.random() < 0.52 else 1
                x = WIDTH / 2 + side * (
                    WIDTH / 2 + 20 - abs(float(rng.normal(0, 120 + 20 * layer)))
                )
                _reed(pen, rng, (x, HEIGHT + 12), tall * float(rng.uniform(0.45, 1.0)), side)

        mask = shape(draw, blur)
        canvas.cover(mask, np.array([0.6, 1.0, 1.3]) * dark)
        canvas.edge(mask * (blur == 0), (0.10, 0.17, 0.22), (2, -2), 2)
        canvas.edge(mask * glow(_LANTERN, 190, 1.5) * (blur == 0), (0.9, 0.42, 0.1), (2, 0), 2)


def _reed(pen: Pen, rng: np.random.Generator, foot: Point, length: float, side: int) -> None:
    lean = float(rng.normal(-side * 0.10, 0.16))
    bend = float(rng.normal(-side * 0.16, 0.20))
    points: list[Point] = []
    for step in range(13):
        t = step / 12
        points.append(
            (
                foot[0] + length * (lean * t + bend * t**3),
                foot[1] - length * t * (1 - 0.12 * abs(bend) * t),
            )
        )
    pen.stroke(points, 6.5, 0.8)
    if rng.random() < 0.22:
        head = math.atan2(points[-2][1] - points[-4][1], points[-2][0] - points[-4][0])
        top = points[-2]
        tip = (top[0] + 30 * math.cos(head), top[1] + 30 * math.sin(head))
        pen.stroke([top, tip], 9, 9)
