"""How takes and picks are told: words, rows and data that several commands share."""

from typing import Any

from renderer.film.pick_status import ShotStatus, State
from renderer.film.picks import Part, Pick

MARKS = {
    State.PICKED: "✓",
    State.LAPSED: "!",
    State.MISSING: "?",
    State.OPEN: "○",
    State.EMPTY: "·",
    State.STRAY: "?",
}


def range_of(part: Part) -> str:
    """Write a part with its in and out, as `renderer pick` takes it."""
    if part.start is None and part.end is None:
        return part.take
    return f"{part.take}:{part.start or ''}-{part.end or ''}"


def told(pick: Pick) -> str:
    """Write a pick on one line."""
    return f"{' + '.join(range_of(part) for part in pick.parts)}  {pick.why}".rstrip()


def pick_data(pick: Pick | None) -> dict[str, Any] | None:
    """Return a pick as JSON data."""
    if pick is None:
        return None
    parts = [
        {
            "take": part.take,
            "sha256": part.sha256,
            "fingerprint": part.fingerprint,
            "in": None if part.start is None else str(part.start),
            "out": None if part.end is None else str(part.end),
        }
        for part in pick.parts
    ]
    return {"shot": pick.shot, "why": pick.why, "parts": parts}


def standing_data(standing: ShotStatus) -> dict[str, Any]:
    """Return where a shot stands as JSON data."""
    return {
        "shot": standing.shot,
        "title": standing.title,
        "state": standing.state.value,
        "against": list(standing.against),
        "renamed_from": standing.was or None,
        "default": standing.default.name if standing.default else None,
        "pick": pick_data(standing.shown or standing.pick),
    }
