"""Where each key and value of a document stands: the tree of positions beside the values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from renderer.spec.events import events

Point = tuple[int, int]  # line and column of a mark, from 0


@dataclass(slots=True)
class Spot:
    """Where a value stands, and the spots of what is in it."""

    value: Point
    key: Point
    style: str = ""
    inner: dict[str | int, "Spot"] = field(default_factory=dict)


def spots(text: str) -> Spot:
    """Return the spots of a text that was read without a problem."""
    return _Tree(events(text)).root()


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

    def root(self) -> Spot:
        """Return the spot of the whole document."""
        for event in self.stream:
            if isinstance(event, yaml.NodeEvent):
                return self._node(event, _point(event))
        return Spot((0, 0), (0, 0))

    def _node(self, event: Any, key: Point) -> Spot:
        if isinstance(event, yaml.AliasEvent):
            return Spot(_point(event), key, inner=self.anchors[str(event.anchor)].inner)
        spot = Spot(_point(event), key, getattr(event, "style", None) or "")
        if isinstance(event, yaml.MappingStartEvent):
            self._mapping(spot)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._list(spot)
        if event.anchor is not None:
            self.anchors[event.anchor] = spot
        return spot

    def _mapping(self, spot: Spot) -> None:
        merges: list[Spot] = []
        while not isinstance(event := next(self.stream), yaml.MappingEndEvent):
            below = self._node(next(self.stream), _point(event))
            if event.value == "<<" and event.implicit[0]:
                merges += [below] if _is_mapping(below) else below.inner.values()
            else:
                spot.inner[event.value] = below
        for merge in merges:
            for name, below in merge.inner.items():
                spot.inner.setdefault(name, below)

    def _list(self, spot: Spot) -> None:
        at = 0
        while not isinstance(event := next(self.stream), yaml.SequenceEndEvent):
            spot.inner[at] = self._node(event, _point(event))
            at += 1


def _is_mapping(spot: Spot) -> bool:
    return not isinstance(next(iter(spot.inner), ""), int)


def _point(event: Any) -> Point:
    return event.start_mark.line, event.start_mark.column
