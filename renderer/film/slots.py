"""Where a pick belongs: a shot in one deliverable, by a name such as `harbour/quay@locale=de`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from renderer.expand.deliverable import slot_of
from renderer.expand.task import Task
from renderer.film.picks import Pick, Picks, shot_of


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
            self._of_shot.setdefault(shot_of(slot), []).append(slot)

    def of_shot(self, shot: str) -> Sequence[str]:
        """Return the places of a shot, `scene/shot`."""
        return self._of_shot.get(shot, ())

    def of(self, address: str) -> str:
        """Return the place of a take's address, also of one that no task has any more.

        The shot's own name if no place fits, or several do.
        """
        if address in self._homes:
            return self._homes[address]
        shot = shot_of(address)
        fitting = [one for one in self.of_shot(shot) if _axes(one) <= _axes(address)]
        return fitting[0] if len(fitting) == 1 else shot


def placed(picks: Picks, slots: Slots) -> Picks:
    """Return picks by the places of now: one from before films were told apart names its take's.

    A pick whose place is taken, or is no more, keeps its name.
    """
    if all(name in slots.tasks for name in picks.by_slot):
        return picks
    found: dict[str, Pick] = {
        name: pick for name, pick in picks.by_slot.items() if name in slots.tasks
    }
    for name, pick in picks.by_slot.items():
        home = slots.of(pick.parts[0].address)
        fits = shot_of(home) == shot_of(name) and home in slots.tasks and home not in found
        if name not in slots.tasks:
            found[home if fits else name] = replace(pick, slot=home if fits else name)
    return Picks(by_slot={name: found[name] for name in sorted(found)})


def _axes(name: str) -> frozenset[str]:
    axes = name.partition("@")[2]
    return frozenset(axes.split(",")) if axes else frozenset()
