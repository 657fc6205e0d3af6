"""Cells of a shot that ask for one and the same picture: shared by films, an error elsewhere."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from renderer.catalog.settings_schema import FILLED_BY_THE_TOOL
from renderer.errors import Problem
from renderer.expand.layers import Layers, axis_place
from renderer.expand.matrix_cell import parts
from renderer.expand.spoken import spoken
from renderer.expand.task import Task
from renderer.expand.values import canonical
from renderer.json_types import Json


def idle_axes(task: Task, other: Task) -> list[str]:
    """Return the axes in which two tasks differ, and that name no film: they change nothing."""
    names = dict.fromkeys((*task.cell, *other.cell))
    differing = (one for one in names if _value(task, one) != _value(other, one))
    return [axis for axis in differing if axis not in task.deliver]


def _value(task: Task, axis: str) -> str | None:
    return canonical(task.cell[axis]) if axis in task.cell else None


def idle_problem(layers: Layers, task: Task, other: Task, known: Collection[str]) -> Problem:
    """Return what is wrong with two tasks of one picture; `known` are the request's settings."""
    idle = idle_axes(task, other)
    variables = [axis for axis in parts(task.cell, frozenset(known)).variables if axis in idle]
    axis = next(iter((*variables, *idle)), "")
    close = get_close_matches(axis, set(known) - FILLED_BY_THE_TOOL, n=1)
    return Problem(
        what=f"{other.address} and {task.address} ask for the same picture: axis '{axis}' changes"
        " nothing",
        todo=f"did you mean '{close[0]}'?"
        if close and close[0] != axis
        else "use it in the prompt, name a setting, ask for more takes with numberResults, or name "
        "it in `deliver` if its films share pictures",
        place=axis_place(layers, axis),
    )


def unspoken(layers: Layers, tasks: Sequence[Task]) -> Iterator[Problem]:
    """Yield a warning if prompts differ with the locale only, and nobody speaks in them."""
    if len(tasks) < 2 or "locale" not in tasks[0].deliver:
        return
    seen: dict[str, Task] = {}
    for task in tasks:
        if "locale" not in task.cell:
            continue
        rest = ",".join(
            f"{one}={_value(task, one)}" for one in sorted(task.cell) if one != "locale"
        )
        other = seen.setdefault(rest, task)
        if _changes_unspoken(task.request, other.request):
            yield Problem(
                what=f"the prompt of {task.scene}/{task.shot} differs by locale, and nothing is "
                "spoken in it: each locale is a picture of its own, and is paid for",
                todo="leave what is not spoken the same for all locales, so that they share one "
                "picture; what is spoken is in quotes, or in `lines`",
                place=axis_place(layers, "locale"),
                severity="warning",
            )
            return


def _changes_unspoken(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    texts = [str(request.get("positivePrompt", "")) for request in (one, other)]
    rest = [spoken(text)[0] for text in texts]
    return rest[0] != rest[1] and not any(spoken(text)[1] for text in texts)
