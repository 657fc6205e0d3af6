"""What a plan does to a task, by where takes of its picture are, how many, and how many are wanted."""

from dataclasses import replace
from itertools import product

import pytest

from renderer.catalog.money import FREE
from renderer.expand.task import Task
from renderer.json_types import Json
from renderer.lock.index import Index
from renderer.lock.model import Entry, Lock
from renderer.plan.decide import decide, differences, priced
from renderer.plan.model import Action, Reason, Step
from renderer.providers import Provider
from tests.plan.test_decide import EMPTY, PAID, PRICE, made, task

ONE = "street/one"
OTHER = "street/zoo"  # in the specs, after it
GONE = "street/gone"  # in no spec
HERE = [(have, wanted) for have, wanted in product(range(4), range(1, 4))]
KEEP, MORE, MOVE, CREATE = Action.KEEP, Action.MORE, Action.MOVE, Action.CREATE


def lock_with(address: str, have: int, *, prompt: str = "rain") -> Lock:
    return made(EMPTY, task(address, prompt), have)


def of(tasks: list[Task], lock: Lock, address: str = ONE) -> Step:
    plan = decide(tasks, lock, PAID)
    assert plan == decide(tasks, Index.of(lock), PAID)
    (step,) = [step for step in plan.steps if step.address == address]
    return step


def told(step: Step) -> tuple[Action, int, int, str, str]:
    return (step.action, step.takes, step.have, step.moved_from, step.same_as)


@pytest.mark.parametrize(("have", "wanted"), HERE)
def test_own_takes_count_and_only_the_rest_is_made(have: int, wanted: int) -> None:
    step = of([task(ONE, wanted=wanted)], lock_with(ONE, have))

    rest = max(0, wanted - have)
    action = CREATE if not have else MORE if rest else KEEP
    assert told(step) == (action, rest, have, "", "")
    assert step.cost == PRICE * rest


@pytest.mark.parametrize(("have", "wanted"), HERE)
def test_takes_of_an_address_that_is_gone_are_moved_and_only_the_rest_is_made(
    have: int, wanted: int
) -> None:
    step = of([task(ONE, wanted=wanted)], lock_with(GONE, have))

    rest = max(0, wanted - have)
    action = CREATE if not have else MORE if rest else MOVE
    assert told(step) == (action, rest, have, GONE if have else "", "")


@pytest.mark.parametrize(("have", "wanted"), HERE)
def test_takes_of_another_task_with_the_same_picture_are_shared(have: int, wanted: int) -> None:
    step = of([task(ONE, wanted=wanted), task(OTHER, wanted=wanted)], lock_with(OTHER, have))

    rest = max(0, wanted - have)
    action = CREATE if not have else MORE if rest else KEEP
    assert told(step) == (action, rest, have, "", OTHER if have else "")


@pytest.mark.parametrize("wanted", range(1, 4))
def test_a_picture_that_an_earlier_task_of_the_plan_makes_is_not_made_again(wanted: int) -> None:
    tasks = [task(ONE, wanted=wanted), task(OTHER, wanted=wanted)]
    plan = priced(decide(tasks, EMPTY, PAID), tasks)

    assert [told(step) for step in plan.steps] == [
        (CREATE, wanted, 0, "", ""),
        (CREATE, 0, 0, "", ONE),
    ]
    assert plan.steps[1].cost == FREE
    assert plan.list_price == PRICE * wanted


@pytest.mark.parametrize("wanted", [(1, 3, 2), (3, 3, 1), (2, 1, 3), (1, 2, 2)])
def test_of_several_tasks_with_one_picture_the_first_that_wants_most_makes_it(
    wanted: tuple[int, int, int],
) -> None:
    names = ("street/a", "street/b", "street/c")
    plan = decide(
        [task(name, wanted=n) for name, n in zip(names, wanted, strict=True)], EMPTY, PAID
    )

    maker = wanted.index(max(wanted))
    assert [step.takes for step in plan.steps] == [
        max(wanted) if at == maker else 0 for at in range(3)
    ]
    assert [step.same_as for step in plan.steps] == [
        "" if at == maker else names[maker] for at in range(3)
    ]


def test_a_task_with_takes_is_kept_while_another_one_makes_the_rest_of_its_picture() -> None:
    tasks = [task(ONE, wanted=2), task(OTHER, wanted=3)]

    assert told(of(tasks, lock_with(ONE, 1))) == (KEEP, 0, 1, "", "")


@pytest.mark.parametrize("wanted", range(1, 4))
def test_where_no_take_is_all_are_made(wanted: int) -> None:
    step = of([task(ONE, wanted=wanted)], lock_with(GONE, 2, prompt="snow"))

    assert told(step) == (CREATE, wanted, 0, "", "")
    assert step.cost == PRICE * wanted


@pytest.mark.parametrize("wanted", range(1, 4))
def test_takes_of_another_picture_are_a_change_with_its_reasons(wanted: int) -> None:
    step = of([task(ONE, "snow", wanted=wanted)], lock_with(ONE, 2))

    assert told(step) == (Action.CHANGE, wanted, 0, "", "")
    assert [reason.field for reason in step.reasons] == ["positivePrompt"]


def test_an_entry_without_takes_is_no_change_and_has_no_reasons() -> None:
    old = task(ONE)
    lock = Lock(lineage="l", entries={ONE: Entry(fingerprint=old.fingerprint, fields=old.fields)})
    step = of([task(ONE, "snow")], lock)

    assert told(step) == (CREATE, 1, 0, "", "")
    assert step.reasons == ()


def test_a_change_to_a_picture_that_is_had_costs_nothing_and_gives_no_reason() -> None:
    lock = made(lock_with(ONE, 1), task(OTHER, "snow"))
    step = of([task(ONE, "snow"), task(OTHER, "snow")], lock)

    assert told(step) == (KEEP, 0, 1, "", OTHER)
    assert step.reasons == ()


def test_more_takes_of_an_old_picture_name_what_changed_since() -> None:
    lock = made(lock_with(ONE, 1), task(ONE, "snow"))
    step = of([task(ONE, wanted=2)], lock)

    assert told(step) == (MORE, 1, 1, "", "")
    assert [reason.field for reason in step.reasons] == ["positivePrompt"]


def test_an_address_that_is_gone_gives_its_takes_before_one_that_stays_does() -> None:
    lock = made(lock_with(OTHER, 1), task(GONE))

    assert told(of([task(ONE), task(OTHER)], lock)) == (MOVE, 0, 1, GONE, "")


def test_of_two_addresses_that_are_gone_the_first_gives_its_takes_and_the_other_leaves() -> None:
    lock = made(lock_with(GONE, 1), task("street/left"), 2)
    plan = decide([task(ONE)], lock, PAID)

    assert told(plan.steps[0]) == (MOVE, 0, 1, GONE, "")
    assert [(step.address, step.action, step.have) for step in plan.steps[1:]] == [
        ("street/left", Action.REMOVE, 2)
    ]


def test_own_takes_that_are_enough_come_before_those_of_all_others() -> None:
    lock = made(made(lock_with(ONE, 1), task(OTHER), 3), task(GONE), 3)

    assert told(of([task(ONE), task(OTHER)], lock)) == (KEEP, 0, 1, "", "")


def test_own_takes_that_are_too_few_are_joined_by_those_of_others_before_any_is_bought() -> None:
    lock = made(made(lock_with(ONE, 1), task(OTHER), 3), task(GONE), 3)

    assert told(of([task(ONE, wanted=2), task(OTHER)], lock)) == (MOVE, 0, 3, GONE, "")


def test_an_address_that_is_gone_is_removed_once_with_all_its_takes() -> None:
    lock = made(lock_with(GONE, 2), task(GONE, "snow"))
    (step,) = decide([], lock, PAID).steps
    retired = replace(lock, entries={GONE: replace(lock.entries[GONE], retired=True)})

    assert told(step) == (Action.REMOVE, 0, 3, "", "")
    assert decide([], retired, PAID).steps == ()


@pytest.mark.parametrize(("have", "waits"), [(0, ("street/two",)), (1, ("street/two",)), (2, ())])
def test_only_a_task_that_makes_takes_waits(have: int, waits: tuple[str, ...]) -> None:
    one = replace(task(ONE, wanted=2), waits=("street/two",), needs=("street/two",))

    for address in (ONE, GONE):
        step = of([one], lock_with(address, have))
        assert (step.waits, step.needs) == (waits, waits)


@pytest.mark.parametrize("paid", [True, False])
def test_a_price_is_asked_only_by_who_is_paid_and_listed_only_for_what_is_made(paid: bool) -> None:  # noqa: FBT001 - a row
    tasks = [task(ONE, wanted=2), task(OTHER, "snow")]
    provider = Provider(name="p", paid=paid)
    plan = priced(decide(tasks, lock_with(OTHER, 1, prompt="snow"), provider), tasks)

    assert plan.provider == "p"
    assert plan.cost == (PRICE * 2 if paid else FREE)
    assert plan.list_price == PRICE * 2


@pytest.mark.parametrize(
    ("old", "new", "differ"),
    [
        (True, 1, True),
        (1, True, True),
        (False, 0, True),
        (0, False, True),
        (True, True, False),
        (True, False, True),
        (1, 1, False),
        (1, 2, True),
        (1, 1.0, False),
        ("1", 1, True),
        (None, 0, True),
        (None, False, True),
        (None, None, False),
    ],
)
def test_true_is_not_1_where_pictures_are_compared(old: Json, new: Json, differ: bool) -> None:  # noqa: FBT001 - a row
    found = list(differences({"a": 1, "x": old}, {"a": 1, "x": new}))

    assert found == ([Reason(field="x", old=old, new=new)] if differ else [])


def test_fields_that_only_one_picture_has_differ_in_alphabetical_order() -> None:
    found = list(differences({"c": 1, "b": 2}, {"a": 3, "b": 2}))

    assert found == [Reason(field="a", old=None, new=3), Reason(field="c", old=1, new=None)]
