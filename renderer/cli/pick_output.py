"""How takes and picks are reported: words, rows and data that several commands share."""

from typing import TypedDict

from renderer.expand.slots import shot_of
from renderer.film.pick_status import ShotStatus, State
from renderer.film.picks import Part, Pick
from renderer.json_types import Scalar

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


def pick_text(pick: Pick) -> str:
    """Write a pick on one line."""
    return f"{' + '.join(range_of(part) for part in pick.parts)}  {pick.why}".rstrip()


# `in` is no name in Python.
PartData = TypedDict(
    "PartData",
    {"take": str, "sha256": str, "fingerprint": str, "in": str | None, "out": str | None},
)
PartData.__doc__ = "One take of a pick; in and out are moments in seconds, or frames (`12f`)."


class PickData(TypedDict):
    """The take that was chosen for a shot, or several in sequence; `why` may be empty.

    `slot` is the shot in one deliverable, as picks.yaml has it.
    """

    shot: str
    slot: str
    why: str
    parts: list[PartData]


class StandingData(TypedDict):
    """The state of a shot in one deliverable: its pick, what is against it, the take without one.

    `warnings` are of a pick that is valid all the same: its take was rejected.

    `deliverable` has the axes of the film that the shot has; none of them: it serves all.
    """

    shot: str
    slot: str
    deliverable: dict[str, Scalar]
    title: str
    state: State
    against: list[str]
    warnings: list[str]
    renamed_from: str | None
    default: str | None
    pick: PickData | None


def pick_data(pick: Pick) -> PickData:
    """Return a pick as JSON data."""
    parts = [_part(one) for one in pick.parts]
    return {"shot": shot_of(pick.slot), "slot": pick.slot, "why": pick.why, "parts": parts}


def _part(part: Part) -> PartData:
    return {
        "take": part.take,
        "sha256": part.sha256,
        "fingerprint": part.fingerprint,
        "in": None if part.start is None else str(part.start),
        "out": None if part.end is None else str(part.end),
    }


def status_data(status: ShotStatus) -> StandingData:
    """Return the state of a shot as JSON data."""
    pick = status.shown or status.pick
    return {
        "shot": status.shot,
        "slot": status.slot,
        "deliverable": dict(status.film),
        "title": status.title,
        "state": status.state,
        "against": list(status.against),
        "warnings": list(status.warnings),
        "renamed_from": status.was or None,
        "default": status.default.name if status.default else None,
        "pick": pick_data(pick) if pick else None,
    }
