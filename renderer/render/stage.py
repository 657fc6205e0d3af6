"""Where a task is, what may be learned of it, and where each event leads: one table.

A stage is the same word everywhere: in a run, in the journal, in JSON, and as a label in what
people read. What a row does not list changes nothing.

    LOOKUP --> SEND --> WAIT --> ENDED --> RECORDED
       ^        | ^       |
       |   lost v | the provider does not know it, and it is wanted
     (run)   DOUBT --> ARCHIVE --> UNKNOWN
             RESUMED <--> RECALL      (accepted in an earlier run)
                WAIT --> LAST --> UNKNOWN   (past its deadline, or gone)
"""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Where a task is. The value is what the journal and JSON say."""

    LOOKUP = "lookup"  # getResponse before the first POST: another machine may have sent it
    SEND = "send"  # the POST is next, or on its way
    DOUBT = "intent"  # an answer was lost: getResponse
    ARCHIVE = "archive"  # getResponse knows nothing: getTaskDetails
    WAIT = "wait"  # accepted: poll until every result or a verdict is here
    RESUMED = "acked"  # accepted in an earlier run, which may have read its result: getResponse
    RECALL = "recall"  # the same, and getResponse knows nothing: getTaskDetails, once
    LAST = "last"  # past its deadline, or gone: getTaskDetails has the last word
    ENDED = "result"  # all its results are known
    RECORDED = "recorded"  # the lockfile has them all
    FAILED = "failed"  # a verdict addressed to this id; this id is never used again
    UNSENT = "unsent"  # certainly not taken; the same id may be sent at any time
    UNKNOWN = "unknown"  # perhaps taken, and the provider no longer knows: a person decides

    @property
    def label(self) -> str:
        """What people read of a task that the journal keeps there."""
        return _LABELS.get(self, self.value)


class Event(StrEnum):
    """What was learned about a task."""

    SEEN = "seen"  # a row of ours: queued, processing, some results
    SOME = "some"  # results or errors, none under way, and fewer than there should be
    COMPLETE = "complete"  # every result is here, or some and a verdict on the rest
    REFUSED = "refused"  # an error addressed to our id
    ACCEPTED = "accepted"  # acknowledged, or conflictTaskUUID
    NOT_TAKEN = "not taken"  # not sent, or turned away at the door: same body, later
    NO_RESPONSE = "no response"  # no answer, or none that can be understood
    ACCOUNT_ERROR = "account error"  # key or credit: the call was refused
    NOT_FOUND = "not found"  # the provider was asked and has nothing on it
    EXPIRED = "expired"  # the provider no longer has it
    TIMED_OUT = "timed out"  # this stage took too long
    TOO_LATE = "too late"  # to be sent as it is: it has to be asked about first


# A run has nothing more to learn of a task that is there.
OVER = frozenset({Stage.ENDED, Stage.RECORDED, Stage.FAILED, Stage.UNSENT, Stage.UNKNOWN})
ASKED = frozenset({Stage.LOOKUP, Stage.DOUBT, Stage.WAIT, Stage.RESUMED})  # by getResponse
ARCHIVED = frozenset({Stage.ARCHIVE, Stage.RECALL, Stage.LAST})  # by getTaskDetails
RUNNING = frozenset({Stage.WAIT, Stage.RESUMED})  # accepted, and polled
UNHEARD_OF = frozenset({Stage.LOOKUP, Stage.SEND})  # may be left unsent, if it was not in doubt
# Of a call that went wrong: it says nothing of the task.
NOTHING_LEARNED = frozenset({Event.NO_RESPONSE, Event.NOT_TAKEN, Event.ACCOUNT_ERROR})

# What the journal keeps. Open tasks are those that a later run, or a person, has to settle; one
# that is settled never changes again; and one that is UNSENT is neither: nobody has heard of it.
OPEN = frozenset({Stage.DOUBT, Stage.RESUMED, Stage.ENDED, Stage.UNKNOWN})
TAKEN = frozenset({Stage.RESUMED, Stage.ENDED})  # of these: the provider surely has it
SETTLED = frozenset({Stage.RECORDED, Stage.FAILED})

_LABELS = {
    Stage.DOUBT: "perhaps sent",
    Stage.RESUMED: "running",
    Stage.ENDED: "made, not fetched",
}

_LEARNED = {
    Event.SEEN: Stage.WAIT,
    Event.SOME: Stage.WAIT,  # where nobody knows the count: RECALL, once
    Event.ACCEPTED: Stage.WAIT,
    Event.COMPLETE: Stage.ENDED,
    Event.REFUSED: Stage.FAILED,
}

TABLE: Mapping[Stage, Mapping[Event, Stage]] = {
    Stage.LOOKUP: {
        **_LEARNED,
        Event.NOT_FOUND: Stage.SEND,
        Event.EXPIRED: Stage.ARCHIVE,
        Event.ACCOUNT_ERROR: Stage.UNSENT,
        Event.TIMED_OUT: Stage.UNSENT,
    },
    Stage.SEND: {
        **_LEARNED,
        Event.NO_RESPONSE: Stage.DOUBT,
        Event.TOO_LATE: Stage.DOUBT,
        Event.ACCOUNT_ERROR: Stage.UNSENT,
        Event.TIMED_OUT: Stage.UNSENT,
    },
    Stage.DOUBT: {
        **_LEARNED,
        Event.NOT_FOUND: Stage.ARCHIVE,
        Event.EXPIRED: Stage.ARCHIVE,
    },
    Stage.ARCHIVE: {
        **_LEARNED,
        Event.NOT_FOUND: Stage.SEND,
        Event.EXPIRED: Stage.SEND,
    },
    Stage.WAIT: {
        **_LEARNED,
        Event.EXPIRED: Stage.LAST,
        Event.TIMED_OUT: Stage.LAST,
    },
    Stage.RESUMED: {
        **_LEARNED,
        Event.NOT_FOUND: Stage.RECALL,
        Event.EXPIRED: Stage.LAST,
        Event.TIMED_OUT: Stage.LAST,
    },
    Stage.RECALL: {
        **_LEARNED,
        Event.NOT_FOUND: Stage.WAIT,
        Event.EXPIRED: Stage.WAIT,
    },
    Stage.LAST: {
        **_LEARNED,
        Event.SEEN: Stage.UNKNOWN,
        Event.SOME: Stage.UNKNOWN,  # what is here is kept; the rest is unknown
        Event.NOT_FOUND: Stage.UNKNOWN,
        Event.EXPIRED: Stage.UNKNOWN,
    },
}
