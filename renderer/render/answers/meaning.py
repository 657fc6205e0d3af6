"""What a task learns from a call, and what each kind of error means: two tables.

A verdict on a task is only an error addressed to its taskUUID, and only of a kind that can be
one: money, key, rate and server trouble never are. The HTTP status decides nothing alone; an
answer that does not name a task says nothing about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from renderer.render.results import ResultState
from renderer.render.stage import Event
from renderer.runware.codes import Kind
from renderer.runware.messages import TaskError


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one task learns from a call."""

    event: Event
    results: tuple[ResultState, ...] = ()
    error: TaskError | None = None
    progress: int | None = None
    alone: bool = False  # ask about this task in a call of its own
    counted: bool = False  # it was taken by this very POST, with the count that it asks for
    listed: int | None = None  # how many results it was asked for, as the archive has it


# What an error that is addressed to a task means in the answer to its POST. Timeouts and provider
# troubles were seen on tasks that had been accepted: their state is unknown, so it is asked about.
SUBMITTED: Mapping[Kind, Event] = {
    Kind.DUPLICATE: Event.ACCEPTED,
    Kind.SERVER: Event.NO_RESPONSE,
    Kind.TIMEOUT: Event.NO_RESPONSE,
    Kind.PROVIDER: Event.NO_RESPONSE,
    Kind.UNKNOWN: Event.NO_RESPONSE,
    Kind.KEY: Event.ACCOUNT_ERROR,
    Kind.MONEY: Event.ACCOUNT_ERROR,
    Kind.RATE: Event.NOT_TAKEN,
    Kind.REQUEST: Event.REFUSED,
    Kind.MODEL: Event.REFUSED,
    Kind.SAFETY: Event.REFUSED,
    Kind.GONE: Event.REFUSED,
    Kind.CANCELLED: Event.REFUSED,
}

# The same of an error in the answer to a poll.
POLLED: Mapping[Kind, Event] = {
    Kind.DUPLICATE: Event.NO_RESPONSE,
    Kind.SERVER: Event.NO_RESPONSE,
    Kind.RATE: Event.NO_RESPONSE,
    Kind.UNKNOWN: Event.NO_RESPONSE,  # with a status that ends the task: REFUSED
    Kind.KEY: Event.ACCOUNT_ERROR,
    Kind.MONEY: Event.ACCOUNT_ERROR,
    Kind.GONE: Event.EXPIRED,
    Kind.REQUEST: Event.REFUSED,
    Kind.MODEL: Event.REFUSED,
    Kind.SAFETY: Event.REFUSED,
    Kind.TIMEOUT: Event.REFUSED,
    Kind.PROVIDER: Event.REFUSED,
    Kind.CANCELLED: Event.REFUSED,
}
VERDICTS = frozenset({Event.REFUSED, Event.EXPIRED})


def event_of(error: TaskError) -> Event:
    """Return what an error addressed to a task says of it in the answer to a poll."""
    ended = error.kind is Kind.UNKNOWN and error.ended
    return Event.REFUSED if ended else POLLED[error.kind]
