"""Rendering from scripts and notebooks: what is agreed to beforehand, and how it ended."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from renderer.app.planning.plan import Planned
from renderer.app.planning.saved_plan import saved_of
from renderer.app.rendering.apply import Apply
from renderer.app.rendering.fetch_missing import Fetched
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.outcome_words import code, problems
from renderer.app.rendering.sessions import ProviderSession
from renderer.app.rendering.spend_check import MOST_COST, check, spending_of
from renderer.app.workspace import Workspace
from renderer.errors import InputError, Problem
from renderer.render.outcome import Notice, Outcome

Progress = Callable[[Notice], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """How a render ended. `takes` names what was made or collected; `spent` is in USD.

    `problems` says what did not come off and what to do about it; none means that all is made.
    """

    takes: tuple[str, ...]
    spent: Decimal
    problems: tuple[str, ...]
    outcome: Outcome

    @property
    def ok(self) -> bool:
        """Whether all that was to be made is made."""
        return code(self.outcome) == 0


def render(
    planned: Planned,
    workspace: Workspace,
    open_session: Callable[[Workspace], ProviderSession],
    max_cost: Decimal | float | str | None,
    progress: Progress | None,
) -> Rendered:
    """Apply a plan as if it had been saved and read back: exactly, or not at all."""
    limit = _amount(max_cost)
    wishes = planned.inputs.wishes
    kept = saved_of(planned)
    apply = Apply(
        workspace=workspace,
        wanted=RenderOptions(
            only=wishes.only,
            deliverable=wishes.deliverable,
            limit=limit,
            all_finals=wishes.all_finals,
        ),
        open_session=open_session,
        report=Heard(progress=progress),
        consent=UpTo(limit=limit),
        saved=json.loads(json.dumps(kept, default=dict)),
    )
    applied = apply.run(apply.planned())
    return rendered(applied.outcome, applied.job)


def _amount(value: Decimal | float | str | None) -> Decimal | None:
    """Return an amount in USD; raise InputError for one that is negative or no number."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= MOST_COST:
        raise InputError(f"max_cost is {value!r}, which is not an amount in USD", "pass 5 or 0.42")
    return amount


def rendered(outcome: Outcome, job: Job) -> Rendered:
    """Return an outcome as scripts see it."""
    return Rendered(
        takes=tuple(f"{one.order.address}#{one.take.number}" for one in outcome.recorded),
        spent=outcome.spent if job.paid else Decimal(0),
        problems=tuple(problems(outcome, job.workspace.row)),
        outcome=outcome,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UpTo:
    """Agrees to spend at most `limit` USD, and to nothing if it is None."""

    limit: Decimal | None
    unasked: bool = True
    to_new_generations: bool = False

    def agree(self, job: Job) -> None:
        """Raise RefusedError for more than the limit, or without one."""
        check(spending_of(job), self.limit, terminal=False, yes=True, todo="pass max_cost=USD")


@dataclass(slots=True, kw_only=True)
class Heard:
    """Hears of a run for a script: `progress` is called for each step of each take."""

    progress: Progress | None = None
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, problems: Sequence[Problem]) -> None:
        """Keep what is odd about the specs."""
        self.warnings += problems

    def planned(self, job: Job) -> None:
        """Do nothing: who renders has the plan."""

    def fetched(self, found: Sequence[Fetched]) -> None:
        """Do nothing: what is not here is a problem of the outcome."""

    @contextmanager
    def follow(self, total: int) -> Iterator[Progress]:
        """Yield what is called for each step of each take."""
        del total
        yield self.progress or _unheard

    def collected(self, outcome: Outcome, job: Job) -> None:
        """Do nothing: why it is refused is raised."""


def _unheard(_: Notice) -> None:
    """Do nothing."""
