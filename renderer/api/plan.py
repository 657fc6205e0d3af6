"""A plan as scripts and notebooks see it: what would be done, why, and for how much."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.api.html import lines_block
from renderer.catalog.money import Cost
from renderer.errors import Problem
from renderer.plan.model import Action, Step
from renderer.plan.output.plan_json import PlanData, as_data
from renderer.plan.output.text import dollars, lines, plain, takes_words

if TYPE_CHECKING:
    from renderer.app.planning.plan import Planned

_WIDTH = 100  # characters, as in a terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """How many tasks each action has, how many takes are to be made, and what they cost in USD."""

    create: int
    change: int
    more: int
    promote: int
    choose: int
    move: int
    remove: int
    keep: int
    takes: int
    cost: Cost

    def __str__(self) -> str:
        counts = {action: getattr(self, action.value) for action in Action}
        words = [f"{count} to {action.value}" for action, count in counts.items() if count]
        price = dollars(self.cost) if self.cost.high else "free"
        return f"{', '.join(words) or 'nothing to do'}; {takes_words(self.takes)}, {price}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a provider would do, task by task, in the order of the specs; nothing is done by it."""

    planned: "Planned"

    @property
    def provider(self) -> str:
        """The name of the provider that would do it."""
        return self.planned.plan.provider

    @property
    def steps(self) -> tuple[Step, ...]:
        """One step a task: its action, reasons, takes and cost."""
        return self.planned.plan.steps

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that do something."""
        return self.planned.plan.changes

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is odd about the specs, and no error."""
        return self.planned.warnings

    @cached_property
    def summary(self) -> PlanSummary:
        """Counts and cost of all steps."""
        plan = self.planned.plan
        counts = {action.value: count for action, count in plan.counts().items()}
        return PlanSummary(takes=plan.takes, cost=plan.cost, **counts)

    def save(self, path: str | Path) -> Path:
        """Write a file for `renderer render --plan`; raise InputError if it cannot be written."""
        from renderer.app.planning.saved_plan import check_target, write_plan

        target = Path(path)
        check_target(target)
        write_plan(self.planned, target)
        return target

    def as_dict(self) -> PlanData:
        """Return the plan as `renderer plan --format json` prints it, less its warnings."""
        return as_data(self.planned.plan)

    def __str__(self) -> str:
        return plain(lines(self.planned.plan, width=_WIDTH))

    def _repr_html_(self) -> str:
        return lines_block(lines(self.planned.plan, width=_WIDTH))
