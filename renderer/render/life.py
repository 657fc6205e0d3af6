"""The life of a task: every stage, every event, and where each leads, in one table.

Rule 1: nothing outside this file moves a stage.
Rule 2: a POST leaves only from SEND, and SEND is entered only when the provider was asked
first, or certainly took nothing, or when the same body under the same id is refused twice.
Rule 3: what an acknowledged task yields is waited for; it is never sent again.
Rule 4: the first terminal stage wins; later events change nothing.

    LOOKUP --> SEND --> WAIT --> ENDED
       ^        | ^       |
       |   lost v | forgotten by all, and young
     (run)   DOUBT --> ARCHIVE --> UNKNOWN           (WAIT --> ARCHIVE, too, at its deadline)
"""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from renderer.render.order import Order
from renderer.wire.codes import Kind
from renderer.wire.messages import TaskError


class Stage(StrEnum):
    """Where a task stands."""

    LOOKUP = "lookup"  # getResponse before the first POST: another machine may have sent it
    SEND = "send"  # the POST is next, or on its way
    DOUBT = "doubt"  # an answer was lost: getResponse
    ARCHIVE = "archive"  # getResponse knows nothing: getTaskDetails
    WAIT = "wait"  # accepted: poll until every result or a verdict is here
    ENDED = "ended"  # all its results are known
    FAILED = "failed"  # a verdict addressed to this id; this id is never used again
    UNSENT = "unsent"  # certainly not taken; the same id may be sent at any time
    UNKNOWN = "unknown"  # perhaps taken, and nobody knows any more: a person decides


class Event(StrEnum):
    """What was learned about a task."""

    SEEN = "seen"  # a row of ours: queued, processing, some results
    COMPLETE = "complete"  # every result is here, or some and a verdict on the rest
    REFUSED = "refused"  # an error addressed to our id, and no result
    ACCEPTED = "accepted"  # acknowledged, or conflictTaskUUID
    NOT_TAKEN = "not taken"  # not sent, or turned away at the door: same body, later
    LOST = "lost"  # no answer, or none that can be understood
    BARRED = "barred"  # key or credit: the call was refused
    SILENT = "silent"  # the provider was asked and has nothing on it
    FORGOTTEN = "forgotten"  # nothing in the archive, and too late (or accepted) to send again
    GONE = "gone"  # the provider knows that it does not have it any more
    TIRED = "tired"  # our patience with this stage is over


TERMINAL = frozenset({Stage.ENDED, Stage.FAILED, Stage.UNSENT, Stage.UNKNOWN})

_LEARNED = {
    Event.SEEN: Stage.WAIT,
    Event.ACCEPTED: Stage.WAIT,
    Event.COMPLETE: Stage.ENDED,
    Event.REFUSED: Stage.FAILED,
}
TABLE: dict[Stage, dict[Event, Stage]] = {
    Stage.LOOKUP: {
        **_LEARNED,
        Event.SILENT: Stage.SEND,
        Event.GONE: Stage.ARCHIVE,
        Event.NOT_TAKEN: Stage.LOOKUP,
        Event.LOST: Stage.LOOKUP,
        Event.BARRED: Stage.UNSENT,
        Event.TIRED: Stage.UNSENT,
    },
    Stage.SEND: {
        **_LEARNED,
        Event.NOT_TAKEN: Stage.SEND,
        Event.LOST: Stage.DOUBT,
        Event.BARRED: Stage.UNSENT,
        Event.TIRED: Stage.UNSENT,
    },
    Stage.DOUBT: {
        **_LEARNED,
        Event.SILENT: Stage.ARCHIVE,
        Event.GONE: Stage.ARCHIVE,
        Event.NOT_TAKEN: Stage.DOUBT,
        Event.LOST: Stage.DOUBT,
        Event.BARRED: Stage.DOUBT,
    },
    Stage.ARCHIVE: {
        **_LEARNED,
        Event.SILENT: Stage.SEND,
        Event.GONE: Stage.SEND,
        Event.FORGOTTEN: Stage.UNKNOWN,
        Event.NOT_TAKEN: Stage.ARCHIVE,
        Event.LOST: Stage.ARCHIVE,
        Event.BARRED: Stage.ARCHIVE,
    },
    Stage.WAIT: {
        **_LEARNED,
        Event.SILENT: Stage.WAIT,
        Event.NOT_TAKEN: Stage.WAIT,
        Event.LOST: Stage.WAIT,
        Event.BARRED: Stage.WAIT,
        Event.GONE: Stage.ARCHIVE,
        Event.TIRED: Stage.ARCHIVE,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One video that a task yielded, as the provider reported it."""

    key: str  # its videoUUID; a digest of the URL where the provider gave none
    url: str
    seed: int | None = None
    cost: Decimal | None = None
    draft_id: str = ""
    unsafe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One attempt at an order. `doubt`: perhaps taken; `acked`: certainly taken."""

    order: Order
    uuid: str
    attempt: int = 0
    stage: Stage = Stage.LOOKUP
    doubt: bool = False
    acked: bool = False
    results: tuple[Result, ...] = ()
    error: TaskError | None = None

    @property
    def open(self) -> bool:
        """Whether there is still something to learn."""
        return self.stage not in TERMINAL

    @property
    def asked(self) -> bool:
        """Whether its next question is a getResponse."""
        return self.stage in {Stage.LOOKUP, Stage.DOUBT, Stage.WAIT}

    def move(self, event: Event) -> "Life":
        """Return the life after an event; raise KeyError for one that cannot be here."""
        if not self.open:
            return self
        stage = TABLE[self.stage][event]
        doubt = self.doubt or (event is Event.LOST and self.stage is Stage.SEND)
        if stage is Stage.UNSENT and doubt:
            stage = Stage.UNKNOWN
        acked = self.acked or stage in {Stage.WAIT, Stage.ENDED}
        return dataclasses.replace(self, stage=stage, doubt=doubt, acked=acked)

    def learn(self, results: tuple[Result, ...], error: TaskError | None = None) -> "Life":
        """Return the life with what an answer told: results once seen are never lost."""
        known = {result.key for result in self.results}
        new = tuple(result for result in results if result.key not in known)
        merged = (self.results + new)[: self.order.count]
        return dataclasses.replace(self, results=merged, error=error or self.error)


# How often a fresh attempt under a new id is sensible after a verdict of each kind.
ATTEMPTS: dict[Kind, int] = {Kind.TIMEOUT: 3, Kind.PROVIDER: 3, Kind.SERVER: 3, Kind.RATE: 3}


def may_try_again(error: TaskError | None, tries: int) -> bool:
    """Whether a failed task deserves another attempt after `tries` attempts in this run."""
    return error is not None and tries < ATTEMPTS.get(error.kind, 1)
