"""Which tasks a person means: one place for every command that takes an address.

A name is an address with its axes in any order, `scene/shot`, a scene, the id of a shot that only
one scene has, or a pattern of those with `*`. After `@`, some of the axes are enough. Who names
one task exactly means that one only.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Protocol, TypeVar

from renderer.errors import InputError
from renderer.expand.address import former_addresses
from renderer.expand.suggestion import suggestion
from renderer.expand.task import Task
from renderer.expand.values import canonical
from renderer.json_types import Scalar

_NEXT_AXIS = re.compile(r",(?=[A-Za-z][A-Za-z0-9_.]*=)")
_LISTED = 6


class Addressed(Protocol):
    """What has an address: a task, or a step of a plan."""

    @property
    def address(self) -> str:
        """Its address."""


Any_ = TypeVar("Any_", bound=Addressed)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as a person wrote it: what is before `@`, and the axes behind it."""

    text: str
    head: str
    axes: Mapping[str, str] | None

    @classmethod
    def of(cls, text: str) -> "_Name":
        text = unicodedata.normalize("NFC", text)
        head, at, rest = text.partition("@")
        pairs = [part.partition("=") for part in _NEXT_AXIS.split(rest)] if at else []
        axes = None if any(not sign for _, sign, _ in pairs) else {a: v for a, _, v in pairs}
        return cls(text, head, axes)

    def is_exactly(self, one: Addressed) -> bool:
        """Return whether this is the whole address, whatever the order of its axes."""
        if self.text == one.address:
            return True
        head = one.address.partition("@")[0]
        if self.head != head or not self.axes:
            return False
        axes = _axes(one)
        return self.axes.keys() == axes.keys() and self._agrees(axes, patterns=False)

    def covers(self, one: Addressed) -> bool:
        """Return whether this names the address, its shot, its scene, or some of its axes."""
        names = (one.address, *_former(one))
        if any(fnmatchcase(name, self.text) for name in names):
            return True
        shot = one.address.partition("@")[0]
        scene = shot.partition("/")[0]
        if not fnmatchcase(shot, self.head) and not fnmatchcase(scene, self.head):
            return False
        return self.axes is not None and self._agrees(_axes(one), patterns=True)

    def _agrees(self, axes: Mapping[str, Sequence[str]], *, patterns: bool) -> bool:
        same = fnmatchcase if patterns else str.__eq__
        return all(
            any(same(value, wanted) or value == wanted for value in axes.get(axis, ()))
            for axis, wanted in (self.axes or {}).items()
        )


def _former(one: Addressed) -> tuple[str, ...]:
    cell = getattr(one, "cell", None)
    return former_addresses(one.address, cell) if cell else ()


def _axes(one: Addressed) -> dict[str, Sequence[str]]:
    """Return each axis with the ways to write its value: as in the address, and as in the spec."""
    cell: Mapping[str, Scalar] = getattr(one, "cell", {})
    found: dict[str, Sequence[str]] = {}
    for name in (one.address, *_former(one)):
        for part in _NEXT_AXIS.split(name.partition("@")[2]):
            axis, _, value = part.partition("=")
            raw = _raw(cell[axis]) if axis in cell else value
            found[axis] = (*found.get(axis, ()), value, raw)
    return found


def _raw(value: Scalar) -> str:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else canonical(value)


def covered(all_: Sequence[Any_], text: str) -> list[Any_]:
    """Return what a name means; InputError if it is the id of shots in several scenes."""
    name = _Name.of(text)
    exact = [one for one in all_ if name.is_exactly(one)]
    if exact:
        return exact
    return [one for one in all_ if name.covers(one)] or _by_shot_id(all_, name)


def _by_shot_id(all_: Sequence[Any_], name: _Name) -> list[Any_]:
    ids = {one.address.partition("@")[0] for one in all_}
    shots = sorted(shot for shot in ids if shot.partition("/")[2] == name.head)
    if len(shots) > 1:
        raise InputError(
            f"{name.head} is a shot of {len(shots)} scenes",
            f"name one of them: {', '.join(shots[:_LISTED])}",
        )
    rest = name.text.removeprefix(name.head)
    return covered(all_, shots[0] + rest) if shots else []


def chosen(tasks: Iterable[Any_], only: Sequence[str]) -> list[Any_]:
    """Return what any of the names means, all without names; a name may mean nothing."""
    all_ = list(tasks)
    if not only:
        return all_
    meant = {one.address for name in only for one in covered(all_, name)}
    return [one for one in all_ if one.address in meant]


def named(tasks: Sequence[Task], name: str, what: str = "there is no task") -> list[Task]:
    """Return the tasks that a name means; raise InputError if there is none."""
    found = covered(tasks, name)
    if not found:
        raise InputError(f"{what} {name}", suggestion(tasks, name, partial(_is_known, tasks)))
    return found


def _is_known(tasks: Sequence[Task], name: str) -> bool:
    try:
        return bool(covered(tasks, name))
    except InputError:
        return False


def selected(tasks: Sequence[Task], only: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks that any name means, all without names; each must mean one."""
    for name in only:
        named(tasks, name, "no task matches --only")
    return tuple(chosen(tasks, only))


def one_task(tasks: Sequence[Task], name: str) -> Task:
    """Return the one task that a name means; raise InputError for none or several."""
    found = named(tasks, name)
    if len(found) > 1:
        names = ", ".join(task.address for task in found[:_LISTED])
        raise InputError(f"{name} has {len(found)} tasks", f"name one of them: {names}")
    return found[0]
