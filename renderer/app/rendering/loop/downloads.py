"""From a result to a recorded take: fetch, check, keep, journal, lockfile, journal."""

import asyncio
import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from renderer.adapters.disk.disk import Part
from renderer.adapters.disk.store import Store
from renderer.adapters.media.container_check import NotMediaError
from renderer.adapters.net.fetch import BrokenTransferError, ExpiredError
from renderer.adapters.net.media_url import RefusedMediaError
from renderer.app.rendering.loop.state import RunState
from renderer.errors import RendererError
from renderer.render.answers.archive import of_archive
from renderer.render.answers.poll import of_poll
from renderer.render.order import FinishedTake, Order, Recorded
from renderer.render.outcome import News, Notice, not_as_asked
from renderer.render.results import ResultState, not_among
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError

_FRESH_URLS = 3
_CODES: Mapping[type[RendererError], str] = {
    RefusedMediaError: "refusedMedia",
    ExpiredError: "mediaExpired",
}
_GATHER = 1.0  # seconds in which takes gather for one write, while others are on their way


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A take in the store that waits to be recorded."""

    uuid: str
    key: str
    recorded: Recorded


class Downloads:
    """Downloads beside everything else; records in groups, in the order of finishing."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._ports = state.ports
        self._slots = asyncio.Semaphore(state.terms.downloads)
        self._finished: list[Stored] = []
        self._wake = asyncio.Event()
        self.changed = asyncio.Event()

    async def collect(self, life: TaskState, result: ResultState, pause: float = 0.0) -> None:
        """Bring one result home; a failure is noted, and the next run tries again."""
        await self._ports.clock.sleep(pause)
        try:
            async with self._slots:
                take = await self._fetch(life, result)
        except (RefusedMediaError, ExpiredError, BrokenTransferError) as error:
            code = _CODES.get(type(error), "downloadFailed")
            message = f"it was made and paid for, but its file could not be downloaded: {error}"
            problem = TaskError(code=code, message=message)
            self._state.fail(life, life.order, problem, paid=True)
            self._done()
        else:
            self.add(life, result.key, take)

    def add(self, life: TaskState, key: str, take: FinishedTake) -> None:
        """Queue a stored take for the lockfile."""
        recorded = Recorded(order=life.order, take=take)
        self._finished.append(Stored(uuid=life.uuid, key=key, recorded=recorded))
        self._wake.set()

    async def record(self) -> None:
        """Record finished takes for ever, all that wait in one write."""
        while True:
            await self._wake.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GATHER):
                    await self._together()
            group, self._finished = self._finished, []
            if group:
                names = [(stored.uuid, stored.key) for stored in group]
                takes = [stored.recorded for stored in group]
                await self._ports.work(self._ports.store.settle)
                self._ports.journal.stored(names, [recorded.take for recorded in takes])
                await self._ports.work(partial(self._ports.record, takes))
                self._ports.journal.recorded(names)
            for stored in group:
                self._state.recorded.append(stored.recorded)
                self._ports.observe(_notice(stored))
                self._done()

    async def _together(self) -> None:
        """Wait for takes that are on their way, so that they share one write."""
        self._wake.clear()
        while len(self._finished) < self._state.collecting:
            await self._wake.wait()
            self._wake.clear()

    def _done(self) -> None:
        self._state.collecting -= 1
        if not self._state.collecting:
            self.changed.set()

    async def _fetch(self, life: TaskState, result: ResultState) -> FinishedTake:
        url = result.url
        for _ in range(_FRESH_URLS):
            try:
                return await self._download(life, result, url)
            except ExpiredError:
                url = await self._fresh_url(life, result)
        raise ExpiredError("its URL no longer works, and the provider gives no other")

    async def _download(self, life: TaskState, result: ResultState, url: str) -> FinishedTake:
        place, kept = _place(life, result), list[FinishedTake]()
        with self._ports.store.part(f"{life.uuid}-{place}") as part:

            def keep(kind: str) -> None:
                kept.append(self._keep(life, result, part, kind))

            await self._ports.media.fetch(url, part, partial(self._seen, life, place), keep)
        return kept[0]

    def _keep(self, life: TaskState, result: ResultState, part: Part, kind: str) -> FinishedTake:
        """Move a whole file into the store; return it with what is not as asked of it."""
        try:
            flags = not_as_asked(life.order.expected, self._ports.probe(part.path, kind))
        except NotMediaError as error:
            flags = (str(error),)
        self._ports.store.keep(part)
        note(self._ports.store, [life.order])
        return FinishedTake(
            number=life.order.number + _place(life, result),
            sha256=part.sha256,
            size=part.size,
            format=kind,
            seed=result.seed,
            cost=result.cost,
            estimate=life.order.estimate.high if life.order.estimate else None,
            task_uuid=life.uuid,
            video_uuid=result.key,
            draft_id=result.draft_id,
            flags=flags + _money_flags(life, result),
            engine=life.engine,
            unsafe=result.unsafe,
        )

    async def _fresh_url(self, life: TaskState, result: ResultState) -> str:
        counts = {life.uuid: life.count}
        asked = of_poll(await self._ports.client.ask([life.uuid]), counts)
        archived = of_archive(await self._ports.client.details([life.uuid]), counts)
        found = (*asked[life.uuid].results, *archived[life.uuid].results)
        return next((one.url for one in found if not not_among([result], [one])), result.url)

    def _seen(self, life: TaskState, place: int, done: int, total: int | None) -> None:
        notice = Notice(
            news=News.DOWNLOADING,
            address=life.order.address,
            number=life.order.number + place,
            task_uuid=life.uuid,
            done=done,
            total=total,
        )
        self._ports.observe(notice)


def note(store: Store, orders: Iterable[Order]) -> None:
    """Keep what was asked for; done while videos are made, there is less to do as they come."""
    for order in orders:
        store.note_request(order.fingerprint, partial(_as_text, order))


def _as_text(order: Order) -> str:
    return json.dumps(order.request, indent=1, sort_keys=True, default=dict)


def _place(life: TaskState, result: ResultState) -> int:
    return next(n for n, known in enumerate(life.results) if known.key == result.key)


def _money_flags(life: TaskState, result: ResultState) -> tuple[str, ...]:
    flags = () if result.cost else ("cost: none was reported; the estimate is counted",)
    estimate = life.order.estimate
    if result.cost and estimate and result.cost > estimate.high:
        flags = (f"cost: ${result.cost:f} was billed, ${estimate.high:f} was expected",)
    return (*flags, *(("the provider's safety check flagged it",) if result.unsafe else ()))


def _notice(stored: Stored) -> Notice:
    take = stored.recorded.take
    return Notice(
        news=News.RECORDED,
        address=stored.recorded.order.address,
        number=take.number,
        task_uuid=take.task_uuid,
        done=take.size,
        total=take.size,
        text="; ".join(take.flags),
    )
