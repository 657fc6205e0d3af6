"""Operators of templates, each within the budgets: arithmetic, comparison, joining, slices."""

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from renderer.templates.errors import INTEGER, ITEMS, PromptError, Run
from renderer.templates.values import Missing, Value, named, short, written


def is_number(value: Value) -> bool:
    """Whether a value is a number; true and false are none."""
    return type(value) in (int, float)


def finite(value: Value) -> Value:
    """Return a number unless it is too large for any prompt."""
    if type(value) is int and -INTEGER <= value < INTEGER:
        return value
    if type(value) is float and math.isfinite(value):
        return value
    raise PromptError("a number is too large", "write numbers of at most 18 digits")


def _numbers(symbol: str, work: Callable[[Any, Any], Any]) -> Callable[[Run, Value, Value], Value]:
    def apply(run: Run, left: Value, right: Value) -> Value:
        run.spend(1)
        if not is_number(left) or not is_number(right):
            raise PromptError(
                f"'{symbol}' takes two numbers, found {named(left)} and {named(right)}",
                "write texts one after the other with ~",
            )
        try:
            return finite(work(left, right))
        except ZeroDivisionError:
            raise PromptError("division by zero", "divide by another number") from None
        except OverflowError:
            raise PromptError("a number is too large", "use smaller numbers") from None

    return apply


def add(run: Run, left: Value, right: Value) -> Value:
    """Add numbers, put texts together, or lists."""
    if type(left) is str and type(right) is str:
        return concat(run, (left, right))
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        run.spend(len(left) + len(right))
        return few([*left, *right])
    return _ADD(run, left, right)


_ADD = _numbers("+", operator.add)
BINARY: dict[str, Callable[[Run, Value, Value], Value]] = {
    "Add": add,
    "Sub": _numbers("-", operator.sub),
    "Mul": _numbers("*", operator.mul),
    "Div": _numbers("/", operator.truediv),
    "FloorDiv": _numbers("//", operator.floordiv),
    "Mod": _numbers("%", operator.mod),
}


def sign(run: Run, value: Value, *, minus: bool) -> Value:
    """Return + or - of a number."""
    run.spend(1)
    if not is_number(value):
        raise PromptError(f"a sign takes a number, found {named(value)}", "write a number")
    return finite(-value if minus else value)


def few(items: list[Value]) -> list[Value]:
    """Return a list unless it is longer than a list may be."""
    if len(items) > ITEMS:
        raise PromptError(f"a list has more than {ITEMS} elements", "write shorter lists")
    return items


def concat(run: Run, values: Sequence[Value]) -> str:
    """Put values together as one text."""
    texts = [written(value) for value in values]
    size = sum(map(len, texts))
    run.spend(1 + size // 64)  # before the text is made
    return short("".join(texts))


def cut(run: Run, value: Value, bounds: tuple[Value, Value, Value]) -> Value:
    """Return a slice of a text or a list."""
    if not isinstance(value, str | list | tuple):
        raise PromptError(f"{named(value)} cannot be sliced", "slice a text or a list")
    if bounds[2] == 0 or any(bound is not None and type(bound) is not int for bound in bounds):
        raise PromptError("a slice takes whole numbers, and no step of 0", "write [0:3]")
    run.spend(1 + len(value) // (64 if isinstance(value, str) else 1))
    return value[slice(*bounds)]


def equal(run: Run, left: Value, right: Value) -> bool:
    """Compare two values, element by element, within the budget."""
    run.spend(3)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(equal(run, a, b) for a, b in pairs)
    if type(left) is dict and type(right) is dict:
        if len(left) != len(right):
            return False
        return all(key in right and equal(run, left[key], right[key]) for key in left)
    if isinstance(left, str) and isinstance(right, str):
        run.spend(min(len(left), len(right)) // 64)
    plain = (str, int, float, bool, type(None))
    return isinstance(left, plain) and isinstance(right, plain) and bool(left == right)


def contains(run: Run, item: Value, inside: Value) -> bool:
    """Whether a list has an element, a mapping a key, or a text a part."""
    if isinstance(inside, str):
        if not isinstance(item, str):
            raise PromptError(f"{named(item)} cannot be in a text", "compare it with ==")
        run.spend(1 + (len(inside) + len(item)) // 64)
        return item in inside
    if isinstance(inside, list | tuple):
        run.spend(1)
        return any(equal(run, item, each) for each in inside)
    if type(inside) is dict:
        return isinstance(item, str | int | float) and item in inside
    raise PromptError(f"nothing can be in {named(inside)}", "use a list, a mapping or a text")


def before(run: Run, left: Value, right: Value) -> bool:
    """Whether the left value is smaller; two numbers or two texts."""
    run.spend(3)
    both_text = isinstance(left, str) and isinstance(right, str)
    if not both_text and not (is_number(left) and is_number(right)):
        raise PromptError(
            f"{named(left)} and {named(right)} have no order", "compare two numbers or two texts"
        )
    if both_text:
        run.spend(min(len(left), len(right)) // 64)
    return bool(left < right)


COMPARE: dict[str, Callable[[Run, Value, Value], bool]] = {
    "eq": equal,
    "ne": lambda run, a, b: not equal(run, a, b),
    "lt": before,
    "gt": lambda run, a, b: before(run, b, a),
    "lteq": lambda run, a, b: not before(run, b, a),
    "gteq": lambda run, a, b: not before(run, a, b),
    "in": contains,
    "notin": lambda run, a, b: not contains(run, a, b),
}


def truth(value: Value) -> bool:
    """Whether a value counts as true; a missing one does not count as anything."""
    if isinstance(value, Missing):
        raise value.fault()
    return bool(value)
