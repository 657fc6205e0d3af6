"""Picks that name tasks by addresses of an older version, under their names of now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from renderer.expand.task import Task
from renderer.film.picks import Part, Picks
from renderer.plan.former_names import heir, heirs


def readdressed(picks: Picks, tasks: Sequence[Task]) -> Picks:
    """Return picks with former addresses as those of now; a take keeps its number."""
    named = {part.address for pick in picks.by_slot.values() for part in pick.parts}
    found = heirs(tasks, named)
    if not found:
        return picks
    rows = [
        replace(pick, parts=tuple(_part(part, found) for part in pick.parts))
        for pick in picks.by_slot.values()
    ]
    return picks.having(*rows)


def _part(part: Part, found: Mapping[str, Sequence[Task]]) -> Part:
    old = found.get(part.address)
    if not old:
        return part
    return replace(part, take=f"{heir(old, part.fingerprint).address}#{part.number}")
