"""What is to be done about a task once it was decided: the run does these, in their order."""

from dataclasses import dataclass

from renderer.render.order import Order
from renderer.render.outcome import News
from renderer.render.results import ResultState
from renderer.runware.messages import TaskError


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """Write the task to the journal, before anything else; `posting`: it is sent after that."""

    posting: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Send its POST now: there is no other leave to send one."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Download a new result."""

    result: ResultState


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Let the person know of a step."""

    news: News
    percent: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Submit and ask nothing more in this run: there is no way through."""

    error: TaskError | None


@dataclass(frozen=True, slots=True)
class End:
    """The task is over; `retry.after_end` says what follows, given what else the run does."""

    error: TaskError | None


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the task out of those under way."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Count takes of the picture as had, or perhaps had: they are not bought again."""

    takes: int


@dataclass(frozen=True, slots=True)
class LeaveUnsent:
    """Note that the task was not sent, and why."""

    error: TaskError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveUnknown:
    """Note that the provider may have it; `asked_again`: the next run asks, else a person decides."""

    text: str
    asked_again: bool = False


@dataclass(frozen=True, slots=True)
class Fail:
    """Note that the rest of an order yields nothing."""

    order: Order
    error: TaskError | None


@dataclass(frozen=True, slots=True)
class ForgetUploads:
    """Forget the uploads that the order used: the provider has lost them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Begin another attempt; its number is the next free one of the journal if it is None."""

    order: Order
    tries: int
    attempt: int | None


@dataclass(frozen=True, slots=True)
class Release:
    """Start what was held back until nothing of the picture is open any more."""


Note = Remove | Cover | LeaveUnsent | LeaveUnknown | Fail | Release  # the books of a run
Action = Save | Send | Fetch | Report | Stop | End | ForgetUploads | Start | Note
