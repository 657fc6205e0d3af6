"""Use case: restore the files of takes that are missing here; nothing is bought.

In this order: a whole copy on this disk, then the provider, by the task that yielded the take.
The embedded engine makes its own again instead.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renderer.adapters.disk.disk import Part
from renderer.adapters.disk.store import Store, digest
from renderer.adapters.media.container_check import NotMediaError
from renderer.adapters.net.client import Client
from renderer.adapters.net.fetch import BrokenTransferError, ExpiredError
from renderer.adapters.net.media_url import RefusedMediaError
from renderer.app.rendering.job import Job
from renderer.app.rendering.remake import Remake
from renderer.app.rendering.sessions import FetchPorts, ProviderSession
from renderer.lock.codec import as_id
from renderer.lock.model import Take
from renderer.lock.takes import Named
from renderer.render.answers.archive import of_archive
from renderer.render.answers.poll import of_poll
from renderer.render.results import ResultState

_MOST_FILES = 100_000  # of a project that are looked at for copies
_DOWNLOADS = 5  # at a time
_BATCH = 50  # tasks in one question
_SKIPPED = frozenset({".git", "node_modules", ".venv", "venv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One take that was looked for: where it was found, or why it was not."""

    named: Named
    source: str = ""
    why: str = ""

    @property
    def found(self) -> bool:
        """Whether it is here now, whole."""
        return bool(self.source)


def copies(root: Path, store: Store, missing: Sequence[Named]) -> tuple[Fetched, ...]:
    """Take back what lies elsewhere in the project, whole: in `renders/`, on a written page."""
    wanted: dict[int, dict[str, Named]] = {}
    for one in missing:
        wanted.setdefault(one.take.size, {})[one.take.sha256] = one
    found = []
    for path, size in _files(root) if wanted else ():
        if not wanted.get(size):
            continue
        with suppress(OSError):
            named = wanted[size].pop(digest(path), None)
            if named is not None:
                _keep(store, path, named)
                found.append(Fetched(named=named, source=str(path.relative_to(root))))
    store.settle()
    return tuple(found)


def _files(root: Path) -> Iterator[tuple[Path, int]]:
    """Yield the files of a project with their sizes; links are not followed."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            count += 1
            if count > _MOST_FILES:
                return
            path = Path(folder, name)
            with suppress(OSError):
                if not path.is_symlink():
                    yield path, path.stat().st_size


def _keep(store: Store, path: Path, named: Named) -> None:
    with store.part(f"copy-{named.take.sha256[:32]}") as part, path.open("rb") as file:
        while chunk := file.read(1 << 20):
            part.write(chunk)
        if part.sha256 == named.take.sha256:
            store.keep(part)


async def from_provider(ports: FetchPorts, missing: Sequence[Named]) -> tuple[Fetched, ...]:
    """Fetch takes by the tasks that yielded them: getResponse, then getTaskDetails."""
    results = await _results(ports.client, [one.take for one in missing if one.take.task_uuid])
    slots = asyncio.Semaphore(_DOWNLOADS)

    async def one_of(named: Named) -> Fetched:
        async with slots:
            likely = _likely(named.take, results.get(named.take.task_uuid, ()))
            return await _fetched(ports, named, likely)

    found = await asyncio.gather(*map(one_of, missing))
    await ports.work(ports.store.settle)
    return tuple(found)


async def _results(client: Client, takes: Sequence[Take]) -> Mapping[str, Sequence[ResultState]]:
    """Return what the provider has of these tasks, by task."""
    found: dict[str, list[ResultState]] = {}
    every = list(dict.fromkeys(take.task_uuid for take in takes))
    for start in range(0, len(every), _BATCH):
        batch = every[start : start + _BATCH]
        heard = of_poll(await client.ask(batch), dict.fromkeys(batch, 1))
        found |= {uuid: list(heard[uuid].results) for uuid in batch}
        unsure = {
            take.task_uuid for take in takes if not _named(take, found.get(take.task_uuid, ()))
        }
        more = [uuid for uuid in batch if uuid in unsure]
        if more:
            archived = of_archive(await client.details(more), dict.fromkeys(more, 1))
            for uuid in more:
                found[uuid] += archived[uuid].results
    return found


def _named(take: Take, results: Sequence[ResultState]) -> list[ResultState]:
    return [one for one in results if as_id(one.key) == take.video_uuid]


def _likely(take: Take, results: Sequence[ResultState]) -> list[ResultState]:
    """Return the results that may be a take, the likeliest first: names may be left out."""
    return _named(take, results) or sorted(results, key=lambda one: one.seed != take.seed)


async def _fetched(ports: FetchPorts, named: Named, likely: Sequence[ResultState]) -> Fetched:
    why = "the provider no longer has it"
    for result in likely:
        try:
            with ports.store.part(f"fetch-{named.take.sha256[:32]}") as part:
                keep = partial(_keep_same, ports.store, part, named.take.sha256)
                await ports.media.fetch(result.url, part, _unseen, keep)
        except (
            RefusedMediaError,
            ExpiredError,
            BrokenTransferError,
            NotMediaError,
            _OtherBytesError,
        ) as error:
            why = str(error)
        else:
            return Fetched(named=named, source="the provider")
    return Fetched(named=named, why=why)


class _OtherBytesError(Exception):
    """What came is another file than the one that was recorded."""


def _keep_same(store: Store, part: Part, sha256: str, _kind: str) -> None:
    if part.sha256 != sha256:
        raise _OtherBytesError("the provider's file has changed")
    store.keep(part)


def _unseen(_done: int, _of: int | None) -> None:
    """Hear of progress, and say nothing."""


async def home(
    job: Job, opened: Callable[[], ProviderSession], missing: Sequence[Named]
) -> tuple[Fetched, ...]:
    """Bring takes back that are not here; return what became of each.

    A session is opened, and its key is asked for, if no copy is on this disk. The caller holds the
    project's mutex.
    """
    job.store.prepare()
    found = copies(job.workspace.root, job.store, missing)
    rest = lost(job.store, missing)
    if not rest:
        return found
    session = opened()
    fetching = session.fetching()
    if fetching is not None:
        async with fetching as ports:
            return (*found, *await from_provider(ports, rest))
    remake = Remake(
        planned=job.planned, lock=job.lock, catalog=job.workspace.catalog, store=job.store
    )
    await remake.run(session, rest)
    if remake.lock != job.lock:
        job.lock = remake.lock
        job.lock_file.write(job.lock, job.workspace.disk)
    return (*found, *(_remade(job.store, one, remake) for one in rest))


def _remade(store: Store, named: Named, remake: Remake) -> Fetched:
    if named.take.sha256 in remake.others:
        return Fetched(named=named, source="the embedded engine, whose output has changed since")
    if store.has(named.take.sha256, named.take.size):
        return Fetched(named=named, source="the embedded engine")
    return Fetched(named=named, why="the embedded engine could not make it again")


def lost(store: Store, missing: Sequence[Named]) -> tuple[Named, ...]:
    """Return those that are still not here."""
    return tuple(one for one in missing if not store.has(one.take.sha256, one.take.size))
