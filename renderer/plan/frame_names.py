"""Frames of other shots in words: `last frame of clocktower/bell#2` for the digest of a take."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from renderer.expand.task import Link, Task
from renderer.json_types import Json
from renderer.lock.model import Lock
from renderer.plan.model import Plan, Reason, Step

FIELDS = "frames."
_DIGITS = 16


def worded(plan: Plan, tasks: Sequence[Task], lock: Callable[[], Lock]) -> Plan:
    """Return the plan with takes by their names where a frame of another shot differs."""
    if not any(step.reasons and _concerned(step) for step in plan.steps):
        return plan
    links = {task.address: task.links for task in tasks}
    names = take_names(lock(), links)
    steps = (
        replace(step, reasons=worded_reasons(step.reasons, links[step.address], names))
        if _concerned(step)
        else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps))


def worded_reasons(
    reasons: Sequence[Reason], links: Sequence[Link], names: Mapping[str, str] | None = None
) -> tuple[Reason, ...]:
    """Return reasons in words; `names` are takes by the first digits of their bytes.

    Without names both sides are pictures, not takes: then the new one is only said to be made anew.
    """
    shots = {FIELDS + link.at: link.shot for link in links}
    return tuple(
        replace(
            reason,
            old=_words(reason.old, names, shots.get(reason.field, "")),
            new=_words(reason.new, names, shots.get(reason.field, ""), new=True),
        )
        if reason.field.startswith(FIELDS)
        else reason
        for reason in reasons
    )


def frame_words(task: Task, names: Mapping[str, str]) -> dict[str, str]:
    """Return by position the frame of another shot that a task depends on; see `take_names`."""
    return {
        link.at: str(_words(task.fields[FIELDS + link.at], names, link.shot, new=True))
        for link in task.links
    }


def _concerned(step: Step) -> bool:
    return any(reason.field.startswith(FIELDS) for reason in step.reasons)


def take_names(lock: Lock, now: Container[str]) -> dict[str, str]:
    """Return takes by their first digits; the name under an address that is there now wins."""
    found: dict[str, str] = {}
    for address, take in lock.takes():
        name = f"{address}#{take.number}"
        if address in now or take.sha256[:_DIGITS] not in found:
            found[take.sha256[:_DIGITS]] = name
    return found


def _words(value: Json, names: Mapping[str, str] | None, shot: str, *, new: bool = False) -> Json:
    parts = value.split(" ", 2) if isinstance(value, str) else ()
    if len(parts) != 3:  # nothing, or a lockfile that another hand wrote
        return value
    _, digits, moment = parts
    if names is None:
        return f"{_moment(moment)} of {shot}, made anew" if new else f"{_moment(moment)} of {shot}"
    known = names.get(digits)
    if known:
        return f"{_moment(moment)} of {known}"
    return f"{_moment(moment)} of {shot}, to be made" if new else f"{_moment(moment)} of a take"


def _moment(moment: str) -> str:
    """Say which frame a moment of a take is."""
    before = moment.startswith("before ")
    at = moment.removeprefix("before ")
    if at in ("first", "last"):
        return f"{at} frame"
    time = f"frame {at[:-1]}" if at.endswith("f") else f"{at} s"
    return f"the frame before {time}" if before else f"the frame at {time}"
