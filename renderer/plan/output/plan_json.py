"""A plan as plain data, version 1: what `--format json` prints and saved plans hold."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from renderer.catalog.money import Money
from renderer.expand.delivery import Sent
from renderer.json_types import Json
from renderer.plan.model import Action, DraftUse, Plan, Reason, Step

VERSION = 1


class ReasonData(TypedDict):
    """One field that differs: its old and new value, and through what it changed."""

    field: str
    old: Json
    new: Json
    cause: str


class DraftData(TypedDict):
    """The draft that a final is made from; `cost` is what such a draft cost, in dollars."""

    id: str
    name: str
    take: int
    picked: bool
    expires: str | None
    expired: bool
    cost: str | None


class DeliveryData(TypedDict):
    """How videos are sent: of an address its host, and a digest that distinguishes two."""

    field: str
    value: Json
    digest: str


class StepData(TypedDict):
    """What is done about one task; `cost` is for all takes that are to be made."""

    address: str
    action: Action
    fingerprint: str
    reasons: list[ReasonData]
    takes: int
    have: int
    cost: Money
    moved_from: NotRequired[str]
    same_as: NotRequired[str]
    waits: NotRequired[list[str]]
    draft: NotRequired[DraftData]
    delivery: NotRequired[list[DeliveryData]]
    drafts: NotRequired[list[DraftData]]
    fetches: NotRequired[list[str]]
    placeholders: NotRequired[list[str]]
    options: NotRequired[list[str]]
    not_chosen: NotRequired[bool]


class SummaryData(TypedDict):
    """How many tasks each action has, and what all takes that are to be made cost.

    `pictures` are those of which takes are made: tasks that look the same share one.
    """

    create: int
    change: int
    more: int
    promote: int
    choose: int
    move: int
    remove: int
    keep: int
    takes: int
    pictures: int
    cost: Money
    list_price: Money


class PlanData(TypedDict):
    """A plan: what would be done, task by task, in the order of the specs."""

    version: int
    provider: str
    summary: SummaryData
    not_here: list[str]
    tasks: list[StepData]


def as_data(plan: Plan) -> PlanData:
    """Return a plan as JSON data; money is a decimal string."""
    return {
        "version": VERSION,
        "provider": plan.provider,
        "summary": _summary(plan),
        "not_here": list(plan.absent),
        "tasks": [_step(step) for step in plan.steps],
    }


def _summary(plan: Plan) -> SummaryData:
    counts = plan.counts()
    return {
        "create": counts[Action.CREATE],
        "change": counts[Action.CHANGE],
        "more": counts[Action.MORE],
        "promote": counts[Action.PROMOTE],
        "choose": counts[Action.CHOOSE],
        "move": counts[Action.MOVE],
        "remove": counts[Action.REMOVE],
        "keep": counts[Action.KEEP],
        "takes": plan.takes,
        "pictures": plan.pictures,
        "cost": plan.cost.as_json(),
        "list_price": plan.list_price.as_json(),
    }


def _step(step: Step) -> StepData:
    data: StepData = {
        "address": step.address,
        "action": step.action,
        "fingerprint": step.fingerprint,
        "reasons": [reason_data(reason) for reason in step.reasons],
        "takes": step.takes,
        "have": step.have,
        "cost": step.cost.as_json(),
    }
    more: dict[str, object] = {
        "moved_from": step.moved_from,
        "same_as": step.same_as,
        "waits": list(step.waits),
        "draft": _draft(step.draft) if step.draft else None,
        "delivery": _delivery(step.delivery),
        "drafts": [_draft(one) for one in step.drafts] if len(step.drafts) > 1 else None,
        "fetches": list(step.fetches),
        "placeholders": list(step.placeholders),
        "options": list(step.options),
        "not_chosen": step.unchosen,
    }
    return {**data, **{name: value for name, value in more.items() if value}}  # type: ignore[typeddict-item]


def _delivery(delivery: Mapping[str, Sent]) -> list[DeliveryData]:
    return [
        {"field": name, "value": one.shown, "digest": one.digest} for name, one in delivery.items()
    ]


def _draft(draft: DraftUse) -> DraftData:
    return {
        "id": draft.id,
        "name": draft.name,
        "take": draft.take,
        "picked": draft.picked,
        "expires": draft.expires.isoformat() if draft.expires else None,
        "expired": draft.expired,
        "cost": draft.again or None,
    }


def reason_data(reason: Reason) -> ReasonData:
    """Return one reason as JSON data."""
    return {
        "field": reason.field,
        "old": reason.old,
        "new": reason.new,
        "cause": reason.cause,
    }
