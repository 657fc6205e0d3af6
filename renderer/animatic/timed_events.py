"""Moments that are seen and heard on one clock: a bell, thunder, a spark, a step."""

from dataclasses import dataclass

import numpy as np

from renderer.animatic.keywords import number, themes

MOMENTS = {
    "bell": "bell bells toll* chime* gong clocktower",
    "thunder": "thunder* lightning storm*",
    "spark": "spark* crackl* pulse* pulsing glow* flicker* flash* firework*",
    "steps": "footstep* step* walk* run* running courier chase* march* wade* stride*",
    "drum": "drum* beat heartbeat percussion boom* impact",
}
# The first moment in seconds, the pause between two, how much of it is seen.
_RHYTHM = {
    "bell": (0.75, 2.5, 0.85),
    "thunder": (1.6, 5.2, 1.0),
    "spark": (0.5, 1.75, 0.5),
    "steps": (0.35, 0.52, 0.0),
    "drum": (0.25, 1.0, 0.3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A moment: seconds from the first frame, its kind, and its strength in light, 0 to 1."""

    at: float
    kind: str
    light: float


def cues(prompt: str, seed: int, duration: float, fps: int) -> tuple[Cue, ...]:
    """Return the moments of a prompt in order, each on the start of a frame."""
    found = []
    for kind in themes(prompt, MOMENTS)[:3]:
        rng = np.random.default_rng(number("cue", kind, prompt, seed))
        start, pause, light = _RHYTHM[kind]
        at = start + float(rng.uniform(0, 0.3))
        while at < duration - 0.4:
            found.append(Cue(at=round(at * fps) / fps, kind=kind, light=light))
            at += pause * float(
                rng.uniform(0.96, 1.04) if kind == "steps" else rng.uniform(0.85, 1.2)
            )
    return tuple(sorted(found, key=lambda cue: (cue.at, cue.kind)))
