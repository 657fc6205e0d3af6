"""Stills of takes for the review page: a poster, a strip to scrub through, a copy that plays.

All of it is kept under `.renderer/review/` by the take's digest, and is safe to delete.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.state_folder import read_own
from renderer.adapters.media.container_check import NotMediaError

if TYPE_CHECKING:  # av is heavy: it is imported at the first call
    from av.container import InputContainer, OutputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from PIL.Image import Image

TILES = 12
_LARGEST_NOTE = 4096  # bytes
_VERSION = 2
_POSTER = 720  # pixels of width
_TILE = 320
_PROXY = 1280
_FORMATS = {"mp4": "mp4", "mov": "mov", "webm": "webm"}
# What every browser of today plays from these containers.
_PLAYED = {"mp4": {"h264", "av1", "vp9"}, "webm": {"vp8", "vp9", "av1"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stills:
    """Files of one take; `proxy` is there where `codec` is one that browsers do not play."""

    poster: Path
    strip: Path
    tiles: int
    codec: str
    proxy: Path | None = None


def load_decoder() -> None:
    """Import what decodes videos: threads that import it at once may fail."""
    import av.error  # noqa: F401


class Previews:
    """Makes and finds the stills of takes."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk

    def of(self, sha256: str, path: Path, kind: str) -> Stills:
        """Return the stills of a take, made now if need be; raise NotMedia if it has none."""
        return self._kept(sha256) or self._made(sha256, path, kind)

    def _kept(self, sha256: str) -> Stills | None:
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            noted = json.loads(read_own(self._file(sha256, "json"), _LARGEST_NOTE) or b"")
            if noted["version"] != _VERSION:
                return None
            found = self._stills(sha256, noted["codec"], proxy=noted["proxy"])
            files = (found.poster, found.strip, *((found.proxy,) if found.proxy else ()))
            return found if all(one.is_file() and not one.is_symlink() for one in files) else None
        return None

    def _made(self, sha256: str, path: Path, kind: str) -> Stills:
        from av.error import FFmpegError

        self._disk.folder(self._folder)
        try:
            poster, strip, codec = _stills(path, kind)
            proxy = codec not in _PLAYED.get(kind, ())
            if proxy:
                self._copied(sha256, path, kind)
        except (FFmpegError, OSError, ValueError) as error:
            raise NotMediaError(f"no picture can be taken of it: {error}") from error
        noted = {"version": _VERSION, "codec": codec, "proxy": proxy}
        self._put(sha256, "jpg", poster)
        self._put(sha256, "strip.jpg", strip)
        self._put(sha256, "json", json.dumps(noted).encode())
        return self._stills(sha256, codec, proxy=proxy)

    def _copied(self, sha256: str, path: Path, kind: str) -> None:
        beside = self._file(sha256, "part")
        try:
            _proxy(path, kind, beside)
            self._disk.replace(beside, self._file(sha256, "proxy.mp4"), sync=False)
        finally:
            beside.unlink(missing_ok=True)

    def _stills(self, sha256: str, codec: str, *, proxy: bool) -> Stills:
        return Stills(
            poster=self._file(sha256, "jpg"),
            strip=self._file(sha256, "strip.jpg"),
            tiles=TILES,
            codec=codec,
            proxy=self._file(sha256, "proxy.mp4") if proxy else None,
        )

    def _file(self, sha256: str, ending: str) -> Path:
        return self._folder / f"{sha256}.{ending}"

    def _put(self, sha256: str, ending: str, data: bytes) -> None:
        self._disk.write(self._file(sha256, ending), data, sync=False)


def _stills(path: Path, kind: str) -> tuple[bytes, bytes, str]:
    """Return poster and strip as JPEG, and the name of the codec; decodes the file once."""
    from PIL import Image

    with _opened(path, kind) as container:
        video = _video(container)
        width, height = video.codec_context.width, video.codec_context.height
        tile = (_TILE, _even(_TILE * height / width))
        poster: Image.Image | None = None
        strip = Image.new("RGB", (tile[0] * TILES, tile[1]))
        for at, frame in _spread(container, video):
            if at == TILES // 3 or poster is None:
                large = min(_POSTER, width)
                poster = _image(frame, (large, _even(large * height / width)))
            strip.paste(_image(frame, tile), (at * tile[0], 0))
        if poster is None:
            raise NotMediaError("the file has no frame")
        return _jpeg(poster, 84), _jpeg(strip, 72), video.codec_context.name


def _spread(
    container: "InputContainer", video: "VideoStream"
) -> "Iterator[tuple[int, VideoFrame]]":
    """Yield frames that lie evenly over the length, each with its place among the tiles."""
    rate = video.average_rate or Fraction(24)
    length = container.duration or 0
    count = video.frames or int(length * Fraction(rate.numerator, rate.denominator) / 1_000_000)
    wanted = [round(at * (max(count, 1) - 1) / (TILES - 1)) for at in range(TILES)]
    at = 0
    last = None
    for number, frame in enumerate(container.decode(video)):
        last = frame
        while at < TILES and wanted[at] <= number:
            yield at, frame
            at += 1
    if last is not None:
        yield from ((rest, last) for rest in range(at, TILES))


def _proxy(path: Path, kind: str, copy: Path) -> None:
    """Write a take as H.264 and AAC in MP4, small enough to travel with a page."""
    import av

    options = {"movflags": "+faststart"}
    with (
        _opened(path, kind) as source,
        av.open(str(copy), "w", format="mp4", options=options) as target,
    ):
        _encode(source, target)


def _encode(source: "InputContainer", target: "OutputContainer") -> None:
    from av.audio.frame import AudioFrame
    from av.video.frame import VideoFrame

    video = _video(source)
    rate = video.average_rate or Fraction(24)
    picture = target.add_stream("libx264", rate=Fraction(rate.numerator, rate.denominator))
    width, height = video.codec_context.width, video.codec_context.height
    picture.width = _even(min(_PROXY, width))
    picture.height = _even(picture.width * height / width)
    picture.pix_fmt = "yuv420p"
    picture.options = {"preset": "veryfast", "crf": "22", "g": "12"}
    sound = next(iter(source.streams.audio), None)
    voice = target.add_stream("aac", rate=48_000) if sound else None
    for packet in source.demux([stream for stream in (video, sound) if stream]):
        for frame in packet.decode():
            if isinstance(frame, VideoFrame):
                target.mux(
                    picture.encode(frame.reformat(picture.width, picture.height, "yuv420p"))
                )
            elif voice is not None and isinstance(frame, AudioFrame):
                target.mux(voice.encode(frame))
    target.mux(picture.encode())
    if voice is not None:
        target.mux(voice.encode())


def _opened(path: Path, kind: str) -> "InputContainer":
    import av

    return av.open(str(path), format=_FORMATS[kind], options={"protocol_whitelist": "file"})


def _video(container: "InputContainer") -> "VideoStream":
    if not container.streams.video:
        raise NotMediaError("the file has no video track")
    video = container.streams.video[0]
    video.thread_type = "AUTO"
    return video


def _image(frame: "VideoFrame", size: tuple[int, int]) -> "Image":
    image: Image = frame.reformat(*size, format="rgb24").to_image()  # type: ignore[no-untyped-call]
    return image


def _jpeg(image: "Image", quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()


def _even(number: float) -> int:
    return max(2, round(number / 2) * 2)
