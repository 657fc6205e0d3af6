"""When a task is asked about next, after an answer or the lack of one."""

from collections.abc import Iterator
from dataclasses import replace

from renderer.render.actions import Action, Report, Stop
from renderer.render.answers.meaning import Meaning
from renderer.render.attempt import Attempt, Heard, Moment
from renderer.render.outcome import News
from renderer.render.stage import NOTHING_LEARNED, RUNNING, Event, Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError

_MOST_REFUSALS = 5  # refused polls in a row after which a run stops
_SILENCES = 3  # answers in a row that do not name a task, before it is asked about alone


def waiting(attempt: Attempt, was: TaskState, heard: Heard, moment: Moment) -> Attempt:
    """Return an attempt, whose task is moved already, with when to ask next; `was`: before it."""
    stage, meaning = attempt.task.stage, heard.meaning
    if meaning.event in NOTHING_LEARNED:
        return _troubled(attempt, was, heard, moment)
    if stage in RUNNING:
        return _polled(attempt, was, meaning, moment)
    again = stage is Stage.SEND and attempt.sends > 0
    pause = moment.pace.retry(attempt.sends, moment.jitter) if again else 0.0
    alone = _sent_alone(attempt, meaning)
    return replace(attempt, alone=alone, failures=0, trouble=None, due=moment.now + pause)


def _troubled(attempt: Attempt, was: TaskState, heard: Heard, moment: Moment) -> Attempt:
    """Return an attempt after a call that said nothing: a new stage is asked at once."""
    why = heard.why or "no response"
    failures = attempt.failures + 1
    pause = moment.pace.retry(failures, moment.jitter, heard.pause)
    return replace(
        attempt,
        alone=_sent_alone(attempt, heard.meaning),
        failures=failures,
        trouble=moment.now if attempt.trouble is None else attempt.trouble,
        why=heard.meaning.error or TaskError(code="noAnswer", message=why),
        due=moment.now if attempt.task.stage is not was.stage else moment.now + pause,
    )


def _sent_alone(attempt: Attempt, meaning: Meaning) -> bool:
    return meaning.alone and attempt.task.stage is Stage.SEND


def _polled(attempt: Attempt, was: TaskState, meaning: Meaning, moment: Moment) -> Attempt:
    """Return an attempt that runs; answers that leave it out may be too long, or cut."""
    now, seconds, pace = moment.now, attempt.task.order.seconds, moment.pace
    since, silences = attempt.since, attempt.silences
    if was.acked:
        silences = silences + 1 if meaning.event is Event.NOT_FOUND else 0
        pause = pace.next(seconds, now - since, moment.jitter)
    else:
        since, pause = now, 0.0 if was.stage is Stage.DOUBT else pace.first(seconds)
    return replace(
        attempt,
        failures=0,
        trouble=None,
        since=since,
        silences=silences,
        alone=was.acked and silences % (_SILENCES + 1) == _SILENCES,
        due=now + pause,
    )


def after_failure(attempt: Attempt, event: Event, moment: Moment) -> Iterator[Action]:
    """Yield what a call that said nothing is reason for: waiting, or the end of the run.

    Who was taken is not given up: where no poll gets through, the next run asks.
    """
    if event not in NOTHING_LEARNED:
        return
    refused = event is Event.ACCOUNT_ERROR and attempt.failures >= _MOST_REFUSALS
    if attempt.task.taken and (refused or _patience_is_over(attempt, moment)):
        yield Stop(attempt.why)
    if attempt.failures > 1:
        yield Report(news=News.WAITING, text=str(attempt.why))


def _patience_is_over(attempt: Attempt, moment: Moment) -> bool:
    return attempt.trouble is not None and moment.now - attempt.trouble > moment.pace.patience
