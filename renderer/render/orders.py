"""A plan to orders: what has to be asked of the provider, and under which name."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from renderer.catalog.catalog import Catalog
from renderer.catalog.defaults import effective
from renderer.catalog.video_model import VideoModel, at
from renderer.expand.task import Task
from renderer.expand.values import canonical
from renderer.json_types import Json, whole
from renderer.lock.model import Entry, Lock, without
from renderer.plan.model import Action, Plan, Step
from renderer.plan.promote import final_request
from renderer.render.hidden import hidden
from renderer.render.order import Expected, Order
from renderer.render.seeds import Run, free_runs, start_of

QUICK = 1.0  # seconds that the embedded engine usually takes


def orders(
    plan: Plan, tasks: Sequence[Task], lock: Lock, catalog: Catalog, *, waiting: bool = False
) -> tuple[Order, ...]:
    """Return the orders for every step that makes takes, in the order of the plan.

    Steps that wait for other shots have none yet; `waiting` returns what theirs will be like.
    """
    by_address = {task.address: task for task in tasks}
    return tuple(
        order
        for step in plan.steps
        if step.takes and bool(step.waits) is waiting
        for order in _orders(step, by_address[step.address], lock, catalog)
    )


def anew(
    plan: Plan, tasks: Sequence[Task], lock: Lock, catalog: Catalog, names: frozenset[str]
) -> tuple[Order, ...]:
    """Return the orders of takes that are given up: with their seed, a new number and a new id."""
    left = without(lock, names)
    found = orders(plan, tasks, left, catalog)
    return tuple(_anew(order, lock, left, names) for order in found)


def _anew(order: Order, lock: Lock, left: Lock, names: frozenset[str]) -> Order:
    before = lock.entries.get(order.address, Entry(fingerprint=""))
    lost = [take for take in before.takes if f"{order.address}#{take.number}" in names]
    if not lost:
        return order
    place = order.number - left.entries[order.address].next_number
    replaces = tuple(take.sha256 for take in lost)
    return replace(
        order,
        number=before.next_number + place,
        index=own_index(" ".join(replaces)) + order.index,
        replaces=replaces,
    )


def _orders(step: Step, task: Task, lock: Lock, catalog: Catalog) -> Iterator[Order]:
    """Yield a step's orders: one for each run of seeds; of finals one for each draft."""
    model = catalog.get(task.model)
    order = _order(step, task, lock, model)
    if step.action is not Action.PROMOTE:
        for run in _seeded(step, task, lock, order):
            yield from _single(task, run)
        return
    for place, draft in enumerate(step.drafts):
        yield replace(
            order,
            number=order.number + place,
            count=1,
            index=own_index(draft.id),
            request=final_request(hidden(task.request), model, draft),
            files={},
        )


def _seeded(step: Step, task: Task, lock: Lock, whole: Order) -> Iterator[Order]:
    """Yield an order for each run of seeds that follow each other; one where none is asked for."""
    seed = start_of(whole.request)
    if seed is None:
        yield whole
        return
    before = 0
    for first, count in _runs(step, task, lock, seed):
        yield replace(
            whole,
            number=whole.number + before,
            index=whole.index + before,
            count=count,
            request={**whole.request, "seed": first},
        )
        before += count


def _runs(step: Step, task: Task, lock: Lock, seed: int) -> Sequence[Run]:
    """Return the seeds that are asked for: in place of drafts that have expired, those of theirs."""
    drafts = [draft.seed for draft in step.drafts]
    known = [one for one in drafts if one is not None]
    if drafts:
        return [(one, 1) for one in known] if known == drafts else [(seed, step.takes)]
    entry = lock.entries.get(task.address)
    had = [take.seed for take in entry.of(task.fingerprint)] if entry else []
    return free_runs(seed, task.wanted, had, step.takes)


def own_index(words: str) -> int:
    """Return what stands for the draft of a final, or a lost take, in the taskUUID.

    The number of takes so far would not do: the finals of two drafts may come in either order,
    another draft may be picked while the final of the first is under way, and the id of a take that
    was lost is never taken again.
    """
    return 1 << 48 | int.from_bytes(hashlib.sha256(words.encode()).digest()[:6])


def _single(task: Task, order: Order) -> Iterator[Order]:
    """Yield one order a take where its file goes to an address of its own, else the order.

    The results of one task are all sent to the address of the task: they would overwrite it.
    """
    if not any("take" in sent.words for sent in task.delivery.values()):
        yield order
        return
    left: Order | None = order
    for place in range(order.count):
        if left is not None:
            yield replace(left, count=1)
            seed = order.request.get("seed")
            left = left.rest(1, (seed + place,) if isinstance(seed, int) else ())


def intent(tasks: Sequence[Task]) -> str:
    """Return the name of what is wanted, whatever of it exists already: a budget counts by it."""
    wanted = sorted({(task.base or task.fingerprint, task.wanted) for task in tasks})
    return hashlib.sha256(canonical([*wanted]).encode()).hexdigest()


def _order(step: Step, task: Task, lock: Lock, model: VideoModel) -> Order:
    entry = lock.entries.get(task.address, Entry(fingerprint=task.fingerprint))
    request = hidden(task.request)
    return Order(
        address=task.address,
        scene=task.scene,
        shot=task.shot,
        fingerprint=task.fingerprint,
        number=entry.next_number,
        count=step.takes,
        index=sum(take.fingerprint == task.fingerprint for take in entry.takes),
        request=request,
        files=task.files,
        estimate=task.cost,
        expected=expected(task.request, model),
        seconds=float(model.usual_seconds),
    )


def expected(request: Mapping[str, Json], model: VideoModel) -> Expected:
    """Return what the file of a request should be."""
    full = effective(model, request)
    duration = full.get("duration")
    audio = at(full, model.audio) if model.audio else False
    return Expected(
        width=whole(full.get("width")) or None,
        height=whole(full.get("height")) or None,
        duration=Decimal(str(duration)) if isinstance(duration, int | float) else None,
        fps=model.fps,
        audio=audio if isinstance(audio, bool) else None,
    )
