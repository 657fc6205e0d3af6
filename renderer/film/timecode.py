"""In and out points as people write them: `1.5` and `2` are seconds, `36f` is frames."""

from decimal import Decimal

from renderer.film.picks import Point
from renderer.film.reviews import Span
from renderer.spec.faults import SlipError, show
from renderer.spec.timecode import moment


def point(value: object) -> Point:
    """Return a moment from a number or a text; raise SlipError if it is none."""
    try:
        text = moment(value)
    except SlipError as slip:
        plain = isinstance(value, int | float | str) and not isinstance(value, bool)
        name = f"'{show(str(value).strip())}' " if plain else ""
        raise SlipError(f"{name}{slip.what}", slip.todo) from None
    if text.endswith("f"):
        return Point(frames=int(text[:-1]))
    return Point(seconds=Decimal(text))


def ordered(start: Point | None, end: Point | None, fps: int) -> None:
    """Raise SlipError where a cut would hold no frame; `fps` converts between frames and seconds."""
    if start is None and end is None:
        return
    first = start.at(fps) if start else 0
    if end is not None and end.at(fps) <= first:
        raise SlipError(f"out ({end}) is not after in ({start or 0})", "give out a later moment")


def span(value: object, fps: int = 24) -> Span:
    """Return a moment, or a range such as `1-2.5` or `12f-36f`; raise SlipError if it is neither."""
    first, dash, last = value.partition("-") if isinstance(value, str) else (value, "", "")
    start = point(first)
    if not dash:
        return Span(start=start)
    end = point(last)
    if end.at(fps) <= start.at(fps):
        raise SlipError(f"ends at {end}, not after its start {start}", "give it a later end")
    return Span(start=start, end=end)
