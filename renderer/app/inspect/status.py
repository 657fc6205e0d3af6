"""Use case: what is made, what is wanted, what runs, and what is unknown."""

from dataclasses import dataclass
from decimal import Decimal

from renderer.adapters.journal.queries import OpenTask, open_tasks
from renderer.app.inspect.cost import spent
from renderer.app.planning.plan import Planned, plan
from renderer.app.workspace import Workspace
from renderer.plan.model import Action, Step

_MADE = (Action.KEEP, Action.MOVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of a project for one provider; `busy` names who is rendering, or is None."""

    planned: Planned
    open: tuple[OpenTask, ...]
    busy: str | None

    @property
    def made(self) -> int:
        """How many tasks have all the takes that they want."""
        steps = self.planned.plan.steps
        return sum(step.action in _MADE for step in steps)

    @property
    def wanted(self) -> tuple[Step, ...]:
        """The steps of tasks that lack takes: the others of those that are in the specs are made."""
        steps = self.planned.plan.steps
        return tuple(step for step in steps if step.action not in (*_MADE, Action.REMOVE))

    @property
    def spent(self) -> Decimal:
        """What the recorded takes cost, in USD; the estimate where no cost was reported."""
        return spent(self.planned.lock)

    @property
    def at_risk(self) -> Decimal:
        """The most that the open tasks may cost, in USD; those of an engine cost nothing."""
        return sum((task.risk for task in self.open if not task.engine), Decimal(0))


def status(workspace: Workspace) -> Status:
    """Return the state of a project; nothing is asked of the provider."""
    planned = plan(workspace)
    return Status(
        planned=planned,
        open=open_tasks(workspace.journal) if workspace.row.journaled else (),
        busy=workspace.busy,
    )
