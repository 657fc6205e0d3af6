"""What a run may do is agreed to before: as a saved plan says, for no more than was said."""

from collections.abc import Mapping
from typing import Protocol

from renderer.app.rendering.job import Job
from renderer.app.rendering.spend_check import Spending, spending_of
from renderer.errors import Problem, RefusedError
from renderer.expand.delivery import Sent
from renderer.json_types import JsonObject
from renderer.plan.former_names import plan_readdressed
from renderer.plan.output.saved_plan import moved
from renderer.plan.output.text import dollars, draft_words


class Consent(Protocol):
    """Agrees to what a run would spend; `unasked` says that nobody has to be waited for."""

    @property
    def unasked(self) -> bool:
        """Whether the answer is known before."""

    @property
    def to_new_generations(self) -> bool:
        """Whether finals may be generated anew whose drafts have expired."""

    def agree(self, job: Job) -> None:
        """Raise RefusedError unless what the job would newly spend is agreed to."""


def check_same(saved: JsonObject, job: Job) -> None:
    """Refuse unless the plan of now is the saved one, to the last price."""
    then = plan_readdressed(saved, job.planned.everything)
    problems = list(moved(then, job.planned.plan, job.planned.lock_digest))
    if problems:
        raise RefusedError(problems)


def refuse_new_generations(job: Job) -> None:
    """Refuse to make a final at full price whose draft has expired, unless that was said."""
    expired = [step for step in job.planned.plan.steps if step.expired]
    if expired:
        raise RefusedError(
            Problem(
                what=f"{step.address}: {draft_words(step.expired[0])}, for {dollars(step.cost)}",
                todo="add --yes to generate it again, or `draft: true` for a new draft first",
            )
            for step in expired
        )


def is_more(job: Job, agreed: Job, spending: Spending) -> bool:
    """Whether a job would buy anything that is not in the one that was agreed to.

    `spending` is what was agreed to then: what is open changes while another renderer works.
    """
    if not job.paid:
        return False
    known = {(order.address, order.index): order for order in (*agreed.orders, *agreed.later)}
    now = (*job.orders, *job.later)
    same = all(known.get((one.address, one.index)) == one for one in now)
    same = same and _sent(job) == _sent(agreed)
    mine = spending_of(job)
    return not same or mine.takes > spending.takes or mine.cost.high > spending.cost.high


def _sent(job: Job) -> dict[str, Mapping[str, Sent]]:
    """Return where what is made is sent: an order only knows that there is an address."""
    return {step.address: step.delivery for step in job.planned.plan.steps if step.takes}
