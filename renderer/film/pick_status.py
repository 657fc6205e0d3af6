"""The state of each shot: picked, lapsed, to be reviewed, or not made yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import itemgetter

from renderer.expand.deliverable import Deliverable, deliverable_of
from renderer.expand.slots import Slots, heir, shot_of
from renderer.expand.task import Task
from renderer.film.former_names import readdressed
from renderer.film.picks import Part, Pick, Picks
from renderer.film.slots import placed
from renderer.lock.model import Lock, Take
from renderer.lock.takes import Named, Takes

__all__ = ["Named", "ShotStatus", "State", "current", "renewed", "standings"]


class State(StrEnum):
    """What can be said of a shot's pick."""

    PICKED = "picked"
    LAPSED = "lapsed"  # its picture's inputs are others now
    MISSING = "missing"  # the lockfile in force does not have the take, or its file is lost
    OPEN = "to review"  # there are takes, and none was chosen
    EMPTY = "not made"
    STRAY = "stray"  # no spec has the shot


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotStatus:
    """One shot: its pick as it is written, as it holds now, and what is against it.

    `slot` is its name, `scene/shot` with the axes of its film. In `shown` a final replaces its draft, with the same in and out. `default` is the first
    take of the current picture that no check has flagged and nobody rejected. `warnings` say what a
    person should know of a pick that is valid all the same. `was` is the shot under which picks.yaml
    still has the pick, where the shot was renamed.
    """

    slot: str
    title: str
    state: State
    tasks: tuple[Task, ...] = ()
    pick: Pick | None = None
    shown: Pick | None = None
    against: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    default: Named | None = None
    was: str = ""

    @property
    def shot(self) -> str:
        """The shot, `scene/shot`."""
        return shot_of(self.slot)

    @property
    def film(self) -> Deliverable:
        """The axes of the film that it is for; none where it serves all."""
        return deliverable_of(self.tasks[0]) if self.tasks else {}

    @property
    def settled(self) -> bool:
        """Whether a release may be built of this shot."""
        return self.state is State.PICKED


def standings(
    tasks: Sequence[Task],
    lock: Lock,
    picks: Picks,
    flagged: frozenset[str] = frozenset(),
    drafts: frozenset[str] = frozenset(),
    rejected: frozenset[str] = frozenset(),
) -> tuple[ShotStatus, ...]:
    """Return the state of each shot, in the order of the specs; strays come last.

    `drafts` are the bytes of those drafts that are candidates for finals of these tasks. Neither
    `flagged` nor `rejected` takes are defaults; a pick of a rejected one has a warning.
    """
    slots = Slots(tasks)
    shots = slots.tasks
    found = _Found(lock, flagged, drafts, rejected)
    moved = _moved(shots, picks, found)
    rows = [found.status(shot, tuple(of), picks, moved) for shot, of in shots.items()]
    for shot, pick in picks.by_slot.items():
        if shot not in shots and shot not in moved.values():
            rows.append(_stray(pick, slots))
    return tuple(rows)


def current(
    tasks: Sequence[Task], lock: Lock, drafts: frozenset[str] = frozenset()
) -> Iterator[Named]:
    """Yield the takes of the pictures that these tasks want now, and drafts that may become one."""
    for task in tasks:
        entry = lock.entries.get(task.address)
        made = entry.of(task.fingerprint) if entry else ()
        rest = (take for take in entry.takes if take.sha256 in drafts) if entry and drafts else ()
        for take in dict.fromkeys((*made, *rest)):
            yield Named(address=task.address, take=take)


def renewed(picks: Picks, tasks: Sequence[Task], lock: Lock) -> Picks:
    """Return picks with tasks and pictures named by the rules of now: none may lapse of it."""
    slots = Slots(tasks)
    picks = placed(readdressed(picks, tasks), slots)
    # A take of the present picture is one, also if it was picked when that had another name:
    # by an older rule, or before its seed was written down.
    marks = {(slots.of(one.address), one.take.sha256): one.take for one in current(tasks, lock)}
    names = {old: task.fingerprint for task in tasks for old in task.former}
    return Picks().having(*(_renewed(pick, names, marks) for pick in picks.by_slot.values()))


def _renewed(pick: Pick, names: Mapping[str, str], marks: Mapping[tuple[str, str], Take]) -> Pick:
    parts = []
    for part in pick.parts:
        take = marks.get((pick.slot, part.sha256))
        mark = names.get(part.fingerprint, part.fingerprint)
        parts.append(replace(part, fingerprint=take.fingerprint if take else mark))
    return replace(pick, parts=tuple(parts))


class _Found:
    """The takes of a lockfile by their bytes."""

    def __init__(
        self,
        lock: Lock,
        flagged: frozenset[str],
        drafts: frozenset[str],
        rejected: frozenset[str],
    ) -> None:
        self._lock = lock
        self._out = flagged | rejected
        self._rejected = rejected
        self._drafts = drafts
        self._takes = Takes(lock)

    def status(
        self, shot: str, tasks: tuple[Task, ...], picks: Picks, moved: Mapping[str, str]
    ) -> ShotStatus:
        there = tuple(current(tasks, self._lock, self._drafts))
        was = moved.get(shot, "")
        pick = picks.by_slot.get(was or shot)
        title = tasks[0].title
        default = next((one for one in there if self._is_sound(one)), None)
        if pick is None:
            state = State.OPEN if there else State.EMPTY
            return ShotStatus(slot=shot, title=title, state=state, tasks=tasks, default=default)
        shown = replace(pick, parts=tuple(self.held(part, tasks) for part in pick.parts))
        against = tuple(self._against(shown, tasks))
        return ShotStatus(
            slot=shot,
            title=title,
            state=against[0][0] if against else State.PICKED,
            tasks=tasks,
            pick=pick,
            shown=shown,
            against=tuple(words for _, words in against),
            warnings=tuple(
                f"{part.take} was rejected"
                for part in shown.parts
                if part.sha256 in self._rejected
            ),
            default=default,
            was=was,
        )

    def _is_sound(self, named: Named) -> bool:
        return named.take.sha256 not in self._out and not named.take.unsafe

    def held(self, part: Part, tasks: Sequence[Task]) -> Part:
        """Return a part as it holds now: a final of its draft replaces the draft."""
        wanted = dict.fromkeys(task.fingerprint for task in tasks)  # in order: the first final
        take = self._takes.with_bytes(part.sha256, part.take)
        if take is None or take.take.fingerprint in wanted:
            return _named(part, take)
        finals = (one for mark in wanted for one in self._takes.all_of(mark))
        final = next((one for one in finals if one.take.root == take.take.root), None)
        draft = self._takes.with_bytes(take.take.root)
        return _named(part, final or (draft if take.take.draft else take))

    def _against(self, pick: Pick, tasks: Sequence[Task]) -> Iterator[tuple[State, str]]:
        """Yield what is wrong with a pick; the worst word first."""
        wanted = {task.fingerprint for task in tasks}
        lapsed = [
            part
            for part in pick.parts
            if part.fingerprint not in wanted and part.sha256 not in self._drafts
        ]
        for part in lapsed:
            yield (
                State.LAPSED,
                f"{part.take} was chosen for a picture whose inputs have changed since",
            )
        for part in pick.parts:
            if part not in lapsed and self._takes.with_bytes(part.sha256) is None:
                yield State.MISSING, f"{part.take} is not in the current lockfile"
            elif part.sha256 in self._takes.replaced:
                yield State.MISSING, self._replaced(part)

    def _replaced(self, part: Part) -> str:
        takes = self._takes.lock.takes()
        names = (f"{at}#{take.number}" for at, take in takes if part.sha256 in take.replaces)
        instead = ", ".join(sorted(names))
        return f"the file of {part.take} is lost, and {instead} was bought in its place: pick that"


def _named(part: Part, found: Named | None) -> Part:
    """Return a part with the take that was found; it keeps its in and out."""
    if found is None:
        return part
    take = found.take
    return replace(part, take=found.name, sha256=take.sha256, fingerprint=take.fingerprint)


def _moved(shots: Mapping[str, Sequence[Task]], picks: Picks, takes: _Found) -> dict[str, str]:
    """Return new slot to old where a shot was renamed: its picture is the pick's."""
    by_picture: dict[str, list[str]] = {}
    for slot, tasks in shots.items():
        for task in tasks:
            by_picture.setdefault(task.fingerprint, []).append(slot)
    found: dict[str, str] = {}
    known = set(map(shot_of, shots))
    every = [task for tasks in shots.values() for task in tasks]
    for old, pick in sorted(picks.by_slot.items(), key=itemgetter(0)):
        if shot_of(old) in known:
            continue
        homes = by_picture.get(takes.held(pick.parts[0], every).fingerprint, [])
        if new := heir(old, homes, picks.by_slot.keys() | found.keys()):
            found[new] = old
    return found


def _stray(pick: Pick, slots: Slots) -> ShotStatus:
    what = f"no spec has the shot {pick.slot}"
    if slots.of_shot(shot_of(pick.slot)):
        home = slots.of(pick.parts[0].address)
        taken = home in slots.tasks
        what = f"{home} has another pick" if taken else f"no film has {pick.slot} any more"
    return ShotStatus(slot=pick.slot, title="", state=State.STRAY, pick=pick, against=(what,))
