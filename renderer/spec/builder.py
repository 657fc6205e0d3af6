"""YAML events to plain values, with a budget for everything that a text can make large."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from renderer.json_types import Json
from renderer.spec.anchors import NODE, TOO_DEEP, Anchors, copied
from renderer.spec.depth import too_deep_at
from renderer.spec.events import LOADER, MAX_DEPTH, MAX_EVENTS, events
from renderer.spec.faults import Faults, show
from renderer.spec.report import Report, StopReadingError
from renderer.spec.scalar_values import Leaves
from renderer.spec.source import point
from renderer.spec.yaml_messages import TEMPLATE

_MERGE = object()  # the key was `<<`
_WANTED = object()  # the next node is a key
_LOST = object()  # the key was no good: its value is dropped

_TOO_MANY = (f"more than {MAX_EVENTS} values and keys in one file", "split it into several scenes")


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being read; `keys` holds the marks of a mapping's keys."""

    value: dict[str, Json] | list[Json]
    mark: Any
    anchor: str | None
    weight: int
    keys: dict[str, Any] | None = None
    key: Any = _WANTED
    height: int = 1
    merges: list[dict[str, Json]] = field(default_factory=list)


def build(text: str, faults: Faults, loader: Any = LOADER) -> Json:
    """Return the value of the one document in the text; problems go to `faults`."""
    return _Builder(Report(text, faults)).run(loader)


class _Builder:
    """Takes events one by one, and keeps what is open on a stack of its own."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.leaves = Leaves(report)
        self.anchors = Anchors(report)
        self.stack: list[_Open] = []
        self.documents = 0
        self.root: Json = None

    def run(self, loader: Any) -> Json:
        """Read all events; stop at the first one after which nothing is certain."""
        takers = self._takers()
        read = 0
        try:
            for count, event in enumerate(events(self.report.text, loader)):
                if count >= MAX_EVENTS:
                    self.report.stop(event.start_mark, *_TOO_MANY)
                takers[type(event)](event)
                read = event.end_mark.index
        except yaml.YAMLError as error:
            self._broken(error, read)
        except StopReadingError:
            pass
        return self.root

    def _broken(self, error: yaml.YAMLError, read: int) -> None:
        """Note why the parser stopped; the last event that it gave ends at `read`."""
        mark = getattr(error, "problem_mark", None)
        text = self.report.text
        deep = mark and too_deep_at(text, read, mark.index + 1, len(self.stack))
        if deep is None:
            self.report.broken(error)
        else:
            self.report.faults.add(point(text, deep), *TOO_DEEP)

    def _takers(self) -> dict[type, Callable[[Any], None]]:
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

    # One method for each kind of event.

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            todo = "put each in a file of its own"
            self.report.stop(event.start_mark, "more than one document", todo)

    def _scalar(self, event: Any) -> None:
        self.leaves.check(event)
        weight = NODE + len(event.value)
        self.anchors.weight += weight
        if self._key_is_wanted():
            self._key(self.stack[-1], event)
            value: Json = event.value
        else:
            value = self.leaves.value(event)
            self._put(value, event.start_mark)
        if event.anchor is not None:
            self.anchors.open(event)
            self.anchors.close(event.anchor, value, weight, 0)

    def _mapping(self, event: Any) -> None:
        self._open(event, {}, {})

    def _list(self, event: Any) -> None:
        self._open(event, [], None)

    def _open(
        self, event: Any, value: dict[str, Json] | list[Json], keys: dict[str, Any] | None
    ) -> None:
        if event.tag is not None:
            self.leaves.tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self.report.stop(event.start_mark, *TOO_DEEP)
        if event.anchor is not None:
            self.anchors.open(event)
        opened = _Open(value, event.start_mark, event.anchor, self.anchors.weight, keys)
        self.anchors.weight += NODE
        self.stack.append(opened)

    def _end(self, _: Any) -> None:
        done = self.stack.pop()
        value = done.value
        if done.merges and isinstance(value, dict):
            value = _merged(done.merges, value)
        if done.anchor is not None:
            weight = self.anchors.weight - done.weight
            self.anchors.close(done.anchor, value, weight, done.height)
        self._grow(done.height)
        self._put(value, done.mark)

    def _alias(self, event: Any) -> None:
        found = self.anchors.use(event, len(self.stack))
        self._grow(found.height)
        self._put(copied(found.value), event.start_mark)

    # What they share.

    def _grow(self, height: int) -> None:
        if self.stack:
            self.stack[-1].height = max(self.stack[-1].height, height + 1)

    def _key_is_wanted(self) -> bool:
        return (
            bool(self.stack) and self.stack[-1].keys is not None and self.stack[-1].key is _WANTED
        )

    def _key(self, top: _Open, event: Any) -> None:
        name, keys = event.value, top.keys or {}
        if name == "<<" and event.implicit[0]:
            top.key = _MERGE
            return
        if name in keys:
            what = f"'{show(name)}' is given twice, first at line {keys[name].line + 1}"
            self.report.add(event.start_mark, what, "keep one of the two")
        elif not name:
            self.report.add(
                event.start_mark, "a key is missing before the ':'", "write `key: value`"
            )
        self.leaves.hidden(event)
        keys[name] = event.start_mark
        top.keys, top.key = keys, name

    def _put(self, value: Json, mark: Any) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is _WANTED:
            top.key = _LOST
            self._odd_key(mark)
        else:
            self._pair(top, value, mark)

    def _pair(self, top: _Open, value: Json, mark: Any) -> None:
        key, top.key = top.key, _WANTED
        if key is _MERGE:
            self._merge(top, value, mark)
        elif key is not _LOST:
            top.value[key] = value

    def _odd_key(self, mark: Any) -> None:
        self.report.faults.fatal = True
        if self.report.text.startswith("{{", mark.index - 1):
            self.report.add(mark, *TEMPLATE)
            return
        what = "a list, a mapping or an alias cannot be a key"
        self.report.add(mark, what, "a key is text; text that starts with {, [ or * needs quotes")

    def _merge(self, top: _Open, value: Json, mark: Any) -> None:
        given = value if isinstance(value, list) else [value]
        parts = [part for part in given if isinstance(part, dict)]
        if len(parts) == len(given):
            top.merges.extend(parts)
            return
        what = "'<<' takes a mapping, or a list of mappings, that was named with &"
        self.report.add(mark, what, "write `<<: *name`")


def _ignore(_: Any) -> None:
    """Let the event pass."""


def _merged(parts: list[dict[str, Json]], own: dict[str, Json]) -> dict[str, Json]:
    merged: dict[str, Json] = {}
    for part in parts:
        for key, value in part.items():
            merged.setdefault(key, value)
    return {**merged, **own}
