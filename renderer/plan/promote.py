"""A draft that becomes a final: the same picture at full size, made from the draft's id.

Turning a draft off changes nothing but size and delivery of the file; such a change is a promotion
of the draft take, the picked one if there is a pick. A draft is perishable: after its days the
final would be a new generation, and that is said, with both prices, and never done unasked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from renderer.catalog.entry import VideoModel
from renderer.catalog.money import FREE
from renderer.expand.task import Task
from renderer.expand.values import Json, put
from renderer.lock.model import Lock, Take
from renderer.plan.model import Action, DraftUse, Plan, Step

_SHAPE = frozenset({"width", "height", "resolution", "outputFormat", "outputQuality"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What deciding about drafts needs: the models, the picked take by address, the time (UTC)."""

    model: Callable[[str], VideoModel]
    picks: Callable[[], Mapping[str, int]]
    now: datetime
    perishable: bool


def promoted(plan: Plan, tasks: Sequence[Task], lock: Callable[[], Lock], studio: Studio) -> Plan:
    """Return the plan with every change that only turns a draft off as a promotion."""
    by_address = {task.address: task for task in tasks}
    steps = tuple(
        _promoted(step, by_address[step.address], lock, studio)
        if _turns_off(step, by_address.get(step.address), studio)
        else step
        for step in plan.steps
    )
    return replace(plan, steps=steps)


def _turns_off(step: Step, task: Task | None, studio: Studio) -> bool:
    if step.action is not Action.CHANGE or task is None:
        return False
    rule = studio.model(task.model).draft
    if rule is None:
        return False
    flag = ".".join(rule.path)
    fields = {reason.field for reason in step.reasons}
    was = [reason.old for reason in step.reasons if reason.field == flag]
    return was == [True] and fields <= _SHAPE | {flag}


def _promoted(step: Step, task: Task, lock: Callable[[], Lock], studio: Studio) -> Step:
    entry = lock().entries[step.address]
    drafts = [take for take in entry.of(entry.fingerprint) if take.draft_id]
    if not drafts:
        return step
    picked = [take for take in drafts if take.number == studio.picks().get(step.address)]
    take = (picked or drafts)[0]
    model = studio.model(task.model)
    expires = _expiry(take, model) if studio.perishable else None
    expired = expires is not None and expires <= studio.now
    use = DraftUse(
        id=take.draft_id,
        take=take.number,
        seed=take.seed,
        picked=bool(picked),
        expires=expires,
        expired=expired,
        again=_draft_price(take),
    )
    if expired:
        return replace(step, draft=use)
    # A final is billed as any generation of its size; sound is the draft's, as in the task.
    cost = task.cost if step.cost.high else FREE
    return replace(step, action=Action.PROMOTE, takes=1, cost=cost, draft=use)


def final_request(
    request: Mapping[str, Json], model: VideoModel, draft: DraftUse
) -> dict[str, Json]:
    """Return the request that makes a final from a draft: its id, its prompt and seed, the size."""
    rule = model.draft
    dropped = {rule.path[0], "inputs", "numberResults"} if rule else set()
    kept = {key: value for key, value in request.items() if key not in dropped}
    if draft.seed is not None:
        kept["seed"] = draft.seed
    return put(kept, rule.id_path, draft.id) if rule else kept


def _expiry(take: Take, model: VideoModel) -> datetime | None:
    """Return when a draft ends, by the time in its id; None where the id holds none."""
    if model.draft is None:
        return None
    digits = take.draft_id.split("-")[1:2]
    try:
        made = datetime.strptime(digits[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None
    return made + timedelta(days=model.draft.days)


def _draft_price(take: Take) -> str:
    amount = take.cost if take.cost is not None else take.estimate
    return "" if amount is None else f"${amount:f}"
