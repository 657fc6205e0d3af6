"""The camera: moves that a prompt speaks of, as one smooth path over the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderer.animatic.keywords import number, themes

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The part of the picture that is seen: how many times enlarged, and where.

    `x` and `y` go from -1 to 1, from one edge of the picture to the other: whatever lies
    between two views is inside the picture too.
    """

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0

    def box(
        self, width: int, height: int, depth: float = 1.0
    ) -> tuple[float, float, float, float]:
        """Return the window in pixels; what is nearer (`depth` above 1) moves more."""
        half = 0.5 / (1 + (self.zoom - 1) * depth)
        x, y = 0.5 + self.x * (0.5 - half), 0.5 + self.y * (0.5 - half)
        left, top = max(0.0, x - half), max(0.0, y - half)
        right, bottom = min(1.0, x + half), min(1.0, y + half)
        return left * width, top * height, right * width, bottom * height


MOVES = {
    "push": "push-in push_in pushes_in dolly_in dolly zoom_in zooms_in forward forwards"
    " glides_toward* moves_closer closer approach* glide*",
    "pull": "pull_back pulls_back pull_out pulls_out dolly_out zoom_out zooms_out reveals reveal"
    " backward* widens retreat*",
    "left": "pan_left pans_left panning_left track_left tracks_left to_the_left leftward*",
    "right": "pan_right pans_right panning_right track_right tracks_right to_the_right rightward*"
    " pan pans panning tracking tracks truck* sideways orbit* arc arcs",
    "up": "tilt tilts tilts_up* tilt_up* upward* crane_up cranes_up crane cranes rises rise ascend* boom_up",
    "down": "tilt_down* tilts_downward tilts_down* downward* crane_down cranes_down descend* from_above boom_down lowers",
    "still": "static locked-off locked_off fixed_camera still_camera tripod motionless_camera",
}
_STEP = {
    "push": (0.0, 0.0, 0.16),
    "pull": (0.0, 0.0, -0.16),
    "left": (-1.6, 0.0, 0.02),
    "right": (1.6, 0.0, 0.02),
    "up": (0.0, -1.6, 0.02),
    "down": (0.0, 1.6, 0.02),
}
_START = {"push": 1.04, "pull": 1.22}


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Views that the camera passes, evenly in time; between them it glides."""

    views: tuple[View, ...]

    @property
    def still(self) -> bool:
        """Whether nothing moves."""
        return len(set(self.views)) == 1

    def at(self, share: float) -> View:
        """Return the view at a share (0 to 1) of the whole time."""
        values = np.array([(view.x, view.y, view.zoom) for view in self.views])
        x, y, zoom = _glide(values, _ease(share)).tolist()
        return View(x=x, y=y, zoom=zoom)


def path(prompt: str, seed: int, *, fixed: bool, whole_first: bool, whole_last: bool) -> Path:
    """Return the camera's path; a given frame image is seen whole where it belongs."""
    moves = themes(prompt, MOVES)[:3]
    if fixed or moves[:1] == ("still",):
        return Path(views=(View(),))
    rng = np.random.default_rng(number("camera", prompt, seed))
    named = [move for move in moves if move != "still"] or [_any_move(rng)]
    start = View() if whole_first else _start(named[0], rng)
    views = [start]
    for move in named:
        views.append(_moved(views[-1], move))
    if whole_last:
        views = [*views[: max(1, len(views) - 1)], View()] if len(views) > 2 else [*views, View()]
    return Path(views=tuple(map(_inside, views)))


def _any_move(rng: np.random.Generator) -> str:
    return str(rng.choice(["push", "push", "pull", "left", "right", "up", "down"]))


def _start(move: str, rng: np.random.Generator) -> View:
    """Begin where the first move has room."""
    x, y, _ = _STEP[move]
    drift = float(rng.uniform(-0.15, 0.15))
    return _inside(View(x=drift - x / 2, y=-y / 2, zoom=_START.get(move, 1.17)))


def _moved(view: View, move: str) -> View:
    x, y, zoom = _STEP[move]
    return _inside(View(x=view.x + x, y=view.y + y, zoom=view.zoom + zoom))


def _inside(view: View) -> View:
    x, y = (min(max(value, -1.0), 1.0) for value in (view.x, view.y))
    return View(x=x, y=y, zoom=min(max(view.zoom, 1.0), 1.34))


def _ease(share: float) -> float:
    """Start and stop gently: a tenth of the way to speed up, a tenth to slow down."""
    ramp = 0.14
    share = min(max(share, 0.0), 1.0)
    if share < ramp:
        way = share * share / (2 * ramp)
    elif share > 1 - ramp:
        way = 1 - ramp - (1 - share) ** 2 / (2 * ramp)
    else:
        way = share - ramp / 2
    return way / (1 - ramp)


def _glide(rows: Rows, share: float) -> Rows:
    """Interpolate between the rows (views), smoothly and never beyond two neighbours."""
    if len(rows) == 1:
        return np.array(rows[0])
    spot = share * (len(rows) - 1)
    index = min(int(spot), len(rows) - 2)
    t = spot - index
    steps = np.diff(rows, axis=0)
    out, into = _slope(steps, index), _slope(steps, index + 1)
    square, cube = t * t, t * t * t
    return np.array(
        (2 * cube - 3 * square + 1) * rows[index]
        + (cube - 2 * square + t) * out
        + (3 * square - 2 * cube) * rows[index + 1]
        + (cube - square) * into
    )


def _slope(steps: Rows, index: int) -> Rows:
    """Return the speed at a row: 0 where the way turns, else between those of both sides."""
    if index in {0, len(steps)}:
        return np.array(steps[min(index, len(steps) - 1)])
    before, after = steps[index - 1], steps[index]
    same = before * after > 0
    total = np.where(same, before + after, 1.0)
    return np.where(same, 2 * before * after / total, 0.0)
