"""A task after an answer: what it says, and what the count of results and our clock say on top."""

from dataclasses import replace

from renderer.render.attempt import Attempt, Heard, Moment
from renderer.render.stage import NOTHING_LEARNED, RUNNING, UNHEARD_OF, Event
from renderer.render.task_state import TaskState

_SAYING = frozenset({Event.REFUSED, Event.COMPLETE, Event.SOME})  # an error with it is kept


def learned(attempt: Attempt, heard: Heard, moment: Moment) -> Attempt:
    """Return an attempt after what was heard, and after what our own clock says of it."""
    meaning, before = heard.meaning, attempt.task
    error = meaning.error if meaning.event in _SAYING else None
    sendable = attempt.sendable(moment)
    task = before.learn(
        meaning.results,
        error,
        counted=meaning.counted,
        listed=meaning.listed,
        engine=heard.engine,
    ).move(meaning.event, sendable=sendable)
    still = _still(attempt, task, meaning.event, moment)
    settled = _settled(task, still, moment)
    event = _of_our_own(attempt, task, meaning.event, moment, settled=settled)
    task = task if event is None else task.move(event, sendable=sendable)
    return replace(attempt, task=task, still=still, on_its_way=False)


def _still(attempt: Attempt, task: TaskState, event: Event, moment: Moment) -> float | None:
    """Return since when a task shows the same results, none under way and fewer than it should."""
    if event is not Event.SOME:
        return None
    same = attempt.still is not None and attempt.task.results == task.results
    return attempt.still if same else moment.now


def _of_our_own(
    attempt: Attempt, task: TaskState, event: Event, moment: Moment, *, settled: bool
) -> Event | None:
    """Return what the count of results and the clock say on top of an answer."""
    sure = task.count is not None or event is Event.SOME  # nothing is under way
    if task.full and sure:
        return Event.COMPLETE
    if settled:
        return Event.COMPLETE if task.results else Event.REFUSED
    return Event.TIMED_OUT if _timed_out(attempt, task, event, moment) else None


def _settled(task: TaskState, still: float | None, moment: Moment) -> bool:
    """Whether nothing more comes of a task that shows fewer results than it should have.

    Its other results may not be listed yet, so it is watched for a while, at full risk. Where the
    rest was bought, and nothing says that it failed, it is waited for to the deadline.
    """
    bought = task.count is not None and task.error is None
    long = moment.pace.settle(task.order.seconds)
    return not bought and still is not None and moment.now - still >= long


def _timed_out(attempt: Attempt, task: TaskState, event: Event, moment: Moment) -> bool:
    """Whether our patience with a task is over: unsent for too long, or past its deadline."""
    now, pace = moment.now, moment.pace
    if task.stage in UNHEARD_OF:
        impatient = attempt.trouble is not None and now - attempt.trouble >= pace.patience
        return event in NOTHING_LEARNED and impatient and not task.taken
    waited = attempt.task.stage in RUNNING and task.stage in RUNNING
    late = now - attempt.since > pace.deadline(task.order.seconds)
    return waited and event not in NOTHING_LEARNED and late
