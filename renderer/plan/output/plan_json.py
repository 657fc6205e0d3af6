"""A plan as plain data, version 1: what `--format json` prints and saved plans hold."""

from collections.abc import Mapping
from typing import Any

from renderer.expand.delivery import Sent
from renderer.plan.model import DraftUse, Plan, Reason, Step

VERSION = 1


def as_data(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON data; money is a decimal string."""
    counts = {action.value: count for action, count in plan.counts().items()}
    return {
        "version": VERSION,
        "provider": plan.provider,
        "summary": {
            **counts,
            "takes": plan.takes,
            "cost": plan.cost.as_json(),
            "list_price": plan.list_price.as_json(),
        },
        "not_here": list(plan.absent),
        "tasks": [_step(step) for step in plan.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    extra = {"moved_from": step.moved_from, "same_as": step.same_as}
    return {
        "address": step.address,
        "action": step.action.value,
        "fingerprint": step.fingerprint,
        "reasons": [reason_data(reason) for reason in step.reasons],
        "takes": step.takes,
        "have": step.have,
        "cost": step.cost.as_json(),
        **{name: value for name, value in extra.items() if value},
        **({"waits": list(step.waits)} if step.waits else {}),
        **({"draft": _draft(step.draft)} if step.draft else {}),
        **({"delivery": _delivery(step.delivery)} if step.delivery else {}),
        **({"drafts": [_draft(one) for one in step.drafts]} if len(step.drafts) > 1 else {}),
        **({"fetches": list(step.fetches)} if step.fetches else {}),
        **({"placeholders": list(step.placeholders)} if step.placeholders else {}),
        **({"options": list(step.options)} if step.options else {}),
        **({"not_chosen": True} if step.unchosen else {}),
    }


def _delivery(delivery: Mapping[str, Sent]) -> list[dict[str, Any]]:
    """Return how videos are sent: of an address its host, and a digest that tells two apart."""
    return [
        {"field": name, "value": one.shown, "digest": one.digest} for name, one in delivery.items()
    ]


def _draft(draft: DraftUse) -> dict[str, Any]:
    return {
        "id": draft.id,
        "name": draft.name,
        "take": draft.take,
        "picked": draft.picked,
        "expires": draft.expires.isoformat() if draft.expires else None,
        "expired": draft.expired,
        "cost": draft.again or None,
    }


def reason_data(reason: Reason) -> dict[str, Any]:
    """Return one reason as JSON data."""
    return {
        "field": reason.field,
        "old": reason.old,
        "new": reason.new,
        "cause": reason.cause,
    }
