"""The filters of templates: pure, bounded, and never a generator."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key

from renderer.templates.errors import PromptError, Run
from renderer.templates.format_filter import formatted
from renderer.templates.number_filters import absolute, float_of, int_of, rounded
from renderer.templates.operators import add, before, concat, contains, few, is_number, truth
from renderer.templates.tests import TESTS, apply_test
from renderer.templates.values import Missing, Value, element, named, short, suggestion, written

Work = Callable[..., Value]
_WORD_ENDS = re.compile(r"([-\s({\[<]+)")
# Why a filter that Jinja2 has is not here, where "did you mean" would not help.
REFUSED: Mapping[str, str] = {
    "random": "a prompt must be the same on every run",
    "attr": "write the name after a dot",
    "tojson": "a prompt is prose",
    "wordwrap": "lines of a prompt mean nothing",
    "center": "lines of a prompt mean nothing",
    "indent": "lines of a prompt mean nothing",
    "safe": "nothing is escaped here",
    "escape": "nothing is escaped here",
    "e": "nothing is escaped here",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: what it does, and the names of its parameters after the value."""

    work: Work
    params: tuple[str, ...] = ()
    required: int = 0
    lenient: bool = False


def text(run: Run, value: Value) -> str:
    """Return a value as text, and charge for its length."""
    found = written(value)
    run.spend(1 + len(found) // 64)
    return found


def sequence(run: Run, value: Value) -> Sequence[Value]:
    """Return a list, or the keys of a mapping, and charge for its length."""
    if isinstance(value, list | tuple | dict):
        run.spend(1 + len(value))
        return list(value) if isinstance(value, dict) else value
    raise PromptError(f"{named(value)} is not a list", "use a list")


def _on_text(work: Callable[[str], str]) -> Work:
    return lambda run, value: short(work(text(run, value)))


def _titled(found: str) -> str:
    words = _WORD_ENDS.split(found)
    return "".join(word[:1].upper() + word[1:].lower() for word in words)


def _trim(run: Run, value: Value, chars: Value = None) -> str:
    return text(run, value).strip(None if chars is None else text(run, chars))


def _replace(run: Run, value: Value, old: Value, new: Value, count: Value = None) -> str:
    found, was, now = text(run, value), text(run, old), text(run, new)
    if not was:
        raise PromptError("replace looks for an empty text", "say what is to be replaced")
    most = found.count(was)
    times = min(most, count) if type(count) is int and count >= 0 else most
    size = len(found) + times * (len(now) - len(was))
    run.spend(times + size // 64)  # before the text is made
    return short(found.replace(was, now, times))


def _join(run: Run, value: Value, d: Value = "", attribute: Value = None) -> str:
    items = _by(run, sequence(run, value), attribute)
    glue = text(run, d)
    run.spend(len(items) * (len(glue) // 64))
    return concat(run, [part for item in items for part in (glue, item)][1:])


def _by(run: Run, items: Iterable[Value], attribute: Value) -> list[Value]:
    if attribute is None:
        return list(items)
    return [_part(run, item, attribute) for item in items]


def _part(run: Run, item: Value, attribute: Value) -> Value:
    path = [attribute] if isinstance(attribute, int) else text(run, attribute).split(".")
    run.spend(len(path))
    for key in path:
        item = element(item, key, "an element of the list")
        if isinstance(item, Missing):
            raise item.fault()
    return item


def _end(at: int) -> Work:
    def pick(run: Run, value: Value) -> Value:
        items = value if isinstance(value, str) else sequence(run, value)
        if not items:
            raise PromptError(f"{named(value)} is empty", "test it first: {% if … %}")
        return items[at]

    return pick


def _length(run: Run, value: Value) -> int:
    run.spend(1)
    if isinstance(value, str | list | tuple | dict):
        return len(value)
    raise PromptError(f"{named(value)} has no length", "use a text, a list or a mapping")


def _ordered(run: Run, items: Sequence[Value], *, fold: bool) -> list[Value]:
    """Sort numbers or texts, charging each comparison."""

    def key(item: Value) -> Value:
        return item.casefold() if fold and isinstance(item, str) else item

    def compare(one: Value, other: Value) -> int:
        return before(run, key(other), key(one)) - before(run, key(one), key(other))

    return sorted(items, key=cmp_to_key(compare))


def _sort(
    run: Run,
    value: Value,
    reverse: Value = False,  # noqa: FBT002 - the template's own words
    case_sensitive: Value = False,  # noqa: FBT002
    attribute: Value = None,
) -> list[Value]:
    items = list(sequence(run, value))
    keys = _by(run, items, attribute)
    fold = not truth(case_sensitive)

    def compare(one: int, other: int) -> int:
        a, b = (
            k.casefold() if fold and isinstance(k, str) else k for k in (keys[one], keys[other])
        )
        return before(run, b, a) - before(run, a, b)

    order = sorted(range(len(items)), key=cmp_to_key(compare), reverse=truth(reverse))
    return [items[at] for at in order]


def _extreme(at: int) -> Work:
    def pick(run: Run, value: Value) -> Value:
        items = _ordered(run, sequence(run, value), fold=True)
        if not items:
            raise PromptError("the list is empty", "test it first: {% if … %}")
        return items[at]

    return pick


def _sum(run: Run, value: Value, attribute: Value = None, start: Value = 0) -> Value:
    total = start
    for item in _by(run, sequence(run, value), attribute):
        if not is_number(item):
            raise PromptError(f"sum adds numbers, found {named(item)}", "join texts with |join")
        total = add(run, total, item)
    return total


def _unique(run: Run, value: Value) -> list[Value]:
    found: list[Value] = []
    for item in sequence(run, value):
        if not contains(run, item, found):
            found.append(item)
    return found


def _reverse(run: Run, value: Value) -> Value:
    return text(run, value)[::-1] if isinstance(value, str) else [*sequence(run, value)][::-1]


def _items(run: Run, value: Value) -> list[Value]:
    if type(value) is not dict:
        raise PromptError(f"{named(value)} is not a mapping", "use |items on a mapping")
    run.spend(1 + len(value))
    return [[key, item] for key, item in value.items()]


def _dictsort(run: Run, value: Value) -> list[Value]:
    pairs = {written(key): [key, item] for key, item in _items(run, value)}
    return [pairs[key] for key in _ordered(run, list(pairs), fold=False)]


def _list(run: Run, value: Value) -> list[Value]:
    if isinstance(value, str):
        raise PromptError("a text is not a list", "use a list")
    return few(list(sequence(run, value)))


def _default(run: Run, value: Value, default_value: Value = "", boolean: Value = False) -> Value:  # noqa: FBT002
    run.spend(1)
    if isinstance(value, Missing):
        return default_value
    return default_value if truth(boolean) and not value else value


def _map(run: Run, value: Value, name: Value = None, *args: Value, **named_: Value) -> list[Value]:
    items = sequence(run, value)
    if "attribute" in named_ and name is None:
        return _by(run, items, named_["attribute"])
    if not isinstance(name, str) or name not in EACH:
        raise PromptError(
            "map takes the name of a filter that changes one value, or attribute='…'",
            suggestion(str(name), sorted(EACH)),
        )
    return [EACH[name].work(run, item, *args) for item in items]


def _pick(*, keep: bool, attributes: bool) -> Work:
    def pick(run: Run, value: Value, *args: Value) -> list[Value]:
        items = sequence(run, value)
        keys = _by(run, items, args[0]) if attributes and args else items
        name, *more = args[1:] if attributes else args or (None,)
        return [
            item
            for item, key in zip(items, keys, strict=True)
            if _passes(run, name, key, more) is keep
        ]

    def checked(run: Run, value: Value, *args: Value) -> list[Value]:
        if attributes and not args:
            raise PromptError("selectattr and rejectattr name a part", "write selectattr('x')")
        return pick(run, value, *args, *([None] if len(args) <= attributes else []))

    return checked


def _passes(run: Run, name: Value, value: Value, args: Sequence[Value]) -> bool:
    run.spend(1)
    if name is None:
        return truth(value)
    if not isinstance(name, str) or name not in TESTS:
        raise PromptError(
            f"'{written(name)[:40]}' is not a test", suggestion(str(name), list(TESTS))
        )
    return apply_test(run, name, value, args)


# Filters of one value, which `map` may name.
EACH: Mapping[str, Filter] = {
    "upper": Filter(_on_text(str.upper)),
    "lower": Filter(_on_text(str.lower)),
    "title": Filter(_on_text(_titled)),
    "capitalize": Filter(_on_text(str.capitalize)),
    "trim": Filter(_trim, ("chars",)),
    "string": Filter(_on_text(str)),
    "replace": Filter(_replace, ("old", "new", "count"), 2),
    "wordcount": Filter(lambda run, value: len(text(run, value).split())),
    "length": Filter(_length),
    "count": Filter(_length),
    "first": Filter(_end(0)),
    "last": Filter(_end(-1)),
    "join": Filter(_join, ("d", "attribute")),
    "int": Filter(int_of, ("default",)),
    "float": Filter(float_of, ("default",)),
    "abs": Filter(absolute),
    "round": Filter(rounded, ("precision", "method")),
}
FILTERS: Mapping[str, Filter] = {
    **EACH,
    "default": Filter(_default, ("default_value", "boolean"), lenient=True),
    "d": Filter(_default, ("default_value", "boolean"), lenient=True),
    "list": Filter(_list),
    "format": Filter(formatted, ("*",)),
    "items": Filter(_items),
    "dictsort": Filter(_dictsort),
    "min": Filter(_extreme(0)),
    "max": Filter(_extreme(-1)),
    "sum": Filter(_sum, ("attribute", "start")),
    "sort": Filter(_sort, ("reverse", "case_sensitive", "attribute")),
    "unique": Filter(_unique),
    "reverse": Filter(_reverse),
    "map": Filter(_map, ("name", "*", "attribute")),
    "select": Filter(_pick(keep=True, attributes=False), ("name", "*")),
    "reject": Filter(_pick(keep=False, attributes=False), ("name", "*")),
    "selectattr": Filter(_pick(keep=True, attributes=True), ("attr", "*"), 1),
    "rejectattr": Filter(_pick(keep=False, attributes=True), ("attr", "*"), 1),
}


def refused(name: str) -> PromptError:
    """Say that a filter is not allowed, and what to do instead."""
    todo = REFUSED.get(name) or suggestion(name, sorted(FILTERS))
    return PromptError(f"filter '{name[:40]}' is not allowed", todo)
