"""Wanted minus have: what a plan does to each task, and why."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.catalog.money import Cost
from renderer.expand.fingerprint import fields, fingerprint
from renderer.expand.task import Task
from renderer.json_types import JsonObject
from renderer.lock.model import Entry, Lock, Take
from renderer.plan.apply import recorded, settled
from renderer.plan.decide import decide, priced
from renderer.plan.model import Action, Plan, Step
from renderer.plan.upgrade import upgraded
from renderer.providers import Provider

PAID = Provider(name="runware", paid=True)
PRICE = Cost(low=Decimal("0.1"), high=Decimal("0.1"))


def task(address: str, prompt: str = "rain", *, wanted: int = 1, duration: int = 8) -> Task:
    request: JsonObject = {"positivePrompt": prompt, "duration": duration}
    scene, _, shot = address.partition("/")
    return Task(
        address=address,
        scene=scene,
        shot=shot,
        title=shot,
        cell={},
        model="m",
        request=request,
        files={},
        wanted=wanted,
        fingerprint=fingerprint(request),
        fields=fields(request),
        cost=PRICE,
    )


def made(lock: Lock, one: Task, count: int = 1) -> Lock:
    for _ in range(count):
        number = sum(1 for _ in lock.takes()) + 1
        take = Take(
            number=1,
            fingerprint=one.fingerprint,
            sha256=f"{number:064x}",
            size=1,
            format="mp4",
            video_uuid=f"video-{number}",
        )
        lock = recorded(lock, one, take)
    return lock


def planned(tasks: list[Task], lock: Lock) -> Plan:
    return decide(tasks, lock, PAID)


def only(plan: Plan) -> Step:
    (step,) = plan.steps
    return step


EMPTY = Lock(lineage="l")
RAIN = task("alley/wide")


def test_a_task_that_was_never_made_is_created_at_its_price() -> None:
    step = only(planned([task("alley/wide", wanted=2)], EMPTY))

    assert (step.action, step.takes, step.cost) == (Action.CREATE, 2, PRICE * 2)


def test_a_task_that_is_made_is_kept_and_costs_nothing() -> None:
    plan = planned([RAIN], made(EMPTY, RAIN))

    assert only(plan).action is Action.KEEP
    assert plan.cost.high == 0
    assert not plan.changes


def test_a_changed_field_is_named_with_both_values() -> None:
    step = only(planned([task("alley/wide", duration=5)], made(EMPTY, RAIN)))

    assert step.action is Action.CHANGE
    assert [(reason.field, reason.old, reason.new) for reason in step.reasons] == [
        ("duration", 8, 5)
    ]


def test_more_takes_of_the_same_picture_buy_only_what_is_missing() -> None:
    step = only(planned([task("alley/wide", wanted=3)], made(EMPTY, RAIN)))

    assert (step.action, step.takes, step.have) == (Action.MORE, 2, 1)


def test_fewer_wanted_takes_throw_nothing_away() -> None:
    assert only(planned([RAIN], made(EMPTY, RAIN, 3))).action is Action.KEEP


def test_a_revert_finds_its_old_takes() -> None:
    snow = task("alley/wide", "snow")
    lock = made(made(EMPTY, RAIN), snow)

    plan = planned([RAIN], lock)

    assert only(plan).action is Action.KEEP
    assert settled(lock, plan, [RAIN]).entries["alley/wide"].fingerprint == RAIN.fingerprint


def test_a_renamed_task_keeps_its_takes() -> None:
    lock = made(EMPTY, RAIN)
    renamed = task("street/wide")

    plan = planned([renamed], lock)
    after = settled(lock, plan, [renamed])

    assert (only(plan).action, only(plan).moved_from) == (Action.MOVE, "alley/wide")
    assert list(after.entries) == ["street/wide"]
    assert only(planned([renamed], after)).action is Action.KEEP


def test_a_task_that_left_the_specs_is_shelved_once_and_comes_back_for_nothing() -> None:
    lock = made(made(EMPTY, RAIN), other := task("alley/close", "close"))

    plan = planned([RAIN], lock)
    after = settled(lock, plan, [RAIN])

    assert [step.action for step in plan.steps] == [Action.KEEP, Action.REMOVE]
    assert [step.action for step in planned([RAIN], after).steps] == [Action.KEEP]
    assert [step.takes for step in planned([RAIN, other], after).steps] == [0, 0]


def test_two_tasks_with_the_same_picture_are_paid_for_once() -> None:
    twin = task("docks/wide")

    plan = planned([RAIN, twin], EMPTY)

    assert [step.takes for step in plan.steps] == [1, 0]
    assert plan.steps[1].same_as == "alley/wide"
    lock = settled(made(EMPTY, RAIN), planned([RAIN, twin], made(EMPTY, RAIN)), [RAIN, twin])
    assert [step.action for step in planned([RAIN, twin], lock).steps] == [Action.KEEP] * 2
    assert len(lock.entries["docks/wide"].takes) == 1


def test_a_free_provider_costs_nothing_and_says_what_the_other_would() -> None:
    plan = priced(decide([RAIN], EMPTY, Provider(name="local", paid=False)), [RAIN])

    assert plan.cost.high == 0
    assert plan.list_price == PRICE


def test_a_take_is_recorded_once_however_often_it_is_told() -> None:
    lock = made(EMPTY, RAIN)
    (take,) = lock.entries["alley/wide"].takes

    assert recorded(lock, RAIN, take) == lock


TASKS = st.lists(
    st.builds(
        task,
        st.sampled_from(["a/x", "a/y", "b/x", "b/y"]),
        st.sampled_from(["rain", "snow", "fog"]),
        wanted=st.integers(1, 3),
    ),
    unique_by=lambda one: one.address,
    max_size=4,
)


def carried_out(tasks: list[Task], lock: Lock) -> Lock:
    """Do what a plan says, as rendering does: free steps, then takes, then who shares them."""
    plan = planned(tasks, lock)
    lock = settled(lock, plan, tasks)
    for step, one in zip(plan.steps, tasks, strict=False):
        lock = made(lock, one, step.takes)
    return settled(lock, planned(tasks, lock), tasks)


@given(TASKS)
def test_after_doing_what_it_says_a_plan_has_nothing_to_do(tasks: list[Task]) -> None:
    lock = carried_out(tasks, EMPTY)
    lock = carried_out(tasks, lock)

    assert planned(tasks, lock).takes == 0
    assert not planned(tasks, lock).changes


@given(TASKS, TASKS)
def test_no_plan_ever_loses_a_take(before: list[Task], after: list[Task]) -> None:
    lock = carried_out(before, EMPTY)
    kept = {take.sha256 for _, take in lock.takes()}

    assert kept <= {take.sha256 for _, take in carried_out(after, lock).takes()}


@pytest.mark.parametrize("number", [1, 2])
def test_a_take_number_is_never_used_twice(number: int) -> None:
    take = Take(number=number, fingerprint="f", sha256="0", size=1, format="mp4", video_uuid="v")
    entry = Entry(fingerprint="f", takes=(take,))

    lock = recorded(
        Lock(lineage="l", entries={"alley/wide": entry}), RAIN, replace(take, video_uuid="w")
    )

    assert [one.number for one in lock.entries["alley/wide"].takes] == [number, number + 1]


def test_a_new_fingerprint_rule_makes_nothing_anew_and_names_the_takes_again() -> None:
    lock = made(EMPTY, RAIN, 2)
    now = replace(RAIN, fingerprint="v2-" + "0" * 64, former=(RAIN.fingerprint,))

    after = upgraded(lock, [now])

    assert [step.action for step in planned([now], after).steps] == [Action.KEEP]
    assert len(after.entries["alley/wide"].of(now.fingerprint)) == 2
    assert [take.sha256 for _, take in after.takes()] == [take.sha256 for _, take in lock.takes()]
    assert upgraded(after, [now]) is after


def test_takes_keep_the_numbers_they_were_ordered_under_whichever_comes_first() -> None:
    takes = [
        Take(
            number=number,
            fingerprint=RAIN.fingerprint,
            sha256=f"{number:064x}",
            size=1,
            format="mp4",
            video_uuid=f"v{number}",
        )
        for number in (2, 1, 3)
    ]
    lock = EMPTY
    for take in takes:
        lock = recorded(lock, RAIN, take)

    made_takes = lock.entries["alley/wide"].takes
    assert [(one.number, one.video_uuid) for one in made_takes] == [
        (1, "v1"),
        (2, "v2"),
        (3, "v3"),
    ]
