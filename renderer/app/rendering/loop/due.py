"""Which calls are to be made now, and when the next one is."""

from collections.abc import Iterator
from itertools import islice

from renderer.app.rendering.loop.state import ActiveTask, RunState
from renderer.render.stage import ARCHIVED, ASKED, Stage

Batch = list[ActiveTask]


def due_calls(state: RunState, *, singly: bool) -> Iterator[tuple[Stage, Batch]]:
    """Yield the calls to be made now: the stage they are for and their tasks.

    `singly`: each question is a call of its own, as answers to several were not understood.
    """
    now, batch = state.ports.clock.now() + state.terms.pace.together, state.terms.batch
    idle = [live for live in state.live.values() if not live.busy]
    ready = [live for live in idle if live.attempt.due <= now]
    looked = [live for live in ready if live.task.stage is Stage.LOOKUP]
    asked = [live for live in ready if live.task.stage in ASKED - {Stage.LOOKUP}]
    asked += looked[: _look_room(state)]
    yield from ((Stage.WAIT, some) for some in _batches(asked, batch, singly=singly))
    archive = [live for live in ready if live.task.stage in ARCHIVED]
    yield from ((Stage.ARCHIVE, some) for some in _batches(archive, batch, singly=singly))
    sends = _sends(state, ready) if state.sending else []
    yield from ((Stage.SEND, some) for some in _batches(sends, batch, singly=False))


def next_due(state: RunState) -> float | None:
    """Return when the next call can be made (monotonic seconds); None: when one ends."""
    look, send = _look_room(state) > 0, _send_room(state) > 0
    open_to = {Stage.LOOKUP: look, Stage.SEND: send}
    dues = [
        live.attempt.due
        for live in state.live.values()
        if not live.busy and (live.task.doubt or open_to.get(live.task.stage, True))
    ]
    return min(dues, default=None)


def _sends(state: RunState, ready: Batch) -> Batch:
    """Return what is sent now; what was perhaps taken is in flight already, and needs no room."""
    sends = [live for live in ready if live.task.stage is Stage.SEND]
    again = [live for live in sends if live.task.doubt]
    fresh = islice((live for live in sends if not live.task.doubt), _send_room(state))
    return [*again, *fresh]


def _send_room(state: RunState) -> int:
    return max(0, state.terms.in_flight - state.in_flight())


def _look_room(state: RunState) -> int:
    """Return how many may be looked up: far ahead, the answers would be old at the POST."""
    lives = [live for live in state.live.values() if not live.task.doubt]
    ready = sum(live.task.stage is Stage.SEND and not live.busy for live in lives)
    under_way = sum(live.task.stage is Stage.LOOKUP and live.busy for live in lives)
    return max(0, state.terms.in_flight - ready - under_way)


def _batches(lives: Batch, most: int, *, singly: bool) -> Iterator[Batch]:
    together = [live for live in lives if not live.attempt.alone and not singly]
    for start in range(0, len(together), most):
        yield together[start : start + most]
    yield from ([live] for live in lives if live.attempt.alone or singly)
