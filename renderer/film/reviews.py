"""What people say of takes: a verdict on a take, and notes at a moment or a range of it.

All of it is bound to a take's bytes; its name is there for people, as it was when that was written.
"""

import hashlib
import json
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from renderer.film.picks import Point
from renderer.lock.model import Lock, Take

_DIGITS = 12  # 60 bits: of a million notes two have the same id once in two million projects
_FPS = 24  # orders moments in seconds among those in frames


class Verdict(StrEnum):
    """What a person says of a whole take. Only a rejection changes what is made."""

    APPROVE = "approve"
    REJECT = "reject"
    CIRCLE = "circle"  # worth printing, as on a camera report


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A moment of a take; with an end, all from there up to it."""

    start: Point
    end: Point | None = None

    @property
    def seconds(self) -> float:
        """About when it starts, to sort by."""
        return float(self.start.at(_FPS))

    def __str__(self) -> str:
        return f"{self.start}-{self.end}" if self.end else str(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeVerdict:
    """A verdict on the take of these bytes: by whom, and when (UTC, `2026-03-01T10:22:31Z`)."""

    take: str
    sha256: str
    verdict: Verdict
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on the take of these bytes: on all of it, unless it says `at` where."""

    id: str
    take: str
    sha256: str
    who: str
    when: str
    text: str
    at: Span | None = None
    resolved: bool = False


def note_id(sha256: str, at: Span | None, who: str, when: str, text: str) -> str:
    """Return the id of a new note: two branches give one id only to the very same note."""
    said = json.dumps([sha256, str(at or ""), who, when, text])
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
    return f"n{b32encode(digest).decode()[:_DIGITS].lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """All verdicts of a project, by the take's bytes, and all notes, by their ids."""

    verdicts: Mapping[str, TakeVerdict] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)

    def having(self, *found: TakeVerdict | Note) -> "Reviews":
        """Return these with others put in, a verdict in place of the take's."""
        verdicts = {one.sha256: one for one in found if isinstance(one, TakeVerdict)}
        notes = {one.id: one for one in found if isinstance(one, Note)}
        return Reviews(verdicts={**self.verdicts, **verdicts}, notes={**self.notes, **notes})

    def without_verdict(self, sha256: str) -> "Reviews":
        """Return these less the verdict on a take."""
        kept = {key: one for key, one in self.verdicts.items() if key != sha256}
        return replace(self, verdicts=kept)

    def rejects(self, take: Take) -> bool:
        """Return whether a take was rejected.

        A final shows its draft's picture, so that the draft's verdict counts for one without its own.
        """
        said = self.verdicts.get(take.sha256) or self.verdicts.get(take.root)
        return said is not None and said.verdict is Verdict.REJECT

    def rejected(self, lock: Lock) -> frozenset[str]:
        """Return the bytes of all takes that were rejected."""
        if not self.verdicts:
            return frozenset()
        return frozenset(take.sha256 for _, take in lock.takes() if self.rejects(take))
