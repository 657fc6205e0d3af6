"""Moments of a take as people write them: `1.5` and `2` are seconds, `36f` is frames."""

import re
from decimal import Decimal

from renderer.spec.faults import SlipError

PATTERN = r"^(first|last|(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?s?|(0|[1-9][0-9]{0,6})f)$"
TIME_PATTERN = PATTERN.replace("first|last|", "")
_FRAMES = re.compile(r"(0|[1-9][0-9]{0,6})f\Z")
_SECONDS = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?s?\Z")
_LONGEST = 86_400
_RULE = "write seconds, such as 1.5, or frames, such as 36f"


def frame_moment(value: object) -> str:
    """Return which frame of a take is meant: `first`, `last` or a moment; SlipError for none."""
    return value if isinstance(value, str) and value in ("first", "last") else moment(value)


def moment(value: object) -> str:
    """Return a moment as one text, `1.5` or `36f`; raise SlipError for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise SlipError("is not a moment of a take", _RULE)
    text = value.strip() if isinstance(value, str) else f"{Decimal(str(value)):f}"
    if _FRAMES.match(text):
        return text
    if not _SECONDS.match(text):
        raise SlipError("is not a moment of a take", _RULE)
    seconds = Decimal(text.removesuffix("s"))
    if seconds > _LONGEST:
        raise SlipError("is longer than a day", _RULE)
    return f"{seconds:f}"
