"""What is wrong with a take that can be seen in the file alone: black, frozen, silent, loud."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

Span = tuple[Decimal, Decimal]

LEAST_BLACK = Decimal("0.5")  # seconds at a stretch that are no fade
LEAST_FROZEN = Decimal("1.0")
GAP = Decimal("0.05")  # a frame of 24 a second: spans that are no farther apart are one
LOUDEST = Decimal(-9)  # LUFS
FAINTEST = Decimal(-45)
MOST_PEAK = Decimal("1.0")  # dBTP above which players clip


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTake:
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


def flags(seen: MeasuredTake, *, still: bool = False) -> tuple[str, ...]:
    """Return one sentence for each thing that a person should look at.

    A shot that is meant to stand still is not frozen.
    """
    return tuple(_flags(seen, still=still))


def _flags(seen: MeasuredTake, *, still: bool) -> Iterator[str]:
    black = joined(seen.black)
    yield from _span_flags("black", black, LEAST_BLACK)
    if not still:
        yield from _span_flags("frozen", less(joined(seen.frozen), black), LEAST_FROZEN)
    if seen.sound and _sum(seen.silent) >= seen.length * Decimal("0.95"):
        yield "silent: sound was asked for, and none is heard"
    elif seen.loudness is not None and seen.loudness > LOUDEST:
        yield f"loud: {seen.loudness} LUFS"
    elif seen.loudness is not None and seen.loudness < FAINTEST:
        yield f"faint: {seen.loudness} LUFS"
    if seen.peak is not None and seen.peak > MOST_PEAK:
        yield f"clipped: peaks at {seen.peak} dBTP"
    yield from _frames(seen)


def _span_flags(word: str, spans: tuple[Span, ...], least: Decimal) -> Iterator[str]:
    for start, end in spans:
        if end - start >= least:
            yield f"{word}: {_time(start)} to {_time(end)} s"


def _frames(seen: MeasuredTake) -> Iterator[str]:
    """Yield where frames are missing from what rate and length promise."""
    if not seen.fps:
        return
    promised = int((seen.length * seen.fps).to_integral_value())
    if abs(promised - seen.frames) > 2:
        yield f"frames: {promised} promised by the file, {seen.frames} can be decoded"


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, with those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + GAP:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def less(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return what of the spans lies outside of the others: black is frozen, too."""
    left = tuple(spans)
    for start, end in others:
        parts = [((a, min(b, start)), (max(a, end), b)) for a, b in left]
        left = tuple(part for pair in parts for part in pair if part[0] < part[1])
    return left


def _sum(spans: tuple[Span, ...]) -> Decimal:
    return sum((end - start for start, end in spans), Decimal(0))


def _time(seconds: Decimal) -> str:
    return f"{seconds:.2f}"
