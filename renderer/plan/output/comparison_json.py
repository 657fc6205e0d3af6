"""What a branch changes as plain data, version 1."""

from typing import NotRequired, TypedDict

from renderer.catalog.money import Money
from renderer.plan.comparison import Change, Comparison, Difference, ShareData
from renderer.plan.model import Action
from renderer.plan.output.plan_json import ReasonData, reason_data

VERSION = 1


class RevisionData(TypedDict):
    """The base as it was named, and the commit that it is."""

    revision: str
    commit: str


class ChangesData(TypedDict):
    """How many tasks each change has; list prices of all takes before and after; what is to be made."""

    added: int
    changed: int
    moved: int
    removed: int
    same: int
    before: Money
    after: Money
    difference: Money
    branch: ShareData
    open_before: ShareData
    takes: int
    cost: Money
    list_price: Money


class DifferenceData(TypedDict):
    """One task that differs, with the list price of its takes before and after."""

    address: str
    change: Change
    reasons: list[ReasonData]
    before: Money
    after: Money
    action: Action | None
    takes: int
    cost: NotRequired[Money]
    moved_from: NotRequired[str]


class BaseData(TypedDict):
    """What a branch changes against a base."""

    version: int
    provider: str
    base: RevisionData
    summary: ChangesData
    tasks: list[DifferenceData]


def base_data(found: Comparison) -> BaseData:
    """Return a comparison as JSON data; money is a decimal string."""
    return {
        "version": VERSION,
        "provider": found.plan.provider,
        "base": {"revision": found.base.revision, "commit": found.base.commit},
        "summary": _summary(found),
        "tasks": [_task(one) for one in found.differences],
    }


def _summary(found: Comparison) -> ChangesData:
    counts = found.counts()
    return {
        "added": counts[Change.ADDED],
        "changed": counts[Change.CHANGED],
        "moved": counts[Change.MOVED],
        "removed": counts[Change.REMOVED],
        "same": found.same,
        "before": found.before.as_json(),
        "after": found.after.as_json(),
        "difference": found.delta.as_json(),
        "branch": found.branch.as_json(),
        "open_before": found.open.as_json(),
        "takes": found.plan.takes,
        "cost": found.plan.cost.as_json(),
        "list_price": found.plan.list_price.as_json(),
    }


def _task(one: Difference) -> DifferenceData:
    step = one.step
    data: DifferenceData = {
        "address": one.address,
        "change": one.change,
        "reasons": [reason_data(reason) for reason in one.reasons],
        "before": one.before.as_json(),
        "after": one.after.as_json(),
        "action": step.action if step else None,
        "takes": step.takes if step else 0,
    }
    if step:
        data["cost"] = step.cost.as_json()
    if one.moved_from:
        data["moved_from"] = one.moved_from
    return data
