"""Streets: layered roofs with lit windows, a clocktower, lanterns over wet stones."""

import numpy as np

from renderer.animatic.picture.canvas import Canvas, Lamp, Pen
from renderer.animatic.picture.palette import RGB, Mood, mix
from renderer.animatic.picture.sky import sky

HORIZON = 0.7
_CANDLE: RGB = (1.0, 0.74, 0.38)


def town(stage: Canvas, *, tower: bool = False) -> None:
    """Paint a street that opens on roofs and sky."""
    sky(stage, HORIZON)
    for depth in (0.0, 0.35, 0.7):
        _roofs(stage, depth)
        stage.haze(HORIZON - 0.05, 0.14, stage.mood.haze, 0.4 - 0.3 * depth)
        if tower and depth == 0.35:
            _tower(stage)
    _walls(stage)
    _lanterns(stage)
    stage.mirror(HORIZON + 0.06, 0.62)
    _stalls(stage)
    _canopies(stage.near, stage.rng)


def _roofs(stage: Canvas, depth: float) -> None:
    pen, lit, rng = stage.pen(), stage.pen(), stage.rng
    x = -0.04
    while x < 1.04:
        wide = rng.uniform(0.04, 0.085) * (1 + depth)
        middle = 1 - abs(x + wide / 2 - 0.5) * 1.5
        top = HORIZON - (0.1 + 0.2 * depth) * rng.uniform(0.5, 1.2) * (1.35 - max(0, middle))
        _house(pen, rng, (x, x + wide), top)
        _windows(lit, rng, (x, x + wide), top, 0.011 + 0.008 * depth)
        x += wide * rng.uniform(0.86, 1.04)
    body = mix(stage.mood.haze, stage.mood.near, 0.42 + 0.5 * depth)
    stage.fill(pen.mask(), body, mix(body, stage.mood.haze, 0.3))
    glass = lit.mask()
    pane = _pane(stage.mood)
    stage.fill(glass * (0.55 + 0.4 * depth), pane, mix(pane, stage.mood.light, 0.2))


def _pane(mood: Mood) -> RGB:
    """Return the colour of a lit window: warm, whatever colours the street has."""
    return mix(mood.accent, _CANDLE, 0.72)


def _house(pen: Pen, rng: np.random.Generator, span: tuple[float, float], top: float) -> None:
    left, right = span
    pen.shape([(left, top), (right, top), (right, HORIZON + 0.1), (left, HORIZON + 0.1)])
    kind = rng.integers(4)
    if kind < 2:
        peak = (left + right) / 2 + (right - left) * rng.uniform(-0.2, 0.2)
        pen.shape(
            [(left - 0.006, top), (peak, top - rng.uniform(0.03, 0.07)), (right + 0.006, top)]
        )
    elif kind == 2:
        x = rng.uniform(left, right)
        pen.line([(x, top), (x, top - rng.uniform(0.04, 0.09))], 0.003)
    else:
        x = left + (right - left) * 0.3
        pen.shape([(x, top), (x, top - 0.035), (x + 0.012, top - 0.035), (x + 0.012, top)])


def _windows(
    pen: Pen, rng: np.random.Generator, span: tuple[float, float], top: float, size: float
) -> None:
    wide = size * pen.height / pen.width * 0.6
    for y in np.arange(top + size, HORIZON - 0.01, size * 2.3).tolist():
        for x in np.arange(span[0] + wide, span[1] - wide * 1.5, wide * 2.4).tolist():
            if rng.random() < 0.27:
                fill = int(rng.integers(70, 256))
                pen.shape(
                    [(x, y), (x + wide, y), (x + wide, y + size * 1.2), (x, y + size * 1.2)], fill
                )


def _tower(stage: Canvas) -> None:
    x, pen = float(stage.rng.uniform(0.42, 0.58)), stage.pen()
    half = 0.062 * stage.unit / stage.width
    top, foot, mood = 0.2, HORIZON + 0.1, stage.mood
    inner = half * 0.92
    pen.shape([(x - half, foot), (x - inner, top), (x + inner, top), (x + half, foot)])
    _band(pen, x, half * 1.25, (top + 0.012, top - 0.012))
    pen.shape([(x - half * 1.05, top - 0.01), (x, top - 0.16), (x + half * 1.05, top - 0.01)])
    pen.line([(x, top - 0.15), (x, top - 0.2)], 0.004)
    _band(pen, x, half * 1.12, (0.425, 0.41))
    stage.fill(pen.mask(), mix(mood.near, mood.haze, 0.24), mix(mood.near, mood.haze, 0.4))
    _dial(stage, x, 0.3)


def _band(pen: Pen, x: float, half: float, between: tuple[float, float]) -> None:
    """Draw an upright rectangle around a middle, between two heights."""
    one, other = between
    pen.shape([(x - half, one), (x - half, other), (x + half, other), (x + half, one)])


def _dial(stage: Canvas, x: float, y: float) -> None:
    warm = mix(stage.mood.accent, _CANDLE, 0.6)
    stage.glow(x, y, 0.3, warm, 0.5)
    face, marks = stage.pen(), stage.pen()
    face.disc(x, y, 0.047)
    stage.fill(
        face.mask(),
        mix(warm, (1, 1, 1), 0.6),
        mix(warm, (1, 1, 1), 0.35),
    )
    across, down = stage.unit / stage.width, stage.unit / stage.height
    for turn in np.linspace(0, 2 * np.pi, 12, endpoint=False).tolist():
        ends = [
            (x + np.sin(turn) * r * across, y - np.cos(turn) * r * down) for r in (0.038, 0.044)
        ]
        marks.line(ends, 0.003)
    for turn, length, thick in ((5.4, 0.026, 0.0045), (0.5, 0.036, 0.003)):
        marks.line(
            [(x, y), (x + np.sin(turn) * length * across, y - np.cos(turn) * length * down)], thick
        )
    stage.fill(marks.mask(), stage.mood.near)
    stage.lamps.insert(0, Lamp(x=x, y=y, reach=0.42, colour=warm))


def _walls(stage: Canvas) -> None:
    """Frame the street with tall dark sides that recede."""
    pen, lit, rng, mood = stage.pen(), stage.pen(), stage.rng, stage.mood
    for side in (0.0, 1.0):
        turn = -1 if side else 1
        for step, (reach, top) in enumerate(((0.27, 0.34), (0.19, 0.16), (0.1, -0.02))):
            edge = float(side + turn * reach * rng.uniform(0.85, 1.1))
            high = float(top + rng.uniform(-0.05, 0.05))
            _side(pen, side, edge, high, turn)
            for _ in range(4):
                x = edge - turn * rng.uniform(0.02, 0.06)
                y = rng.uniform(high + 0.1, HORIZON - 0.06)
                tall, wide = 0.03 + 0.01 * step, 0.009 + 0.003 * step
                pane = [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]
                lit.shape(pane, int(rng.integers(110, 256)))
    stage.fill(pen.mask(), mix(mood.near, mood.haze, 0.09), mix(mood.near, mood.haze, 0.2))
    panes = lit.mask()
    stage.fill(panes, _pane(stage.mood))
    stage.light(lit.mask(0.02), _pane(stage.mood), 0.5)


def _side(pen: Pen, side: float, edge: float, high: float, turn: int) -> None:
    """Draw a wall from the side of the picture to its edge, and the eaves above it."""
    low = HORIZON + 0.06
    pen.shape([(side, high - 0.05), (edge, high + 0.03), (edge, low), (side, low + 0.06)])
    out = edge + turn * 0.012
    pen.shape([(side, high - 0.09), (out, high + 0.025), (out, high + 0.045), (side, high - 0.05)])


def _lanterns(stage: Canvas) -> None:
    mood, rng, pen = stage.mood, stage.rng, stage.pen()
    bodies = {mood.accent: stage.pen(), mood.second: stage.pen()}
    for string in range(4):
        y, sag = 0.2 + 0.1 * string + rng.uniform(-0.03, 0.03), rng.uniform(0.05, 0.1)
        left, right = 0.04 + 0.045 * string, 0.96 - 0.045 * string
        spots = np.linspace(left, right, 9 - string)
        drop = [y + sag * (1 - ((x - 0.5) / (right - 0.5)) ** 2) for x in spots.tolist()]
        pen.line(list(zip(spots.tolist(), drop, strict=True)), 0.002)
        for x, hang in zip(spots.tolist()[1:-1], drop[1:-1], strict=True):
            colour = mood.second if rng.random() < 0.4 else mood.accent
            _lantern(
                stage,
                bodies[colour],
                Lamp(x=x, y=hang + 0.018, reach=0.14 - 0.02 * string, colour=colour),
            )
    stage.fill(pen.mask() * 0.8, mood.near)
    for colour, body in bodies.items():
        stage.fill(body.mask(0.001), mix(colour, (1, 1, 1), 0.38))


def _lantern(stage: Canvas, body: Pen, lamp: Lamp) -> None:
    size = lamp.reach / 11
    stage.glow(lamp.x, lamp.y, lamp.reach * 0.9, lamp.colour, 0.55)
    body.disc(lamp.x, lamp.y, (size * 0.9, size * 1.15))
    stage.lamps.append(lamp)


def _stalls(stage: Canvas) -> None:
    """Set awnings, crates and people at both sides of the street."""
    pen, rng = stage.pen(), stage.rng
    for side in (0, 1):
        for step in range(3):
            reach = 0.13 + 0.075 * step
            x = side + (-reach if side else reach)
            y = HORIZON + 0.16 - 0.045 * step
            wide, tall = 0.085 - 0.018 * step, 0.17 - 0.032 * step
            _stall(pen, (x, y), wide, tall)
            stage.glow(x, y - tall * 0.55, 0.12, stage.mood.accent, 0.5)
    for _ in range(6):
        figure(
            pen, (rng.uniform(0.3, 0.7), HORIZON + rng.uniform(0.06, 0.13)), rng.uniform(0.07, 0.1)
        )
    figure(pen, (float(rng.uniform(0.42, 0.6)), HORIZON + 0.22), 0.23)
    stage.fill(pen.mask(), mix(stage.mood.near, stage.mood.haze, 0.1), stage.mood.near)


def _stall(pen: Pen, foot: tuple[float, float], wide: float, tall: float) -> None:
    """Draw an awning on two posts over a crate."""
    x, y = foot
    top, hem, out = y - tall, y - tall * 0.72, wide * 1.2
    pen.shape([(x - wide, top), (x + wide, top), (x + out, hem), (x - out, hem)])
    for post in (-0.95, 0.95):
        pen.line([(x + wide * post, top), (x + wide * post, y)], 0.005)
    crate = y - tall * 0.3
    pen.shape([(x - wide, crate), (x + wide, crate), (x + wide, y), (x - wide, y)])


def figure(pen: Pen, foot: tuple[float, float], tall: float) -> None:
    """Stand a cloaked figure, `tall` in parts of the height."""
    x, y = foot
    w = tall * pen.height / pen.width
    pen.disc(x, y - tall * 0.9, tall * pen.height / pen.unit * 0.085)
    pen.shape(
        [
            (x - w * 0.05, y - tall * 0.84),
            (x + w * 0.05, y - tall * 0.84),
            (x + w * 0.15, y - tall * 0.7),
            (x + w * 0.17, y - tall * 0.4),
            (x + w * 0.2, y - tall * 0.1),
            (x + w * 0.07, y - tall * 0.12),
            (x + w * 0.06, y),
            (x + w * 0.01, y),
            (x, y - tall * 0.13),
            (x - w * 0.05, y),
            (x - w * 0.1, y),
            (x - w * 0.08, y - tall * 0.12),
            (x - w * 0.19, y - tall * 0.09),
            (x - w * 0.16, y - tall * 0.45),
            (x - w * 0.14, y - tall * 0.7),
        ]
    )


def _canopies(pen: Pen, rng: np.random.Generator) -> None:
    """Hang cloth and leaves into the frame, close to the lens."""
    for side in (0, 1):
        turn = -1 if side else 1
        pen.shape(
            [(side, -0.02), (side + turn * 0.36, -0.02), (side + turn * 0.24, 0.05), (side, 0.16)]
        )
        for _ in range(9):
            x, y = side + turn * rng.uniform(0, 0.2), rng.uniform(0.03, 0.14)
            pen.line(
                [(x, y - 0.06), (x + turn * 0.008, y), (x, y + rng.uniform(0.03, 0.13))], 0.006
            )
        for _ in range(5):
            pen.disc(
                side + turn * rng.uniform(0, 0.07), rng.uniform(0.9, 1.04), rng.uniform(0.04, 0.09)
            )
