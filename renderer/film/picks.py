"""Picks as values: the take, or the takes in sequence, that a person chose for a shot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A moment of a take, from its start: in seconds, or in frames."""

    seconds: Decimal | None = None
    frames: int | None = None

    def at(self, fps: int) -> Fraction:
        """Return the moment in seconds."""
        if self.frames is not None:
            return Fraction(self.frames, fps)
        return Fraction(self.seconds or 0)

    def __str__(self) -> str:
        return f"{self.frames}f" if self.frames is not None else f"{self.seconds or Decimal(0):f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One take of a pick, by its name `address#number`, its bytes and the picture it shows.

    `start` and `end` are the pick's `in` and `out`; without them the take is used whole.
    """

    take: str
    sha256: str
    fingerprint: str
    start: Point | None = None
    end: Point | None = None

    @property
    def address(self) -> str:
        """The address of the task that yielded the take."""
        return self.take.rpartition("#")[0]

    @property
    def number(self) -> int:
        """The take's number within its address."""
        return int(self.take.rpartition("#")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What was chosen for a shot in one deliverable: one part, or several in sequence.

    `slot` is `scene/shot`, with the axes of its film if the shot has any: `scene/shot@locale=de`.
    """

    slot: str
    why: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """All picks of a project, by their slots."""

    by_slot: Mapping[str, Pick] = field(default_factory=dict)

    def having(self, *picks: Pick) -> "Picks":
        """Return these picks with others put in, each in place of its slot's."""
        return replace(self, by_slot={**self.by_slot, **{one.slot: one for one in picks}})

    def without(self, *slots: str) -> "Picks":
        """Return these picks less those of some slots."""
        kept = {slot: pick for slot, pick in self.by_slot.items() if slot not in slots}
        return replace(self, by_slot=kept)
