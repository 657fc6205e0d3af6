"""A plan in phases: each a value, made from those before it, and checked before the next.

Nothing is read between them but what `Inputs` reads when it is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from renderer.app.planning.inputs import Inputs, Made
from renderer.app.planning.linked_frames import followed, recognised
from renderer.app.planning.missing_takes import absent, noted
from renderer.errors import InputError, Problem
from renderer.expand.deliverable import is_for
from renderer.expand.selection import chosen, selected
from renderer.expand.task import Task
from renderer.lock.takes import Takes
from renderer.plan.decide import decide, priced
from renderer.plan.delivery import delivered
from renderer.plan.frame_names import worded
from renderer.plan.model import Plan, Step
from renderer.plan.placeholders import with_placeholders
from renderer.plan.seed_kin import may_have_kin
from renderer.plan.upgrade import is_former
from renderer.plan.waiting import choosing, in_vain


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """What each phase made, in their order.

    `expanded`: the tasks as the specs give them. `linked`: with the frames of other shots' takes,
    `made` being the takes that exist, named as now. `selected`: those that are planned. `decided`:
    what is done about all tasks; `narrowed`: about the selected ones. `explained`: with the cause
    of each change. `priced`: with cost and delivery. `located`: with what is not on this machine,
    `missing` being its names by their bytes. `in_vain`: what is selected and no render could make.
    """

    expanded: tuple[Task, ...]
    linked: tuple[Task, ...]
    made: Made
    selected: tuple[Task, ...]
    decided: Plan
    narrowed: Plan
    explained: Plan
    priced: Plan
    located: Plan
    missing: Mapping[str, str]
    in_vain: tuple[Problem, ...]


def phases(inputs: Inputs, *, explained: bool = True) -> Phases:
    """Make a plan; one that nobody reads is not `explained`, so that no spec is read again."""
    expanded = inputs.expanded
    _alike("expanded", len({task.address for task in expanded}), len(expanded))
    linked, made = _linked(inputs, explained=explained)
    _same_tasks("linked", linked, expanded)
    wanted = _selected(inputs, linked)
    decided = _decided(inputs, linked, wanted, made)
    _alike("decided", _tasks_of(decided), _addresses(linked))
    narrowed = _narrowed(inputs, decided, wanted)
    _alike("narrowed", _tasks_of(narrowed), _addresses(wanted))
    because = _explained(inputs, narrowed, linked, made) if explained else narrowed
    _same_work("explained", because, narrowed)
    price = _priced(inputs, because, linked, wanted)
    _same_work("priced", price, because)
    missing = absent(wanted, price, made.index, made.lock, inputs.reasons.store)
    located = noted(price, wanted, missing)
    _same_work("located", located, price)
    _alike("located", located.cost, price.cost)
    return Phases(
        expanded=expanded,
        linked=linked,
        made=made,
        selected=wanted,
        decided=decided,
        narrowed=narrowed,
        explained=because,
        priced=price,
        located=located,
        missing=missing,
        in_vain=tuple(
            in_vain(decided, {task.address for task in wanted}, film=inputs.wishes.deliverable)
        ),
    )


def _linked(inputs: Inputs, *, explained: bool) -> tuple[tuple[Task, ...], Made]:
    """Return tasks with the frames that they take, and the takes, all named by the rules of now."""
    expanded, made = inputs.expanded, inputs.made
    rules, picked = inputs.rules, inputs.picked
    tasks = followed(expanded, made.lock, rules, picked)
    renamed = is_former(expanded, made.index.entries)
    if renamed or (explained and may_have_kin(tasks, made.index)):
        catalog = inputs.workspace.catalog
        tasks, lock = recognised(catalog, expanded, made.lock(), rules, picked)
        return tasks, Made.of(lock)
    return tasks, made


def _selected(inputs: Inputs, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """Return the tasks that are planned: those named, of the film that was named."""
    wishes = inputs.wishes
    found = selected(tasks, wishes.selection)
    if not wishes.deliverable:
        return found
    from renderer.expand.film_asked import wanted  # few plans are of one film

    film = wanted(wishes.deliverable, tasks)
    kept = tuple(task for task in found if is_for(task, film))
    if not kept:
        raise InputError(
            f"no task of {', '.join(wishes.selection)} is in {wishes.deliverable}",
            "leave --only or --deliverable out",
        )
    return kept


def _decided(inputs: Inputs, tasks: Sequence[Task], wanted: Sequence[Task], made: Made) -> Plan:
    """Return what is done about all tasks, those that wait for a person's choice included."""
    whole = decide(tasks, made.index, inputs.workspace.row, wanted)
    if made.index.drafts:
        from renderer.plan.promote import promoted  # no drafts, no need

        whole = promoted(whole, tasks, Takes(made.lock()), inputs.rules, wanted)
    return choosing(whole)


def _narrowed(inputs: Inputs, whole: Plan, wanted: Sequence[Task]) -> Plan:
    """Keep the steps that were selected, removed ones by their address too."""
    only = inputs.wishes.selection
    if not only and not inputs.wishes.deliverable:
        return whole
    # Without a name nothing that is gone was selected: it is of no film any more.
    gone = chosen([step for step in whole.steps if not step.fingerprint], only) if only else ()
    kept = {task.address for task in wanted} | {step.address for step in gone}
    return replace(whole, steps=tuple(step for step in whole.steps if step.address in kept))


def _explained(inputs: Inputs, plan: Plan, tasks: Sequence[Task], made: Made) -> Plan:
    return worded(inputs.reasons.explain(plan, tasks, made.index), tasks, made.lock)


def _priced(inputs: Inputs, plan: Plan, tasks: Sequence[Task], wanted: Sequence[Task]) -> Plan:
    done = delivered(priced(plan, tasks), tasks)
    return done if inputs.workspace.row.fetches_frames else with_placeholders(done, wanted)


def _alike(phase: str, now: object, before: object) -> None:
    """Stop at a plan that lost or gained work: better no plan than one that lies."""
    if now != before:
        raise RuntimeError(f"the phase {phase!r} of the plan changed what it may not change")


def _addresses(tasks: Sequence[Task]) -> list[str]:
    return [task.address for task in tasks]


def _tasks_of(plan: Plan) -> list[str]:
    """Return the addresses of tasks that the specs have: removed ones have no picture."""
    return [step.address for step in plan.steps if step.fingerprint]


def _same_tasks(phase: str, now: Sequence[Task], before: Sequence[Task]) -> None:
    _alike(phase, len(now), len(before))
    # Most are the same objects, which needs no look inside.
    pairs = (one for one in zip(now, before, strict=True) if one[0] is not one[1])
    _alike(phase, [one for one in pairs if one[0].address != one[1].address], [])


def _same_work(phase: str, now: Plan, before: Plan) -> None:
    """Stop if what would be done is another, whatever is said of why and for how much."""
    _alike(phase, len(now.steps), len(before.steps))
    pairs = zip(now.steps, before.steps, strict=True)
    _alike(
        phase,
        [one for one in pairs if one[0] is not one[1] and _work(one[0]) != _work(one[1])],
        [],
    )


def _work(step: Step) -> tuple[object, ...]:
    return step.address, step.action, step.fingerprint, step.takes
