"""Reasons with words in them: the values behind the lockfile's digests, where they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from renderer.expand.task import Task
from renderer.expand.values import get
from renderer.json_types import Json
from renderer.plan.model import Plan, Reason, Step


def explained(
    plan: Plan,
    tasks: Sequence[Task],
    old: Mapping[str, Mapping[str, Json]],
    causes: Mapping[str, Mapping[str, str]],
) -> Plan:
    """Put words in place of digests, and causes; `old` are requests by address, so are causes."""
    new = {task.address: task.request for task in tasks}
    steps = tuple(
        _explained(step, new[step.address], old.get(step.address, {}), causes)
        if step.reasons
        else step
        for step in plan.steps
    )
    return replace(plan, steps=steps)


def _explained(
    step: Step,
    new: Mapping[str, Json],
    old: Mapping[str, Json],
    causes: Mapping[str, Mapping[str, str]],
) -> Step:
    reasons = tuple(
        replace(
            reason,
            old=_word(reason, reason.old, old),
            new=_word(reason, reason.new, new),
            cause=causes.get(step.address, {}).get(reason.field, reason.cause),
        )
        for reason in step.reasons
    )
    return replace(step, reasons=reasons)


def _word(reason: Reason, shown: Json, request: Mapping[str, Json]) -> Json:
    if not _hidden(shown):
        return shown
    found = get(request, reason.field.split("."))
    return shown if found is None else found


def _hidden(shown: Json) -> bool:
    return isinstance(shown, str) and shown.startswith("sha256:")
