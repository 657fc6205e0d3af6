"""A draft that becomes a final: the same picture at full size, made from the draft's id.

Turning a draft off changes nothing but size and delivery of the file; such a change is a promotion
of the draft take, the picked one if there is a pick. A draft is perishable: after its days the
final would be a new generation, and that is said, with both prices, and never done unasked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from renderer.catalog.entry import VideoModel
from renderer.catalog.money import FREE, total
from renderer.expand.task import Task
from renderer.expand.values import Json, put
from renderer.lock.model import Entry, Lock, Take
from renderer.plan.decide import differences
from renderer.plan.model import Action, DraftUse, Plan, Reason, Step

_SHAPE = frozenset({"width", "height", "resolution", "outputFormat", "outputQuality"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What deciding about drafts needs: the models, the picked take by address, the time (UTC)."""

    model: Callable[[str], VideoModel]
    picks: Callable[[], Mapping[str, int]]
    now: datetime
    perishable: bool


def promoted(plan: Plan, tasks: Sequence[Task], lock: Callable[[], Lock], studio: Studio) -> Plan:
    """Return the plan with every change that only turns a draft off as a promotion.

    Of several drafts one becomes the final: no other final is bought for the rest.
    """
    by_address = {task.address: task for task in tasks}
    steps = tuple(
        _step(step, by_address[step.address], lock, studio) if step.takes else step
        for step in plan.steps
    )
    if steps == plan.steps:
        return plan
    prices = [by_address[step.address].cost * step.takes for step in steps if step.takes]
    return replace(plan, steps=steps, list_price=total(prices))


def _step(step: Step, task: Task, lock: Callable[[], Lock], studio: Studio) -> Step:
    if _turns_off(step, task, studio):
        return _promoted(step, task, lock, studio)
    if step.action is Action.MORE and _is_final(task, lock(), studio):
        return Step(
            address=step.address,
            action=Action.KEEP,
            fingerprint=step.fingerprint,
            have=step.have,
        )
    return step


def _is_final(task: Task, lock: Lock, studio: Studio) -> bool:
    """Tell whether a task's picture is there as the final of a draft."""
    entry = lock.entries.get(task.address)
    made = entry.of(task.fingerprint) if entry and studio.model(task.model).draft else ()
    return any(take.draft for take in made)


def draft_of(task: Task, lock: Lock, studio: Studio) -> Take | None:
    """Return the draft that a task's final is to be made from, as long as it is good."""
    entry = lock.entries.get(task.address)
    if entry is None or entry.of(task.fingerprint) or not _drafts(entry):
        return None
    if not _only_turns_off(differences(entry.fields, task.fields), task, studio):
        return None
    take, use = _use(entry, task, studio)
    return None if use.expired else take


def _turns_off(step: Step, task: Task, studio: Studio) -> bool:
    return step.action is Action.CHANGE and _only_turns_off(step.reasons, task, studio)


def _only_turns_off(reasons: Iterable[Reason], task: Task, studio: Studio) -> bool:
    rule = studio.model(task.model).draft
    if rule is None:
        return False
    flag = ".".join(rule.path)
    was = {reason.field: reason.old for reason in reasons}
    return was.get(flag) is True and was.keys() <= _SHAPE | {flag}


def _promoted(step: Step, task: Task, lock: Callable[[], Lock], studio: Studio) -> Step:
    entry = lock().entries[step.address]
    if not _drafts(entry):
        return step
    _, use = _use(entry, task, studio)
    if use.expired:
        return replace(step, draft=use)
    # A final is billed as any generation of its size; sound is the draft's, as in the task. What
    # the draft went on from is in it, so nothing has to be made before.
    cost = task.cost if step.cost.high else FREE
    return replace(step, action=Action.PROMOTE, takes=1, cost=cost, draft=use, waits=())


def _drafts(entry: Entry) -> list[Take]:
    return [take for take in entry.of(entry.fingerprint) if take.draft_id]


def _use(entry: Entry, task: Task, studio: Studio) -> tuple[Take, DraftUse]:
    drafts = _drafts(entry)
    picked = [take for take in drafts if take.number == studio.picks().get(task.address)]
    take = (picked or drafts)[0]
    expires = _expiry(take, studio.model(task.model)) if studio.perishable else None
    return take, DraftUse(
        id=take.draft_id,
        take=take.number,
        seed=take.seed,
        picked=bool(picked),
        expires=expires,
        expired=expires is not None and expires <= studio.now,
        again=_draft_price(take),
    )


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
