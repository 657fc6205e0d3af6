"""Before the first request: the journal is read, money and disk checked, open tasks taken up."""

from collections.abc import Callable, Container, Sequence

from renderer.adapters.disk.disk import check_room
from renderer.adapters.journal.rows import JournalRow
from renderer.app.rendering.loop.ports import Terms
from renderer.app.rendering.loop.state import ActiveTask, RunState
from renderer.render.allowance import (
    Allowance,
    allowance,
    fresh_orders,
    risk_elsewhere,
    waits_for_consent,
)
from renderer.render.attempt import Attempt
from renderer.render.budget import Budget
from renderer.render.order import FinishedTake, Order
from renderer.render.results import ResultState
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState

_ROOM = 4 * 1024 * 1024  # bytes of disk for each take
Collect = Callable[[TaskState, ResultState], None]
CollectStored = Callable[[TaskState, str, FinishedTake], None]


def prepare(
    state: RunState, orders: Sequence[Order], collect: Collect, stored: CollectStored
) -> None:
    """Fill the state of a run; raise RefusedError, and leave all as it was, if it is not allowed.

    `collect` is called for results that are to be downloaded, `stored` for those in the store.
    """
    ports, terms = state.ports, state.terms
    entries = _entries(ports.journal.open_entries(), orders, terms)
    ports.store.prepare()
    allowed = allowance(orders, [entry.claimed for entry in entries])
    if not terms.collect:
        _check_money(state, orders, entries, allowed)
    check_room(ports.store.root, _ROOM * len(orders))
    for uuid in terms.again:
        ports.journal.abandon(uuid)
    state.allowed.update(allowed.buys)
    _line_up(state, orders, {entry.life.order.fingerprint for entry in entries})
    for entry in entries:
        _collect_results(state, entry, collect, stored)
        _resume(state, entry, sendable=entry.life.uuid in allowed.resend)
    for fingerprint in list(state.held):
        state.release(fingerprint)


def _line_up(state: RunState, orders: Sequence[Order], pictures: Container[str]) -> None:
    """Hold back the orders of pictures that open tasks may answer; the others are next."""
    for order in orders:
        if order.fingerprint in pictures:
            state.held.setdefault(order.fingerprint, []).append(order)
        else:
            state.line.append(order)


def _entries(
    entries: Sequence[JournalRow], orders: Sequence[Order], terms: Terms
) -> list[JournalRow]:
    """Return the open tasks that this run is about."""
    pictures = {order.fingerprint for order in orders}
    # Only what is unknown is given up: another run may have learnt of it since that was asked for.
    found = [
        entry
        for entry in entries
        if entry.life.uuid not in terms.again or entry.kept is not Stage.UNKNOWN
    ]
    return [e for e in found if not terms.own or e.life.order.fingerprint in pictures]


def _check_money(
    state: RunState, orders: Sequence[Order], entries: Sequence[JournalRow], allowed: Allowance
) -> None:
    """Raise RefusedError if the worst case is over the limit: with every POST that may cost."""
    terms = state.terms
    wanted = frozenset(order.fingerprint for order in orders)
    open_ = ((e.intent, e.life.order.fingerprint, e.risk) for e in entries)
    state.elsewhere = risk_elsewhere(terms.intent, open_, wanted)
    if not allowed.buys and not terms.later:
        return  # nothing is bought: what was risked before is no reason not to collect it
    fresh = fresh_orders(orders, [entry.claimed for entry in entries], allowed)
    spent = state.ports.journal.spent(terms.intent) + state.elsewhere
    Budget(limit=terms.limit, committed=spent).check([*fresh, *terms.later])


def _collect_results(
    state: RunState, entry: JournalRow, collect: Collect, stored: CollectStored
) -> None:
    """Bring home the results that an earlier run has not recorded."""
    kept, store = dict(entry.stored), state.ports.store
    for result in entry.life.results:
        take = kept.get(result.key)
        if result.key in entry.recorded:
            continue
        if take and store.has(take.sha256, take.size):
            stored(entry.life, result.key, take)
        else:
            collect(entry.life, result)


def _resume(state: RunState, entry: JournalRow, *, sendable: bool) -> None:
    """Take a task up where an earlier run left it; `sendable`: it may be sent once more."""
    task, terms = entry.life, state.terms
    if task.stage is Stage.ENDED:
        state.covered[task.order.fingerprint] += len(task.results) - len(entry.recorded)
        return
    now, wanted = state.ports.clock.now(), task.order.fingerprint in state.held
    waits = waits_for_consent(entry.kept, collect=terms.collect, wanted=wanted)
    attempt = Attempt(
        task=task,
        due=now,
        since=now,
        sent=entry.sent,
        ask_only=not sendable and not waits,
        before=len(entry.recorded),
    )
    state.live[task.uuid] = ActiveTask(attempt=attempt)
