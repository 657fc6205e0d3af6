"""The burn-in: what an animatic says of itself on two dark strips, on every frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from renderer.animatic.burnin.fonts import drawable
from renderer.animatic.burnin.layout import Measure, Strip, Words, bottom, measure, top
from renderer.animatic.picture.yuv_planes import Plane, Planes, to_planes
from renderer.animatic.spec import AnimaticSpec
from renderer.animatic.timed_events import Cue

TITLE = "ANIMATIC · not final footage"
_KEEP = 52  # of 256: how much of the picture is seen through a strip
_HIDE = 6  # the same for a given frame: it may be another animatic's, with a slate of its own
_LAMP_FRAMES = 5
Share = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overlay:
    """One plane of a strip: shown = (below x keep + add) / 256."""

    keep: Share
    add: Share

    def over(self, plane: Plane) -> None:
        mixed = plane.astype(np.uint16)
        mixed *= self.keep
        mixed += self.add
        plane[:] = mixed >> 8


class Slate:
    """The burn-in of one animatic; drawn once, apart from the clock."""

    def __init__(self, brief: AnimaticSpec, cues: Sequence[Cue]) -> None:
        self._brief = brief
        self._lit = {round(cue.at * brief.fps) + i: i for cue in cues for i in range(_LAMP_FRAMES)}
        self._has_cues = bool(cues)
        m = measure(brief.width, brief.height)
        self._top, self._bottom = _strips(m, brief, self._clock(0))
        keep = _HIDE if brief.first or brief.last else _KEEP
        self._upper = _draw(self._top, brief.width, keep)
        self._lower = _draw(self._bottom, brief.width, keep)

    @property
    def heights(self) -> tuple[int, int]:
        """The heights of the upper and the lower strip, in pixels."""
        return self._top.height, self._bottom.height

    @property
    def clock(self) -> Words | None:
        """The place of the clock in the upper strip."""
        return self._top.clock

    def over(self, planes: Planes, index: int) -> None:
        """Lay the strips and the clock of a frame (counted from 0) over its planes."""
        height = planes[0].shape[0]
        for level, plane in enumerate(planes):
            scale = 2 if level else 1
            self._upper[level].over(plane[: self._top.height // scale])
            self._lower[level].over(plane[(height - self._bottom.height) // scale :])
        self._tick(planes[0], index)

    def _tick(self, luma: Plane, index: int) -> None:
        clock = self._top.clock
        if clock is None:
            return
        size = int(clock.font.size)
        left, rise = clock.x - 2 * size, clock.y - round(size * 1.05)
        part = luma[rise : clock.y + round(size * 0.35), max(0, left) :]
        ink = Image.new("L", (part.shape[1], part.shape[0]))
        draw = ImageDraw.Draw(ink)
        spot = (clock.x - max(0, left), clock.y - rise)
        draw.text(spot, self._clock(index), font=clock.font, fill=255, anchor="ls")
        if self._has_cues:
            _lamp(draw, (size * 0.9, spot[1] - size * 0.36), size * 0.3, self._lit.get(index))
        cover = np.asarray(ink, np.uint16)
        part[:] = (part * (255 - cover) + cover * np.uint16(216) + np.uint16(127)) // 255

    def _clock(self, index: int) -> str:
        seconds, frame = divmod(index, self._brief.fps)
        code = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:02}"
        return f"{code}  {index + 1:04}/{self._brief.frames:04}"


def _lamp(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, age: int | None
) -> None:
    """Draw a dot that lights up when something is heard: sound and picture can be compared."""
    x, y = centre
    bright = 50 if age is None else 255 - 30 * age
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=bright)


def _strips(m: Measure, brief: AnimaticSpec, clock: str) -> tuple[Strip, Strip]:
    shot, hidden = drawable(brief.shot)
    take, also = drawable(brief.take)
    prompt, missing = drawable(brief.prompt)
    kind = "draft" if brief.draft else f"{brief.width}\u00d7{brief.height}"
    facts = (f"seed {brief.seed}", f"{kind} · {brief.duration} s · {brief.fps} fps")
    upper = top(m, (shot, take), TITLE, clock)
    return upper, bottom(m, prompt, facts, _notes(brief, hidden + also + missing))


def _notes(brief: AnimaticSpec, missing: int) -> list[str]:
    notes = []
    for place, frame in (("first", brief.first), ("last", brief.last)):
        if frame and frame.url:
            notes.append(
                f"The {place} frame is a placeholder, no network here: {drawable(frame.url)[0]}"
            )
    if missing:
        signs = "1 character has" if missing == 1 else f"{missing} characters have"
        notes.append(
            f"{signs} no glyph in the font of this slate and is shown as ?"
            if missing == 1
            else f"{signs} no glyph in the font of this slate and are shown as ?"
        )
    return notes


def _draw(strip: Strip, width: int, keep: int) -> tuple[_Overlay, _Overlay, _Overlay]:
    ink = Image.new("L", (width, strip.height))
    tone = Image.new("RGB", (width, strip.height))
    draw, paint = ImageDraw.Draw(ink), ImageDraw.Draw(tone)
    for words in strip.words:
        _write(draw, paint, words)
    luma, blue, red = (Image.fromarray(plane) for plane in to_planes(np.asarray(tone)))
    small = ink.reduce(2)
    return (
        _overlay(ink, luma, 16, keep),
        _overlay(small, blue.resize(small.size, Image.Resampling.NEAREST), 128, keep),
        _overlay(small, red.resize(small.size, Image.Resampling.NEAREST), 128, keep),
    )


def _write(draw: ImageDraw.ImageDraw, paint: ImageDraw.ImageDraw, words: Words) -> None:
    box = draw.textbbox((words.x, words.y), words.text, font=words.font, anchor="ls")
    paint.rectangle((box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2), fill=words.colour)
    draw.text((words.x, words.y), words.text, font=words.font, fill=255, anchor="ls")


def _overlay(ink: Image.Image, tone: Image.Image, ground: int, keep: int) -> _Overlay:
    cover = np.asarray(ink, np.float32) / 255
    add = ground * (256 - keep) * (1 - cover) + np.asarray(tone, np.float32) * 256 * cover
    through = keep * (1 - cover)
    return _Overlay(keep=through.astype(np.uint16), add=(add + 0.5).astype(np.uint16))
