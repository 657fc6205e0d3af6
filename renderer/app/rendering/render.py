"""Use case: apply the plan, record every take, and export the files."""

from collections.abc import Callable
from dataclasses import replace

from renderer.app.rendering.addresses import Addressed, keep_secret
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.loop.ports import Interrupt, Terms
from renderer.app.rendering.loop.run import run
from renderer.app.rendering.sessions import ProviderSession
from renderer.expand.task import Task
from renderer.render.order import Order
from renderer.render.orders import QUICK, intent
from renderer.render.outcome import Notice, Outcome


async def render(
    job: Job,
    session: ProviderSession,
    wanted: RenderOptions,
    observe: Callable[[Notice], None],
    interrupt: Interrupt,
) -> Outcome:
    """Carry out the orders of a job, then what depends on them, shot after shot.

    The caller holds the project's mutex.
    """
    job.planned.reasons.read(_tasks(job, *job.orders, *job.later))
    outcome = await _run(job, session, wanted, observe, interrupt)
    while (then := job.following(outcome)) is not None:
        job = then
        if not job.orders:  # what still waits is not made; the rest has a take already
            break
        job.check()
        more = await _run(job, session, wanted, observe, interrupt, own=True)
        outcome = outcome.then(more)
    waiting = tuple(order.address for order in job.later)
    choices = job.planned.plan.choices
    return replace(outcome, waiting=waiting, unplaced=job.unplaced, choices=choices)


async def collect(
    job: Job,
    session: ProviderSession,
    wanted: RenderOptions,
    observe: Callable[[Notice], None],
    interrupt: Interrupt,
    *,
    brief: bool = False,
) -> Outcome:
    """Collect what earlier runs bought, and buy nothing; `brief`: without waiting for it.

    The caller holds the project's mutex.
    """
    buying = replace(wanted, limit=None, again=frozenset())
    return await _run(job, session, buying, observe, interrupt, collect=True, brief=brief)


async def _run(
    job: Job,
    session: ProviderSession,
    wanted: RenderOptions,
    observe: Callable[[Notice], None],
    interrupt: Interrupt,
    **manner: bool,
) -> Outcome:
    job.begin()
    job.store.prepare()
    job.planned.reasons.keep(_tasks(job, *job.orders))
    terms = Terms(
        lineage=job.lock.lineage,
        intent=intent(job.planned.tasks),
        limit=wanted.limit,
        again=wanted.again,
        later=job.later,
        collect=manner.get("collect", False),
        brief=manner.get("brief", False),
        own=manner.get("own", False),
    )
    wishes = job.orders
    if session.quick:
        wishes = tuple(replace(order, seconds=QUICK) for order in wishes)
    async with session.ports(job.lock.lineages, job.record, observe) as ports:
        images = Addressed(ports.images, job.planned.everything)
        keep_secret(ports.client, job.planned.everything, job.open)
        ready = replace(ports, images=images, begin=job.start)
        outcome = await run(wishes, ready, terms, interrupt)
    job.lay_out()
    if any(one.take.engine for one in outcome.recorded) and job.paid:
        job.animatics.lay_out()
    return outcome


def _tasks(job: Job, *orders: Order) -> list[Task]:
    wants = {order.address for order in orders}
    return [task for task in job.planned.tasks if task.address in wants]
