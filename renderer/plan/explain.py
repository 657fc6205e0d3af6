"""Reasons with words in them: the values behind the lockfile's digests, where they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from renderer.expand.task import Task
from renderer.expand.values import Json, get
from renderer.lock.model import Lock
from renderer.plan.model import Plan, Reason, Step


def wanted_records(plan: Plan, lock: Lock) -> tuple[str, ...]:
    """Return the fingerprints whose old requests are needed to explain a plan."""
    needed = (
        lock.entries[step.address].fingerprint
        for step in plan.steps
        if any(_hidden(reason.old) for reason in step.reasons)
    )
    return tuple(dict.fromkeys(needed))


def explained(
    plan: Plan, tasks: Sequence[Task], lock: Lock, records: Mapping[str, Mapping[str, Json]]
) -> Plan:
    """Put old and new words in place of digests; `records` are old requests by fingerprint."""
    requests = {task.address: task.request for task in tasks}
    steps = tuple(
        _explained(step, requests[step.address], records.get(_old(step, lock), {}))
        if step.reasons
        else step
        for step in plan.steps
    )
    return replace(plan, steps=steps)


def _old(step: Step, lock: Lock) -> str:
    entry = lock.entries.get(step.address)
    return entry.fingerprint if entry else ""


def _explained(step: Step, new: Mapping[str, Json], old: Mapping[str, Json]) -> Step:
    reasons = tuple(
        replace(
            reason,
            old=_word(reason, reason.old, old),
            new=_word(reason, reason.new, new),
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
