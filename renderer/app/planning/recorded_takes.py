"""Finished takes into a lockfile: under every task that shows their picture."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from renderer.adapters.disk.state_folder import is_own
from renderer.adapters.disk.store import Store
from renderer.catalog.catalog import Catalog
from renderer.expand.task import Task
from renderer.expand.values import get
from renderer.lock.codec import as_id, as_money
from renderer.lock.model import Entry, Lock, Take, with_take
from renderer.plan.apply import recorded
from renderer.render.order import Order, Recorded


def with_recorded(
    lock: Lock,
    finished: Iterable[Recorded],
    tasks: Sequence[Task],
    catalog: Catalog,
    *,
    paid: bool,
) -> Lock:
    """Return the lock with takes under every task of their picture; `paid`: their cost is money.

    A take whose picture no task shows any more is kept, retired, until it is wanted.
    """
    by_picture: dict[str, list[Task]] = {}
    for task in tasks:
        by_picture.setdefault(task.fingerprint, []).append(task)
    for one in finished:
        take = _take(one, _draft(lock, one.order, catalog), paid=paid)
        for task in by_picture.get(one.order.fingerprint, []):
            lock = recorded(lock, task, take)
        if one.order.fingerprint not in by_picture:
            lock = _orphaned(lock, one.order, take)
    return lock


def known_here(
    journal: Path, store: Store, pictures: Iterable[str], mine: Callable[[], Iterable[str]]
) -> tuple[Recorded, ...]:
    """Return the paid takes of pictures that this clone had in a lockfile once, and still has.

    `mine` returns the lineages of the lockfile of now, which means reading it: a journal of other
    lineages says nothing of it.
    """
    if not is_own(journal):
        return ()
    from renderer.adapters.journal.queries import lineages, made  # SQLite: for those who have one

    found = made(journal, frozenset(pictures))
    here = tuple(one for one in found if store.has(one.take.sha256, one.take.size))
    if not here:
        return ()
    ours = {*mine()}
    return here if not ours or ours & {*lineages(journal)} else ()


def _draft(lock: Lock, order: Order, catalog: Catalog) -> str:
    """Return the bytes of the draft that an order makes a final of, empty if of none."""
    rule = catalog.get(str(order.request["model"])).draft
    wanted = get(order.request, rule.id_path) if rule else None
    takes = (take for _, take in lock.takes()) if wanted else ()
    return next((take.sha256 for take in takes if take.draft_id == wanted), "")


def _take(one: Recorded, draft: str, *, paid: bool) -> Take:
    made = one.take
    return Take(
        number=made.number,
        fingerprint=one.order.fingerprint,
        sha256=made.sha256,
        size=made.size,
        format=made.format,
        seed=made.seed,
        cost=as_money(made.cost) if paid else None,
        estimate=as_money(made.estimate) if paid else None,
        task_uuid=made.task_uuid,
        video_uuid=as_id(made.video_uuid),
        draft_id=made.draft_id if as_id(made.draft_id) == made.draft_id else "",
        draft=draft,
        unsafe=made.unsafe,
        replaces=one.order.replaces,
    )


def _orphaned(lock: Lock, order: Order, take: Take) -> Lock:
    entry = lock.entries.get(order.address)
    picture = entry or Entry(fingerprint=order.fingerprint, retired=True)
    after = with_take(lock, order.address, picture, take)
    kept = replace(after.entries[order.address], retired=picture.retired)
    return replace(after, entries={**after.entries, order.address: kept})
