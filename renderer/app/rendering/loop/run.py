"""The run: settles what is open, then applies the orders, until nothing is left to do."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import replace
from typing import Any

from renderer.adapters.disk.disk import check_room
from renderer.adapters.journal.rows import JournalRow
from renderer.app.rendering.loop.downloads import Downloads
from renderer.app.rendering.loop.ports import Interrupt, Ports, Terms
from renderer.app.rendering.loop.requests import Requests
from renderer.app.rendering.loop.state import ActiveTask, RunState
from renderer.app.rendering.loop.summary import outcome
from renderer.app.rendering.loop.transitions import Transitions
from renderer.render.allowance import (
    Allowance,
    allowance,
    risk_elsewhere,
    sum_by_picture,
    waits_for_consent,
)
from renderer.render.attempt import Attempt
from renderer.render.budget import Budget
from renderer.render.order import FinishedTake, Order
from renderer.render.outcome import Outcome
from renderer.render.results import ResultState
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState

_LEAD = 0.02  # seconds by which a call that sends tasks is ahead of the downloads
_ROOM = 4 * 1024 * 1024  # bytes of disk for each take


async def run(
    orders: Sequence[Order], ports: Ports, terms: Terms, interrupt: Interrupt | None = None
) -> Outcome:
    """Make orders true and settle every open task of the journal; return how it ended.

    Raises RefusedError before the first request when the worst case is over the limit, and
    MachineError or LockError when the disk or the journal fails: then nothing more is sent.
    """
    interrupt = interrupt or Interrupt()
    driver = _Run(ports, terms, interrupt)
    driver.prepare(orders)
    ports.begin()
    with _single_error():
        await _unless_twice(driver.drive(), interrupt)
    return outcome(driver.state, interrupted=interrupt.pressed)


class _Run:
    def __init__(self, ports: Ports, terms: Terms, interrupt: Interrupt) -> None:
        self.state = RunState(ports=ports, terms=terms)
        self._ports = ports
        self._terms = terms
        self._interrupt = interrupt
        self._collector = Downloads(self.state)
        self._transitions = Transitions(self.state, self._collect)
        self._requests = Requests(self.state, self._transitions)
        self._changed = self._collector.changed
        self._to_fetch: list[tuple[TaskState, ResultState]] = []

    def prepare(self, orders: Sequence[Order]) -> None:
        """Read the journal, check the money and the disk; nothing is sent before this."""
        entries = self._entries(orders)
        self._ports.store.prepare()
        allowed = allowance(orders, [entry.claimed for entry in entries])
        if not self._terms.collect:
            self._check_money(orders, entries, allowed)
        check_room(self._ports.store.root, _ROOM * len(orders))
        for uuid in self._terms.again:
            self._ports.journal.abandon(uuid)
        self._settle(orders, entries, allowed)

    def _entries(self, orders: Sequence[Order]) -> list[JournalRow]:
        """Return the open tasks that this run is about."""
        pictures = {order.fingerprint for order in orders}
        open_, again = self._ports.journal.open_entries(), self._terms.again
        found = [entry for entry in open_ if entry.life.uuid not in again]
        own = self._terms.own
        return [e for e in found if not own or e.life.order.fingerprint in pictures]

    def _check_money(
        self, orders: Sequence[Order], entries: list[JournalRow], allowed: Allowance
    ) -> None:
        """Raise RefusedError if the worst case is over the limit: with every POST that may cost.

        A task that may be sent again is counted once: as what this intent has at risk already, or,
        if it was sent for another one, as what it may cost here.
        """
        claims = (e.claimed for e in entries if e.life.uuid in allowed.resend)
        again = sum_by_picture(claims)
        fresh = []
        left = {name: count - again.get(name, 0) for name, count in allowed.buys.items()}
        for order in orders:
            count = min(order.count, max(0, left.get(order.fingerprint, 0)))
            left[order.fingerprint] = left.get(order.fingerprint, 0) - count
            fresh += [replace(order, count=count)] if count else []
        wanted = frozenset(order.fingerprint for order in orders)
        open_ = ((e.intent, e.life.order.fingerprint, e.risk) for e in entries)
        self.state.elsewhere = risk_elsewhere(self._terms.intent, open_, wanted)
        if not allowed.buys and not self._terms.later:
            return  # nothing is bought: what was risked before is no reason not to collect it
        spent = self._ports.journal.spent(self._terms.intent) + self.state.elsewhere
        Budget(limit=self._terms.limit, committed=spent).check([*fresh, *self._terms.later])

    def _settle(
        self, orders: Sequence[Order], entries: list[JournalRow], allowed: Allowance
    ) -> None:
        """Add open tasks to the state; hold back the orders that they may answer."""
        open_now = {entry.life.order.fingerprint for entry in entries}
        self.state.allowed.update(allowed.buys)
        for order in orders:
            if order.fingerprint in open_now:
                self.state.held.setdefault(order.fingerprint, []).append(order)
        for entry in entries:
            self._resume(entry, sendable=entry.life.uuid in allowed.resend)
        for order in orders:
            if order.fingerprint not in open_now:
                self.state.line.append(order)
        for fingerprint in list(self.state.held):
            self.state.release(fingerprint)

    def _resume(self, entry: JournalRow, *, sendable: bool) -> None:
        """Take a task up where an earlier run left it; `sendable`: it may be sent once more."""
        life, stored = entry.life, dict(entry.stored)
        for result in life.results:
            take = stored.get(result.key)
            if result.key in entry.recorded:
                continue
            if take and self._ports.store.has(take.sha256, take.size):
                self._again(life, result.key, take)
            else:
                self._collect(life, result)
        if life.stage is Stage.ENDED:
            self.state.covered[life.order.fingerprint] += len(life.results) - len(entry.recorded)
            return
        now = self._ports.clock.now()
        wanted = life.order.fingerprint in self.state.held
        waits = waits_for_consent(entry.kept, collect=self._terms.collect, wanted=wanted)
        attempt = Attempt(
            task=life,
            due=now,
            since=now,
            sent=entry.sent,
            ask_only=not sendable and not waits,
            before=len(entry.recorded),
        )
        self.state.live[life.uuid] = ActiveTask(attempt=attempt)

    def _again(self, life: TaskState, key: str, take: FinishedTake) -> None:
        self.state.collecting += 1
        self._collector.add(life, key, take)

    def _collect(self, life: TaskState, result: ResultState) -> None:
        self.state.collecting += 1
        self._to_fetch.append((life, result))

    async def drive(self) -> None:
        """Make calls and fetch results until nothing is open, or nothing more may be done."""
        async with asyncio.TaskGroup() as group:
            recorder = group.create_task(self._collector.record())
            once = group.create_task(self._close_once())
            self._transitions.sweep()
            while not self._over():
                self.state.admit()
                self._fire(group)
                await self._wait()
                self._transitions.sweep()
            recorder.cancel()
            once.cancel()

    async def _close_once(self) -> None:
        await self._interrupt.once()
        self.state.stop(None, closing=True)
        self._changed.set()

    def _over(self) -> bool:
        if self._requests.calls or self.state.collecting or self._to_fetch:
            return False
        brief = self._terms.brief and all(map(_answered, self.state.live.values()))
        return self.state.closing or self.state.idle or brief

    def _fire(self, group: asyncio.TaskGroup) -> None:
        # Calls go first: a download that begins would keep the next tasks from being sent.
        lead = 0.0
        for stage, batch in () if self.state.closing else self._requests.due():
            if self._requests.calls >= self._terms.calls:
                break
            for live in batch:
                live.busy = True
            self._requests.calls += 1
            lead = _LEAD if stage is Stage.SEND else lead
            task = group.create_task(self._requests.call(stage, batch))
            task.add_done_callback(lambda _: self._changed.set())
        for life, result in self._to_fetch:
            group.create_task(self._collector.collect(life, result, lead))
        self._to_fetch.clear()

    async def _wait(self) -> None:
        """Wait for the next due time, or for anything to happen."""
        full = self._requests.calls >= self._terms.calls or self.state.closing
        due = None if full else self._requests.next_due()
        pause = None if due is None else max(due - self._ports.clock.now(), 0.001)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._changed.wait()
        self._changed.clear()


def _answered(live: ActiveTask) -> bool:
    """Whether a task was asked about: it runs, or the provider cannot be reached."""
    return not live.busy and (live.task.stage is Stage.WAIT or live.attempt.failures > 0)


async def _unless_twice(work: Coroutine[Any, Any, None], interrupt: Interrupt) -> None:
    """Do the work; a second interrupt ends it at once."""
    main, twice = asyncio.create_task(work), asyncio.create_task(interrupt.twice())
    try:
        await asyncio.wait({main, twice}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        twice.cancel()
        main.cancel()
        await asyncio.wait({main, twice})
    if not main.cancelled():
        main.result()


@contextlib.contextmanager
def _single_error() -> Iterator[None]:
    """Let the first error out of a group of them."""
    try:
        yield
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
