"""Picks by the slots of now."""

from dataclasses import replace

from renderer.expand.slots import Chosen, Slots
from renderer.film.picks import Picks


def placed(picks: Picks, slots: Slots) -> Picks:
    """Return picks by the slots of now; one whose slot is taken, or is no more, keeps its name."""
    if all(name in slots.tasks for name in picks.by_slot):
        return picks
    chosen = {
        name: Chosen(address=pick.parts[0].address, fingerprint=pick.parts[0].fingerprint)
        for name, pick in picks.by_slot.items()
    }
    homes = slots.placed(chosen)
    left = {name: pick for name, pick in picks.by_slot.items() if name not in homes.values()}
    moved = (replace(picks.by_slot[name], slot=slot) for slot, name in homes.items())
    return Picks(by_slot=left).having(*moved)
