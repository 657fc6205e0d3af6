"""Filters of numbers."""

import math

from renderer.templates.errors import PromptError, Run
from renderer.templates.operators import finite, is_number
from renderer.templates.values import Value, named

_DIGITS = 40


def int_of(run: Run, value: Value, default: Value = 0) -> Value:
    """Return a value as a whole number, or the default."""
    run.spend(1)
    try:
        return finite(int(_short(value)))
    except (TypeError, ValueError, OverflowError):
        pass
    try:
        return finite(int(float(_short(value))))
    except (TypeError, ValueError, OverflowError):
        return default


def float_of(run: Run, value: Value, default: Value = 0.0) -> Value:
    """Return a value as a number with a fraction, or the default."""
    run.spend(1)
    try:
        found = float(_short(value))
    except (TypeError, ValueError, OverflowError):
        return default
    return finite(found) if math.isfinite(found) else default


def _short(value: Value) -> Value:
    if isinstance(value, str) and len(value) > _DIGITS:
        raise ValueError(value[:_DIGITS])
    if not isinstance(value, str | int | float):
        raise TypeError(named(value))
    return value


def absolute(run: Run, value: Value) -> Value:
    """Return a number without its sign."""
    run.spend(1)
    return finite(abs(_number(value, "abs")))


def rounded(run: Run, value: Value, precision: Value = 0, method: Value = "common") -> Value:
    """Round a number: `common` to the nearest, or `ceil`, or `floor`."""
    run.spend(1)
    number = _number(value, "round")
    if type(precision) is not int or not 0 <= precision <= 12:
        raise PromptError("round takes 0 to 12 digits after the point", "write |round(2)")
    if method not in ("common", "ceil", "floor"):
        raise PromptError("round knows common, ceil and floor", "write |round(0, 'floor')")
    if method == "common":
        return finite(float(round(number, precision)))
    work = math.ceil if method == "ceil" else math.floor
    return finite(work(finite(float(number) * 10**precision)) / 10**precision)


def _number(value: Value, what: str) -> Value:
    if not is_number(value):
        raise PromptError(f"{what} takes a number, found {named(value)}", "write a number")
    return value
