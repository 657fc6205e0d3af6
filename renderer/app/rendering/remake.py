"""Use case: let the embedded engine make its takes again whose files are missing here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from renderer.adapters.disk.store import Store
from renderer.app.planning.plan import Planned
from renderer.app.rendering.loop.ports import Terms
from renderer.app.rendering.loop.run import run
from renderer.app.rendering.sessions import ProviderSession
from renderer.catalog.catalog import Catalog
from renderer.expand.frame_links import SOURCE
from renderer.expand.request import as_draft
from renderer.expand.task import Task
from renderer.expand.values import put
from renderer.lock.model import Entry, Lock, Take, with_other_bytes
from renderer.lock.takes import Named, Takes
from renderer.render.order import Order, Recorded
from renderer.render.orders import QUICK, expected, own_index


@dataclass(slots=True, kw_only=True)
class Remake:
    """Makes the same requests once more; what comes has the same bytes.

    Another version of the engine may make others: then `lock` names these in the end.
    """

    planned: Planned
    lock: Lock
    catalog: Catalog
    store: Store
    others: dict[str, Take] = field(default_factory=dict)  # new take by the bytes of the old one

    async def run(self, session: ProviderSession, missing: Sequence[Named]) -> None:
        """Make what is missing: what others are made from first, shot after shot."""
        tasks = {task.address: task for task in self.planned.everything}
        wanted = {one.name: one for one in (*self._drafts(missing), *missing)}
        left = list(wanted.values())
        while left:
            ready = [one for one in left if self._is_ready(one, tasks.get(one.address), left)]
            if not ready:
                return
            await self._made(session, [*self._orders(ready, tasks)])
            left = [one for one in left if one not in ready]
        self.lock = with_other_bytes(self.lock, self.others)

    def _drafts(self, missing: Sequence[Named]) -> Iterator[Named]:
        """Yield the drafts that missing finals are made from: the engine may have lost them, too."""
        takes = Takes(self.lock)
        for one in missing:
            draft = takes.with_bytes(one.take.draft) if one.take.draft else None
            if draft is not None:
                yield draft

    def _is_ready(self, one: Named, task: Task | None, left: Sequence[Named]) -> bool:
        """Return whether nothing that a take is made from is still to be made itself."""
        waiting = {other.take.sha256 for other in left}
        needed = [one.take.draft] if one.take.draft else list(_sources(task))
        return not any(
            sha256 in waiting or not (one.take.draft or self.store.path(sha256).is_file())
            for sha256 in needed
        )

    def _orders(self, ready: Sequence[Named], tasks: Mapping[str, Task]) -> Iterator[Order]:
        groups: dict[tuple[str, str], list[Take]] = {}
        for one in ready:
            if one.address in tasks:
                groups.setdefault((one.address, one.take.task_uuid), []).append(one.take)
        for (address, uuid), takes in groups.items():
            entry = self.lock.entries[address]
            same = [take for take in entry.takes if take.task_uuid == uuid]
            yield self._order(tasks[address], entry, same if uuid else takes)

    def _order(self, task: Task, entry: Entry, takes: Sequence[Take]) -> Order:
        """Return the order that once yielded these takes."""
        model, first = self.catalog.get(task.model), takes[0]
        before = [take for take in entry.of(first.fingerprint) if take.number < first.number]
        request, index = dict(task.request), len(before)
        if first.draft_id:
            request = as_draft(task.request, model)
        draft = Takes(self.lock).with_bytes(first.draft) if first.draft else None
        if draft is not None and model.draft is not None:
            kept = {key: value for key, value in request.items() if key != model.draft.path[0]}
            request = put({**kept, "inputs": {}}, model.draft.id_path, draft.take.draft_id)
            index = own_index(draft.take.draft_id)
        if first.seed is not None:
            request["seed"] = first.seed
        request.pop("numberResults", None)
        return Order(
            address=task.address,
            scene=task.scene,
            shot=task.shot,
            fingerprint=first.fingerprint,
            number=first.number,
            count=len(takes),
            index=index,
            request=request,
            files={} if draft else task.files,
            estimate=task.cost,
            expected=expected(task.request, model),
            seconds=QUICK,
        )

    async def _made(self, session: ProviderSession, orders: Sequence[Order]) -> None:
        terms = Terms(lineage=self.lock.lineage, intent="again")
        async with session.ports(self.lock.lineages, self._recorded, lambda _: None) as ports:
            await run(orders, ports, terms)

    def _recorded(self, finished: Sequence[Recorded]) -> None:
        """Note where the bytes are others; the lockfile names all else already."""
        for one in finished:
            for old in self.lock.entries[one.order.address].takes:
                new = one.take
                if old.number == new.number and old.sha256 != new.sha256:
                    self.others[old.sha256] = replace(
                        old,
                        sha256=new.sha256,
                        size=new.size,
                        task_uuid=new.task_uuid,
                        video_uuid=new.video_uuid,
                        draft_id=new.draft_id,
                    )


def _sources(task: Task | None) -> Iterator[str]:
    for source in task.files.values() if task else ():
        if source.startswith(SOURCE):
            yield source.removeprefix(SOURCE).partition(":")[0]
