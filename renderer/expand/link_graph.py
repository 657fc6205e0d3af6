"""Frames that come from other shots: what a shot waits for, and what cannot be waited for."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from renderer.errors import Place, Problem
from renderer.expand.frame_links import MARKS, by_shot, too_short
from renderer.expand.item import Item
from renderer.expand.layers import Layers
from renderer.expand.row_problems import RowProblems
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.task import Link, Task
from renderer.spec.faults import MOST
from renderer.spec.values import Frames, Scene, SharedFrame, ShotFrame


class _Placed(NamedTuple):
    """A link of a shot, with where it is written and the row that the shot was made of."""

    name: str
    link: Link
    place: Place | None
    item: Item | None


def frames_of(layers: Layers) -> tuple[dict[str, str], tuple[Link, ...]]:
    """Return by position what is in a shot's request as image, and the links among them."""
    images: dict[str, str] = {}
    links: list[Link] = []
    for at, given in layers.frames().items():
        source = layers.keyframe(given.keyframe) if isinstance(given, SharedFrame) else given
        if isinstance(source, ShotFrame):
            links.append(_link(at, source, layers.scene))
            images[at] = MARKS[at]
        elif source is not None:
            images[at] = source
    return images, tuple(links)


def _link(at: str, source: ShotFrame, scene: str) -> Link:
    shot = source.shot if "/" in source.shot else f"{scene}/{source.shot}"
    return Link(at=at, shot=shot, frame=source.frame, pinned=source.mode == "pin")


def has_links(sheets: Sequence[Sheet]) -> bool:
    """Return whether any shot of these scenes may take a frame from another shot."""
    given = [frames for sheet in sheets for frames in _given(sheet.scene)]
    return any(
        isinstance(frame, ShotFrame | SharedFrame)
        for one in given
        for frame in (one.first, one.last)
    )


def _given(scene: Scene) -> Iterator[Frames]:
    yield from (one for one in (scene.frames, *(shot.frames for shot in scene.shots)) if one)


def problems(board: Storyboard, tasks: Sequence[Task], *, whole: bool = True) -> Iterator[Problem]:
    """Yield every frame of a storyboard that no shot has, and every circle of shots.

    Of a board that is not `whole`, the shots of the missing scenes are unknown.
    """
    if not has_links(board.sheets):
        return
    links = list(_links(board))
    items = {one.name: one.item for one in links if one.item}
    rows: dict[tuple[str, int], RowProblems] = {}
    for name, problem in _found(board, links, tasks, whole=whole):
        item = items.get(name)
        if item is None:
            yield problem
            continue
        noted = rows.setdefault((item.source.document.name, item.source.at), RowProblems())
        noted.add(item, name.partition("/")[2], [problem])
        if noted.full:  # to look for a name alike in thousands takes time
            break
    for noted in rows.values():
        yield from noted.problems()


def _found(
    board: Storyboard, links: Sequence[_Placed], tasks: Sequence[Task], *, whole: bool
) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with links, each with the shot that has it."""
    scenes = {sheet.scene.scene for sheet in board.sheets}
    shots = {
        f"{sheet.scene.scene}/{shot.id}": shot.skip
        for sheet in board.sheets
        for shot in sheet.scene.shots
    }
    for name, link, place, _ in links:
        if link.shot == name:
            what = f"shot {name} takes a frame from itself"
            yield name, _problem(place, what, "name another shot")
        elif shots.get(link.shot, True) and (whole or link.shot.partition("/")[0] in scenes):
            behind = _behind(links, name)
            free = [one for one, skipped in shots.items() if not skipped and one not in behind]
            yield name, _problem(place, *_missing(name, link.shot, shots, free))
    yield from _circles([one for one in links if not shots.get(one.link.shot, True)])
    yield from _behind_the_end(board, links, tasks)


def _behind_the_end(
    board: Storyboard, links: Sequence[_Placed], tasks: Sequence[Task]
) -> Iterator[tuple[str, Problem]]:
    """Yield a problem for each moment that the takes of the other shot are too short for."""
    shots = by_shot(tasks)
    for name, link, place, _ in links:
        sources = shots.get(link.shot, [])
        found = (too_short(task, link, sources, board.catalog.fps) for task in shots.get(name, ()))
        short = next((task for task in found if task), None)
        if short is not None:
            frames = int(short.seconds * board.catalog.fps(short.model))
            yield (
                name,
                _problem(
                    place,
                    f"{short.address} has no frame at {link.frame}: "
                    f"its takes are {short.seconds} s, {frames} frames",
                    f"name a moment before {short.seconds}, a frame up to {frames - 1}f, or `last`",
                ),
            )


def unknown_keyframes(layers: Layers) -> Iterator[Problem]:
    """Yield a problem for each keyframe that a shot uses and nothing defines."""
    for position, given in layers.frames().items():
        if isinstance(given, SharedFrame) and layers.keyframe(given.keyframe) is None:
            known = layers.keyframes()
            near = get_close_matches(given.keyframe, known, n=1)
            todo = f"did you mean '{near[0]}'?" if near else "add it to `keyframes:` of the scene"
            place = layers.place("frames", position, "keyframe")
            yield _problem(place, f"there is no keyframe '{given.keyframe}'", todo)


def _links(board: Storyboard) -> Iterator[_Placed]:
    for sheet in board.sheets:
        for at, shot in enumerate(sheet.scene.shots):
            layers = board.settled(board.layers(sheet, at)).layers
            for link in () if shot.skip else frames_of(layers)[1]:
                name, item = f"{sheet.scene.scene}/{shot.id}", layers.shot.item
                yield _Placed(name, link, _place(layers, link), item)


def _place(layers: Layers, link: Link) -> Place | None:
    """Return where a link is written, or the part of it that a row gave."""
    found, item = layers.origin("frames", link.at), layers.shot.item
    if found is None:
        return None
    layer, path = found
    given = item.source.texts if item and layer is layers.shot else ()
    parts = (one for one in given if one[: len(path)] == path)
    return layer.place(*next(parts, path))


def _behind(links: Sequence[_Placed], name: str) -> set[str]:
    """Return a shot and all that depend on it: it cannot take a frame from any of them."""
    found, fresh = {name}, {name}
    while fresh:
        fresh = {shot for shot, link, _, _ in links if link.shot in fresh} - found
        found |= fresh
    return found


def _missing(
    name: str, wanted: str, shots: Mapping[str, bool], free: Sequence[str]
) -> tuple[str, str]:
    if wanted in shots:
        todo = "remove the skip: takes that are made cost nothing; or name another shot"
        return f"shot {name} takes a frame from {wanted}, which is skipped", todo
    near = get_close_matches(wanted, free, n=1)
    todo = f"did you mean '{near[0]}'?" if near else "name a shot of this scene, or scene/shot"
    return f"there is no shot {wanted} to take a frame from", todo


def _circles(links: Sequence[_Placed]) -> Iterator[tuple[str, Problem]]:
    """Yield one problem for each circle; it is cut there, and the next one is looked for."""
    left = [one for one in links if one.name != one.link.shot]
    for _ in range(MOST):
        graph: dict[str, set[str]] = {}
        for name, link, _, _ in left:
            graph.setdefault(name, set()).add(link.shot)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            first = next(one for one in left if one.name in circle and one.link.shot in circle)
            way = " → ".join(_turned(circle, first.name))
            yield (
                first.name,
                _problem(
                    first.place,
                    f"these shots take frames from each other in a circle: {way}",
                    "give one of them an image of its own",
                ),
            )
            left.remove(first)
        else:
            return


def _turned(circle: list[str], first: str) -> list[str]:
    """Return a circle, whose ends are the same shot, as seen from one of its shots."""
    ring = circle[1:]
    at = ring.index(first)
    return [*ring[at:], *ring[: at + 1]]


def _problem(place: Place | None, what: str, todo: str) -> Problem:
    return Problem(what=what, todo=todo, place=place)
