"""The outcome of a run: what came, what failed, and where the rest is."""

from collections.abc import Iterator
from decimal import Decimal

from renderer.app.rendering.loop.state import RunState
from renderer.render.budget import charged
from renderer.render.held import uncovered
from renderer.render.order import Order, Recorded
from renderer.render.outcome import Outcome, pending, unsent


def outcome(state: RunState, *, interrupted: bool) -> Outcome:
    """Return how a run ended, with what is still open where it is."""
    running, unknown, left = [], list(state.unknown), list(state.unsent)
    for task in (live.task for live in state.live.values()):
        if task.acked:
            running.append(pending(task, "it is still being made, and billed"))
        elif task.doubt:
            unknown.append(pending(task, "no response for it yet"))
        else:
            left.append(unsent(task.order, task.uuid, state.stopped))
    if not state.terms.collect:
        left += [unsent(order, "", state.stopped) for order in (*_not_running(state), *state.line)]
    takes = [one for one in state.recorded if not one.take.engine]
    bought = [one for one in takes if one.take.task_uuid in state.posted]
    return Outcome(
        recorded=tuple(state.recorded),
        collected=len(takes) - len(bought),
        failed=tuple(state.failed),
        unknown=tuple(unknown),
        running=tuple(running),
        unsent=tuple(left),
        interrupted=interrupted,
        stopped=state.stopped,
        requests=state.ports.client.requests,
        spent=sum(map(_charge, bought), Decimal(0)),
    )


def _not_running(state: RunState) -> Iterator[Order]:
    """Yield what is held back and is more than what is under way."""
    for fingerprint, orders in state.held.items():
        mine = (live.task.order for live in state.live.values())
        taken = sum(order.count for order in mine if order.fingerprint == fingerprint)
        yield from uncovered(orders, taken)


def _charge(recorded: Recorded) -> Decimal:
    return charged(recorded.take.cost, recorded.take.estimate)
