"""Where each key and value of a document is: the tree of marks beside the values."""

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from renderer.spec.events import events

Steps = dict[str | int, "Spot"]

_NOTHING: Steps = {}  # what is in a scalar; shared, and never written to


class Spot:
    """The marks of a value and of its key, and the spots of what is in it."""

    __slots__ = ("inner", "key", "style", "value")

    def __init__(self, value: Any, key: Any, style: str, inner: Steps) -> None:
        self.value = value
        self.key = key
        self.style = style
        self.inner = inner


def spots(text: str) -> Spot | None:
    """Return the spots of a text that was read without a problem; None if it holds nothing."""
    stream = events(text)
    for event in stream:
        if isinstance(event, yaml.NodeEvent):
            return _Tree(stream).node(event, event.start_mark)
    return None


def find(spot: Spot, path: Sequence[str | int]) -> Spot:
    """Return the spot at a path, or that of its nearest ancestor that is there."""
    for step in path:
        below = spot.inner.get(step)
        if below is None:
            return spot
        spot = below
    return spot


class _Tree:
    """Reads the events a second time; the depth is bounded, for the first reading was."""

    def __init__(self, stream: Iterator[Any]) -> None:
        self.stream = stream
        self.anchors: dict[str, Spot] = {}

    def node(self, event: Any, key: Any) -> Spot:
        """Return the spot of the value that begins with this event."""
        kind = type(event)
        if kind is yaml.AliasEvent:
            return Spot(event.start_mark, key, "", self.anchors[event.anchor].inner)
        if kind is yaml.ScalarEvent:
            spot = Spot(event.start_mark, key, event.style or "", _NOTHING)
        else:
            inner = self._mapping() if kind is yaml.MappingStartEvent else self._list()
            spot = Spot(event.start_mark, key, "", inner)
        if event.anchor is not None:
            self.anchors[event.anchor] = spot
        return spot

    def _mapping(self) -> Steps:
        inner: Steps = {}
        merges: list[Spot] = []
        for event in self.stream:
            if type(event) is yaml.MappingEndEvent:
                break
            if event.anchor is not None:  # a value may repeat a key
                self.anchors[event.anchor] = Spot(event.start_mark, event.start_mark, "", _NOTHING)
            below = self.node(next(self.stream), event.start_mark)
            if event.value == "<<" and event.implicit[0]:
                merges += below.inner.values() if 0 in below.inner else [below]
            else:
                inner[event.value] = below
        for merge in merges:
            for name, below in merge.inner.items():
                inner.setdefault(name, below)
        return inner

    def _list(self) -> Steps:
        inner: Steps = {}
        for event in self.stream:
            if type(event) is yaml.SequenceEndEvent:
                break
            inner[len(inner)] = self.node(event, event.start_mark)
        return inner
