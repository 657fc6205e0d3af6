"""The run: settles what is open, then applies the orders, until nothing is left to do."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

from renderer.app.rendering.loop.downloads import Downloads
from renderer.app.rendering.loop.due import next_due
from renderer.app.rendering.loop.ports import Interrupt, Ports, Terms
from renderer.app.rendering.loop.prepare import prepare
from renderer.app.rendering.loop.requests import Requests
from renderer.app.rendering.loop.state import ActiveTask, RunState
from renderer.app.rendering.loop.summary import outcome
from renderer.app.rendering.loop.transitions import Transitions
from renderer.render.order import FinishedTake, Order
from renderer.render.outcome import Outcome
from renderer.render.results import ResultState
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState

_LEAD = 0.02  # seconds by which a call that sends tasks is ahead of the downloads


async def run(
    orders: Sequence[Order], ports: Ports, terms: Terms, interrupt: Interrupt | None = None
) -> Outcome:
    """Make orders true and settle every open task of the journal; return how it ended.

    Raises RefusedError before the first request when the worst case is over the limit, and
    MachineError or JournalError when the disk or the journal fails: then nothing more is sent.
    """
    interrupt = interrupt or Interrupt()
    driver = _Run(ports, terms, interrupt)
    prepare(driver.state, orders, driver.collect, driver.collect_stored)
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
        self._transitions = Transitions(self.state, self.collect)
        self._requests = Requests(self.state, self._transitions)
        self._changed = self._collector.changed
        self._to_fetch: list[tuple[TaskState, ResultState]] = []

    def collect(self, task: TaskState, result: ResultState) -> None:
        """Download a result, once the calls that are due were made."""
        self.state.collecting += 1
        self._to_fetch.append((task, result))

    def collect_stored(self, task: TaskState, key: str, take: FinishedTake) -> None:
        """Record a result that lies in the store already."""
        self.state.collecting += 1
        self._collector.add(task, key, take)

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
        due = None if full else next_due(self.state)
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
