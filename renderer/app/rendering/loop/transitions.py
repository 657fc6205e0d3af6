"""Carries out what `decide` says of tasks: what has to be journaled first, then the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from renderer.app.rendering.loop.state import ActiveTask, RunState
from renderer.render.actions import (
    Action,
    Cover,
    End,
    Fail,
    Fetch,
    ForgetUploads,
    LeaveUnknown,
    LeaveUnsent,
    Note,
    Release,
    Remove,
    Report,
    Save,
    Send,
    Start,
    Stop,
)
from renderer.render.answers.calls import Answered, Call
from renderer.render.answers.meaning import Meaning
from renderer.render.attempt import Dropped, Halted, Heard, Ready
from renderer.render.decide import decide
from renderer.render.outcome import unsent
from renderer.render.results import ResultState
from renderer.render.retry import Standing, after_end
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError

Collect = Callable[[TaskState, ResultState], None]


class Transitions:
    """Hands to `decide` what was heard, and does what it says. `collect` is called once a result."""

    def __init__(self, state: RunState, collect: Collect) -> None:
        self._state = state
        self._collect = collect

    def learn(self, batch: Sequence[ActiveTask], heard: Mapping[str, Meaning], call: Call) -> None:
        """Move every task of a batch, write all that changed in one step, then act on it."""
        moment, decided = self._state.moment(), []
        for live in batch:
            answer = _heard(heard[live.task.uuid], call)
            after, actions = decide(live.attempt, answer, moment)
            decided.append((live, after, actions))
        self._state.save(after.task for _, after, actions in decided if Save() in actions)
        for live, after, actions in decided:
            live.attempt = after
            self._act(live, actions)

    def post(self, batch: Sequence[ActiveTask]) -> list[ActiveTask]:
        """Return the tasks of a batch whose POST may leave now; all of them are in the journal."""
        moment, leaving = self._state.moment(), []
        for live in batch:
            live.attempt, actions = decide(live.attempt, Ready(), moment)
            leaving += [live] if Send() in actions else []
        self._state.save((live.task for live in leaving), posting=True)
        return leaving

    def give_up(self, live: ActiveTask, error: TaskError) -> None:
        """Leave a task unsent for a reason of ours; one that was perhaps sent is asked about."""
        live.attempt, actions = decide(live.attempt, Dropped(error), self._state.moment())
        self._act(live, actions)

    def sweep(self) -> None:
        """Take out the tasks that will not be sent."""
        state = self._state
        for live in list(state.live.values()):
            refusal = state.refusal(live.task.order)
            if not live.busy and (refusal or not state.sending):
                live.attempt, actions = decide(live.attempt, Halted(refusal), state.moment())
                self._act(live, actions)

    def _act(self, live: ActiveTask, actions: Iterable[Action]) -> None:
        for action in actions:
            self._do(live, action)

    def _do(self, live: ActiveTask, action: Action) -> None:
        state, task = self._state, live.task
        match action:
            case Fetch(result):
                self._collect(task, result)
            case Report():
                state.notify(task, action)
            case Stop(error):
                state.stop(error, closing=True)
            case End(error):
                self._act(live, tuple(after_end(live.attempt, error, self._standing(task))))
            case ForgetUploads():
                state.ports.images.forget(task.order)
            case Start(order=order, tries=tries, attempt=attempt):
                state.start(order, tries=tries, attempt=attempt)
            case Save() | Send():
                pass  # done for the whole batch, before and after this
            case _:
                self._note(task, action)

    def _note(self, task: TaskState, action: Note) -> None:
        """Keep the books of the run."""
        state, picture = self._state, task.order.fingerprint
        match action:
            case Remove():
                del state.live[task.uuid]
            case Cover(takes):
                state.covered[picture] += takes
            case LeaveUnsent(error):
                state.unsent.append(unsent(task.order, task.uuid, error))
            case LeaveUnknown():
                state.leave_unknown(task, action)
            case Fail(order, error):
                state.fail(task, order, error)
            case Release():
                state.release(picture)
            case _:
                assert_never(action)

    def _standing(self, task: TaskState) -> Standing:
        state = self._state
        return Standing(
            buying=state.sending and not state.closing,
            held=task.order.fingerprint in state.held,
        )


def _heard(meaning: Meaning, call: Call) -> Heard:
    if isinstance(call, Answered):
        return Heard(meaning=meaning, engine=call.engine, pause=call.pause)
    return Heard(meaning=meaning, why=call.why)
