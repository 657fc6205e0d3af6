"""Use case: plan again at every save and, with the embedded engine, render what changed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from renderer.adapters.disk.mutex import BusyError
from renderer.app.planning.plan import Wishes, plan
from renderer.app.project.watched_files import LOCKS, WatchedFiles
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.loop.ports import Interrupt
from renderer.app.rendering.render import render
from renderer.app.rendering.sessions import Observe, ProviderSession
from renderer.app.review.picks import read_picks
from renderer.app.watch.messages import WatchReport
from renderer.app.workspace import Workspace
from renderer.errors import RendererError
from renderer.plan.model import Plan
from renderer.plan.output.changes_since import outdated
from renderer.providers import PROVIDERS
from renderer.render.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a watch needs of the world; `provider_session` is called for providers that are `watched` only.

    `workspace` is that of the provider in force now, `ended` reports a whole render, `page` writes the review folder, if there is one, and returns its path.
    """

    workspace: Callable[[], Workspace]
    provider_session: Callable[[Workspace], ProviderSession]
    follow: Callable[[int], AbstractContextManager[Observe]]
    ended: Callable[[Outcome, Job], object]
    page: Callable[[], str]


@dataclass(slots=True, kw_only=True)
class Watch:
    """Takes one turn after the other, each for all that was saved since the one before."""

    world: Surroundings
    words: WatchReport
    sight: WatchedFiles
    only: tuple[str, ...] = ()
    _saved: frozenset[str] | None = None
    _running: tuple[Plan, Interrupt] | None = None
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _wrote: bool = False  # the lockfile, so that its change is no news
    _over: bool = False
    _ended: bool = False

    async def run(self, changes: AsyncIterator[frozenset[str]]) -> None:
        """Take a turn for each set of changed files, until there are no more or it is ended."""
        hearing = asyncio.create_task(self._hear(changes))
        try:
            while (names := await self._next()) is not None:
                await self._turn(names)
        finally:
            hearing.cancel()
            await asyncio.wait({hearing})
        if not hearing.cancelled():
            hearing.result()

    def end(self) -> None:
        """Be called for each signal: the first lets go of what runs, the second at once."""
        self._ended = True
        self._woken.set()
        if self._running:
            self._running[1].press()

    async def _hear(self, changes: AsyncIterator[frozenset[str]]) -> None:
        try:
            async for names in changes:
                self._saved = (self._saved or frozenset()) | names
                self._woken.set()
                if self._running and names - LOCKS:
                    self._compare(names, *self._running)
        finally:
            self._over = True
            self._woken.set()

    def _compare(self, names: frozenset[str], running: Plan, interrupt: Interrupt) -> None:
        """Interrupt a render of a picture that the specs no longer ask for."""
        try:
            if outdated(running, self._plan()) and not interrupt.pressed:
                interrupt.press()
        except RendererError as error:
            self.words.problems(names, error.problems)

    async def _next(self) -> frozenset[str] | None:
        while self._saved is None and not self._over and not self._ended:
            await self._woken.wait()
            self._woken.clear()
        names, self._saved = self._saved, None
        return None if self._ended else names

    async def _turn(self, names: frozenset[str]) -> None:
        if self._wrote and names & LOCKS:
            names, self._wrote = names - LOCKS, False
            if not names:
                return
        try:
            await self._follow(names)
        except RendererError as error:
            self.words.problems(names, error.problems)

    async def _follow(self, names: frozenset[str]) -> None:
        now = self._plan()
        fresh = self.words.planned(names, now)
        if names and names <= LOCKS and not fresh:
            return
        if PROVIDERS[now.provider].watched:
            await self._make()
        if page := await asyncio.to_thread(self.world.page):
            self.words.page(page)

    def _plan(self) -> Plan:
        workspace = self.world.workspace()
        planned = plan(workspace, Wishes(only=self.only))
        self.sight.name(planned.everything)
        read_picks(workspace.files)
        return planned.plan

    async def _make(self) -> None:
        """Do what the plan says, with the embedded engine; another renderer is not waited for."""
        try:
            workspace = self.world.workspace()
            with workspace.mutex("watch"):
                wanted = RenderOptions(only=self.only)
                job = Job.of(workspace, wanted)
                job.check()
                job.settle()
                outcome = await self._rendered(job, wanted) if job.orders else Outcome()
        except BusyError as error:
            self.words.busy(error.problems[0].what)
            return
        self._wrote = bool(outcome.recorded) or job.lock != job.before
        orders = [one.order for one in outcome.recorded]
        self.words.made([(order.address, order.fingerprint) for order in orders])

    async def _rendered(self, job: Job, wanted: RenderOptions) -> Outcome:
        takes, interrupt = job.planned.plan.takes, Interrupt()
        self._running = (job.planned.plan, interrupt)
        try:
            with self.world.follow(takes) as observe:
                outcome = await render(
                    job,
                    self.world.provider_session(job.workspace),
                    wanted,
                    observe,
                    interrupt,
                )
        finally:
            self._running = None
        if outcome.interrupted:
            self.words.interrupted(len(outcome.recorded), takes, by_save=not self._ended)
        else:
            self.world.ended(outcome, job)
        return outcome
