"""Looking through a take with FFmpeg's detectors, by PyAV, which is imported at the first call."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renderer.adapters.media.container_check import NotMediaError
from renderer.film.take_flags import MeasuredTake, Span
from renderer.runware.mark import COMMENT

if TYPE_CHECKING:  # av is heavy: it is imported at the first call
    from av.audio.frame import AudioFrame
    from av.container import InputContainer
    from av.filter import Graph
    from av.video.frame import VideoFrame

VERSION = "3"  # of what is looked for: results of another version are not used
_FORMATS = {"mp4": "mp4", "mov": "mov", "webm": "webm"}
_PICTURE = (
    ("scale", "320:-2"),
    ("blackdetect", "d=0.3:pix_th=0.08:pic_th=0.985"),
    ("freezedetect", "n=-70dB:d=0.5"),
)
_FREEZE = ("lavfi.freezedetect.freeze_start", "lavfi.freezedetect.freeze_end")
_SOUND = (("silencedetect", "n=-60dB:d=0.5"), ("ebur128", "metadata=1:peak=true"))


def look(path: Path, kind: str) -> MeasuredTake:
    """Return what a whole file holds, decoded once; raise NotMediaError if it cannot be read."""
    import av
    from av.error import FFmpegError

    options = {"protocol_whitelist": "file"}
    try:
        with av.open(str(path), format=_FORMATS[kind], options=options) as container:
            return _Detectors(container).seen()
    except (FFmpegError, OSError, ValueError) as error:
        raise NotMediaError(f"the file cannot be read as {kind}: {error}") from error


class _Detectors:
    """One chain of filters for the picture and one for the sound; they speak in metadata."""

    def __init__(self, container: "InputContainer") -> None:
        if not container.streams.video:
            raise NotMediaError("the file has no video track")
        self.container = container
        self.video = container.streams.video[0]
        self.video.thread_type = "AUTO"
        self.audio = next(iter(container.streams.audio), None)
        self.length = Decimal(container.duration or 0) / 1_000_000
        self.frames = 0
        self.said: list[dict[str, str]] = []

    def seen(self) -> MeasuredTake:
        """Decode everything and gather what the filters said."""
        from av.audio.frame import AudioFrame
        from av.video.frame import VideoFrame

        picture = _chain(_PICTURE, template=self.video)
        sound = _chain(_SOUND, sample=self.audio) if self.audio else None
        streams = [stream for stream in (self.video, self.audio) if stream]
        for frame in self.container.decode(streams):
            if isinstance(frame, VideoFrame):
                self.frames += 1
                self._pass(picture, frame)
            elif isinstance(frame, AudioFrame) and sound is not None:
                self._pass(sound, frame)
        for graph in (picture, sound):
            if graph is not None:
                self._pass(graph, None)
        return self._gathered()

    def _pass(self, graph: "Graph", frame: "AudioFrame | VideoFrame | None") -> None:
        """Push one frame, None at the end, and note what the filters say of it."""
        from av.error import BlockingIOError as NothingYetError
        from av.error import EOFError as AllReadError

        graph.push(frame)
        while True:
            try:
                seen = graph.pull()
            except (NothingYetError, AllReadError):
                return
            if seen.metadata:
                self.said.append(dict(seen.metadata))

    def _gathered(self) -> MeasuredTake:
        rate = self.video.average_rate
        return MeasuredTake(
            length=self.length,
            frames=self.frames,
            fps=Decimal(rate.numerator) / rate.denominator if rate else None,
            black=self._spans("lavfi.black_start", "lavfi.black_end"),
            frozen=() if self._is_animatic() else self._spans(*_FREEZE),
            silent=self._spans("lavfi.silence_start", "lavfi.silence_end"),
            sound=self.audio is not None,
            loudness=self._last("lavfi.r128.I"),
            peak=self._peak(),
        )

    def _is_animatic(self) -> bool:
        """Whether the embedded engine made it: one that rests was composed so."""
        return COMMENT in self.container.metadata.values()

    def _last(self, key: str) -> Decimal | None:
        """Return the last finite number that was said under a key."""
        found = [value for row in self.said if (value := _number(row.get(key)))]
        return found[-1].quantize(Decimal("0.1")) if found else None

    def _peak(self) -> Decimal | None:
        """Return the highest true peak of all channels in dBTP."""
        linear = [
            value
            for row in self.said
            for key, text in row.items()
            if key.startswith("lavfi.r128.true_peaks_ch") and (value := _number(text))
        ]
        return (20 * max(linear).log10()).quantize(Decimal("0.1")) if linear else None

    def _spans(self, start: str, end: str) -> tuple[Span, ...]:
        return tuple(_pairs(self.said, (start, end), self.length))


def _pairs(said: list[dict[str, str]], keys: tuple[str, str], length: Decimal) -> Iterator[Span]:
    """Yield start and end of each span; one that is not ended lasts to the end of the file."""
    opened: Decimal | None = None
    for row in said:
        for key, text in row.items():
            value = Decimal(text) if key.startswith(keys) and _finite(text) else None
            if value is None:
                continue
            if key.startswith(keys[0]):
                opened = value if opened is None else opened
            elif opened is not None:
                yield max(opened, Decimal(0)), value
                opened = None
    if opened is not None and length > opened:
        yield max(opened, Decimal(0)), length


def _chain(filters: tuple[tuple[str, str], ...], **source: Any) -> "Graph":
    from av.filter import Graph

    graph = Graph()
    if "template" in source:
        nodes = [graph.add_buffer(template=source["template"])]
    else:
        nodes = [graph.add_abuffer(template=source["sample"])]
    nodes += [graph.add(name, args) for name, args in filters]
    nodes.append(graph.add("buffersink" if "template" in source else "abuffersink"))
    for above, below in pairwise(nodes):
        above.link_to(below)
    graph.configure()
    return graph


def _finite(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _number(text: str | None) -> Decimal | None:
    """Return a positive or negative number; None for nothing, zero, nan and infinity."""
    return Decimal(text) if text and _finite(text) and Decimal(text) else None
