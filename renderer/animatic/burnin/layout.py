"""Where the words of the burn-in are: measured, so that nothing overlaps at any size."""

from collections.abc import Sequence
from dataclasses import dataclass

from renderer.animatic.burnin.fonts import Font, mono, sans

PAPER = (232, 230, 224)  # never pure white
AMBER = (255, 186, 92)
DIM = (176, 178, 184)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text in one typeface and colour, its left end and its baseline in pixels of the strip."""

    text: str
    font: Font
    colour: tuple[int, int, int]
    x: int = 0
    y: int = 0

    @property
    def width(self) -> int:
        """The width in pixels, rounded up."""
        return int(self.font.getlength(self.text)) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A dark strip across the frame: its height, its words, and where the clock is."""

    height: int
    words: tuple[Words, ...]
    clock: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The sizes that all places come from; pixels."""

    width: int
    size: int

    @property
    def margin(self) -> int:
        """Free space at the sides and between two texts."""
        return max(6, round(self.size * 0.95))

    @property
    def line(self) -> int:
        """From one baseline to the next."""
        return round(self.size * 1.42)

    def baseline(self, line: int) -> int:
        """Return the baseline of a line, from 0."""
        return round(self.size * 1.42) + line * self.line

    def height(self, lines: int) -> int:
        """Return the height of a strip with so many lines, in even pixels."""
        return (self.baseline(lines - 1) + round(self.size * 0.75)) // 2 * 2


def measure(width: int, height: int) -> Measure:
    """Return the measure of a frame: text grows with its short side."""
    return Measure(width=width, size=max(12, round(min(width, height) * 0.0295)))


def top(m: Measure, names: tuple[str, str], title: str, clock: str) -> Strip:
    """Place shot and take, the word ANIMATIC, the clock: on one line, or on two where it is narrow."""
    shot, take = names
    time = Words(text=clock, font=mono(m.size), colour=PAPER)
    sign = Words(text=title, font=sans(m.size, 700), colour=AMBER)
    side = Words(text=take, font=sans(m.size, 500), colour=DIM)
    spare = m.width - 2 * m.margin - side.width - m.margin
    room = (m.width - sign.width) // 2 - 3 * m.margin - side.width
    whole = Words(text=shot, font=sans(m.size, 650), colour=PAPER)
    clock_fits = (m.width - sign.width) // 2 - 2 * m.margin >= time.width + m.size
    if whole.width <= room and clock_fits:
        words = _row(m, 0, _shortened(whole, room), side)
        centre = _at(sign, (m.width - sign.width) // 2, m.baseline(0))
        return Strip(height=m.height(1), words=(*words, centre), clock=_right(m, time, 0))
    sign = _fitted(sign, m.width - 3 * m.margin - time.width - m.size)
    words = _row(m, 1, _shortened(whole, spare), side)
    first = _at(sign, m.margin, m.baseline(0))
    return Strip(height=m.height(2), words=(first, *words), clock=_right(m, time, 0))


def bottom(m: Measure, prompt: str, facts: Sequence[str], notes: Sequence[str]) -> Strip:
    """Place the prompt on two lines, facts at the right or below, notes last."""
    told = [Words(text=fact, font=mono(max(11, m.size - 2)), colour=DIM) for fact in facts]
    widest = max(word.width for word in told)
    beside = widest < m.width * 0.3
    room = m.width - 2 * m.margin - (widest + 2 * m.margin if beside else 0)
    lines = wrap(prompt, sans(m.size, 450), room, 2)
    words = [
        _at(Words(text=text, font=sans(m.size, 450), colour=PAPER), m.margin, m.baseline(i))
        for i, text in enumerate(lines)
    ]
    count = max(1, len(lines))
    if beside:
        words += [_right(m, word, i) for i, word in enumerate(told)]
        count = max(count, len(told))
    else:
        joined = Words(text="  ".join(facts), font=told[0].font, colour=DIM)
        words.append(_at(_shortened(joined, m.width - 2 * m.margin), m.margin, m.baseline(count)))
        count += 1
    for note in notes:
        said = Words(text=note, font=sans(max(11, m.size - 2), 500), colour=AMBER)
        words.append(_at(_shortened(said, m.width - 2 * m.margin), m.margin, m.baseline(count)))
        count += 1
    return Strip(height=m.height(count), words=tuple(words))


def wrap(text: str, font: Font, room: int, lines: int) -> list[str]:
    """Break a text into at most so many lines of a width; what does not fit ends in `…`."""
    found: list[str] = []
    rest = text
    while rest and len(found) < lines:
        if len(found) == lines - 1:
            found.append(shorten(rest, font, room))
            break
        head = _head(rest, font, room)
        found.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return found


def _head(text: str, font: Font, room: int) -> str:
    """Return as many whole words as fit, or as many characters of a word too long."""
    if font.getlength(text[:600]) <= room and len(text) <= 600:
        return text
    count = _count(text, font, room)
    space = text.rfind(" ", 0, count + 1)
    return text[: space if space > 0 else max(1, count)]


def _count(text: str, font: Font, room: int) -> int:
    low, high = 0, min(len(text), 600)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= room else (low, middle - 1)
    return low


def shorten(text: str, font: Font, room: int) -> str:
    """Return the text, or its beginning with `…`, no wider than `room`."""
    if len(text) <= 600 and font.getlength(text) <= room:
        return text
    count = _count(text, font, room - int(font.getlength("…")) - 1)
    return text[:count].rstrip(" ,.;:") + "…"


def _shortened(words: Words, room: int) -> Words:
    return Words(text=shorten(words.text, words.font, room), font=words.font, colour=words.colour)


def _fitted(words: Words, room: int) -> Words:
    """Keep the first part only (up to ` · `) where the whole is too wide."""
    if words.width <= room:
        return words
    return Words(text=words.text.split(" · ")[0], font=words.font, colour=words.colour)


def _row(m: Measure, line: int, first: Words, second: Words) -> tuple[Words, ...]:
    start = _at(first, m.margin, m.baseline(line))
    return start, _at(second, m.margin + start.width + m.margin, m.baseline(line))


def _right(m: Measure, words: Words, line: int) -> Words:
    return _at(words, m.width - m.margin - words.width, m.baseline(line))


def _at(words: Words, x: int, y: int) -> Words:
    return Words(text=words.text, font=words.font, colour=words.colour, x=x, y=y)
