"""What a branch changes: the tasks of two revisions side by side, and what the change costs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict

from renderer.catalog.money import FREE, Cost, Money, total
from renderer.expand.delivery import differing
from renderer.expand.task import Task
from renderer.expand.values import get
from renderer.json_types import whole
from renderer.plan.decide import differences
from renderer.plan.frame_names import worded_reasons
from renderer.plan.model import Plan, Reason, Step

COUNT = "numberResults"


class Change(StrEnum):
    """What became of a task between two revisions."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What is compared with: the revision as a person named it, and the commit it is."""

    revision: str
    commit: str
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A difference of two prices in USD; negative where it became cheaper."""

    low: Decimal
    high: Decimal

    def as_json(self) -> Money:
        """Return the difference as decimal strings, as plans write prices."""
        return {"low": f"{self.low:f}", "high": f"{self.high:f}", "currency": "USD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One task that differs; `before` and `after` are the prices of all its wanted takes.

    `another` is whether it shows another picture. `step` is what a render would do for it now,
    given the lockfile; None for a removed task.
    """

    address: str
    change: Change
    reasons: tuple[Reason, ...] = ()
    before: Cost = FREE
    after: Cost = FREE
    moved_from: str = ""
    another: bool = False
    step: Step | None = None

    @property
    def scene(self) -> str:
        """The scene's id, which is the first part of the address."""
        return self.address.partition("/")[0]

    @property
    def brought(self) -> int:
        """How many takes of it, at most, were not to be made before."""
        if self.another:
            return self.step.takes if self.step else 0
        counts = [one for one in self.reasons if one.field == COUNT]
        return sum(max(whole(one.new) - whole(one.old), 0) for one in counts)

    @property
    def only_delivery(self) -> bool:
        """Whether the pictures are as they were, and are sent or checked in another way."""
        counted = any(reason.field == COUNT for reason in self.reasons)
        return self.change is Change.CHANGED and not self.another and not counted


class ShareData(TypedDict):
    """A part of what a render would make now."""

    takes: int
    cost: Money
    list_price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of what a render would make now; `list_price` is what Runware asks for it."""

    takes: int = 0
    cost: Cost = FREE
    list_price: Cost = FREE

    def __add__(self, other: "Share") -> "Share":
        """Return both together."""
        return Share(
            takes=self.takes + other.takes,
            cost=self.cost + other.cost,
            list_price=self.list_price + other.list_price,
        )

    def as_json(self) -> ShareData:
        """Return it as JSON data; money is decimal strings."""
        cost, list_price = self.cost.as_json(), self.list_price.as_json()
        return {"takes": self.takes, "cost": cost, "list_price": list_price}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The tasks of the working tree against those of a base.

    `before` and `after` are list prices of all wanted takes of all tasks, made from nothing;
    `plan` is what a render would do now: `branch` is what of it this branch brought, `open` what
    was to be made before.
    """

    base: Base
    differences: tuple[Difference, ...]
    same: int
    before: Cost
    after: Cost
    plan: Plan
    branch: Share = Share()
    open: Share = Share()

    @property
    def delta(self) -> Delta:
        """The price difference; what costs the same on both sides counts for nothing in it."""
        priced = [one for one in self.differences if one.before != one.after]
        old = total(one.before for one in priced)
        new = total(one.after for one in priced)
        return Delta(low=new.low - old.high, high=new.high - old.low)

    def counts(self) -> Mapping[Change, int]:
        """How many tasks there are of each change."""
        found = [one.change for one in self.differences]
        return {change: found.count(change) for change in Change}


def compare(old: Sequence[Task], new: Sequence[Task], plan: Plan, base: Base) -> Comparison:
    """Set the tasks of a base beside those of now, in the order of now, removed ones last."""
    steps = {step.address: step for step in plan.steps}
    prices = _Prices(old=_prices(old, new), new=_prices(new, old))
    found = tuple(
        replace(one, step=steps.get(one.address)) if one.change is not Change.REMOVED else one
        for one in _differences(old, new, prices)
    )
    gone = sum(one.change is Change.REMOVED for one in found)
    shares = _shares(found, new, plan)
    return Comparison(
        branch=shares[0],
        open=shares[1],
        base=base,
        differences=found,
        same=len(new) - len(found) + gone,
        before=total(prices.old.values()),
        after=total(prices.new.values()),
        plan=plan,
    )


def _shares(found: Sequence[Difference], new: Sequence[Task], plan: Plan) -> tuple[Share, Share]:
    """Return what a render would make now: for what differs from the base, and for the rest."""
    unit = {task.address: task.cost for task in new}
    differs = {one.address: one for one in found if one.change is not Change.REMOVED}
    branch, rest = Share(), Share()
    for step in plan.steps:
        if not step.takes:
            continue
        one = differs.get(step.address)
        brought = min(one.brought, step.takes) if one else 0
        price = unit.get(step.address, step.cost)
        branch += _share(step, brought, price)
        rest += _share(step, step.takes - brought, price)
    return branch, rest


def _share(step: Step, takes: int, price: Cost) -> Share:
    """Return some of the takes of a step; promoted drafts have another price than the list's."""
    if not takes:
        return Share()
    cost = step.cost if takes == step.takes else price * takes if step.cost.high else FREE
    listed = step.cost if step.cost.high and takes == step.takes else price * takes
    return Share(takes=takes, cost=cost, list_price=listed)


def caused(found: Comparison, causes: Mapping[str, Mapping[str, str]]) -> Comparison:
    """Put causes, by address and field, into the reasons of a comparison."""

    def named(one: Difference) -> Difference:
        known = causes.get(one.address, {})
        reasons = (replace(reason, cause=known.get(reason.field, "")) for reason in one.reasons)
        return replace(one, reasons=tuple(reasons))

    return replace(found, differences=tuple(named(one) for one in found.differences))


def _differences(
    old: Sequence[Task], new: Sequence[Task], prices: "_Prices"
) -> Iterator[Difference]:
    before = {task.address: task for task in old}
    now = {task.address for task in new}
    orphans = _by_picture(task for task in old if task.address not in now)
    moved: set[str] = set()
    for task in new:
        same = before.get(task.address)
        if same is not None:
            yield from _changed(same, task, prices)
        elif orphans.get(task.fingerprint):
            source = orphans[task.fingerprint].pop(0)
            moved.add(source.address)
            yield _moved(source, task, prices)
        else:
            yield _added(task, prices)
    for task in old:
        if task.address not in now and task.address not in moved:
            price = prices.old[task.address]
            yield Difference(address=task.address, change=Change.REMOVED, before=price)


def _by_picture(tasks: Iterable[Task]) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.fingerprint, []).append(task)
    return found


def _added(task: Task, prices: "_Prices") -> Difference:
    return Difference(
        address=task.address,
        change=Change.ADDED,
        another=True,
        reasons=tuple(_delivery(None, task)),
        after=prices.new[task.address],
    )


def _changed(old: Task, new: Task, prices: "_Prices") -> Iterator[Difference]:
    reasons = _reasons(old, new)
    if reasons or old.fingerprint != new.fingerprint:
        yield Difference(
            address=new.address,
            change=Change.CHANGED,
            another=old.fingerprint != new.fingerprint,
            reasons=reasons,
            before=prices.old[old.address],
            after=prices.new[new.address],
        )


def _moved(old: Task, new: Task, prices: "_Prices") -> Difference:
    return Difference(
        address=new.address,
        change=Change.MOVED,
        reasons=_reasons(old, new),
        before=prices.old[old.address],
        after=prices.new[new.address],
        moved_from=old.address,
    )


def _reasons(old: Task, new: Task) -> tuple[Reason, ...]:
    """Say what differs in words: both requests are at hand, so no digest needs to be shown."""
    found = []
    if old.fingerprint != new.fingerprint:
        worded = [_worded(one, old, new) for one in differences(old.fields, new.fields)]
        found = list(worded_reasons(worded, new.links or old.links))
    if old.wanted != new.wanted:
        found.append(Reason(field=COUNT, old=old.wanted, new=new.wanted))
    return *found, *_delivery(old, new)


def _delivery(old: Task | None, new: Task) -> Iterator[Reason]:
    """Yield what differs in where videos are sent and how they are checked: it has no price."""
    for name, before, after in differing(old.delivery if old else {}, new.delivery):
        yield Reason(field=name, old=before, new=after)


def _worded(reason: Reason, old: Task, new: Task) -> Reason:
    path = reason.field.split(".")
    return replace(
        reason,
        old=reason.old if reason.old is None else get(old.request, path) or reason.old,
        new=reason.new if reason.new is None else get(new.request, path) or reason.new,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prices:
    """What each task asks for, by its address, in the base and now."""

    old: Mapping[str, Cost]
    new: Mapping[str, Cost]


def _prices(tasks: Sequence[Task], others: Sequence[Task]) -> dict[str, Cost]:
    """Return the list price of each task: what shows another one's picture is paid for once.

    By a task that is on the other side too, if one is: else a price would seem to come or go.
    """
    paid: dict[str, int] = {}
    found = {}
    there = {task.address for task in others}
    for task in sorted(tasks, key=lambda one: one.address not in there):
        have = paid.get(task.fingerprint, 0)
        found[task.address] = task.cost * max(task.wanted - have, 0)
        paid[task.fingerprint] = max(have, task.wanted)
    return found
