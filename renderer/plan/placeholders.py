"""Frames that are given by address: the embedded engine reaches no network, and fetches none."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from renderer.expand.task import Task
from renderer.plan.model import Plan

_ADDRESS = ("https://", "http://")
_ORDER = ("first", "last")  # of frames without a label
_LABELS = {0: "first", -1: "last"}


def with_placeholders(plan: Plan, tasks: Sequence[Task]) -> Plan:
    """Return the plan with the frames that a placeholder stands for, where takes are to be made."""
    known = {task.address: found for task in tasks if (found := tuple(_unfetched(task)))}
    if not known:
        return plan
    steps = (
        replace(step, placeholders=known[step.address])
        if step.takes and step.address in known
        else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps))


def _unfetched(task: Task) -> Iterator[str]:
    """Yield the positions of a task's frames that are addresses."""
    inputs = task.request.get("inputs")
    for number, frame in enumerate(inputs.get("frameImages", ()) if inputs else ()):
        image = frame.get("image") if isinstance(frame, dict) else frame
        if str(image).lower().startswith(_ADDRESS):
            label = frame.get("frame") if isinstance(frame, dict) else None
            yield str(_LABELS.get(label, label) if label is not None else _ORDER[number])
