"""What follows from the end of a task: another attempt at what it did not yield, or a failure."""

from collections.abc import Iterator
from dataclasses import dataclass

from renderer.render.actions import (
    Action,
    Cover,
    Fail,
    ForgetUploads,
    LeaveUnknown,
    LeaveUnsent,
    Release,
    Remove,
    Start,
)
from renderer.render.attempt import Attempt
from renderer.render.stage import Stage
from renderer.runware.codes import Kind
from renderer.runware.messages import TaskError

_MOST_EARLIER = 20  # failed attempts of earlier runs that are stepped over
_FEWER = TaskError(code="fewerResults", message="fewer takes came than were requested")
# How often a fresh attempt under a new id is sensible after a verdict of each kind.
_ATTEMPTS = {Kind.TIMEOUT: 3, Kind.PROVIDER: 3, Kind.SERVER: 3, Kind.RATE: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the run does at the end of a task: whether it may buy, and holds orders of its picture."""

    buying: bool
    held: bool


def may_try_again(error: TaskError | None, tries: int) -> bool:
    """Whether a failed task deserves another attempt after `tries` attempts in this run."""
    return error is not None and tries < _ATTEMPTS.get(error.kind, 1)


def after_end(attempt: Attempt, error: TaskError | None, run: Standing) -> Iterator[Action]:
    """Yield what is to be done about a task that is over; `error` is what it ended with."""
    task = attempt.task
    yield Remove()
    yield Cover(len(task.results) - attempt.before)
    if task.stage is Stage.UNKNOWN:
        yield Cover(task.missing)
        text = str(attempt.why) if attempt.why else "the provider has no record of it"
        yield LeaveUnknown(text=text)
    elif task.stage is Stage.UNSENT:
        yield LeaveUnsent(error or attempt.why)
    elif task.missing:
        yield from _of_earlier(attempt, error) if run.held else _missing(attempt, error, run)
    yield Release()


def _of_earlier(attempt: Attempt, error: TaskError | None) -> Iterator[Action]:
    """Note what a task of an earlier run did not yield; it is bought now only if that was allowed."""
    task = attempt.task
    yield from _forgets(attempt, error)
    if attempt.ask_only:
        yield Cover(task.missing)
        yield Fail(task.order.rest(len(task.results)) or task.order, error or _FEWER)


def _missing(attempt: Attempt, error: TaskError | None, run: Standing) -> Iterator[Action]:
    """Try again for what a task did not yield, or note the failure."""
    task = attempt.task
    rest = (
        task.order.rest(len(task.results), tuple(one.seed for one in task.results)) or task.order
    )
    if _is_earlier(attempt):
        yield Start(order=rest, tries=attempt.tries + 1, attempt=task.attempt + 1)
        return
    yield from _forgets(attempt, error)
    if run.buying and not attempt.ask_only and _worth_another(attempt, error):
        number = None if task.results else task.attempt + 1
        yield Start(order=rest, tries=attempt.tries + 1, attempt=number)
    else:
        yield Fail(rest, error or _FEWER)


def _is_earlier(attempt: Attempt) -> bool:
    """Whether this run only found what another one had tried, and failed at."""
    found = attempt.sent is None and attempt.task.stage is Stage.FAILED
    return found and not attempt.ask_only and attempt.tries <= _MOST_EARLIER


def _worth_another(attempt: Attempt, error: TaskError | None) -> bool:
    """Whether what is missing is asked for at once, under a new id."""
    uploads = _lost_uploads(attempt, error) and attempt.tries == 1
    # Another run or clone asked for fewer under this id: the rest is an order of its own.
    fewer = error is None and not attempt.task.counted
    return uploads or fewer or may_try_again(error, attempt.tries)


def _lost_uploads(attempt: Attempt, error: TaskError | None) -> bool:
    return error is not None and error.kind is Kind.GONE and bool(attempt.task.order.files)


def _forgets(attempt: Attempt, error: TaskError | None) -> Iterator[Action]:
    """Forget uploads that the provider lost: a new upload may help."""
    if _lost_uploads(attempt, error):
        yield ForgetUploads()
