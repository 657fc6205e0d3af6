"""What a run would newly spend, and whether that was agreed to."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from renderer.adapters.journal.queries import OpenTask
from renderer.app.rendering.job import Job
from renderer.catalog.money import FREE, Cost
from renderer.errors import InputError, Problem, RefusedError
from renderer.plan.output.text import dollars, takes_words
from renderer.providers import option
from renderer.render.allowance import allowance
from renderer.render.order import Order
from renderer.render.stage import Stage

MOST_COST = Decimal(1_000_000)  # USD: a limit above it is a slip, and none at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What is to be bought: how many takes at which price; `running` is what is bought already."""

    takes: int
    cost: Cost
    running: Decimal = Decimal(0)

    def words(self) -> str:
        """Say it in a few words."""
        more = f"; ${self.running:f} more is running already" if self.running else ""
        return f"{dollars(self.cost)} for {takes_words(self.takes)}{more}"


NOTHING = Spending(takes=0, cost=FREE)


def spending(orders: Sequence[Order], open_: Sequence[OpenTask]) -> Spending:
    """Return what orders would buy on top of what the provider has been asked for already.

    Every POST that may cost counts, that of a task in doubt which is sent again too.
    """
    allowed = allowance(orders, [task.claimed for task in open_])
    for order in orders:
        if order.estimate is None and allowed.buys.get(order.fingerprint):
            raise _unpriced(order)
    return Spending(
        takes=allowed.takes,
        cost=allowed.cost(orders) or FREE,
        running=sum((task.risk for task in open_ if task.taken), Decimal(0)),
    )


def spending_of(job: Job) -> Spending:
    """Return what a job would buy; tasks that a person gives up are no longer open."""
    open_ = [
        task
        for task in job.open
        if task.task_uuid not in job.again or task.state is not Stage.UNKNOWN
    ]
    return spending((*job.orders, *job.later), open_)


def check(
    wanted: Spending,
    limit: Decimal | None,
    *,
    terminal: bool,
    yes: bool,
    todo: str = "add --yes --max-cost USD",
) -> bool:
    """Return whether a person still has to be asked; raise RefusedError if not interactive."""
    if not wanted.takes:
        return False
    if not terminal and not (yes and limit is not None):
        raise RefusedError(
            f"this would spend {wanted.words()}, and this is not an interactive terminal",
            todo,
        )
    if limit is not None and wanted.cost.high > limit:
        raise RefusedError(
            f"this may cost {wanted.words()}, and the limit is ${limit:f}",
            "raise the limit (--max-cost), or render less (--only)",
        )
    return not yes


def check_resubmit(job: Job, again: frozenset[str]) -> None:
    """Raise InputError for what --resubmit names that is not an unknown task."""
    open_ = {task.task_uuid: task for task in job.open}
    selected = {task.fingerprint for task in job.planned.tasks}
    apart = {task.fingerprint for task in job.planned.everything} - selected
    flag = option(job.workspace.provider)
    problems = [_not_unknown(uuid, open_.get(uuid), apart, flag) for uuid in sorted(again)]
    wrong = [problem for problem in problems if problem]
    if wrong:
        raise InputError(wrong)


def _not_unknown(
    uuid: str, task: OpenTask | None, apart: Container[str], flag: str
) -> Problem | None:
    if task is None:
        return Problem(
            what=f"--resubmit {uuid}: no open task has this id",
            todo=f"`renderer status{flag}` lists the tasks that are unknown, with their ids",
        )
    if task.state is not Stage.UNKNOWN:
        return Problem(
            what=f"--resubmit {uuid}: {task.address} is not unknown, so it is not bought again",
            todo=f"run `renderer render{flag}` without --resubmit: it asks about the task, and collects it",
        )
    if task.fingerprint in apart:
        return Problem(
            what=f"--resubmit {uuid}: {task.address} is not among the tasks that were selected",
            todo=f"add --only {task.address}, or leave --only out",
        )
    return None


def _unpriced(order: Order) -> RefusedError:
    return RefusedError(
        f"{order.address}: its price is not known, so its cost cannot be limited",
        "add its price to the model's file in the catalog, or leave the shot out",
    )
