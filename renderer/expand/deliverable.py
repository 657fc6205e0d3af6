"""Which film a task is for: one for each combination of the axes named in `deliver:`.

All other axes, and several results, are alternatives: one of them is chosen.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from renderer.errors import InputError
from renderer.expand.address import address
from renderer.expand.task import DELIVERED, Task
from renderer.expand.values import canonical
from renderer.json_types import Scalar

if TYPE_CHECKING:  # a plan of scenes that did not change reads no spec
    from renderer.spec.values import Project, Scene

_PLAIN = re.compile(r"(?!true$|false$|null$)[^\s,=\"](?:[^,=\"\n\r\t]*[^\s,=\"])?")
_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
_MOST = 100_000  # films: shots of quite different axes would multiply

Deliverable = Mapping[str, Scalar]


def axes_of(project: "Project | None", scene: "Scene") -> tuple[str, ...]:
    """Return the axes that the films of a scene are named by; a scene only drops some."""
    return _axes(None if project is None else project.deliver, scene.deliver)


@lru_cache(maxsize=64)
def _axes(project: tuple[str, ...] | None, scene: tuple[str, ...] | None) -> tuple[str, ...]:
    named = DELIVERED if project is None else project
    return tuple(sorted(axis for axis in named if scene is None or axis in scene))


def slot_of(task: Task) -> str:
    """Return the place in its films that a task's takes may be chosen for.

    `scene/shot`, or with the axes of the film that the task has: `scene/shot@locale=de`.
    """
    return address(task.scene, task.shot, deliverable_of(task)) if task.deliver else _shot(task)


def deliverable_of(task: Task) -> Deliverable:
    """Return the axes of the film that a task has, with their values."""
    return {axis: task.cell[axis] for axis in task.deliver if axis in task.cell}


def is_for(task: Task, wanted: Deliverable) -> bool:
    """Whether a film may use a task's takes: they agree in all axes that both have."""
    return agree(deliverable_of(task), wanted)


def alike(one: Task, other: Task) -> bool:
    """Whether two tasks may be in the same film."""
    return not one.deliver or not other.deliver or is_for(one, deliverable_of(other))


def deliverables(tasks: Sequence[Task]) -> tuple[Deliverable, ...]:
    """Return the films that are wanted, in the order of the specs.

    A shot with fewer axes than another serves all of the films that agree in its own; what fits
    no other shot's is a film of its own. Of every two films at least one axis differs.
    """
    by_axes: dict[tuple[str, ...], dict[tuple[str, ...], Deliverable]] = {}
    for task in tasks:
        found = deliverable_of(task)
        if found:
            by_axes.setdefault(tuple(found), {}).setdefault(_key(found), found)
    # By their axes, and not by their place: which films there are is no matter of the shots' order.
    largest = sorted(by_axes, key=lambda axes: (-len(axes), axes))
    films: list[Deliverable] = []
    groups: list[list[Deliverable]] = []
    for axes in largest:
        films = _joined(films, list(by_axes[axes].values()), groups)
        groups.append(list(by_axes[axes].values()))
    return tuple(films) or ({},)


def _joined(
    films: Sequence[Deliverable],
    more: Sequence[Deliverable],
    before: Sequence[Sequence[Deliverable]],
) -> list[Deliverable]:
    """Return films with others': together where they agree, alone where no film does.

    Of what is alone a shot of `before` may have several: then it is a film with each of them.
    """
    fitting = _agreeing(more)
    used = {id(one) for film in films for one in fitting(film)}
    alone = [one for one in more if id(one) not in used]
    return [*_with(films, more), *reduce(_with, before, alone)]


def _with(films: Sequence[Deliverable], more: Sequence[Deliverable]) -> list[Deliverable]:
    """Return each film with each of the others that agrees with it, or as it is."""
    made: list[Deliverable] = []
    fitting = _agreeing(more)
    for film in films:
        joined: list[Deliverable] = [{**film, **one} for one in fitting(film)]
        made += joined or [film]
        if len(made) > _MOST:
            raise InputError(
                f"the project has more than {_MOST} deliverables",
                "name fewer axes in `deliver:` of renderer.yaml",
            )
    return made


def _agreeing(films: Sequence[Deliverable]) -> Callable[[Deliverable], Sequence[Deliverable]]:
    """Return what finds those of some films, all of the same axes, that agree with another one."""
    known: dict[tuple[str, ...], dict[tuple[str, ...], list[Deliverable]]] = {}

    def fitting(film: Deliverable) -> Sequence[Deliverable]:
        shared = tuple(axis for axis in films[0] if axis in film) if films else ()
        if shared not in known:
            table = known.setdefault(shared, {})
            for one in films:
                table.setdefault(tuple(canonical(one[axis]) for axis in shared), []).append(one)
        return known[shared].get(tuple(canonical(film[axis]) for axis in shared), ())

    return fitting


def agree(one: Deliverable, other: Deliverable) -> bool:
    """Whether two films have the same values in all axes that both have."""
    shared = (axis for axis in one if axis in other)
    return all(canonical(one[axis]) == canonical(other[axis]) for axis in shared)


def _key(film: Deliverable) -> tuple[str, ...]:
    return tuple(f"{axis}={canonical(film[axis])}" for axis in sorted(film))


def words(film: Deliverable) -> str:
    """Name a film as `--deliverable` takes it: `aspect=9:16,locale=de`."""
    return ",".join(f"{axis}={written(film[axis])}" for axis in sorted(film))


def written(value: Scalar) -> str:
    """Write a value of an axis; text that would be read as something else is in quotes."""
    if not isinstance(value, str):
        return canonical(value)
    return (
        value
        if _PLAIN.fullmatch(value) and not _NUMBER.fullmatch(value)
        else json.dumps(value, ensure_ascii=False)
    )


def missing_axes(tasks: Iterable[Task]) -> tuple[str, ...]:
    """Return the axes that films are named by and no shot has."""
    named: dict[str, None] = {}
    there: set[str] = set()
    for task in tasks:
        named.update(dict.fromkeys(task.deliver))
        there.update(axis for axis in task.deliver if axis in task.cell)
    return tuple(axis for axis in named if axis not in there)


def beyond_project(project: "Project | None", scene: "Scene") -> Iterator[tuple[int, str, str]]:
    """Yield what a scene's `deliver` names beyond the project's: its index, what is wrong, a hint."""
    named = DELIVERED if project is None or project.deliver is None else project.deliver
    for at, axis in enumerate(scene.deliver or ()):
        if axis not in named:
            there = ", ".join(named) or "no axis"
            yield (
                at,
                f"'{axis}' is not in `deliver` of the project, and a scene only leaves axes out",
                f"the project delivers by {there}: add it in renderer.yaml, or remove it here",
            )


def _shot(task: Task) -> str:
    return f"{task.scene}/{task.shot}"
