"""A draft that becomes a final: the same picture at full size, made from the draft's id.

Which drafts do is the rule of `finals`; here it becomes steps of a plan. A draft is perishable:
after its days the final would be a new generation, and that is said, with both prices, and never
done unasked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from renderer.catalog.money import FREE, Cost
from renderer.catalog.video_model import VideoModel
from renderer.expand.task import Task
from renderer.expand.values import Json, put
from renderer.lock.takes import Named, Takes
from renderer.plan.finals import DraftRules, Finals, Verdict
from renderer.plan.model import Action, DraftUse, Plan, Step
from renderer.providers import PROVIDERS


def promoted(plan: Plan, tasks: Sequence[Task], takes: Takes, rules: DraftRules) -> Plan:
    """Return the plan with the drafts' part in it: finals to be made, choices that are wanted."""
    verdicts = Finals(takes, rules).all(tasks)
    if not verdicts:
        return plan
    by_address = {task.address: task for task in tasks}
    promotion = _Promotion(rules, paid=PROVIDERS[plan.provider].paid)
    steps = tuple(
        promotion.step(step, by_address[step.address], verdicts[step.address])
        if step.address in verdicts
        else step
        for step in plan.steps
    )
    return replace(plan, steps=steps)


class _Promotion:
    def __init__(self, rules: DraftRules, *, paid: bool) -> None:
        self._rules = rules
        self._paid = paid

    def step(self, step: Step, task: Task, verdict: Verdict) -> Step:
        """Return what a plan does to a task that has drafts."""
        shares = bool(step.same_as) and not step.takes
        if step.moved_from or (shares and step.have):
            return step  # it shares takes that are there
        if verdict.options:
            names = tuple(one.name for one in verdict.options)
            return replace(_free(step), action=Action.CHOOSE, options=names)
        if shares and verdict.wanted:
            return step  # another task makes them
        return self._of_drafts(step, task, verdict)

    def _of_drafts(self, step: Step, task: Task, verdict: Verdict) -> Step:
        uses = [draft_use(one, task, self._rules) for one in verdict.wanted]
        good = tuple(use for use in uses if not use.expired)
        if good:
            return self._from_drafts(step, task, good)
        if uses and not step.have:
            cost = self._cost(task, len(uses))
            return replace(step, takes=len(uses), cost=cost, drafts=tuple(uses))
        if not uses and step.have and not verdict.made:
            return step  # it was made as a picture of its own
        return _kept(step, uses)

    def _from_drafts(self, step: Step, task: Task, uses: tuple[DraftUse, ...]) -> Step:
        # A final is billed as any generation of its size; sound is the draft's, as in the task.
        cost = self._cost(task, len(uses))
        return replace(step, action=Action.PROMOTE, takes=len(uses), cost=cost, drafts=uses)

    def _cost(self, task: Task, count: int) -> Cost:
        return task.cost * count if self._paid else FREE


def _free(step: Step) -> Step:
    return replace(step, takes=0, cost=FREE, waits=(), needs=())


def _kept(step: Step, uses: Sequence[DraftUse]) -> Step:
    """Return the step of a task whose drafts are done: a final is there, or another was chosen."""
    kept = replace(_free(step), action=Action.KEEP, reasons=(), drafts=tuple(uses))
    return replace(kept, unchosen=not step.have and not uses)


def draft_use(draft: Named, task: Task, rules: DraftRules) -> DraftUse:
    """Return what a final of a draft is made from."""
    take = draft.take
    expires = _expiry(take.draft_id, rules.model(task.model)) if rules.perishable else None
    return DraftUse(
        id=take.draft_id,
        name=draft.name,
        take=take.number,
        sha256=take.sha256,
        seed=take.seed,
        picked=take.sha256 in rules.picks(),
        expires=expires,
        expired=expires is not None and expires <= rules.now,
        again=_price(draft),
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


def _expiry(draft_id: str, model: VideoModel) -> datetime | None:
    """Return when a draft ends, by the time in its id; None where the id holds none."""
    if model.draft is None:
        return None
    digits = draft_id.split("-")[1:2]
    try:
        made = datetime.strptime(digits[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None
    return made + timedelta(days=model.draft.days)


def _price(draft: Named) -> str:
    take = draft.take
    amount = take.cost if take.cost is not None else take.estimate
    return "" if amount is None else f"${amount:f}"
