"""`'%02d' | format(n)`: numbers written with a width and a precision, both bounded."""

import re

from renderer.templates.errors import PromptError, Run
from renderer.templates.operators import is_number
from renderer.templates.values import Value, named, short, written

# A whole number or one with decimals, filled up with blanks or zeros to at most 99 characters.
_PLACE = re.compile(
    r"%(?:%|(?P<fill>[0-]?)(?P<width>[0-9]{0,2})(?:\.(?P<decimals>[0-9]))?(?P<kind>[df]))"
)
_TODO = "write %d, %3d, %02d or %.1f for a number, and %% for a percent sign; join texts with ~"


def formatted(run: Run, value: Value, *args: Value) -> str:
    """Return a text with the numbers in its places."""
    if not isinstance(value, str):
        raise PromptError(f"{named(value)} is not a text to be filled", _TODO)
    run.spend(1 + len(written(value)) // 64 + 2 * len(args))
    rest = list(args)
    parts: list[str] = []
    end = 0
    for place in _PLACE.finditer(value):
        parts += [_plain(value[end : place.start()]), _written(place, rest)]
        end = place.end()
    parts.append(_plain(value[end:]))
    if rest:
        raise PromptError(f"format has {len(rest)} values more than the text has places", _TODO)
    return short("".join(parts))


def _plain(text: str) -> str:
    if "%" in text:
        at = text.index("%")
        raise PromptError(f"format does not know '{text[at : at + 6]}'", _TODO)
    return text


def _written(place: re.Match[str], rest: list[Value]) -> str:
    if place["kind"] is None:
        return "%"
    if not rest:
        raise PromptError("format has fewer values than the text has places", _TODO)
    number = rest.pop(0)
    whole = place["kind"] == "d"
    if not is_number(number) or (whole and number != int(number)):
        wanted = "a whole number" if whole else "a number"
        raise PromptError(f"'{place[0]}' takes {wanted}, found {named(number)}", "use |int first")
    if whole and place["decimals"]:
        raise PromptError(f"format does not know '{place[0]}'", _TODO)
    return place[0] % (int(number) if whole else number)
