"""Shots that go on from frames of other shots: which take they come from, and what has to wait.

A chained frame comes from the picked take of the other shot, else from its first one, and follows
it: a new take there is another picture here. A pinned frame stays the one that was used. Takes are
named by their bytes, so that the lockfile alone tells what is to be done, without any media.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from renderer.expand.linked import going_on, in_order, shot_of
from renderer.expand.task import Link, Still, Task
from renderer.expand.values import canonical
from renderer.lock.model import Entry, Frame, Lock, Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One end of a shot's pick: the take by its bytes, and the moment of the cut."""

    sha256: str
    moment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The first and the last frame of a shot as it was picked."""

    first: Chosen
    last: Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What following takes needs: the picks by shot, and the draft that a final is made from.

    What goes on from a draft goes on from its final, too, for both show the same.
    """

    picked: Callable[[], Mapping[str, Ends]] = dict
    draft: Callable[[Task], Take | None] = lambda _: None


def linked(tasks: Sequence[Task], lock: Callable[[], Lock], studio: Studio) -> tuple[Task, ...]:
    """Return the tasks with the frames of other shots that they go on from, or have to wait for."""
    if not any(task.links for task in tasks):
        return tuple(tasks)
    return _Linking(tasks, lock(), studio).all()


def traced(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Return the tasks as if nothing were made: a frame is named by the picture it comes from."""
    if not any(task.links for task in tasks):
        return tuple(tasks)
    return _Linking(tasks, Lock(lineage=""), Studio(), pins=False).all()


def frames(task: Task) -> dict[str, Frame]:
    """Return what the lockfile keeps of a task's frames, by position."""
    return {
        at: Frame(shot=one.shot, frame=one.frame, take=one.take, moment=one.moment)
        for at, one in task.stills.items()
    }


class _Linking:
    """Works through the shots in order, so that a shot knows the pictures that it depends on."""

    def __init__(
        self, tasks: Sequence[Task], lock: Lock, studio: Studio, *, pins: bool = True
    ) -> None:
        self._tasks = tasks
        self._lock = lock
        self._picked = studio.picked()
        self._draft = studio.draft
        self._pins = pins
        self._shots: dict[str, list[Task]] = {}
        for task in tasks:
            self._shots.setdefault(shot_of(task), []).append(task)
        self._cells: dict[tuple[str, frozenset[str]], _Cells] = {}
        self._by_bytes: dict[str, Mapping[str, Take]] = {}
        self._takes: dict[str, list[Take]] = {}
        self._homes: dict[str, str] = {}
        for address, take in lock.takes():
            self._takes.setdefault(take.fingerprint, []).append(take)
            self._homes.setdefault(take.sha256, address.partition("@")[0])

    def all(self) -> tuple[Task, ...]:
        for shot in in_order(self._tasks):
            self._shots[shot] = [self._one(task) for task in self._shots[shot]]
        found = {task.address: task for shot in self._shots.values() for task in shot}
        return tuple(found[task.address] for task in self._tasks)

    def _one(self, task: Task) -> Task:
        if not task.links:
            return task
        stills: dict[str, Still] = {}
        open_: dict[str, str] = {}
        waits: dict[str, None] = {}
        for link in task.links:
            source = self._source(task, link)
            still = self._pinned(task, link) or self._chained(source, link)
            if still is None:
                waits[link.shot] = None
                still = self._to_be_final(source, link)
            if still is None:
                open_[link.at] = f"{self._picture(source, link)} {link.frame}"
            else:
                stills[link.at] = still
        return going_on(task, stills, open_, tuple(waits))

    def _source(self, task: Task, link: Link) -> Task:
        """Return the other shot's task that agrees in all axes that both have, else its first."""
        axes = frozenset(task.cell)
        if (link.shot, axes) not in self._cells:
            self._cells[link.shot, axes] = _Cells(self._shots[link.shot], axes)
        return self._cells[link.shot, axes].like(task)

    def _picture(self, source: Task, link: Link) -> str:
        """Name a frame that is not made yet by what it will show."""
        follows = self._pins or not link.pinned
        return source.fingerprint.partition("-")[2] if follows else "pinned"

    def _pinned(self, task: Task, link: Link) -> Still | None:
        entry = self._lock.entries.get(task.address)
        kept = entry.frames.get(link.at) if entry and link.pinned else None
        if kept is None or kept.frame != link.frame or not self._still_of(kept, link):
            return None
        return _still(link, kept.take, kept.moment)

    def _still_of(self, kept: Frame, link: Link) -> bool:
        """Tell whether a pinned frame is of the shot that is named now, maybe by a new name."""
        homes = {kept.shot, self._homes.get(kept.take, "")}
        return link.shot in homes or not homes & self._shots.keys()

    def _chained(self, source: Task, link: Link) -> Still | None:
        """Return the frame of the pick, if its take shows a picture of now, else of the first take."""
        chosen = self._chosen(link)
        take = self._current(link.shot).get(chosen.sha256) if chosen else None
        if chosen and take:
            return _still(link, take.draft or take.sha256, chosen.moment, take.sha256)
        first = next(iter(self._of(source)), None)
        if first is None:
            return None
        return _still(link, first.draft or first.sha256, link.frame, first.sha256)

    def _to_be_final(self, source: Task, link: Link) -> Still | None:
        draft = self._draft(source)
        if draft is None:
            return None
        chosen = self._chosen(link)
        cut = chosen is not None and chosen.sha256 == draft.sha256
        return _still(link, draft.sha256, chosen.moment if chosen and cut else link.frame)

    def _chosen(self, link: Link) -> Chosen | None:
        ends = self._picked.get(link.shot)
        if ends is None:
            return None
        chosen = ends.last if link.frame == "last" else ends.first
        timed = link.frame not in ("first", "last")
        return replace(chosen, moment=link.frame) if timed else chosen

    def _current(self, shot: str) -> Mapping[str, Take]:
        """Return the takes of a shot's pictures of now, by their bytes and those of their draft."""
        if shot not in self._by_bytes:
            takes = [take for task in self._shots[shot] for take in self._of(task)]
            drafts = {take.draft: take for take in takes if take.draft}
            self._by_bytes[shot] = drafts | {take.sha256: take for take in takes}
        return self._by_bytes[shot]

    def _of(self, source: Task) -> Sequence[Take]:
        """Return the takes of a picture: those of its own address, else of any."""
        entry = self._lock.entries.get(source.address, Entry(fingerprint=source.fingerprint))
        return entry.of(source.fingerprint) or self._takes.get(source.fingerprint, ())


def _still(link: Link, take: str, moment: str, source: str = "") -> Still:
    return Still(shot=link.shot, frame=link.frame, take=take, moment=moment, source=source)


class _Cells:
    """The tasks of one shot, found by the axes that they share with tasks of another one."""

    def __init__(self, tasks: Sequence[Task], axes: frozenset[str]) -> None:
        self._tasks = tasks
        self._first: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
        for at, task in enumerate(tasks):
            shared = tuple(sorted(axes & task.cell.keys()))
            values = tuple(canonical(task.cell[axis]) for axis in shared)
            self._first.setdefault(shared, {}).setdefault(values, at)

    def like(self, task: Task) -> Task:
        """Return the first task that agrees with this one in all axes of both, else the first."""
        found = (
            known.get(tuple(canonical(task.cell[axis]) for axis in shared))
            for shared, known in self._first.items()
        )
        return self._tasks[min((at for at in found if at is not None), default=0)]
