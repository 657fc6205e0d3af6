"""Where a take may be chosen: a shot in one deliverable, by a name such as `harbour/quay@locale=de`."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from renderer.expand.deliverable import slot_of
from renderer.expand.task import Task


def shot_of(name: str) -> str:
    """Return the shot, `scene/shot`, that an address or a slot names."""
    return name.partition("@")[0]


class Chosen(NamedTuple):
    """A take that was chosen under some name: of which address, of which picture."""

    address: str
    fingerprint: str


class Slots:
    """The slots of a project, in the order of the specs."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        slots: dict[str, list[Task]] = {}
        for task in tasks:
            slots.setdefault(slot_of(task), []).append(task)
        self.tasks: Mapping[str, Sequence[Task]] = slots
        self._homes = {task.address: slot for slot, of in slots.items() for task in of}
        self._of_shot: dict[str, list[str]] = {}
        for slot in slots:
            self._of_shot.setdefault(shot_of(slot), []).append(slot)

    def of_shot(self, shot: str) -> Sequence[str]:
        """Return the slots of a shot, `scene/shot`."""
        return self._of_shot.get(shot, ())

    def of(self, address: str) -> str:
        """Return the slot of a take's address, also of one that no task has any more.

        The shot's own name if none fits, or several do.
        """
        if address in self._homes:
            return self._homes[address]
        shot = shot_of(address)
        fitting = [one for one in self.of_shot(shot) if _axes(one) <= _axes(address)]
        return fitting[0] if len(fitting) == 1 else shot

    def placed(self, chosen: Mapping[str, Chosen]) -> dict[str, str]:
        """Return by slot the name under which its take was chosen; names are slots of some time.

        A name that is a slot is in its place. Any other is in that of its take, if nothing else is
        there; a take from before its axes were there is in all that show its picture. What fits
        nowhere is left out.
        """
        found = {name: name for name in chosen if name in self.tasks}
        for name in sorted(chosen.keys() - self.tasks.keys()):
            for slot in self._homes_of(name, chosen[name]):
                found.setdefault(slot, name)
        return found

    def _homes_of(self, name: str, one: Chosen) -> Iterator[str]:
        """Yield the slots that a name of another time may be meant for."""
        home = self.of(one.address)
        if shot_of(home) != shot_of(name):
            return
        if home in self.tasks:
            yield home
            return
        showing = [
            slot
            for slot in self.of_shot(shot_of(name))
            if any(
                one.fingerprint in (task.fingerprint, *task.former) for task in self.tasks[slot]
            )
        ]
        alike = [slot for slot in showing if _agree(slot, one.address)]
        if alike or len(showing) == 1:  # the only one that shows it: an axis value has a new name
            yield from alike or showing


def heir(old: str, homes: Sequence[str], taken: Container[str]) -> str:
    """Return which slot has the pick of a shot that is no more: it was renamed.

    `homes` are those that show its picture: the one of the same film; else, if all are of one
    shot, the first. Empty if there is none, or one could be meant as well as another.
    """
    free = [home for home in dict.fromkeys(homes) if home not in taken]
    same = [home for home in free if _axes(home) == _axes(old)]
    if len(same) == 1:
        return same[0]
    return free[0] if len({shot_of(home) for home in free}) == 1 else ""


def _axes(name: str) -> frozenset[str]:
    axes = name.partition("@")[2]
    return frozenset(axes.split(",")) if axes else frozenset()


def _agree(slot: str, address: str) -> bool:
    """Whether a slot and an address have the same value in all axes that both have."""
    one, other = (dict(axis.split("=", 1) for axis in _axes(name)) for name in (slot, address))
    return all(one[axis] == other[axis] for axis in one.keys() & other.keys())
