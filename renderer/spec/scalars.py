"""Plain scalars: which value they are, and which ones two readers would read differently."""

import re
from collections.abc import Callable

from renderer.json_types import Scalar
from renderer.spec.faults import SlipError

_WORDS: dict[str, Scalar] = {"": None, "null": None, "true": True, "false": False}
_TWINS = {
    "yes": "true",
    "on": "true",
    "true": "true",
    "no": "false",
    "off": "false",
    "false": "false",
    "null": "null",
    "~": "null",
}
LONGEST_WORD = max(map(len, _TWINS))
NUMERIC = frozenset("0123456789+-.")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_NUMBER_LIKE = re.compile(r"[-+]?[0-9.][0-9a-fA-FxXoO_:.]*")
_LONGEST_LOOK = 64
_MOST_DIGITS = 20
_MOST_DECIMALS = 40


class LookAlikeError(SlipError):
    """A plain scalar that has more than one reading."""


def plain(text: str) -> Scalar:
    """Return the value of a plain scalar; raise LookAlikeError for what has two readings."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in NUMERIC:
        return _numeric(text)
    if len(text) <= LONGEST_WORD and text.lower() in _TWINS:
        raise _twin(text)
    return text


def spell(value: object) -> str:
    """Return a scalar as a person would write it in YAML."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else '"…"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def reading(value: str | float | None) -> str:
    """Return how an address spells a value: two that read alike are one and the same task."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _numeric(text: str) -> Scalar:
    if _INTEGER.fullmatch(text):
        _check_length(text, _MOST_DIGITS)
        return int(text)
    if DECIMAL.fullmatch(text):
        _check_length(text, _MOST_DECIMALS)
        return float(text)
    _check_looks(text)
    return text


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise _ambiguous("the number", f"is longer than {limit} characters", text)


def _check_looks(text: str) -> None:
    if len(text) > _LONGEST_LOOK:
        # Linear in the length, unlike the finer patterns below.
        if _NUMBER_LIKE.fullmatch(text):
            raise _ambiguous("the value", "looks like a number", text)
        return
    for look, refusal in _LOOKS:
        if re.fullmatch(look, text):
            raise refusal(text)


def _twin(text: str) -> LookAlikeError:
    meant = _TWINS[text.lower()]
    return LookAlikeError(
        f"{text} is '{meant}' to some YAML readers and text to others",
        f'write {meant}, or "{text}" in quotes if it is text',
    )


def _ambiguous(noun: str, why: str, text: str, number: str = "") -> LookAlikeError:
    shown = text if len(text) <= 32 else text[:31] + "…"
    quoted = f'"{shown}" in quotes if it is text'
    return LookAlikeError(
        f"{noun} {shown} {why}",
        f"write {number}, or {quoted}" if number else f"write {quoted}",
    )


def _octal(text: str) -> LookAlikeError:
    number = text.lstrip("+-0") or "0"
    sign = "-" if text.startswith("-") else ""
    return _ambiguous("the number", "is octal to some YAML readers", text, sign + number)


def _based(text: str) -> LookAlikeError:
    digits = text.replace("_", "")
    try:
        number = str(int(digits, 0)) if len(digits) <= 18 else ""
    except ValueError:
        number = ""
    return _ambiguous("the number", "is not a decimal", text, number)


def _grouped(text: str) -> LookAlikeError:
    return _ambiguous(
        "the number", "holds '_', which not every reader skips", text, text.replace("_", "")
    )


def _sixty(text: str) -> LookAlikeError:
    parts = text.lstrip("+-").split(":")
    number = ""
    if len(text) <= 12 and "." not in text:
        total = sum(int(part) * 60**at for at, part in enumerate(reversed(parts)))
        number = f"{'-' if text.startswith('-') else ''}{total}"
    shown = text if len(text) <= 32 else text[:31] + "…"
    return LookAlikeError(
        f"{shown} is a number in base 60 to some YAML readers",
        f'write "{shown}" in quotes' + (f", or {number} if a number is meant" if number else ""),
    )


def _date(text: str) -> LookAlikeError:
    return _ambiguous("the date", "is read as text by some and as a date by others", text)


def _not_finite(text: str) -> LookAlikeError:
    return _ambiguous("the number", "is not finite", text)


def _scientific(text: str) -> LookAlikeError:
    return _ambiguous("the number", "has an exponent: not every YAML reader knows it", text)


def _bare_point(text: str) -> LookAlikeError:
    number = re.sub(r"^([-+]?)\.", r"\g<1>0.", text)
    number = number + "0" if number.endswith(".") else number
    return _ambiguous("the number", "lacks a digit beside the point", text, number.lstrip("+"))


def _padded(text: str) -> LookAlikeError:
    return _ambiguous("the number", "has a sign or zeros in front", text, f"{float(text)}")


def _plus(text: str) -> LookAlikeError:
    return _ambiguous("the number", "has a plus sign", text, text.lstrip("+"))


# Texts, which `re` compiles at their first use: most values begin like no number.
_LOOKS: tuple[tuple[str, Callable[[str], LookAlikeError]], ...] = (
    (r"[-+]?0[0-9]+", _octal),
    (r"[-+]?0(?:[xX][0-9a-fA-F_]+|[bB][01_]+|[oO][0-9_]+)", _based),
    (r"[-+]?[0-9]+(?::[0-9]+)+(?:\.[0-9_]*)?", _sixty),
    (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t][-+0-9:.Zz \t]*)?", _date),
    (r"[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)", _not_finite),
    (r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)[eE][-+]?[0-9]+", _scientific),
    (r"[-+]?[0-9.][0-9_.]*_[0-9_.]*", _grouped),
    (r"[-+]?(?:[0-9]+\.|\.[0-9]+)", _bare_point),
    (r"\+[0-9]+(?:\.[0-9]+)?", _plus),
    (r"[-+]?0[0-9]*\.[0-9]+", _padded),
)
