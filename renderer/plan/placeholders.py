"""Frames that are given by address: the embedded engine reaches no network, and fetches none."""

from collections.abc import Sequence
from dataclasses import replace

from renderer.expand.task import Task
from renderer.plan.model import Plan


def with_placeholders(plan: Plan, tasks: Sequence[Task]) -> Plan:
    """Return the plan with the frames that a placeholder stands for, where takes are to be made."""
    known = {task.address: task.by_address for task in tasks if task.by_address}
    if not known:
        return plan
    steps = (
        replace(step, placeholders=known[step.address])
        if step.takes and step.address in known
        else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps))
