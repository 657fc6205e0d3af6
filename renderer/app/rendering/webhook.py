"""Use case: a webhook for a finished video is a hint to poll; it is never trusted.

The journal is what notes a hint: it knows every task before that is sent. So a hint that is
lost, with the receiver or before it, costs nothing: the next one, the next start of the receiver
or the next `renderer render` collects the same.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from renderer.adapters.clock import Clock
from renderer.adapters.disk.mutex import BusyError
from renderer.adapters.journal.queries import known, open_tasks
from renderer.adapters.net.client import Client
from renderer.adapters.net.lenient_json import read_json
from renderer.app.rendering.addresses import keep_secret
from renderer.app.rendering.job import Job
from renderer.app.rendering.loop.ports import Interrupt, Terms
from renderer.app.rendering.loop.run import run
from renderer.app.rendering.sessions import ProviderSession
from renderer.errors import JournalError, MachineError, RendererError
from renderer.json_types import Json
from renderer.render.answers.calls import Call, Unsent
from renderer.render.outcome import Outcome
from renderer.render.stage import Stage

_MOST_TASKS = 1000  # named in one delivery
_LONGEST_ID = 64
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds until a hint that led nowhere is tried again
_GAP = 1.0  # seconds between two collecting runs at least


class NoHintError(ValueError):
    """A delivery that is not what Runware sends."""


def hinted(content: bytes) -> frozenset[str]:
    """Return the taskUUIDs that a delivery names; raise NoHintError for any other body."""
    try:
        body = read_json(content)
    except (ValueError, UnicodeDecodeError) as error:
        raise NoHintError(str(error)) from None
    if not isinstance(body, Mapping):
        raise NoHintError("not an object")
    uuids = frozenset(_uuids(body))
    if not uuids or len(uuids) > _MOST_TASKS:
        raise NoHintError("it names no task, or too many")
    return uuids


def _uuids(body: Mapping[str, Json]) -> Iterator[str]:
    lists = [body.get(key) for key in ("data", "errors", "error")]
    for rows in (*lists, body):
        for row in rows if isinstance(rows, list) else [rows]:
            uuid = row.get("taskUUID") if isinstance(row, Mapping) else None
            if isinstance(uuid, str) and 0 < len(uuid) <= _LONGEST_ID and uuid.isascii():
                yield uuid.lower()


class Hints:
    """Takes deliveries, and has what they name collected, one run at a time.

    `collect` makes one collecting run and returns how many takes came; it is called in a
    thread. `say` gets what happened, in a line.
    """

    def __init__(
        self, journal: Path, collect: Callable[[], int], clock: Clock, say: Callable[[str], None]
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._journal = journal
        self._collect = collect
        self._clock = clock
        self._say = say
        self._open: set[str] = set()
        self._wake = asyncio.Event()

    async def deliver(self, content: bytes) -> int:
        """Return the HTTP status for a delivery: 202 once the journal holds what it names."""
        try:
            uuids = hinted(content)
        except NoHintError:
            self.counts["refused"] += 1
            return 400
        try:
            mine = await asyncio.to_thread(known, self._journal, uuids)
        except (JournalError, MachineError) as error:
            self._say(f"the journal cannot be read: {error}")
            return 503
        still = {uuid for uuid, is_open in mine.items() if is_open}
        self.counts["foreign" if not mine else "taken" if still else "settled"] += 1
        if still:
            self.note(still)
        return 202

    def note(self, uuids: Iterable[str]) -> None:
        """Remember tasks to be asked about."""
        self._open |= set(uuids)
        self._wake.set()

    async def work(self) -> None:
        """Collect for as long as hints come; what is open at the start is the first of them."""
        self.note(task.task_uuid for task in open_tasks(self._journal))
        tries = 0
        while True:
            pause = _PAUSES[tries - 1] if self._open and 0 < tries <= len(_PAUSES) else None
            fresh = await self._woken(pause)
            tries = 1 if fresh else tries + 1
            if self._open:
                await self._run()
            await self._clock.sleep(_GAP)

    async def _woken(self, pause: float | None) -> bool:
        """Wait for a hint, or for the pause; whether a hint came."""
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True

    async def _run(self) -> None:
        try:
            made = await asyncio.to_thread(self._collect)
            self._say(f"collected {made} take{'' if made == 1 else 's'}")
        except BusyError:
            self._say("another render works in this project and collects what is ready")
        except RendererError as error:
            self._say(f"not collected now: {error}")
        except Exception as error:  # noqa: BLE001 - one bad run must not end the receiver
            self._say(f"not collected: internal error, {type(error).__name__}")
        open_ = open_tasks(self._journal)
        self._open &= {one.task_uuid for one in open_ if one.state is not Stage.UNKNOWN}


def collect(
    job_of: Callable[[], Job], session: ProviderSession, mutex: AbstractContextManager[None]
) -> int:
    """Ask once about all open tasks, record what is ready; return how many takes came.

    Raises BusyError while another renderer works in the project.
    """
    with mutex:
        job = job_of()
        if not job.open:
            return 0
        return len(asyncio.run(_collect(job, session)).recorded)


async def _collect(job: Job, session: ProviderSession) -> Outcome:
    interrupt = Interrupt()
    job.begin()
    terms = Terms(lineage=job.lock.lineage, intent="webhook", collect=True)
    async with session.ports(job.lock.lineages, job.record, lambda _: None) as ports:
        keep_secret(ports.client, job.planned.everything, job.open)
        client = AskingOnce(ports.client, interrupt)
        outcome = await run(job.orders, replace(ports, client=client), terms, interrupt)
    job.lay_out()
    return outcome


class AskingOnce(Client):
    """A client that sends nothing that costs money; after its first answer the run goes home."""

    def __init__(self, below: Client, interrupt: Interrupt) -> None:  # no base: it only passes on
        self.address = below.address
        self.requests = 0
        self._below = below
        self._interrupt = interrupt

    async def submit(self, bodies: Sequence[Mapping[str, Json]]) -> Call:
        """Send nothing."""
        del bodies
        return Unsent(why="a hint buys nothing")

    async def ask(self, uuids: Sequence[str]) -> Call:
        """Ask for the state of tasks."""
        return await self._heard(await self._below.ask(uuids))

    async def details(self, uuids: Sequence[str]) -> Call:
        """Ask for what the archive has on tasks."""
        return await self._heard(await self._below.details(uuids))

    async def _heard(self, call: Call) -> Call:
        self.requests = self._below.requests
        if not self._interrupt.pressed:
            self._interrupt.press()
        return call
