"""What a video file is, by PyAV, which is imported at the first call."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.adapters.media.container_check import NotMediaError
from renderer.render.outcome import Probed

if TYPE_CHECKING:  # av is heavy: it is imported at the first call
    from av.container import InputContainer
    from av.video.stream import VideoStream

_FORMATS = {"mp4": "mp4", "mov": "mov", "webm": "webm"}


def probe(path: Path, kind: str) -> Probed:
    """Return size, length, rate and streams of a file; raise NotMedia if it has no video.

    The reader is the one of `kind` ("mp4", "mov", "webm"): a text that is a playlist is none.
    """
    import av
    from av.error import FFmpegError

    options = {"protocol_whitelist": "file"}
    try:
        with av.open(str(path), format=_FORMATS[kind], options=options) as container:
            video = _video(container)
            frames = video.frames or sum(1 for p in container.demux(video) if p.size)
            rate = video.average_rate
            return Probed(
                width=video.codec_context.width,
                height=video.codec_context.height,
                duration=_seconds(container.duration, 1_000_000),
                fps=None if rate is None else _ratio(rate.numerator, rate.denominator),
                frames=frames,
                audio=bool(container.streams.audio),
            )
    except (FFmpegError, OSError, ValueError) as error:
        raise NotMediaError(f"the file cannot be read as {kind}: {error}") from error


def _video(container: "InputContainer") -> "VideoStream":
    if not container.streams.video:
        raise NotMediaError("the file has no video track")
    video = container.streams.video[0]
    if video.codec_context is None:
        raise NotMediaError("the video track is of an unknown kind")
    return video


def _seconds(value: int | None, unit: int) -> Decimal:
    return (Decimal(value or 0) / unit).quantize(Decimal("0.001"))


def _ratio(above: int, below: int) -> Decimal:
    return (Decimal(above) / below).quantize(Decimal("0.001")).normalize()
