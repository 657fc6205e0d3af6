"""The places that takes are chosen for: a shot in one film, `harbour/quay@locale=de`."""

from collections.abc import Container, Mapping, Sequence

from renderer.expand.deliverable import slot_of
from renderer.expand.task import Task


class Slots:
    """The places of a project that a take may be chosen for, in the order of the specs."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        slots: dict[str, list[Task]] = {}
        for task in tasks:
            slots.setdefault(slot_of(task), []).append(task)
        self.tasks: Mapping[str, Sequence[Task]] = slots
        self._homes = {task.address: slot for slot, of in slots.items() for task in of}
        self._of_shot: dict[str, list[str]] = {}
        for slot in slots:
            self._of_shot.setdefault(_shot(slot), []).append(slot)

    def of_shot(self, shot: str) -> Sequence[str]:
        """Return the places of a shot, `scene/shot`."""
        return self._of_shot.get(shot, ())

    def of(self, address: str) -> str:
        """Return the place of a take's address, also of one that no task has any more.

        The shot's own name if no place fits, or several do.
        """
        if address in self._homes:
            return self._homes[address]
        shot = _shot(address)
        fitting = [one for one in self.of_shot(shot) if _axes(one) <= _axes(address)]
        return fitting[0] if len(fitting) == 1 else shot

    def places(self, picked: Mapping[str, str]) -> dict[str, str]:
        """Return for the name of each pick where it belongs now; `picked` has the address of its take.

        Its name, if that is a place. Else the place of its take, of several picks that of the
        first by name; what is left keeps its name, and is of no film.
        """
        found = {name: name for name in picked}
        taken = {name for name in picked if name in self.tasks}
        for name in sorted(picked.keys() - taken):
            home = self.of(picked[name])
            if home in self.tasks and home not in taken and _shot(home) == _shot(name):
                found[name] = home
                taken.add(home)
        return found


def heir(old: str, homes: Sequence[str], taken: Container[str]) -> str:
    """Return which place has the pick of one that is no more, as its shot was renamed or got an axis.

    `homes` are those that show its picture. It is the one of the same film; else, if all are of
    one shot, the first. Empty if there is none, or one could be meant as well as another.
    """
    free = [home for home in dict.fromkeys(homes) if home not in taken]
    same = [home for home in free if _axes(home) == _axes(old)]
    if len(same) == 1:
        return same[0]
    return free[0] if len({_shot(home) for home in free}) == 1 else ""


def _shot(name: str) -> str:
    return name.partition("@")[0]


def _axes(name: str) -> frozenset[str]:
    axes = name.partition("@")[2]
    return frozenset(axes.split(",")) if axes else frozenset()
