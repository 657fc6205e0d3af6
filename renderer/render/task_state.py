"""The life of a task: every stage, every event, and where each leads, in one table.

Rule 1: nothing outside this file moves a stage, and no event is renamed on its way here.
Rule 2: a POST leaves only from SEND, and SEND is entered only when the provider was asked
first, or certainly took nothing, or when the same body under the same id is refused twice.
Rule 3: what an acknowledged task yields is waited for; it is never sent again.
Rule 4: a task that was perhaps taken is sent again only in a run that wants it (`sendable`).
Rule 5: the first terminal stage wins; later events change nothing.

    LOOKUP --> SEND --> WAIT --> ENDED
       ^        | ^       |
       |   lost v | the provider does not know it, and it is wanted
     (run)   DOUBT --> ARCHIVE --> UNKNOWN
             RESUMED <--> RECALL      (accepted in an earlier run)
                WAIT --> LAST --> UNKNOWN   (past its deadline, or gone)
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from renderer.render.order import Order
from renderer.runware.codes import Kind
from renderer.runware.messages import TaskError


class Stage(StrEnum):
    """Where a task is."""

    LOOKUP = "lookup"  # getResponse before the first POST: another machine may have sent it
    SEND = "send"  # the POST is next, or on its way
    DOUBT = "doubt"  # an answer was lost: getResponse
    ARCHIVE = "archive"  # getResponse knows nothing: getTaskDetails
    WAIT = "wait"  # accepted: poll until every result or a verdict is here
    RESUMED = "resumed"  # accepted in an earlier run, which may have read its result: getResponse
    RECALL = "recall"  # the same, and getResponse knows nothing: getTaskDetails, once
    LAST = "last"  # past its deadline, or gone: getTaskDetails has the last word
    ENDED = "ended"  # all its results are known
    FAILED = "failed"  # a verdict addressed to this id; this id is never used again
    UNSENT = "unsent"  # certainly not taken; the same id may be sent at any time
    UNKNOWN = "unknown"  # perhaps taken, and the provider no longer knows: a person decides


class Event(StrEnum):
    """What was learned about a task."""

    SEEN = "seen"  # a row of ours: queued, processing, some results
    SOME = "some"  # results or errors, none under way, and fewer than there should be
    COMPLETE = "complete"  # every result is here, or some and a verdict on the rest
    REFUSED = "refused"  # an error addressed to our id
    ACCEPTED = "accepted"  # acknowledged, or conflictTaskUUID
    NOT_TAKEN = "not taken"  # not sent, or turned away at the door: same body, later
    NO_RESPONSE = "lost"  # no answer, or none that can be understood
    ACCOUNT_ERROR = "barred"  # key or credit: the call was refused
    NOT_FOUND = "silent"  # the provider was asked and has nothing on it
    EXPIRED = "gone"  # the provider no longer has it
    TIMED_OUT = "tired"  # this stage timed out


TERMINAL = frozenset({Stage.ENDED, Stage.FAILED, Stage.UNSENT, Stage.UNKNOWN})
ASKED = frozenset({Stage.LOOKUP, Stage.DOUBT, Stage.WAIT, Stage.RESUMED})  # by getResponse
ARCHIVED = frozenset({Stage.ARCHIVE, Stage.RECALL, Stage.LAST})  # by getTaskDetails

_LEARNED = {
    Event.SEEN: Stage.WAIT,
    Event.SOME: Stage.WAIT,  # where nobody knows the count: RECALL, once
    Event.ACCEPTED: Stage.WAIT,
    Event.COMPLETE: Stage.ENDED,
    Event.REFUSED: Stage.FAILED,
}


def _unheard(stage: Stage) -> dict[Event, Stage]:
    """Return what a call that says nothing about a task does to it: nothing."""
    return dict.fromkeys((Event.NOT_TAKEN, Event.NO_RESPONSE, Event.ACCOUNT_ERROR), stage)


TABLE: dict[Stage, dict[Event, Stage]] = {
    Stage.LOOKUP: {
        **_LEARNED,
        Event.NOT_FOUND: Stage.SEND,
        Event.EXPIRED: Stage.ARCHIVE,
        Event.NOT_TAKEN: Stage.LOOKUP,
        Event.NO_RESPONSE: Stage.LOOKUP,
        Event.ACCOUNT_ERROR: Stage.UNSENT,
        Event.TIMED_OUT: Stage.UNSENT,
    },
    Stage.SEND: {
        **_LEARNED,
        Event.NOT_TAKEN: Stage.SEND,
        Event.NO_RESPONSE: Stage.DOUBT,
        Event.ACCOUNT_ERROR: Stage.UNSENT,
        Event.TIMED_OUT: Stage.UNSENT,
    },
    Stage.DOUBT: {
        **_LEARNED,
        **_unheard(Stage.DOUBT),
        Event.NOT_FOUND: Stage.ARCHIVE,
        Event.EXPIRED: Stage.ARCHIVE,
    },
    Stage.ARCHIVE: {
        **_LEARNED,
        **_unheard(Stage.ARCHIVE),
        Event.NOT_FOUND: Stage.SEND,
        Event.EXPIRED: Stage.SEND,
    },
    Stage.WAIT: {
        **_LEARNED,
        **_unheard(Stage.WAIT),
        Event.NOT_FOUND: Stage.WAIT,
        Event.EXPIRED: Stage.LAST,
        Event.TIMED_OUT: Stage.LAST,
    },
    Stage.RESUMED: {
        **_LEARNED,
        **_unheard(Stage.RESUMED),
        Event.NOT_FOUND: Stage.RECALL,
        Event.EXPIRED: Stage.LAST,
        Event.TIMED_OUT: Stage.LAST,
    },
    Stage.RECALL: {
        **_LEARNED,
        **_unheard(Stage.RECALL),
        Event.NOT_FOUND: Stage.WAIT,
        Event.EXPIRED: Stage.WAIT,
    },
    Stage.LAST: {
        **_LEARNED,
        **_unheard(Stage.LAST),
        Event.SEEN: Stage.UNKNOWN,
        Event.SOME: Stage.UNKNOWN,  # what is here is kept; the rest is unknown
        Event.NOT_FOUND: Stage.UNKNOWN,
        Event.EXPIRED: Stage.UNKNOWN,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultState:
    """One video that a task yielded, as the provider reported it."""

    key: str  # its videoUUID; a digest of the path of its URL where the provider gave none
    url: str
    seed: int | None = None
    cost: Decimal | None = None
    draft_id: str = ""
    unsafe: bool = False

    @property
    def name(self) -> str:
        """Its videoUUID in one spelling; empty where the provider gave none."""
        return "" if self.key.startswith(UNNAMED) else self.key.casefold()

    @property
    def path(self) -> str:
        """The path of its URL: the query is a signature, new with each answer."""
        return urlsplit(self.url).path


UNNAMED = "url-"  # before the key of a result without a videoUUID


def _same_name(one: ResultState, other: ResultState) -> bool:
    return bool(one.name) and one.name == other.name


def _same_path(one: ResultState, other: ResultState) -> bool:
    named = one.name and other.name
    seeds = one.seed is None or other.seed is None or one.seed == other.seed
    return not named and seeds and bool(one.path) and one.path == other.path


def _same_seed(one: ResultState, other: ResultState) -> bool:
    return not (one.name and other.name) and one.seed is not None and one.seed == other.seed


_SAME = (_same_name, _same_path, _same_seed)  # the surest first: a seed may only be echoed


def _of_its_own(result: ResultState, among: Sequence[ResultState]) -> ResultState:
    """Return a result under a key that no other has: paths of unnamed ones may be alike."""
    keys = {one.key for one in among}
    if result.key not in keys:
        return result
    free = next(n for n in range(2, len(keys) + 3) if f"{result.key}-{n}" not in keys)
    return dataclasses.replace(result, key=f"{result.key}-{free}")


def not_among(known: Iterable[ResultState], found: Iterable[ResultState]) -> list[ResultState]:
    """Return what of a later answer is none of the results that are known, one for one.

    A provider may name a video late, sign its URL again, or leave the name out once.
    """
    left, rest = list(known), list(found)
    for same in _SAME:
        new = []
        for result in rest:
            match = next((one for one in left if same(one, result)), None)
            if match is None:
                new.append(result)
            else:
                left.remove(match)
        rest = new
    return rest


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """One attempt at an order. `doubt`: perhaps taken; `acked`: certainly taken.

    `counted`: the provider was asked for `order.count` results under this id, by us. Where another
    run or another clone may have asked, `listed` is the count in the provider's archive.
    `engine`: whoever answered is an embedded engine, which is not the paid provider.
    """

    order: Order
    uuid: str
    attempt: int = 0
    stage: Stage = Stage.LOOKUP
    doubt: bool = False
    acked: bool = False
    counted: bool = False
    listed: int | None = None
    recalled: bool = False  # the archive was asked for the count
    engine: bool = False
    results: tuple[ResultState, ...] = ()
    error: TaskError | None = None

    @property
    def open(self) -> bool:
        """Whether there is still something to learn."""
        return self.stage not in TERMINAL

    @property
    def taken(self) -> bool:
        """Whether the provider has it, surely or perhaps."""
        return self.acked or self.doubt

    @property
    def count(self) -> int | None:
        """How many results it has; None where only the provider knows."""
        return self.order.count if self.counted else self.listed

    @property
    def full(self) -> bool:
        """Whether every result that was asked for is here; as far as is known, or wanted."""
        count = self.order.count if self.count is None else self.count
        return len(self.results) >= count

    @property
    def missing(self) -> int:
        """How many results of the order are not here."""
        return max(0, self.order.count - len(self.results))

    def move(self, event: Event, *, sendable: bool = True) -> "TaskState":
        """Return the life after an event; raise KeyError for one that cannot be here.

        `sendable` is whether a task that was perhaps taken may be sent again in this run.
        """
        if not self.open:
            return self
        stage = TABLE[self.stage][event]
        if event is Event.SOME and stage is Stage.WAIT and self.count is None:
            stage = Stage.WAIT if self.recalled else Stage.RECALL
        doubt = self.doubt or (event is Event.NO_RESPONSE and self.stage is Stage.SEND)
        if stage is Stage.SEND and self.stage is not Stage.SEND:
            # The money rule: what was taken is not sent, what perhaps was only if it is wanted.
            refused = self.acked or (self.doubt and not sendable)
            stage = Stage.UNKNOWN if refused else stage
        if stage is Stage.UNSENT and (doubt or self.acked):
            stage = Stage.WAIT if self.acked else Stage.DOUBT
        if stage is Stage.FAILED and self.results:
            stage = Stage.ENDED
        acked = self.acked or stage in {Stage.WAIT, Stage.RECALL, Stage.ENDED}
        recalled = self.recalled or stage is Stage.RECALL
        return dataclasses.replace(self, stage=stage, doubt=doubt, acked=acked, recalled=recalled)

    def learn(
        self,
        results: tuple[ResultState, ...],
        error: TaskError | None = None,
        *,
        counted: bool = False,
        listed: int | None = None,
        engine: bool = False,
    ) -> "TaskState":
        """Return the life with what an answer says: results once seen are never lost."""
        merged = list(self.results)
        for result in not_among(self.results, dict.fromkeys(results)):
            merged.append(_of_its_own(result, merged))
        return dataclasses.replace(
            self,
            results=tuple(merged),
            error=error or self.error,
            counted=self.counted or counted,
            listed=listed or self.listed,
            engine=self.engine or engine,
        )


# How often a fresh attempt under a new id is sensible after a verdict of each kind.
ATTEMPTS: dict[Kind, int] = {Kind.TIMEOUT: 3, Kind.PROVIDER: 3, Kind.SERVER: 3, Kind.RATE: 3}


def may_try_again(error: TaskError | None, tries: int) -> bool:
    """Whether a failed task deserves another attempt after `tries` attempts in this run."""
    return error is not None and tries < ATTEMPTS.get(error.kind, 1)
