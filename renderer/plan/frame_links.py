"""Shots that depend on frames of other shots: which take they come from, and what has to wait.

A chained frame comes from the picked take of the other shot, else from its first one, and follows
it: a new take there is another picture here. A pinned frame stays the one that was used. Takes are
named by their bytes, so that the lockfile alone says what is to be done, without any media.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from renderer.expand.deliverable import alike, slot_of
from renderer.expand.frame_links import by_shot, going_on, in_order, shot_of
from renderer.expand.slots import Chosen, Slots, heir
from renderer.expand.slots import shot_of as name_of_shot
from renderer.expand.task import Link, Still, Task
from renderer.expand.values import canonical
from renderer.lock.model import Frame, Lock, Take
from renderer.lock.takes import Named, Takes
from renderer.plan.finals import DraftRules, Finals, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A part of a pick: the take by its bytes, and the moments where it begins and ends.

    `address` and `fingerprint` are those that it was chosen under.
    """

    sha256: str
    first: str
    last: str
    address: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSources:
    """What following takes needs: the picks as they are written, and the rules of drafts.

    What depends on a draft depends on its final, too, for both show the same.
    """

    picked: Callable[[], Mapping[str, tuple[Cut, ...]]] = dict
    drafts: DraftRules | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A take that a frame may come from: of which task, and whether it is made as it is wanted."""

    task: Task
    named: Named
    made: bool


def linked(
    tasks: Sequence[Task], lock: Callable[[], Lock], studio: LinkSources
) -> tuple[Task, ...]:
    """Return the tasks with the frames of other shots that they depend on, or have to wait for."""
    if not any(task.links for task in tasks):
        return tuple(tasks)
    return _Linking(tasks, lock(), studio).all()


def traced(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Return the tasks as if nothing were made: a frame is named by the picture it comes from."""
    if not any(task.links for task in tasks):
        return tuple(tasks)
    return _Linking(tasks, Lock(lineage=""), LinkSources(), pins=False).all()


def frames(task: Task) -> dict[str, Frame]:
    """Return what the lockfile keeps of a task's frames, by position."""
    return {
        at: Frame(shot=one.shot, frame=one.frame, take=one.take, moment=one.moment)
        for at, one in task.stills.items()
    }


class _Linking:
    """Works through the shots in order, so that a shot knows the pictures that it depends on."""

    def __init__(
        self, tasks: Sequence[Task], lock: Lock, studio: LinkSources, *, pins: bool = True
    ) -> None:
        self._tasks = tasks
        self._lock = lock
        self._takes = Takes(lock)
        self._picked = studio.picked()
        self._picks_of: dict[str, list[str]] = {}
        for name, cuts in self._picked.items():
            if cuts:
                self._picks_of.setdefault(name_of_shot(name), []).append(name)
        self._homes_of: dict[str, Mapping[str, str]] = {}
        self._heirs: dict[str, Mapping[str, str]] = {}
        self._finals = Finals(self._takes, studio.drafts) if studio.drafts else None
        self._offered = studio.drafts.offered if studio.drafts else _is_safe
        self._pins = pins
        self._shots = by_shot(tasks)
        self._cells: dict[tuple[str, frozenset[str]], _Cells] = {}
        self._followed: dict[str, Mapping[str, list[_Found]]] = {}
        self._verdicts: dict[str, Mapping[str, Verdict]] = {}
        self._homes = dict(self._takes.homes())

    def all(self) -> tuple[Task, ...]:
        for shot in in_order(self._tasks):
            self._shots[shot] = [self._one(task) for task in self._shots[shot]]
        found = {task.address: task for shot in self._shots.values() for task in shot}
        return tuple(found[task.address] for task in self._tasks)

    def _one(self, task: Task) -> Task:
        """Link a task; one that is made of the frame of a lost take keeps it, and no other does."""
        if not task.links:
            return task
        if self._takes.replaced:
            before = self._linked(task, self._kept(task))
            if self._takes.of(task.address, before.fingerprint):
                return before
        return self._linked(task)

    def _kept(self, task: Task) -> frozenset[str]:
        """Return the lost takes whose frames went into what was made of a task."""
        entry = self._lock.entries.get(task.address)
        used = {frame.take for frame in entry.frames.values()} if entry else set()
        return frozenset(used & self._takes.replaced)

    def _linked(self, task: Task, lost: frozenset[str] = frozenset()) -> Task:
        stills: dict[str, Still] = {}
        open_: dict[str, str] = {}
        needs: dict[str, None] = {}
        for link in task.links:
            still, source = self._pinned(task, link), self._source(task, link)
            if still is None:
                still, source = self._chained(task, link, source, lost)
                if still is None or not still.source:
                    needs[source.address] = None
            if still is None:
                open_[link.at] = f"{self._picture(source, link)} {link.frame}"
            else:
                stills[link.at] = still
        return going_on(task, stills, open_, tuple(needs))

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
        """Return whether a pinned frame is of the shot that is named now, maybe by a new name."""
        homes = {kept.shot, self._homes.get(kept.take, "")}
        return link.shot in homes or not homes & self._shots.keys()

    def _chained(
        self, task: Task, link: Link, source: Task, lost: frozenset[str]
    ) -> tuple[Still | None, Task]:
        """Return the frame of the pick of the same deliverable, else of the task's first take.

        A take that is not made yet, of a draft that is there, has no bytes to be cut out of.
        """
        cut, found = self._chosen(task, link)
        if found is None:
            cut, found = None, self._lost(source, lost) or self._default(source)
        if found is None:
            return None, source
        moment = _moment(cut, link)
        take = found.named.take
        return _still(link, take.root, moment, take.sha256 if found.made else ""), found.task

    def _chosen(self, task: Task, link: Link) -> tuple[Cut | None, _Found | None]:
        """Return the part of the other shot's pick that is followed, if it shows a picture of now."""
        cuts = self._cuts(task, link)
        there = self._by_root(link.shot) if cuts else {}
        for cut in reversed(cuts) if link.frame == "last" else cuts:
            found = there.get(self._takes.root(cut.sha256), ())
            exact = [one for one in found if one.named.take.sha256 == cut.sha256 and one.made]
            for one in exact or found:
                if alike(task, one.task):
                    return cut, one
        return None, None

    def _cuts(self, task: Task, link: Link) -> tuple[Cut, ...]:
        """Return the other shot's pick for a film that this task is in, if there is one."""
        if not self._picked:
            return ()
        slots = dict.fromkeys(slot_of(one) for one in self._shots[link.shot] if alike(task, one))
        homes = self._placed(link.shot)
        if homes.keys().isdisjoint(slots):
            homes = self._left_to(link.shot)
        return next((self._picked[homes[slot]] for slot in slots if slot in homes), ())

    def _left_to(self, shot: str) -> Mapping[str, str]:
        """Return by slot the name that a pick has of a shot that was renamed to this one."""
        if shot not in self._heirs:
            there, found = self._by_root(shot), dict[str, str]()
            gone = (name for name in self._picked if name_of_shot(name) not in self._shots)
            for name in sorted(gone):
                root = self._takes.root(self._picked[name][0].sha256)
                homes = [slot_of(one.task) for one in there.get(root, ())]
                if place := heir(name, homes, self._picked.keys() | found.keys()):
                    found[place] = name
            self._heirs[shot] = found
        return self._heirs[shot]

    def _placed(self, shot: str) -> Mapping[str, str]:
        """Return by slot the name that the pick of a shot has, which is linked by now."""
        if shot not in self._homes_of:
            chosen = {
                name: Chosen(
                    address=self._picked[name][0].address,
                    fingerprint=self._picked[name][0].fingerprint,
                )
                for name in self._picks_of.get(shot, ())
            }
            self._homes_of[shot] = Slots(self._shots[shot]).placed(chosen)
        return self._homes_of[shot]

    def _by_root(self, shot: str) -> Mapping[str, list[_Found]]:
        """Return the takes of a shot's pictures of now by what a pick of them is known by."""
        if shot not in self._followed:
            known: dict[str, list[_Found]] = {}
            for source in self._shots[shot]:
                lost = self._takes.lost_of(source.address, source.fingerprint)
                gone = (_Found(task=source, named=one, made=True) for one in lost)
                for one in (*self._of(source), *gone):
                    known.setdefault(one.named.take.root, []).append(one)
            self._followed[shot] = known
        return self._followed[shot]

    def _lost(self, source: Task, lost: frozenset[str]) -> _Found | None:
        """Return the lost take of a task that is still followed by what was made of it."""
        takes = self._takes.lost_of(source.address, source.fingerprint) if lost else ()
        found = (_Found(task=source, named=one, made=True) for one in takes)
        return next((one for one in found if one.named.take.root in lost), None)

    def _default(self, source: Task) -> _Found | None:
        """Return the take that is followed without a pick: none that was flagged, or rejected.

        Where another task of the deliverable was chosen to become the final, it is that one's.
        """
        verdict = self._verdict(source)
        if verdict and not verdict.wanted and not verdict.options and not self._made(source):
            shown = [
                one for one in self._shots[shot_of(source)] if slot_of(one) == slot_of(source)
            ]
            chosen = [one for other in shown for one in self._of(other) if self._is_chosen(one)]
            if chosen:
                return chosen[0]
        return next((one for one in self._of(source) if self._offered(one.named.take)), None)

    def _is_chosen(self, found: _Found) -> bool:
        verdict = self._verdict(found.task)
        wanted = verdict.wanted if verdict else ()
        return self._offered(found.named.take) and (found.made or found.named in wanted)

    def _of(self, source: Task) -> Sequence[_Found]:
        """Return the takes of a task, then the drafts whose finals it may have."""
        made, verdict = self._made(source), self._verdict(source)
        roots = {one.take.root for one in made}
        drafts = verdict.drafts if verdict else ()
        return (
            *(_Found(task=source, named=one, made=True) for one in made),
            *(
                _Found(task=source, named=one, made=False)
                for one in drafts
                if one.take.root not in roots
            ),
        )

    def _made(self, source: Task) -> Sequence[Named]:
        return self._takes.of(source.address, source.fingerprint)

    def _verdict(self, source: Task) -> Verdict | None:
        if self._finals is None:
            return None
        shot = shot_of(source)
        if shot not in self._verdicts:
            self._verdicts[shot] = self._finals.of_shot(self._shots[shot])
        return self._verdicts[shot].get(source.address)


def _is_safe(take: Take) -> bool:
    return not take.unsafe


def _moment(cut: Cut | None, link: Link) -> str:
    """Return which frame of a take a link means: its ends are where the pick cuts it."""
    if cut is None or link.frame not in ("first", "last"):
        return link.frame
    return cut.last if link.frame == "last" else cut.first


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
