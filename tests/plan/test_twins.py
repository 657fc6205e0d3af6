"""Tasks of one picture share its takes: as many are made as one of them wants, each paid for once."""

from itertools import permutations, product

import pytest

from renderer.lock.model import Lock
from renderer.plan.apply import recorded, settled
from renderer.plan.decide import decide
from renderer.plan.model import Action
from tests.plan.test_decide import EMPTY, PAID, made, task

OLD = "alley/former"
WANTS = {"alley/x": 1, "docks/y": 3, "pier/z": 2}
TASKS = [task(address, wanted=wanted) for address, wanted in WANTS.items()]
COUNTS = (0, 1, 3)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_as_many_takes_are_made_as_the_one_that_wants_most_in_whatever_order(
    order: tuple[int, ...],
) -> None:
    tasks = [TASKS[at] for at in order]

    plan = decide(tasks, EMPTY, PAID)

    steps = {step.address: step for step in plan.steps}
    assert {address: step.takes for address, step in steps.items()} == {
        "alley/x": 0,
        "docks/y": 3,
        "pier/z": 0,
    }
    assert steps["alley/x"].same_as == steps["pier/z"].same_as == "docks/y"
    assert steps["docks/y"].same_as == ""


@pytest.mark.parametrize("only", TASKS, ids=lambda one: one.address)
@pytest.mark.parametrize(("own", "twin"), list(product(COUNTS, COUNTS)))
def test_who_is_chosen_alone_makes_what_it_lacks(only: object, own: int, twin: int) -> None:
    one = next(task for task in TASKS if task is only)
    other = next(task for task in TASKS if task is not only)
    lock = made(made(EMPTY, one, own), other, twin)

    plan = decide(TASKS, lock, PAID, [one])

    step = next(step for step in plan.steps if step.address == one.address)
    assert step.takes == max(one.wanted - max(own, twin), 0)
    assert step.have == (own if own >= one.wanted else max(own, twin))


@pytest.mark.parametrize("own", COUNTS)
@pytest.mark.parametrize("orphan", COUNTS)
@pytest.mark.parametrize("twin", COUNTS)
@pytest.mark.parametrize("wanted", [1, 2, 4])
def test_takes_of_a_picture_are_found_wherever_enough_of_them_are(
    own: int, orphan: int, twin: int, wanted: int
) -> None:
    one, other = task("alley/x", wanted=wanted), task("docks/y", wanted=1)
    lock = made(made(made(EMPTY, one, own), task(OLD), orphan), other, twin)
    best = own if own >= wanted else max(own, orphan, twin)

    plan = decide([one, other], lock, PAID)

    step = plan.steps[0]
    assert (min(step.have, wanted), step.takes) == (min(best, wanted), max(wanted - best, 0))
    moved = own < wanted and orphan > own and orphan >= min(twin, wanted)
    shared = own < wanted and not moved and twin > own
    assert (step.moved_from, step.same_as) == (
        OLD if moved else "",
        other.address if shared else "",
    )
    if best >= wanted:
        assert step.action is (Action.MOVE if moved else Action.KEEP)
    else:
        assert step.action is (Action.MORE if best else Action.CREATE)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_plan_that_is_carried_out_leaves_nothing_to_do(order: tuple[int, ...]) -> None:
    tasks = [TASKS[at] for at in order]
    lock = made(EMPTY, TASKS[0])
    plan = decide(tasks, lock, PAID)
    assert plan.takes == 2

    after: Lock = settled(lock, plan, tasks)
    for _, take in list(made(EMPTY, TASKS[0], 3).takes())[1:]:
        for one in tasks:
            after = recorded(after, one, take)

    assert decide(tasks, after, PAID).takes == 0
    assert {step.action for step in decide(tasks, after, PAID).steps} == {Action.KEEP}
