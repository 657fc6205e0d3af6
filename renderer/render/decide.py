"""What becomes of a task: from what was learned of it to where it is, and what is to be done.

The run gathers, calls `decide`, and does what it says; it decides nothing. A POST leaves only
for an action `Send`, and there is none for what was accepted, for what is out of the job, and for
what was perhaps taken so long ago that the provider may not refuse it.
"""

from collections.abc import Iterator
from dataclasses import replace

from renderer.render.actions import (
    Action,
    Cover,
    End,
    Fetch,
    LeaveUnknown,
    LeaveUnsent,
    Release,
    Remove,
    Report,
    Save,
    Send,
)
from renderer.render.attempt import Attempt, Dropped, Halted, Heard, Moment, Ready, What
from renderer.render.learn import learned
from renderer.render.next_call import after_failure, waiting
from renderer.render.outcome import News
from renderer.render.stage import Event, Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError

_MOST_SENDS = 8  # POSTs of one body in a run (some four minutes), then the next run asks
Decision = tuple[Attempt, tuple[Action, ...]]


def decide(attempt: Attempt, answer: What, moment: Moment) -> Decision:
    """Return the attempt after an answer, or a wish of the run, and what is to be done."""
    if attempt.task.over or attempt.parked:
        return attempt, ()
    match answer:
        case Heard():
            return _heard(attempt, answer, moment)
        case Ready():
            return _ready(attempt, moment)
        case Dropped(error):
            return _dropped(attempt, error)
        case Halted(error):
            return _halted(attempt, error)


def _heard(before: Attempt, heard: Heard, moment: Moment) -> Decision:
    moved = learned(before, heard, moment)
    after = waiting(moved, before.task, heard, moment)
    saved = (Save(),) if _worth_saving(before.task, after.task) else ()
    told = after_failure(after, heard.meaning.event, moment)
    actions = (*saved, *told, *_news(before.task, after, heard))
    if after.task.over:
        return after, (*actions, End(heard.meaning.error or after.task.error))
    return _parked(after, *actions) if _sent_too_often(after) else (after, actions)


def _worth_saving(before: TaskState, after: TaskState) -> bool:
    """Whether the journal has to know: results, what was taken, and what surely was not."""
    if after.results != before.results or after.counted != before.counted:
        return True
    if before.stage is Stage.SEND and after.stage is Stage.SEND and not after.doubt:
        return True
    changed = (before.acked, before.doubt, before.over) != (after.acked, after.doubt, after.over)
    never_sent = not after.taken and before.stage is Stage.LOOKUP
    return changed and not never_sent


def _news(before: TaskState, attempt: Attempt, heard: Heard) -> Iterator[Action]:
    """Yield the new results, and a step forward."""
    task, meaning = attempt.task, heard.meaning
    yield from map(Fetch, task.results[len(before.results) :])
    if not before.acked and task.stage is Stage.WAIT:
        yield Report(news=News.SUBMITTED)
    elif task.stage is Stage.WAIT and meaning.event in {Event.SEEN, Event.SOME}:
        yield Report(news=News.RUNNING, percent=meaning.progress)


def _sent_too_often(attempt: Attempt) -> bool:
    task = attempt.task
    return task.stage is Stage.SEND and task.doubt and attempt.sends >= _MOST_SENDS


def _ready(attempt: Attempt, moment: Moment) -> Decision:
    """Return the leave to send a task, if it has it; the money rule has its last word here."""
    task = attempt.task
    if task.stage is not Stage.SEND or attempt.on_its_way:
        return attempt, ()
    if not _may_be_sent(attempt, moment):
        asked = task.move(Event.TOO_LATE)
        return replace(attempt, task=asked, due=moment.now), ()
    sent = moment.wall if attempt.sent is None else attempt.sent
    attempt = replace(attempt, sent=sent, sends=attempt.sends + 1, on_its_way=True)
    return attempt, (Save(posting=True), Send())


def _may_be_sent(attempt: Attempt, moment: Moment) -> bool:
    """Whether nobody pays twice: it was surely not taken, or its id is surely known still.

    This was so when it became the next to be sent; but it may have waited, or the machine slept.
    """
    task = attempt.task
    return not (task.acked or attempt.ask_only) and (not task.doubt or attempt.sendable(moment))


def _dropped(attempt: Attempt, error: TaskError) -> Decision:
    """Leave a task unsent; one that was perhaps sent is asked about by the next run."""
    if not _may_be_left(attempt):
        return attempt, ()
    attempt = replace(attempt, why=error)
    if attempt.task.doubt:
        return _parked(attempt)
    return _left(attempt), (End(error),)


def _halted(attempt: Attempt, error: TaskError | None) -> Decision:
    """Take a task out that is not sent any more; one that may run is asked about."""
    if not _may_be_left(attempt):
        return attempt, ()
    if attempt.task.doubt:
        return _parked(attempt)
    return _left(attempt), (Remove(), LeaveUnsent(error))


def _may_be_left(attempt: Attempt) -> bool:
    """Whether the next step of a task is to send it, now or once it was looked up."""
    task = attempt.task
    waits = task.stage is Stage.SEND or (task.stage is Stage.LOOKUP and not task.doubt)
    return waits and not task.acked and not attempt.on_its_way


def _left(attempt: Attempt) -> Attempt:
    return replace(attempt, task=attempt.task.move(Event.TIMED_OUT))


def _parked(attempt: Attempt, *before: Action) -> Decision:
    """Take out a task that was perhaps accepted; the next run asks about it again."""
    why = str(attempt.why) if attempt.why else "no response for it yet"
    takes = attempt.task.order.count - attempt.before
    actions = (Remove(), Cover(takes), LeaveUnknown(text=why, asked_again=True), Release())
    return replace(attempt, parked=True), (*before, *actions)
