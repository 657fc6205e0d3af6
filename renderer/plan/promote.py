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
from renderer.expand.values import put
from renderer.json_types import Json
from renderer.lock.takes import Named, Takes
from renderer.plan.decide import makers_of
from renderer.plan.finals import DraftRules, Finals, Verdict
from renderer.plan.model import Action, DraftUse, Plan, Step
from renderer.providers import PROVIDERS


def promoted(
    plan: Plan,
    tasks: Sequence[Task],
    takes: Takes,
    rules: DraftRules,
    chosen: Sequence[Task] | None = None,
) -> Plan:
    """Return the plan with the drafts' part in it: finals to be made, choices that are wanted.

    Tasks of one picture share each final: one makes it, a `chosen` one first.
    """
    verdicts = Finals(takes, rules).all(tasks)
    if not verdicts:
        return plan
    by_address = {task.address: task for task in tasks}
    makers = _final_makers(tasks, verdicts, tasks if chosen is None else chosen)
    promotion = _Promotion(rules, makers, paid=PROVIDERS[plan.provider].paid)
    steps = tuple(
        promotion.step(step, by_address[step.address], verdicts[step.address])
        if step.address in verdicts
        else step
        for step in plan.steps
    )
    return replace(plan, steps=steps)


_Final = tuple[str, str]  # its picture, and the id of the draft that it is made from


def _final_makers(
    tasks: Sequence[Task], verdicts: Mapping[str, Verdict], chosen: Sequence[Task]
) -> Mapping[_Final, str]:
    """Return the task that makes each final: the one that makes the picture, if it wants this one.

    How many takes there are says nothing of it: a final may be wanted beside others.
    """
    makers = set(makers_of(chosen).values())
    addresses = {task.address for task in chosen}
    found: dict[_Final, str] = {}
    drafted = [task for task in tasks if task.address in verdicts]
    for task in sorted(
        drafted, key=lambda one: (one.address not in makers, one.address not in addresses)
    ):
        for draft in verdicts[task.address].wanted:
            found.setdefault((task.fingerprint, draft.take.draft_id), task.address)
    return found


class _Promotion:
    def __init__(self, rules: DraftRules, makers: Mapping[_Final, str], *, paid: bool) -> None:
        self._rules = rules
        self._makers = makers
        self._paid = paid

    def step(self, step: Step, task: Task, verdict: Verdict) -> Step:
        """Return what a plan does to a task that has drafts."""
        shares = bool(step.same_as) and not step.takes
        there = bool(step.moved_from or (shares and step.have))
        if verdict.options and not there:
            names = tuple(one.name for one in verdict.options)
            return replace(_free(step), action=Action.CHOOSE, options=names)
        step = _with_twin(step, verdict.elsewhere)
        uses = [draft_use(one, task, self._rules) for one in verdict.wanted]
        good = tuple(use for use in uses if not use.expired)
        if good:
            return self._finals(step, task, good)
        if there or (shares and uses):
            return step  # it shares takes that are there, or that another task makes
        return self._of_drafts(step, task, verdict, uses)

    def _finals(self, step: Step, task: Task, uses: Sequence[DraftUse]) -> Step:
        makers = [self._makers[task.fingerprint, use.id] for use in uses]
        own = tuple(use for use, at in zip(uses, makers, strict=True) if at == task.address)
        if own:
            return self._from_drafts(step, task, own)
        rest = replace(step, takes=0, cost=FREE)
        if not step.have:
            return replace(rest, same_as=makers[0])
        return replace(_with_twin(rest, makers[0]), action=Action.PROMOTE)

    def _of_drafts(
        self, step: Step, task: Task, verdict: Verdict, uses: Sequence[DraftUse]
    ) -> Step:
        """Return the step of a task of which no final can be made from a draft."""
        if uses and not step.have:
            cost = self._cost(task, len(uses))
            return replace(step, takes=len(uses), cost=cost, drafts=tuple(uses))
        if not uses and step.have and not verdict.made:
            return step  # it was made as a picture of its own
        return _kept(step, uses)

    def _from_drafts(self, step: Step, task: Task, uses: tuple[DraftUse, ...]) -> Step:
        # A final is billed as any generation of its size; sound is the draft's, as in the task.
        cost = self._cost(task, len(uses))
        made = replace(step, action=Action.PROMOTE, takes=len(uses), cost=cost, drafts=uses)
        return made if step.have else replace(made, same_as="")

    def _cost(self, task: Task, count: int) -> Cost:
        return task.cost * count if self._paid else FREE


def _free(step: Step) -> Step:
    return replace(step, takes=0, cost=FREE, waits=(), needs=())


def _with_twin(step: Step, address: str) -> Step:
    """Return the step with the task whose takes it shares, beside its own."""
    return step if step.same_as or step.moved_from else replace(step, same_as=address)


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
