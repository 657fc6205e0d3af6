"""Frames and samples into a file: H.264 and AAC, or VP9 and Opus; the same bytes each time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.codec.context import Flags
from numpy.typing import NDArray

from renderer.animatic.picture.yuv_planes import Planes
from renderer.animatic.spec import FORMATS, AnimaticSpec
from renderer.runware.mark import COMMENT

RATE = 48_000
_BT709 = 1
_LIMITED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """An open file, written to by turns: a frame at a time, some sound at a time."""

    container: av.container.OutputContainer
    stream: av.VideoStream
    sound: av.AudioStream | None
    fps: int

    def video(self, planes: Planes, index: int) -> None:
        """Encode one frame."""
        height, width = planes[0].shape
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane, pixels in zip(frame.planes, planes, strict=True):
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(
                plane.height, plane.line_size
            )
            rows[:, : plane.width] = pixels
        frame.pts = index
        frame.time_base = Fraction(1, self.fps)
        frame.color_range, frame.colorspace = _LIMITED, _BT709
        self.container.mux(self.stream.encode(frame))

    def audio(self, samples: NDArray[np.float32], start: int) -> None:
        """Encode some samples (channels x samples at 48 kHz), the first being number `start`."""
        if self.sound is None or not samples.shape[1]:
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        self.container.mux(self.sound.encode(frame))

    def finish(self) -> None:
        """Write what the coders still hold."""
        self.container.mux(self.stream.encode(None))
        if self.sound is not None:
            self.container.mux(self.sound.encode(None))


@contextmanager
def encoder(path: Path, brief: AnimaticSpec) -> Iterator[Encoder]:
    """Open a file for a brief; it is whole only if the block ends without an error."""
    options = {"fflags": "+bitexact"}
    if brief.format != "WEBM":
        options["movflags"] = "+faststart"
    with av.open(str(path), "w", format=FORMATS[brief.format], options=options) as container:
        container.metadata["comment"] = COMMENT
        stream = _video(container, brief)
        sound = _audio(container, brief) if brief.audio else None
        made = Encoder(container=container, stream=stream, sound=sound, fps=brief.fps)
        yield made
        made.finish()


def _video(container: av.container.OutputContainer, brief: AnimaticSpec) -> av.VideoStream:
    webm = brief.format == "WEBM"
    name, options = ("libvpx-vp9", _vp9(brief)) if webm else ("libx264", _x264(brief))
    stream = cast("av.VideoStream", container.add_stream(name, rate=brief.fps, options=options))
    stream.width, stream.height, stream.pix_fmt = brief.width, brief.height, "yuv420p"
    coder = stream.codec_context
    # More threads give other bytes; several videos at a time keep all cores busy instead.
    coder.thread_count = 1
    coder.flags |= Flags.bitexact
    coder.gop_size = brief.fps * 2
    coder.color_range, coder.colorspace = _LIMITED, _BT709
    coder.color_primaries, coder.color_trc = _BT709, _BT709
    return stream


def _x264(brief: AnimaticSpec) -> dict[str, str]:
    # Coarser motion search: a third faster for pictures that glide, and hardly larger.
    # No macroblock tree: with its vector code the same frames gave other bytes in one run of four.
    # Three more of `crf` make up for the size that it saved, at the same PSNR.
    search = "rc-lookahead=10:subme=1:mbtree=0"
    rate = round(39 - (brief.quality - 20) * 16 / 75)
    return {"preset": "veryfast", "crf": str(rate), "x264-params": search}


def _vp9(brief: AnimaticSpec) -> dict[str, str]:
    rate = str(round(52 - (brief.quality - 20) * 24 / 75))
    return {"deadline": "realtime", "cpu-used": "8", "crf": rate, "b": "0", "row-mt": "0"}


def _audio(container: av.container.OutputContainer, brief: AnimaticSpec) -> av.AudioStream:
    name = "libopus" if brief.format == "WEBM" else "aac"
    stream = cast("av.AudioStream", container.add_stream(name, rate=RATE, layout="stereo"))
    coder = stream.codec_context
    coder.bit_rate = 128_000
    coder.thread_count = 1
    coder.flags |= Flags.bitexact
    return stream
