"""Which film a task is for: one for each combination of the axes named in `deliver:`.

All other axes, and several results, are alternatives: one of them is chosen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

from renderer.errors import InputError, Problem
from renderer.expand.address import address
from renderer.expand.task import DELIVERED, Task
from renderer.expand.values import canonical
from renderer.json_types import Scalar
from renderer.spec.values import Project, Scene

_MOST = 100_000  # films: shots of quite different axes would multiply

Deliverable = Mapping[str, Scalar]


def axes_of(project: Project | None, scene: Scene) -> tuple[str, ...]:
    """Return the axes that the films of a scene are named by; a scene only drops some."""
    named = DELIVERED if project is None or project.deliver is None else project.deliver
    kept = named if scene.deliver is None else scene.deliver
    return tuple(sorted(axis for axis in named if axis in kept))


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
    return _agree(deliverable_of(task), wanted)


def alike(one: Task, other: Task) -> bool:
    """Whether two tasks may be in the same film."""
    return not one.deliver or not other.deliver or is_for(one, deliverable_of(other))


def deliverables(tasks: Sequence[Task]) -> tuple[Deliverable, ...]:
    """Return the films that are wanted, in the order of the specs.

    A shot with fewer axes than another serves all of the films that agree in its own; what fits
    no other shot's is a film of its own.
    """
    by_axes: dict[tuple[str, ...], dict[tuple[str, ...], Deliverable]] = {}
    for task in tasks:
        found = deliverable_of(task)
        if found:
            by_axes.setdefault(tuple(found), {}).setdefault(_key(found), found)
    largest = sorted(by_axes.values(), key=lambda known: -len(next(iter(known.values()))))
    groups = (list(known.values()) for known in largest)
    films: list[Deliverable] = reduce(_joined, groups, list[Deliverable]())
    return tuple(films) or ({},)


def _joined(films: list[Deliverable], more: list[Deliverable]) -> list[Deliverable]:
    """Return films with others': together where they agree, alone where nothing does."""
    if not films:
        return more
    made: list[Deliverable] = []
    used: set[int] = set()
    for film in films:
        fitting = [at for at, one in enumerate(more) if _agree(film, one)]
        used.update(fitting)
        made += [{**film, **more[at]} for at in fitting] or [film]
        if len(made) > _MOST:
            raise InputError(
                f"the project has more than {_MOST} deliverables",
                "name fewer axes in `deliver:` of renderer.yaml",
            )
    made += [one for at, one in enumerate(more) if at not in used]
    return list({_key(one): one for one in made}.values())


def _agree(one: Deliverable, other: Deliverable) -> bool:
    shared = (axis for axis in one if axis in other)
    return all(canonical(one[axis]) == canonical(other[axis]) for axis in shared)


def _key(film: Deliverable) -> tuple[str, ...]:
    return tuple(f"{axis}={canonical(film[axis])}" for axis in sorted(film))


def words(film: Deliverable) -> str:
    """Name a film as `--deliverable` takes it: `aspect=9:16,locale=de`."""
    return ",".join(f"{axis}={_plain(film[axis])}" for axis in sorted(film))


def _plain(value: Scalar) -> str:
    return value if isinstance(value, str) else canonical(value)


def wanted(text: str, tasks: Sequence[Task]) -> Deliverable:
    """Return the deliverable that a person named; raise InputError with what there is."""
    known = deliverables(tasks)
    asked = dict(part.partition("=")[::2] for part in text.split(",") if part)
    asked = {axis.strip(): value.strip() for axis, value in asked.items()}
    values: dict[str, dict[str, Scalar]] = {}
    for film in known:
        for axis, value in film.items():
            values.setdefault(axis, {}).setdefault(_plain(value), value)
    problems = list(_unknown(asked, values))
    if problems or not asked:
        raise InputError(problems or "no deliverable is named", _listed(known))
    film = {axis: values[axis][value] for axis, value in asked.items()}
    if not any(_agree(film, one) and film.keys() <= one.keys() for one in known):
        raise InputError(f"there is no deliverable {text}", _listed(known))
    return film


def _unknown(
    asked: Mapping[str, str], values: Mapping[str, Mapping[str, Scalar]]
) -> Iterator[Problem]:
    for axis, value in asked.items():
        if axis not in values:
            there = ", ".join(values) or "none"
            yield Problem(
                what=f"'{axis}' is not an axis of the deliverables", todo=f"there are: {there}"
            )
        elif value not in values[axis]:
            there = ", ".join(values[axis])
            yield Problem(what=f"no deliverable has {axis}={value}", todo=f"there are: {there}")


def _listed(known: Sequence[Deliverable]) -> str:
    names = [name for film in known[:5] if (name := words(film))]
    more = f" and {len(known) - 5} more" if len(known) > 5 else ""
    return f"there are: {'; '.join(names)}{more}" if names else "the project is one film"


def missing_axes(tasks: Iterable[Task]) -> tuple[str, ...]:
    """Return the axes that films are named by and no shot has."""
    named: dict[str, None] = {}
    there: set[str] = set()
    for task in tasks:
        named.update(dict.fromkeys(task.deliver))
        there.update(axis for axis in task.deliver if axis in task.cell)
    return tuple(axis for axis in named if axis not in there)


def beyond_project(project: Project | None, scene: Scene) -> Iterator[tuple[int, str, str]]:
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
