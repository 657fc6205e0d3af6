"""One small honest video, made once."""

import functools
import io
from fractions import Fraction

import av
import numpy as np


@functools.cache
def clip(
    kind: str = "mp4", *, width: int = 64, height: int = 48, frames: int = 25, grey: int = 0
) -> bytes:
    """Return a video file of 24 frames a second without sound; the first is of a grey."""
    file = io.BytesIO()
    codec = "libvpx-vp9" if kind == "webm" else "h264"
    with av.open(file, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=24)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, 24)
        for number in range(frames):
            picture = np.full((height, width, 3), (grey + number * 9) % 256, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


def variant(data: bytes, word: str) -> bytes:
    """Return the MP4 with a free box that holds a word: the same picture, other bytes."""
    content = word.encode()
    return data + (len(content) + 8).to_bytes(4, "big") + b"free" + content
