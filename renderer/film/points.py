"""In and out points as people write them: `1.5` and `2` are seconds, `36f` is frames."""

import re
from decimal import Decimal
from typing import Any

from renderer.film.picks import Point
from renderer.spec.faults import SlipError, show

_FRAMES = re.compile(r"(0|[1-9][0-9]{0,6})f\Z")
_SECONDS = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?s?\Z")
_LONGEST = 86_400
_RULE = "write seconds, such as 1.5, or frames, such as 36f"


def point(value: Any) -> Point:
    """Return a moment from a number or a text; raise SlipError if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise SlipError("is no moment of a take", _RULE)
    text = value.strip() if isinstance(value, str) else f"{Decimal(str(value)):f}"
    if frames := _FRAMES.match(text):
        return Point(frames=int(frames[1]))
    if not _SECONDS.match(text):
        raise SlipError(f"'{show(text)}' is no moment of a take", _RULE)
    seconds = Decimal(text.removesuffix("s"))
    if seconds > _LONGEST:
        raise SlipError(f"'{show(text)}' is longer than a day", _RULE)
    return Point(seconds=seconds)


def ordered(start: Point | None, end: Point | None, fps: int) -> None:
    """Raise SlipError where a cut would hold no frame; `fps` tells frames from seconds."""
    if start is None and end is None:
        return
    first = start.at(fps) if start else 0
    if end is not None and end.at(fps) <= first:
        raise SlipError(f"out ({end}) is not after in ({start or 0})", "give out a later moment")
