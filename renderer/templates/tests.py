"""The tests of templates, as in `x is even`."""

from collections.abc import Callable, Mapping, Sequence

from renderer.templates.errors import PromptError, Run
from renderer.templates.operators import COMPARE, is_number
from renderer.templates.values import Missing, Value, named

LENIENT = frozenset({"defined", "undefined"})


def _whole(value: Value) -> int:
    if type(value) is not int:
        raise PromptError(f"this test takes a whole number, found {named(value)}", "use |int")
    return value


def _divisible(value: Value, by: Value) -> bool:
    if _whole(by) == 0:
        raise PromptError("division by zero", "divide by another number")
    return _whole(value) % _whole(by) == 0


_ONE: Mapping[str, Callable[[Value], bool]] = {
    "defined": lambda value: not isinstance(value, Missing),
    "undefined": lambda value: isinstance(value, Missing),
    "none": lambda value: value is None,
    "true": lambda value: value is True,
    "false": lambda value: value is False,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": lambda value: type(value) is int,
    "float": lambda value: type(value) is float,
    "mapping": lambda value: isinstance(value, dict),
    "sequence": lambda value: isinstance(value, str | list | tuple | dict),
    "iterable": lambda value: isinstance(value, str | list | tuple | dict),
    "even": lambda value: _whole(value) % 2 == 0,
    "odd": lambda value: _whole(value) % 2 == 1,
    "lower": lambda value: isinstance(value, str) and value.islower(),
    "upper": lambda value: isinstance(value, str) and value.isupper(),
}
_TWO: Mapping[str, str] = {
    "eq": "eq",
    "equalto": "eq",
    "==": "eq",
    "ne": "ne",
    "!=": "ne",
    "in": "in",
    "lt": "lt",
    "<": "lt",
    "lessthan": "lt",
    "gt": "gt",
    ">": "gt",
    "greaterthan": "gt",
    "le": "lteq",
    "<=": "lteq",
    "ge": "gteq",
    ">=": "gteq",
}
TESTS = frozenset({*_ONE, *_TWO, "divisibleby"})


def apply_test(run: Run, name: str, value: Value, args: Sequence[Value]) -> bool:
    """Whether a value passes a test of TESTS."""
    wanted = 0 if name in _ONE else 1
    if len(args) != wanted:
        raise PromptError(
            f"the test '{name}' takes {wanted or 'no'} value{'s' * (wanted != 1)}",
            "write it as in: x is even, x is divisibleby 3",
        )
    run.spend(1 + (len(value) // 64 if isinstance(value, str) else 0))
    if name in _ONE:
        return _ONE[name](value)
    return (
        _divisible(value, args[0])
        if name not in _TWO
        else COMPARE[_TWO[name]](run, value, args[0])
    )
