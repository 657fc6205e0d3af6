"""What two tasks share and must not, a seed or an upload, as problems at its place."""

from collections.abc import Iterable, Iterator

from renderer.errors import Place, Problem
from renderer.expand.layers import Layers, axis_place
from renderer.expand.provenance import layers_of
from renderer.expand.shared_uploads import FIELD, Collision
from renderer.expand.storyboard import Storyboard
from renderer.expand.task import Task
from renderer.plan.seed_ranges import Overlap

_MOST = 8


def seed_problems(board: Storyboard, found: Iterable[Overlap]) -> Iterator[Problem]:
    """Yield one problem for each place where a seed is written, with what to write instead."""
    places: dict[Place, list[Overlap]] = {}
    for one in found:
        for place in dict.fromkeys(_places(board, one)):
            places.setdefault(place, []).append(one)
    for place, together in places.items():
        yield Problem(place=place, what=_what(together), todo=_todo(together))


def _places(board: Storyboard, one: Overlap) -> list[Place]:
    """Return where the seed is written; in two files, both have the problem."""
    here, there = (_place(layers_of(board, task), task) for task in (one.task, one.other))
    return [here] if here.file == there.file else [here, there]


def _place(layers: Layers, task: Task) -> Place:
    if "seed" in task.cell:
        return axis_place(layers, "seed")
    return layers.place("settings", "seed") or layers.shot.place()


def _what(together: list[Overlap]) -> str:
    more = len(together) - 1
    return together[0].words + (f", and so on for {more} more" if more else "")


def _todo(together: list[Overlap]) -> str:
    starts = {one.task.seed: one.start for one in together}
    pairs = [f"{new} instead of {old}" for old, new in starts.items()]
    more = ", …" if len(pairs) > _MOST else ""
    who = f" for {together[0].task.address}" if len(together) == 1 else ""
    return f"write seed {', '.join(pairs[:_MOST])}{more}{who}"


def upload_problems(board: Storyboard, found: Iterable[Collision]) -> Iterator[Problem]:
    """Yield one problem for each place where an upload address is written."""
    places: dict[Place, list[Collision]] = {}
    for one in found:
        layers = layers_of(board, one.task)
        place = layers.place("settings", FIELD) or layers.shot.place()
        places.setdefault(place, []).append(one)
    for place, together in places.items():
        more = len(together) - 1
        yield Problem(
            place=place,
            what=together[0].words + (f", and so on for {more} more" if more else ""),
            todo="write {address} and {take} into it: they are filled in for each take",
        )
