"""Tasks that depend on frames of other shots' takes: their order, and their pictures."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256

from renderer.expand.deliverable import alike
from renderer.expand.fingerprint import continued
from renderer.expand.task import Link, Still, Task
from renderer.json_types import Json

# They are in a request for images that are not known yet, in the form of all own images.
MARKS = {at: f"sha256:{sha256(f'frame {at}'.encode()).hexdigest()}" for at in ("first", "last")}
Rate = Callable[[str], int]  # frames a second of a video model
SOURCE = "frame:"  # before the take and the moment that an image is cut out of


def shot_of(task: Task) -> str:
    """Return the name of a task's shot, `scene/shot`."""
    return f"{task.scene}/{task.shot}"


def in_order(tasks: Sequence[Task]) -> tuple[str, ...]:
    """Return the shots so that each comes after those that it takes frames from."""
    return tuple(TopologicalSorter(_graph(tasks)).static_order())


def reaches(link: Link, source: Task, rate: Rate) -> bool:
    """Return whether the takes of a task are long enough to have the frame that a link names."""
    if link.frame in ("first", "last") or not source.seconds:
        return True
    if link.frame.endswith("f"):
        return int(link.frame[:-1]) < source.seconds * rate(source.model)
    return Decimal(link.frame) < Decimal(str(source.seconds))


def too_short(task: Task, link: Link, sources: Sequence[Task], rate: Rate) -> Task | None:
    """Return a task of the other shot that may be followed and does not reach so far, if any."""
    found = (one for one in sources if not reaches(link, one, rate) and alike(task, one))
    return next(found, None)


def sound(tasks: Sequence[Task]) -> bool:
    """Return whether every frame comes from a shot that is there, and no shot waits for itself."""
    if not any(task.links for task in tasks):
        return True
    graph = _graph(tasks)
    if not all(shot in graph for shots in graph.values() for shot in shots):
        return False
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return False
    return True


def in_reach(tasks: Sequence[Task], rate: Rate) -> bool:
    """Return whether tasks are sound, and their shots long enough for all frames of each other."""
    if not sound(tasks):
        return False
    if not any(task.links for task in tasks):
        return True
    shots = by_shot(tasks)
    return not any(
        too_short(task, link, shots[link.shot], rate) for task in tasks for link in task.links
    )


def by_shot(tasks: Sequence[Task]) -> dict[str, list[Task]]:
    """Return the tasks of each shot, in their order."""
    shots: dict[str, list[Task]] = {}
    for task in tasks:
        shots.setdefault(shot_of(task), []).append(task)
    return shots


def _graph(tasks: Sequence[Task]) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {}
    for task in tasks:
        graph.setdefault(shot_of(task), set()).update(link.shot for link in task.links)
    return graph


def going_on(
    task: Task, stills: Mapping[str, Still], open_: Mapping[str, str], needs: Sequence[str] = ()
) -> Task:
    """Return a task with the frames that its links led to, by position.

    `open_` names what stands for a frame that is not made yet; `needs` are the tasks to be made.
    """
    words = {at: f"{still.take} {still.moment}" for at, still in stills.items()} | dict(open_)
    shown = {f"frames.{at}": _short(words[at]) for at in words}
    references = {at: _reference(words[at]) for at in stills}
    sources = {
        references[at]: f"{SOURCE}{still.source or still.take}:{still.moment}"
        for at, still in stills.items()
    }
    images = {MARKS[at]: reference for at, reference in references.items()}
    return replace(
        task,
        fingerprint=continued(task.fingerprint, words),
        former=tuple(continued(one, words) for one in task.former),
        seedless=continued(task.seedless, words) if task.seedless else "",
        fields=ChainMap(shown, task.fields),  # type: ignore[arg-type]
        request=Filled(task.request, images),
        files={**task.files, **sources},
        stills=stills,
        waits=tuple(dict.fromkeys(one.partition("@")[0] for one in needs)),
        needs=tuple(needs),
        base=task.fingerprint,
        words=words,
    )


def _short(words: str) -> str:
    take, _, moment = words.partition(" ")
    return f"take {take[:16]} {moment}"


def _reference(words: str) -> str:
    return f"sha256:{sha256(f'frame {words}'.encode()).hexdigest()}"


def own_files(files: Iterable[str]) -> list[str]:
    """Return those of a task's images that are files of the project."""
    return [path for path in files if not path.startswith(("data:", SOURCE))]


def unfilled(request: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a request with marks for the frames of other shots, as its fingerprint knows it."""
    return request.plain if isinstance(request, Filled) else request


class Filled(Mapping[str, Json]):
    """A request with images in place of their marks; it is looked at late."""

    __slots__ = ("_images", "plain")

    def __init__(self, request: Mapping[str, Json], images: Mapping[str, str]) -> None:
        self.plain, self._images = request, images

    def __getitem__(self, key: str) -> Json:
        value = self.plain[key]
        return _filled(value, self._images) if key == "inputs" else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)


def _filled(value: Json, images: Mapping[str, str]) -> Json:
    if isinstance(value, Mapping):
        return {key: _filled(inner, images) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, images) for inner in value]
    return images.get(value, value) if isinstance(value, str) else value
