"""The camera: moves that a prompt speaks of, as one smooth path over the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderer.engine.words import number, themes

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The part of the picture that is seen: its centre (0 to 1) and how many times enlarged."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0

    def box(
        self, width: int, height: int, depth: float = 1.0
    ) -> tuple[float, float, float, float]:
        """Return the window in pixels; what is nearer (`depth` above 1) moves more."""
        zoom = max(1.0, 1 + (self.zoom - 1) * depth)
        half = 0.5 / zoom
        x = min(max(0.5 + (self.x - 0.5) * depth, half), 1 - half)
        y = min(max(0.5 + (self.y - 0.5) * depth, half), 1 - half)
        return ((x - half) * width, (y - half) * height, (x + half) * width, (y + half) * height)


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
    "left": (-0.075, 0.0, 0.03),
    "right": (0.075, 0.0, 0.03),
    "up": (0.0, -0.075, 0.03),
    "down": (0.0, 0.075, 0.03),
}
_OPPOSITE = {"pull": "push", "up": "down", "down": "up", "left": "right", "right": "left"}


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
    x, y, _ = _STEP[_OPPOSITE[move]] if move in _OPPOSITE else (0.0, 0.0, 0.0)
    zoom = 1.2 if move == "pull" else 1.04 if move == "push" else 1.13
    drift = float(rng.uniform(-0.012, 0.012))
    return _inside(View(x=0.5 + x * 0.8 + drift, y=0.5 + y * 0.8, zoom=zoom))


def _moved(view: View, move: str) -> View:
    x, y, zoom = _STEP[move]
    return View(x=view.x + x * 1.7, y=view.y + y * 1.7, zoom=max(1.02, view.zoom + zoom))


def _inside(view: View) -> View:
    zoom = min(max(view.zoom, 1.0), 1.34)
    half = 0.5 / zoom
    return View(x=min(max(view.x, half), 1 - half), y=min(max(view.y, half), 1 - half), zoom=zoom)


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
    """Interpolate between the rows (views) with no kink at any of them."""
    if len(rows) == 1:
        return np.array(rows[0])
    spot = share * (len(rows) - 1)
    index = min(int(spot), len(rows) - 2)
    t = spot - index
    before, here = rows[max(0, index - 1)], rows[index]
    there, after = rows[index + 1], rows[min(len(rows) - 1, index + 2)]
    out, into = (there - before) / 2, (after - here) / 2
    if index == 0:
        out = there - here
    if index == len(rows) - 2:
        into = there - here
    square, cube = t * t, t * t * t
    return np.array(
        (2 * cube - 3 * square + 1) * here
        + (cube - 2 * square + t) * out
        + (3 * square - 2 * cube) * there
        + (cube - square) * into
    )
