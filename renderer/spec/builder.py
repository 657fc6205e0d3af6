"""YAML events to plain values, with a budget for everything that a text can make large."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from renderer.errors import Problem
from renderer.spec.events import LOADER, MAX_ALIASED, MAX_DEPTH, MAX_EVENTS, MAX_SCALAR, events
from renderer.spec.faults import FORBIDDEN, Faults, show
from renderer.spec.hints import explain
from renderer.spec.scalars import LookAlikeError, plain
from renderer.spec.source import character

Json = Any
_LOST = re.compile(r"[ \t]#[^\s#]")
_LOST_HERE = re.compile(r"[ \t]+#[^\s#]")
_MERGE = object()
_NO_KEY = object()
_NODE = 8  # the weight of a value beside its characters


class _StopError(Exception):
    """Nothing sensible can be read after this point."""


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being read."""

    value: Any
    mark: Any
    anchor: str | None
    weight: int
    keys: dict[str, Any] | None = None  # of a mapping: where each key stands
    key: Any = _NO_KEY
    height: int = 1
    merges: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an anchor names: its value, and how large and how deep it is."""

    value: Any
    weight: int
    height: int


def build(text: str, faults: Faults, loader: Any = LOADER) -> Json:
    """Return the value of the one document in the text; problems go to `faults`."""
    return _Builder(text, faults).run(loader)


class _Builder:
    """Reads events one by one; `weight` is the size of what was read with aliases written out."""

    def __init__(self, text: str, faults: Faults) -> None:
        self.text = text
        self.faults = faults
        self.root: Json = None
        self.documents = 0
        self.weight = 0
        self.aliased = 0
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.anchor_lines: dict[str, int] = {}
        self.lost_lines = _lost_lines(text)

    def run(self, loader: Any) -> Json:
        """Read all events; stop at the first one after which nothing is certain."""
        handlers = self._handlers()
        try:
            for count, event in enumerate(events(self.text, loader)):
                if count >= MAX_EVENTS:
                    self._stop(event.start_mark, *_TOO_MANY)
                handlers[type(event)](event)
        except yaml.MarkedYAMLError as error:
            self._broken(error)
        except _StopError:
            pass
        return self.root

    def _handlers(self) -> dict[type, Callable[[Any], None]]:
        return {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._list,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.DocumentEndEvent: _ignore,
            yaml.StreamStartEvent: _ignore,
            yaml.StreamEndEvent: _ignore,
        }

    # One method for each event.

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop(event.start_mark, "more than one document", "put each in a file of its own")

    def _scalar(self, event: Any) -> None:
        text = event.value
        self.weight += _NODE + len(text)
        if event.tag is not None or len(text) > MAX_SCALAR:
            self._odd_scalar(event)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.keys is not None and top.key is _NO_KEY:
            self._key(top, event)
            return
        if event.implicit[0]:
            value = self._plain(event)
        else:
            value = text
            if event.style == '"' and FORBIDDEN.search(text):
                self._hidden(event)
        if event.anchor is not None:
            self._name(event)
            self.anchors[event.anchor] = _Anchored(value, _NODE + len(text), 0)
        self._put(value, event)

    def _mapping(self, event: Any) -> None:
        self._open(event, _Open({}, event.start_mark, event.anchor, self.weight, keys={}))

    def _list(self, event: Any) -> None:
        self._open(event, _Open([], event.start_mark, event.anchor, self.weight))

    def _end(self, event: Any) -> None:
        done = self.stack.pop()
        if done.merges:
            done.value = _merged(done.merges, done.value)
        if done.anchor is not None:
            weight = self.weight - done.weight
            self.anchors[done.anchor] = _Anchored(done.value, weight, done.height)
        if self.stack:
            top = self.stack[-1]
            top.height = max(top.height, done.height + 1)
        self._put(done.value, event, done.mark)

    def _alias(self, event: Any) -> None:
        named = self._named(event)
        if len(self.stack) + named.height > MAX_DEPTH:
            self._stop(event.start_mark, *_TOO_DEEP)
        self._grow(named.weight, event)
        if self.stack:
            top = self.stack[-1]
            top.height = max(top.height, named.height + 1)
            if top.keys is not None and top.key is _NO_KEY:
                self._fault(event, "an alias may not stand as a key", "write the key itself")
                top.key = None
                return
        self._put(_copy(named.value), event)

    # What they share.

    def _open(self, event: Any, opened: _Open) -> None:
        self.weight += _NODE
        if event.tag is not None:
            self._tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self._stop(event.start_mark, *_TOO_DEEP)
        if event.anchor is not None:
            self._name(event)
            self.anchors[event.anchor] = None
        self.stack.append(opened)

    def _key(self, top: _Open, event: Any) -> None:
        key = event.value
        if key == "<<" and event.implicit[0]:
            top.key = _MERGE
            return
        top.key = key
        if key in top.keys:  # type: ignore[operator]
            line = top.keys[key].line + 1  # type: ignore[index]
            what = f"'{show(key)}' is given twice, first at line {line}"
            self._fault(event, what, "keep one of the two")
        else:
            top.keys[key] = event.start_mark  # type: ignore[index]
        self._check_key(event)

    def _check_key(self, event: Any) -> None:
        if not event.value:
            self._fault(event, "a key is missing before the ':'", "write `key: value`")
        if event.style == '"' and FORBIDDEN.search(event.value):
            self._hidden(event)
        if event.anchor is not None:
            self._name(event)
            self.anchors[event.anchor] = _Anchored(event.value, _NODE + len(event.value), 0)

    def _put(self, value: Any, event: Any, mark: Any = None) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if top.keys is None:
            top.value.append(value)
            return
        if top.key is _NO_KEY:
            self._odd_key(top, mark or event.start_mark)
            return
        key, top.key = top.key, _NO_KEY
        if key is _MERGE:
            self._merge(top, value, mark or event.start_mark)
        elif key is not None:
            top.value[key] = value

    def _odd_key(self, top: _Open, mark: Any) -> None:
        top.key = None
        line = _line(self.text, mark)
        if line[max(mark.column - 1, 0) : mark.column + 1] == "{{":
            what, todo = explain("", "", "- {{", 0, "")
            self._add(mark, what, todo)
        else:
            todo = "a key is plain text; text that starts with { or [ needs quotes"
            self._add(mark, "a list or a mapping may not stand as a key", todo)

    def _merge(self, top: _Open, value: Any, mark: Any) -> None:
        parts = value if isinstance(value, list) else [value]
        if all(isinstance(part, dict) for part in parts):
            top.merges.extend(parts)
        else:
            what = "'<<' takes a mapping, or a list of mappings, that is named with &"
            self._add(mark, what, "write `<<: *name`")

    def _plain(self, event: Any) -> Any:
        mark = event.end_mark
        if self.lost_lines and mark.line in self.lost_lines:
            hit = _LOST_HERE.match(self.text, mark.index)
            if hit is not None:
                self._lost(event, hit)
        try:
            return plain(event.value)
        except LookAlikeError as error:
            self._fault(event, error.what, error.todo)
            return event.value

    def _lost(self, event: Any, hit: re.Match[str]) -> None:
        rest = self.text[hit.end() - 2 :].partition("\n")[0]
        what = f"the text after ' #' is a comment and would be lost: '{show(rest)}'"
        self._fault(event, what, "put the whole value in quotes, or write '# ' before a comment")

    def _odd_scalar(self, event: Any) -> None:
        if event.tag is not None:
            self._tag(event)
        if len(event.value) > MAX_SCALAR:
            what = f"a value has {len(event.value)} characters, the limit is {MAX_SCALAR} (64 KiB)"
            self._stop(event.start_mark, what, "shorten it")

    def _tag(self, event: Any) -> None:
        what = f"tags are not allowed: {show(event.tag)}"
        self._fault(event, what, "remove it; text that starts with ! needs quotes")

    def _hidden(self, event: Any) -> None:
        hit = FORBIDDEN.search(event.value)
        if hit is not None:
            what, todo = character(hit.group())
            self._fault(event, f"{what} in a value", todo)

    def _name(self, event: Any) -> None:
        line = self.anchor_lines.setdefault(event.anchor, event.start_mark.line + 1)
        if event.anchor in self.anchors:
            what = f"the anchor &{show(event.anchor)} is given twice, first at line {line}"
            self._fault(event, what, "give one of them another name")

    def _named(self, event: Any) -> _Anchored:
        if event.anchor not in self.anchors:
            what = f"*{show(event.anchor)} names nothing: there is no &{show(event.anchor)} above"
            self._fault(event, what, "text that starts with * needs quotes")
            return _Anchored(None, 0, 0)
        named = self.anchors[event.anchor]
        if named is None:
            what = f"*{show(event.anchor)} stands inside what it names, which would never end"
            self._fault(event, what, "name something else")
            return _Anchored(None, 0, 0)
        return named

    def _grow(self, weight: int, event: Any) -> None:
        self.weight += weight
        self.aliased += weight
        if self.aliased > MAX_ALIASED:
            self._stop(event.start_mark, *_TOO_LARGE)

    def _broken(self, error: yaml.MarkedYAMLError) -> None:
        problem, context = error.problem or "", error.context or ""
        mark: Any = error.problem_mark or error.context_mark
        first = error.context_mark or mark
        line = _line(self.text, mark)
        what, todo = explain(problem, context, line, mark.column + 1, _line(self.text, first))
        said = ((told.what, _line_of(told)) for told in self.faults.problems)
        if (what, mark.line + 1) in said:
            return
        # An open quote or bracket is to be mended where it opens, not where the file ends.
        opens = "quoted scalar" in context or "flow" in context
        self._add(first if opens and "escape" not in problem else mark, what, todo)

    def _fault(self, event: Any, what: str, todo: str) -> None:
        self._add(event.start_mark, what, todo)

    def _add(self, mark: Any, what: str, todo: str) -> None:
        self.faults.add((mark.line + 1, mark.column + 1), what, todo)

    def _stop(self, mark: Any, what: str, todo: str) -> None:
        self._add(mark, what, todo)
        raise _StopError


_TOO_DEEP = (f"nested deeper than {MAX_DEPTH}", "flatten it")
_TOO_MANY = (f"more than {MAX_EVENTS} values and keys in one file", "split it into several scenes")
_TOO_LARGE = (
    f"written out, the aliases are larger than {MAX_ALIASED} (1 MiB)",
    "use fewer aliases, or vars and templates",
)


def _lost_lines(text: str) -> frozenset[int]:
    if not _LOST.search(text):
        return frozenset()
    return frozenset(at for at, line in enumerate(text.split("\n")) if _LOST.search(line))


def _line_of(problem: Problem) -> int:
    return problem.place.line if problem.place else 0


def _ignore(event: Any) -> None:
    """Let the event pass."""


def _merged(parts: list[Any], own: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            merged.setdefault(key, value)
    return {**merged, **own}


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _line(text: str, mark: Any) -> str:
    lines = text.split("\n")
    return lines[mark.line] if mark.line < len(lines) else ""
