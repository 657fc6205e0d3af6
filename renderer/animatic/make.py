"""One animatic: a brief in, a video file out, frame by frame."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from renderer.animatic.burnin.slate import Slate
from renderer.animatic.encode import RATE, encoder
from renderer.animatic.picture import camera, yuv_planes
from renderer.animatic.picture.camera import View
from renderer.animatic.picture.compose import Picture, compose
from renderer.animatic.picture.lighting import Lights
from renderer.animatic.picture.weather import Weather
from renderer.animatic.sound import mix
from renderer.animatic.sound.loudness import Samples
from renderer.animatic.spec import AnimaticSpec, Frame
from renderer.animatic.timed_events import Cue, cues

Progress = Callable[[int], None]
_CROSS = (0.36, 0.7)  # from one given frame to the other, in parts of the time


def make(brief: AnimaticSpec, path: Path, progress: Progress) -> None:
    """Write the video of a brief; `progress` hears 0 to 99 and may raise to stop the work."""
    moments = cues(brief.prompt, brief.seed, brief.duration, brief.fps)
    samples = _samples(brief, moments)
    with encoder(path, brief) as made:
        for index, planes in enumerate(_frames(brief, moments)):
            made.video(planes, index)
            if index % brief.fps == 0:
                start = index * RATE // brief.fps
                made.audio(samples[:, start : start + RATE], start)
            progress(index * 100 // brief.frames)


def _samples(brief: AnimaticSpec, moments: Sequence[Cue]) -> Samples:
    """Return sound as long as the picture, or none."""
    if not brief.audio:
        return np.zeros((2, 0), np.float32)
    length = brief.frames * RATE // brief.fps
    return mix.sound(brief.prompt, brief.seed, length, moments)


def _frames(brief: AnimaticSpec, moments: Sequence[Cue]) -> Iterator[yuv_planes.Planes]:
    opening = _Scene(brief, brief.first, moments)
    closing = _Scene(brief, brief.last, moments) if brief.last else None
    way = _path(brief)
    slate = Slate(brief, moments)
    for index in range(brief.frames):
        share = index / (brief.frames - 1)
        planes = _crossed(opening, closing, way.at(share), index, share)
        slate.over(planes, index)
        yield planes


class _Scene:
    """A picture that is filmed: given as a frame image, or composed from the prompt."""

    def __init__(self, brief: AnimaticSpec, frame: Frame | None, moments: Sequence[Cue]) -> None:
        self._size = brief.width, brief.height
        self._fps = brief.fps
        given = frame is not None and bool(frame.data)
        picture = _picture(brief, frame)
        self._plate = yuv_planes.plate(picture.pixels)
        near = picture.near
        self._near = yuv_planes.foreground(near, picture.shade) if near is not None else None
        self._lights = Lights(picture.lamps, self._size, moments)
        self._weather = None if given else Weather(brief.prompt, brief.seed, self._size)

    def filmed(self, view: View, index: int) -> yuv_planes.Planes:
        """Return the planes of a frame without its burn-in."""
        seconds = index / self._fps
        planes = self._plate.seen(view, *self._size)
        self._lights.over(planes, view, seconds)
        if self._weather:
            self._weather.over(planes[0], seconds)
        if self._near:
            self._near.over(planes, view)
        return planes


def _picture(brief: AnimaticSpec, frame: Frame | None) -> Picture:
    size = yuv_planes.plate_size(brief.width, brief.height)
    if frame is not None and frame.data:
        return Picture(pixels=yuv_planes.load_picture(frame.data, *size))
    # A frame that is not fetched gets a picture of its own, so that two differ on screen.
    seed = brief.seed if frame is None else brief.seed + len(frame.url)
    return compose(brief.prompt, seed, *size)


def _path(brief: AnimaticSpec) -> camera.Path:
    return camera.path(
        brief.prompt,
        brief.seed,
        fixed=brief.camera_fixed,
        whole_first=brief.first is not None,
        whole_last=brief.last is not None,
    )


def _crossed(
    opening: _Scene, closing: _Scene | None, view: View, index: int, share: float
) -> yuv_planes.Planes:
    """Film one picture, the other, or in the middle of the time both."""
    if closing is None or share <= _CROSS[0]:
        return opening.filmed(view, index)
    if share >= _CROSS[1]:
        return closing.filmed(view, index)
    part = (share - _CROSS[0]) / (_CROSS[1] - _CROSS[0])
    weight = round(256 * part * part * (3 - 2 * part))
    one, other = opening.filmed(view, index), closing.filmed(view, index)
    luma, blue, red = (_mixed(a, b, weight) for a, b in zip(one, other, strict=True))
    return luma, blue, red


def _mixed(one: yuv_planes.Plane, other: yuv_planes.Plane, weight: int) -> yuv_planes.Plane:
    mixed = one.astype(np.uint16) * np.uint16(256 - weight)
    mixed += other.astype(np.uint16) * np.uint16(weight)
    return (mixed >> 8).astype(np.uint8)
