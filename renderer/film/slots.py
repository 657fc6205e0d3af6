"""Where a pick belongs: a shot in one deliverable, by a name such as `harbour/quay@locale=de`."""

from dataclasses import replace

from renderer.expand.slots import Slots
from renderer.film.picks import Pick, Picks


def placed(picks: Picks, slots: Slots) -> Picks:
    """Return picks by the places of now: one from before there were films goes to its take's.

    A pick whose place is taken, or is no more, keeps its name.
    """
    names = slots.places({name: pick.parts[0].address for name, pick in picks.by_slot.items()})
    found: dict[str, Pick] = {
        place: pick if place == name else replace(pick, slot=place)
        for name, pick in picks.by_slot.items()
        for place in (names[name],)
    }
    return Picks(by_slot={name: found[name] for name in sorted(found)})
