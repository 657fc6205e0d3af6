"""How the videos of a plan are delivered: known to each step, said once for all that is made."""

from collections.abc import Sequence
from dataclasses import replace

from renderer.expand.delivery import ADDRESSES
from renderer.expand.task import Task
from renderer.plan.model import Plan


def delivered(plan: Plan, tasks: Sequence[Task]) -> Plan:
    """Return the plan with the delivery of each task in its step."""
    known = {task.address: task.delivery for task in tasks if task.delivery}
    if not known:
        return plan
    steps = (
        replace(step, delivery=known[step.address]) if step.address in known else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps))


def delivery_words(plan: Plan) -> str:
    """Say which addresses the takes that would be made are sent to; empty if to none."""
    found = {
        f"{name} {one.shown}": None
        for step in plan.steps
        if step.takes
        for name, one in step.delivery.items()
        if name in ADDRESSES
    }
    return ", ".join(found)
