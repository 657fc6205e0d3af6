"""The values of a template: plain data, and a few things that never reach a prompt."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any, Protocol

from renderer import paths
from renderer.templates.errors import (
    INTEGER,
    RANGE,
    TEXT,
    NullTextError,
    PromptError,
    Run,
    UndefinedNameError,
)

Value = Any  # plain data or an object of this file: each use looks at its type first
Eval = Callable[[Run, "Frame"], Value]
Exec = Callable[[Run, "Frame", list[str]], None]
_ABSENT = object()


class Frame:
    """Names of one scope; a name that is not here is looked for in the parent."""

    __slots__ = ("parent", "values")

    def __init__(self, values: dict[str, Value], parent: "Frame | None" = None) -> None:
        self.values = values
        self.parent = parent

    def find(self, name: str) -> Value:
        """Return the nearest value of a name, or what stands for a missing one."""
        frame: Frame | None = self
        while frame is not None:
            value = frame.values.get(name, _ABSENT)
            if value is not _ABSENT:
                return value
            frame = frame.parent
        return RANGE_CALL if name == "range" else Missing(name, "", self.names)

    def names(self) -> list[str]:
        """Return every name that can be seen from here."""
        frame: Frame | None = self
        found: dict[str, None] = {}
        while frame is not None:
            found.update(dict.fromkeys(frame.values))
            frame = frame.parent
        return list(found)


class Missing:
    """A name or a part that is not there: only `is defined` and `default` may see it."""

    __slots__ = ("known", "name", "owner")

    def __init__(self, name: str, owner: str, known: Callable[[], Iterable[object]]) -> None:
        self.name = name
        self.owner = owner
        self.known = known  # asked only for a message

    def fault(self) -> UndefinedNameError:
        """Say what is missing, with the nearest name that there is."""
        what = f"'{self.name[:80]}' is not "
        what += f"a value of {self.owner}" if self.owner else "defined"
        names = [key for key in islice(self.known(), 1000) if isinstance(key, str)]
        return UndefinedNameError(what, suggestion(self.name, names))


class Beyond(Missing):
    """An entry of a list, or a character of a text, behind its end."""

    __slots__ = ("count",)

    def __init__(self, name: str, owner: str, count: int) -> None:
        super().__init__(name, owner, nobody)
        self.count = count

    def fault(self) -> UndefinedNameError:
        """Say how many there are."""
        last = f": the last is [{self.count - 1}], the first [0]" if self.count else ""
        what = f"{self.owner} has no entry [{self.name}]"
        return UndefinedNameError(what, f"it has {self.count}{last}")


def suggestion(name: str, known: Sequence[str]) -> str:
    """Return 'did you mean', or what there is, for a name that is not known."""
    some = [key[:40] for key in known[:200]]
    near = get_close_matches(name[:40], some, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    shown = ", ".join(sorted(some)[:12])
    return f"known here: {shown}" if shown else "define it under `vars`"


def nobody() -> Iterable[object]:
    """Return no names: there is nothing to suggest."""
    return ()


class Spoken(tuple[Value, ...]):
    """Lines of dialogue: a list of mappings, written as their plain text."""

    __slots__ = ()

    @property
    def plain(self) -> str:
        """The text: `Mara: "We leave at dawn."`, one line after the other."""
        return " ".join(_said(line) for line in self)


def _said(line: Value) -> str:
    text = " ".join(line["text"].split()).replace('"', "'")
    return f'{line["who"]}: "{text}"' if line["who"] else f'"{text}"'


NO_LINES = Spoken()


class Loop:
    """What `loop` is inside a loop."""

    __slots__ = ("at", "items")

    def __init__(self, items: Sequence[Value]) -> None:
        self.items = items
        self.at = 0

    def part(self, name: str) -> Value:
        """Return one of the loop's numbers or neighbours."""
        last = len(self.items) - 1
        parts: dict[str, Callable[[], Value]] = {
            "index": lambda: self.at + 1,
            "index0": lambda: self.at,
            "revindex": lambda: last - self.at + 1,
            "revindex0": lambda: last - self.at,
            "first": lambda: self.at == 0,
            "last": lambda: self.at == last,
            "length": lambda: last + 1,
            "previtem": lambda: self.items[self.at - 1] if self.at else missing,
            "nextitem": lambda: self.items[self.at + 1] if self.at < last else missing,
        }
        missing = Missing(name, "loop", nobody)
        return parts[name]() if name in parts else Missing(name, "loop", lambda: parts)


class Macro:
    """A macro with the scope that it was written in; calling it gives text."""

    __slots__ = ("body", "cost", "defaults", "frame", "label", "name", "params")

    def __init__(self, name: str, label: str, params: tuple[str, ...]) -> None:
        self.name = name
        self.label = label
        self.params = params
        self.cost = 1
        self.defaults: Mapping[str, Eval] = {}
        self.frame = Frame({})
        self.body: Exec = _nothing

    def bound(self, frame: Frame) -> "Macro":
        """Return this macro as it is defined in a scope."""
        macro = Macro(self.name, self.label, self.params)
        macro.defaults, macro.body, macro.frame = self.defaults, self.body, frame
        macro.cost = self.cost
        return macro

    def call(self, run: Run, args: Sequence[Value], named: Mapping[str, Value]) -> str:
        """Write the macro's text for these arguments."""
        run.enter(self.label)
        run.spend(self.cost)
        frame = Frame(self._arguments(args, named), self.frame)
        for name in self.params:
            if name not in frame.values:
                default = self.defaults.get(name)
                owner = f"the call of macro '{self.name}'"
                missing = Missing(name, owner, nobody)
                frame.values[name] = default(run, frame) if default else missing
        out: list[str] = []
        self.body(run, frame, out)
        run.leave()
        return short("".join(out))

    def _arguments(self, args: Sequence[Value], named: Mapping[str, Value]) -> dict[str, Value]:
        if len(args) > len(self.params):
            raise PromptError(
                f"macro '{self.name}' takes {len(self.params)} values, found {len(args)}",
                f"its parameters are: {', '.join(self.params) or 'none'}",
            )
        values = dict(zip(self.params, args, strict=False))
        for name, value in named.items():
            if name not in self.params:
                raise PromptError(
                    f"macro '{self.name}' has no parameter '{name}'",
                    suggestion(name, self.params),
                )
            if name in values:
                raise PromptError(
                    f"macro '{self.name}' gets '{name}' twice", "remove one of the two"
                )
            values[name] = value
        return values


class Module:
    """An imported template: the macros and values that it defines."""

    __slots__ = ("exports", "name", "values")

    def __init__(self, name: str, values: Mapping[str, Value], exports: frozenset[str]) -> None:
        self.name = name
        self.values = values
        self.exports = exports

    def part(self, name: str) -> Value:
        """Return a macro or a value of the template."""
        if name in self.exports and name in self.values:
            return self.values[name]
        return Missing(name, f"{paths.TEMPLATES}/{self.name}", lambda: sorted(self.exports))


@dataclass(frozen=True, slots=True)
class Unit:
    """A template that is ready: its body, and the names that an import can see."""

    name: str
    body: Exec
    exports: frozenset[str]


class Library(Protocol):
    """Where statements find other templates."""

    def known(self, name: str) -> None:
        """Raise TemplateFault, with a suggestion, if there is no such template."""

    def unit(self, name: str) -> Unit:
        """Return a template that is ready."""

    def module(self, name: str, run: Run) -> Module:
        """Return a template as an import without context sees it."""


class _RangeCall:
    """The name `range`."""

    __slots__ = ()


RANGE_CALL = _RangeCall()


def _nothing(run: Run, frame: Frame, out: list[str]) -> None:
    """Stand in for a body until it is compiled."""


def numbers(run: Run, args: Sequence[Value]) -> list[int]:
    """Return what range() gives: at most RANGE whole numbers."""
    if not 1 <= len(args) <= 3 or any(type(arg) is not int for arg in args):
        raise PromptError("range() takes one to three whole numbers", "write range(3)")
    if len(args) == 3 and args[2] == 0:
        raise PromptError("range() cannot go in steps of 0", "write a step of 1")
    found = range(*args)
    if not -INTEGER < args[0] < INTEGER or len(found[: RANGE + 1]) > RANGE:
        raise PromptError(f"range() is longer than {RANGE}", "write a shorter range")
    run.spend(len(found))
    return list(found)


def written(value: Value) -> str:
    """Return a value as a prompt has it; only text, numbers, true and false can be written."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind in (int, float):
        return repr(value)
    if kind is Spoken:
        return str(value.plain)
    fault = NullTextError if value is None else PromptError
    raise fault(f"{named(value)} cannot be written as text", _way_out(value))


def _way_out(value: Value) -> str:
    match value:
        case list() | tuple():
            return "add |join(', ')"
        case dict():
            return "name one of its values, or loop over it with |items"
        case Macro():
            return f"call it: {value.name}()"
        case None:
            return "give it a value, or add |default('…', true)"
        case _:
            return "write text, a number, true or false"


def named(value: Value) -> str:
    """Return what a value is, in words."""
    words: list[tuple[type | tuple[type, ...], str]] = [
        (str, "a text"),
        (bool, "true or false"),
        ((int, float), "a number"),
        ((list, tuple), "a list"),
        (dict, "a mapping"),
        (type(None), "null"),
        (Macro, "a macro"),
        (Module, "an imported template"),
        (Loop, "the loop"),
        (Missing, "a missing value"),
    ]
    return next((word for kind, word in words if isinstance(value, kind)), "this")


def short(text: str) -> str:
    """Return a text unless it is longer than a text may be."""
    if len(text) > TEXT:
        raise PromptError(f"a text is longer than {TEXT} characters", "write shorter texts")
    return text


def member(value: Value, name: str, owner: str) -> Value:
    """Return a part by its name: a mapping's value, a module's macro, a loop's number."""
    if type(value) is dict:
        found = value.get(name, _ABSENT)
        return Missing(name, owner or "this mapping", value.keys) if found is _ABSENT else found
    if isinstance(value, Loop | Module):
        return value.part(name)
    raise PromptError(f"{named(value)} has no part '{name[:80]}'", "use a filter, as in |upper")


def element(value: Value, key: Value, owner: str) -> Value:
    """Return an element by key or position; a missing one is a missing value."""
    if type(value) is dict:
        if isinstance(key, str | int | float):
            found = value.get(key, _ABSENT)
            absent = Missing(str(key), owner or "this mapping", value.keys)
            return absent if found is _ABSENT else found
    elif isinstance(value, Loop | Module) and isinstance(key, str):
        return value.part(key)
    elif isinstance(value, str | list | tuple) and type(key) is int:
        if -len(value) <= key < len(value):
            return value[key]
        return Beyond(str(key), owner or "this list", len(value))
    raise PromptError(
        f"{named(value)} has no element by {named(key)}",
        "use a position for a list, a name for a mapping",
    )
