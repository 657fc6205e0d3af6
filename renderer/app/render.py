"""Use case: make the plan true, record every take, and lay the files out for people."""

from collections.abc import Callable
from dataclasses import replace

from renderer.adapters.chance import new_lineage
from renderer.app.delivery import Addressed, keep_secret
from renderer.app.job import Job, Wanted
from renderer.app.life.ports import Interrupt, Terms
from renderer.app.life.run import run
from renderer.app.orders import QUICK, intent
from renderer.app.studio import Studio
from renderer.render.outcome import Notice, Outcome


async def render(
    job: Job,
    studio: Studio,
    wanted: Wanted,
    observe: Callable[[Notice], None],
    interrupt: Interrupt,
) -> Outcome:
    """Carry out the orders of a job, then what goes on from them, shot after shot.

    The caller holds the project's mutex.
    """
    outcome = await _run(job, studio, wanted, observe, interrupt)
    while (then := job.following(outcome, wanted)) is not None:
        job = then
        job.check()
        outcome = outcome.then(await _run(job, studio, wanted, observe, interrupt))
    return replace(outcome, waiting=tuple(order.address for order in job.later))


async def _run(
    job: Job,
    studio: Studio,
    wanted: Wanted,
    observe: Callable[[Notice], None],
    interrupt: Interrupt,
) -> Outcome:
    job.lock = job.lock_file.started(job.lock, new_lineage)
    if job.orders or job.open_tasks:
        job.lock_file.write(job.lock, job.disk)
    job.store.prepare()
    wants = {order.address for order in job.orders}
    job.planned.reasons.keep([task for task in job.planned.tasks if task.address in wants])
    terms = Terms(
        lineage=job.lock.lineage,
        intent=intent(job.planned.tasks),
        limit=wanted.limit,
        again=wanted.again,
        later=job.later,
    )
    wishes = job.orders
    if studio.quick:
        wishes = tuple(replace(order, seconds=QUICK) for order in wishes)
    async with studio.ports(job.lock.lineage, job.record, observe) as ports:
        images = Addressed(ports.images, job.planned.everything)
        keep_secret(ports.client, job.planned.everything, job.open)
        outcome = await run(wishes, replace(ports, images=images), terms, interrupt)
    job.lay_out()
    return outcome
