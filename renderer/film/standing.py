"""Where each shot stands: picked, lapsed, to be reviewed, or not made yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from renderer.expand.task import Task
from renderer.film.former_names import readdressed
from renderer.film.picks import Part, Pick, Picks, shot_of
from renderer.lock.model import Lock, Take


class State(StrEnum):
    """What can be said of a shot's pick."""

    PICKED = "picked"
    LAPSED = "lapsed"  # its picture's inputs are others now
    MISSING = "missing"  # the lockfile in force does not have the take
    OPEN = "to review"  # there are takes, and none was chosen
    EMPTY = "not made"
    STRAY = "stray"  # no spec has the shot


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A take with the address of the task that it belongs to."""

    address: str
    take: Take

    @property
    def name(self) -> str:
        """The take's name, `address#number`."""
        return f"{self.address}#{self.take.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One shot: its pick, the takes that the pick names, and what stands against it.

    `default` is the first take of the current picture that no check has flagged. `was` is the
    shot under which picks.yaml still has the pick, where the shot was renamed.
    """

    shot: str
    title: str
    state: State
    tasks: tuple[Task, ...] = ()
    pick: Pick | None = None
    takes: tuple[Named, ...] = ()
    against: tuple[str, ...] = ()
    default: Named | None = None
    was: str = ""

    @property
    def settled(self) -> bool:
        """Whether a release may be built of this shot."""
        return self.state is State.PICKED


def standings(
    tasks: Sequence[Task], lock: Lock, picks: Picks, flagged: frozenset[str] = frozenset()
) -> tuple[Standing, ...]:
    """Return where each shot stands, in the order of the specs; strays come last."""
    shots: dict[str, list[Task]] = {}
    for task in tasks:
        shots.setdefault(f"{task.scene}/{task.shot}", []).append(task)
    found = _Found(lock, flagged)
    moved = _moved(shots, picks)
    rows = [found.standing(shot, tuple(of), picks, moved) for shot, of in shots.items()]
    for shot, pick in picks.by_shot.items():
        if shot not in shots and shot not in moved.values():
            rows.append(_stray(pick))
    return tuple(rows)


def current(tasks: Sequence[Task], lock: Lock) -> Iterator[Named]:
    """Yield the takes of the pictures that these tasks want now."""
    for task in tasks:
        entry = lock.entries.get(task.address)
        for take in entry.of(task.fingerprint) if entry else ():
            yield Named(address=task.address, take=take)


def renewed(picks: Picks, tasks: Sequence[Task], lock: Lock) -> Picks:
    """Return picks with tasks and pictures named by the rules of now: none may lapse of it."""
    picks = readdressed(picks, tasks)
    # A take of the present picture is one, also if it was picked when that had another name:
    # by an older rule, or before its seed was written down.
    marks = {(shot_of(one.address), one.take.sha256): one.take for one in current(tasks, lock)}
    names = {old: task.fingerprint for task in tasks for old in task.former}
    return Picks().having(*(_renewed(pick, names, marks) for pick in picks.by_shot.values()))


def _renewed(pick: Pick, names: Mapping[str, str], marks: Mapping[tuple[str, str], Take]) -> Pick:
    parts = []
    for part in pick.parts:
        take = marks.get((pick.shot, part.sha256))
        mark = names.get(part.fingerprint, part.fingerprint)
        parts.append(replace(part, fingerprint=take.fingerprint if take else mark))
    return replace(pick, parts=tuple(parts))


class _Found:
    """The takes of a lockfile by their bytes."""

    def __init__(self, lock: Lock, flagged: frozenset[str]) -> None:
        self._lock = lock
        self._flagged = flagged
        self._takes: dict[str, list[Named]] = {}
        for address, take in lock.takes():
            self._takes.setdefault(take.sha256, []).append(Named(address=address, take=take))

    def standing(
        self, shot: str, tasks: tuple[Task, ...], picks: Picks, moved: Mapping[str, str]
    ) -> Standing:
        there = tuple(current(tasks, self._lock))
        sound = (one for one in there if one.take.sha256 not in self._flagged)
        was = moved.get(shot, "")
        pick = picks.by_shot.get(was or shot)
        title = tasks[0].title
        default = next(sound, None)
        if pick is None:
            state = State.OPEN if there else State.EMPTY
            return Standing(shot=shot, title=title, state=state, tasks=tasks, default=default)
        against = tuple(self._against(pick, tasks))
        return Standing(
            shot=shot,
            title=title,
            state=against[0][0] if against else State.PICKED,
            tasks=tasks,
            pick=pick,
            takes=tuple(named for part in pick.parts if (named := self._take(part))),
            against=tuple(words for _, words in against),
            default=default,
            was=was,
        )

    def _take(self, part: Part) -> Named | None:
        """Return the take of a part: the one of its name, else any with the same bytes."""
        same = self._takes.get(part.sha256, [])
        named = [one for one in same if one.name == part.take]
        return next(iter(named or same), None)

    def _against(self, pick: Pick, tasks: Sequence[Task]) -> Iterator[tuple[State, str]]:
        """Yield what is wrong with a pick; the worst word first."""
        wanted = {task.fingerprint for task in tasks}
        lapsed = [part for part in pick.parts if part.fingerprint not in wanted]
        for part in lapsed:
            yield State.LAPSED, f"{part.take} was chosen for a picture whose inputs changed since"
        for part in pick.parts:
            if part not in lapsed and self._take(part) is None:
                yield State.MISSING, f"{part.take} is not in the lockfile in force"


def _moved(shots: Mapping[str, Sequence[Task]], picks: Picks) -> dict[str, str]:
    """Return new shot to old for shots that were renamed: their pictures are the pick's."""
    by_picture: dict[str, list[str]] = {}
    for shot, tasks in shots.items():
        for task in tasks:
            by_picture.setdefault(task.fingerprint, []).append(shot)
    found: dict[str, str] = {}
    for old, pick in picks.by_shot.items():
        homes = by_picture.get(pick.parts[0].fingerprint, []) if old not in shots else []
        free = [shot for shot in dict.fromkeys(homes) if shot not in picks.by_shot]
        if len(free) == 1 and free[0] not in found:
            found[free[0]] = old
    return found


def _stray(pick: Pick) -> Standing:
    what = f"no spec has the shot {pick.shot}"
    return Standing(shot=pick.shot, title="", state=State.STRAY, pick=pick, against=(what,))
