"""What is wrong with a take that can be seen in the file alone: black, frozen, silent, loud."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Span = tuple[Decimal, Decimal]

LEAST_BLACK = Decimal("0.5")  # seconds at a stretch that are no fade
LEAST_FROZEN = Decimal("1.0")
LOUDEST = Decimal(-9)  # LUFS
FAINTEST = Decimal(-45)
MOST_PEAK = Decimal("1.0")  # dBTP above which players clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the picture and the sound of a file hold; spans and `length` in seconds.

    `loudness` is in LUFS, `peak` in dBTP; None without sound. `frames` were decoded.
    """

    length: Decimal
    frames: int
    fps: Decimal | None
    black: tuple[Span, ...] = ()
    frozen: tuple[Span, ...] = ()
    silent: tuple[Span, ...] = ()
    sound: bool = False
    loudness: Decimal | None = None
    peak: Decimal | None = None


def flags(seen: Seen) -> tuple[str, ...]:
    """Return one sentence for each thing that a person should look at."""
    return tuple(_flags(seen))


def _flags(seen: Seen) -> Iterator[str]:
    yield from _told("black", seen.black, LEAST_BLACK)
    yield from _told("frozen", _less(seen.frozen, seen.black), LEAST_FROZEN)
    if seen.sound and _sum(seen.silent) >= seen.length * Decimal("0.95"):
        yield "silent: sound was asked for, and none is heard"
    elif seen.loudness is not None and seen.loudness > LOUDEST:
        yield f"loud: {seen.loudness} LUFS"
    elif seen.loudness is not None and seen.loudness < FAINTEST:
        yield f"faint: {seen.loudness} LUFS"
    if seen.peak is not None and seen.peak > MOST_PEAK:
        yield f"clipped: peaks at {seen.peak} dBTP"
    yield from _frames(seen)


def _told(word: str, spans: tuple[Span, ...], least: Decimal) -> Iterator[str]:
    for start, end in spans:
        if end - start >= least:
            yield f"{word}: {_time(start)} to {_time(end)} s"


def _frames(seen: Seen) -> Iterator[str]:
    """Yield where frames are missing from what rate and length promise."""
    if not seen.fps:
        return
    promised = int((seen.length * seen.fps).to_integral_value())
    if abs(promised - seen.frames) > 2:
        yield f"frames: {promised} promised by the file, {seen.frames} can be decoded"


def _less(spans: tuple[Span, ...], others: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the spans that do not lie within another kind: black is frozen, too."""
    return tuple(
        span
        for span in spans
        if not any(start <= span[0] and span[1] <= end for start, end in others)
    )


def _sum(spans: tuple[Span, ...]) -> Decimal:
    return sum((end - start for start, end in spans), Decimal(0))


def _time(seconds: Decimal) -> str:
    return f"{seconds:.2f}"
