"""Anchors and aliases: honest sharing works, recursion and expansion bombs are answered."""

from dataclasses import dataclass
from typing import Any

from renderer.json_types import Json
from renderer.spec.events import MAX_ALIASED, MAX_DEPTH
from renderer.spec.faults import show
from renderer.spec.report import Report

NODE = 8  # the weight of a value beside its characters

TOO_DEEP = (f"nested deeper than {MAX_DEPTH}", "flatten it")
_TOO_LARGE = (
    f"written out, the aliases are larger than {MAX_ALIASED} (1 MiB)",
    "use fewer aliases, or vars and templates",
)


@dataclass(frozen=True, slots=True)
class Anchored:
    """What an anchor names: its value, its weight with aliases written out, its height."""

    value: Json
    weight: int
    height: int


_NOTHING = Anchored({}, 0, 0)  # what a bad alias stands for; a mapping, so that `<<` takes it


class Anchors:
    """The anchors of one document; `weight` is the size of all that was read so far."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.weight = 0
        self.aliased = 0
        self.named: dict[str, Anchored | None] = {}  # None while the value is still open
        self.lines: dict[str, int] = {}

    def open(self, event: Any) -> None:
        """Note that an anchor begins here; its value is known later."""
        name, line = event.anchor, event.start_mark.line + 1
        first = self.lines.setdefault(name, line)
        if name in self.named:
            what = f"the anchor &{show(name)} is given twice, first at line {first}"
            self.report.add(event.start_mark, what, "give one of them another name")
        self.named[name] = None

    def close(self, name: str, value: Json, weight: int, height: int) -> None:
        """Note what an anchor names."""
        self.named[name] = Anchored(value, weight, height)

    def use(self, event: Any, depth: int) -> Anchored:
        """Return what an alias stands for at this depth, and charge for writing it out."""
        found = self._find(event)
        if depth + found.height > MAX_DEPTH:
            self.report.stop(event.start_mark, *TOO_DEEP)
        self.weight += found.weight
        self.aliased += found.weight
        if self.aliased > MAX_ALIASED:
            self.report.stop(event.start_mark, *_TOO_LARGE)
        return found

    def _find(self, event: Any) -> Anchored:
        name = show(event.anchor)
        self.report.faults.fatal |= self.named.get(event.anchor) is None
        if event.anchor not in self.named:
            what = f"*{name} refers to nothing: there is no &{name} above it"
            self.report.add(event.start_mark, what, "text that starts with * needs quotes")
            return _NOTHING
        found = self.named[event.anchor]
        if found is None:
            what = f"*{name} refers to a value that contains it, which would never end"
            self.report.add(event.start_mark, what, "refer to something else")
            return _NOTHING
        return found


def copied(value: Json) -> Json:
    """Return a value of its own, so that nobody who changes one place changes another."""
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value
