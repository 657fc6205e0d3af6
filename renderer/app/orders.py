"""A plan to orders: what has to be asked of the provider, and under which name it will stand."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from renderer.app.delivery import hidden
from renderer.catalog.effective import effective
from renderer.catalog.entry import VideoModel, at
from renderer.catalog.model import Catalog
from renderer.expand.task import Task
from renderer.expand.values import Json, canonical
from renderer.lock.model import Entry, Lock
from renderer.plan.model import Plan, Step
from renderer.plan.promote import final_request
from renderer.render.order import Expected, Order
from renderer.render.seeds import free_runs, start_of

QUICK = 1.0  # seconds that the embedded engine usually takes


def orders(
    plan: Plan, tasks: Sequence[Task], lock: Lock, catalog: Catalog, *, waiting: bool = False
) -> tuple[Order, ...]:
    """Return an order for every step that makes takes, in the order of the plan.

    A step that wants seeds which do not follow each other has one for each run of them. Steps that wait for other shots have none yet; `waiting` returns what theirs will be like.
    """
    by_address = {task.address: task for task in tasks}
    return tuple(
        order
        for step in plan.steps
        if step.takes and bool(step.waits) is waiting
        for run in _of_step(step, by_address[step.address], lock, catalog)
        for order in _single(by_address[step.address], run)
    )


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
    return hashlib.sha256(canonical(wanted).encode()).hexdigest()


def _of_step(step: Step, task: Task, lock: Lock, catalog: Catalog) -> Iterator[Order]:
    whole = _order(step, task, lock, catalog)
    seed = start_of(whole.request)
    if step.draft or seed is None:
        yield whole
        return
    entry = lock.entries.get(task.address)
    had = [take.seed for take in entry.of(task.fingerprint)] if entry else []
    before = 0
    for first, count in free_runs(seed, task.wanted, had, step.takes):
        yield replace(
            whole,
            number=whole.number + before,
            index=whole.index + before,
            count=count,
            request={**whole.request, "seed": first},
        )
        before += count


def _order(step: Step, task: Task, lock: Lock, catalog: Catalog) -> Order:
    model = catalog.get(task.model)
    entry = lock.entries.get(task.address, Entry(fingerprint=task.fingerprint))
    request = hidden(task.request)
    draft = step.draft if step.draft and not step.draft.expired else None
    if draft:
        request = final_request(request, model, draft)
    return Order(
        address=task.address,
        scene=task.scene,
        shot=task.shot,
        fingerprint=task.fingerprint,
        number=entry.next_number,
        count=step.takes,
        index=len(entry.of(task.fingerprint)),
        request=request,
        files={} if draft else task.files,
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
        width=full.get("width"),
        height=full.get("height"),
        duration=Decimal(str(duration)) if isinstance(duration, int | float) else None,
        fps=model.fps,
        audio=audio if isinstance(audio, bool) else None,
    )
