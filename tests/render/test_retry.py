"""What follows from the end of a task."""

from dataclasses import replace
from typing import Any

import pytest

from renderer.render.actions import (
    Action,
    Cover,
    Fail,
    ForgetUploads,
    LeaveUnknown,
    LeaveUnsent,
    Release,
    Remove,
    Start,
)
from renderer.render.attempt import Attempt
from renderer.render.retry import Standing, after_end, may_try_again
from renderer.render.stage import Stage
from renderer.runware.messages import TaskError
from tests.harness.attempts import OTHER, RESULT, attempt, error

TROUBLE = error("timeoutProvider")
GONE = error("taskFailedOrNotFound")


def after(
    one: Attempt, why: TaskError | None = None, *, buying: bool = True, held: bool = False
) -> list[Action]:
    """Return what is done beside taking the task out and letting others in."""
    first, *rest, last = after_end(one, why, Standing(buying=buying, held=held))
    assert (first, last) == (Remove(), Release())
    return rest


def failed(**facts: Any) -> Attempt:
    return attempt(Stage.FAILED, **{"sent": 1.0, "counted": True, **facts})


def test_a_task_with_all_its_results_covers_them() -> None:
    one = attempt(Stage.ENDED, acked=True, results=(RESULT, OTHER), before=1)
    assert after(one) == [Cover(1)]


def test_what_is_unknown_counts_as_had() -> None:
    one = attempt(Stage.UNKNOWN, count=3, doubt=True, results=(RESULT,), why=TROUBLE)
    assert after(one) == [Cover(1), Cover(2), LeaveUnknown(text=str(TROUBLE))]
    (*_, left) = after(replace(one, why=None))
    assert isinstance(left, LeaveUnknown)
    assert left.text
    assert not left.asked_again


def test_what_is_unsent_says_why() -> None:
    one = attempt(Stage.UNSENT, why=GONE)
    assert after(one, TROUBLE) == [Cover(0), LeaveUnsent(TROUBLE)]
    assert after(one) == [Cover(0), LeaveUnsent(GONE)]


def test_a_trouble_of_the_provider_is_tried_under_the_next_id_at_most_three_times() -> None:
    one = failed(attempt=4)
    start = Start(order=one.task.order, tries=2, attempt=5)
    assert after(one, TROUBLE) == [Cover(0), start]
    assert after(replace(one, tries=2), TROUBLE) == [Cover(0), replace(start, tries=3)]
    for other in (replace(one, tries=3), replace(one, ask_only=True)):
        assert after(other, TROUBLE) == [Cover(0), Fail(one.task.order, TROUBLE)]
    assert after(one, TROUBLE, buying=False) == [Cover(0), Fail(one.task.order, TROUBLE)]
    refused = error("invalidDuration")
    assert after(one, refused) == [Cover(0), Fail(one.task.order, refused)]


def test_the_rest_of_a_task_is_an_order_of_its_own() -> None:
    one = attempt(Stage.ENDED, acked=True, counted=True, sent=1.0, results=(RESULT,))
    rest = one.task.order.rest(1)
    assert rest is not None
    assert after(one, TROUBLE) == [Cover(1), Start(order=rest, tries=2, attempt=None)]
    (_, failure) = after(one)  # it was asked for as many by us, and nothing says why
    assert isinstance(failure, Fail)
    assert (failure.order, failure.error and failure.error.code) == (rest, "fewerResults")


def test_seeds_that_came_are_not_asked_for_again() -> None:
    one = attempt(Stage.ENDED, count=3, acked=True, results=(OTHER,))
    order = replace(one.task.order, request={**one.task.order.request, "seed": 7})
    one = replace(one, task=replace(one.task, order=order))
    (_, start) = after(one)
    assert isinstance(start, Start)
    assert (start.order.request["seed"], start.order.count) == (7, 1)


def test_what_another_run_asked_fewer_of_is_bought_to_the_end() -> None:
    one = attempt(Stage.ENDED, acked=True, sent=1.0, results=(RESULT,))
    (_, start) = after(one)
    assert isinstance(start, Start)
    assert isinstance(after(one, error("invalidDuration"))[-1], Fail)


def test_failures_of_earlier_runs_are_stepped_over_up_to_a_number() -> None:
    found = failed(sent=None, tries=20)
    refused = error("invalidDuration")
    start = Start(order=found.task.order, tries=21, attempt=1)
    assert after(found, refused) == [Cover(0), start]
    assert after(found, refused, buying=False) == [Cover(0), start]
    for other in (
        replace(found, tries=21),
        replace(found, sent=0.0),
        replace(found, ask_only=True),
    ):
        assert after(other, refused) == [Cover(0), Fail(found.task.order, refused)]
    partly = replace(found, task=replace(found.task, stage=Stage.ENDED))
    assert after(partly, refused) == [Cover(0), Fail(found.task.order, refused)]


def with_files(one: Attempt) -> Attempt:
    order = replace(one.task.order, files={"sha256:x": "frame.png"})
    return replace(one, task=replace(one.task, order=order))


def test_uploads_that_the_provider_lost_are_made_once_more() -> None:
    one = with_files(failed())
    start = Start(order=one.task.order, tries=2, attempt=1)
    assert after(one, GONE) == [Cover(0), ForgetUploads(), start]
    again = after(replace(one, tries=2), GONE)
    assert again == [Cover(0), ForgetUploads(), Fail(one.task.order, GONE)]
    assert after(one, error("invalidDuration"))[1:] == [
        Fail(one.task.order, error("invalidDuration"))
    ]
    plain = failed()
    assert after(plain, GONE) == [Cover(0), Fail(plain.task.order, GONE)]


def test_a_task_of_an_earlier_run_is_left_to_the_orders_that_wait_for_it() -> None:
    one = failed()
    assert after(one, TROUBLE, held=True) == [Cover(0)]
    lost = with_files(one)
    assert after(lost, GONE, held=True) == [Cover(0), ForgetUploads()]
    out = attempt(Stage.FAILED, count=3, results=(RESULT,), ask_only=True, sent=1.0)
    rest = out.task.order.rest(1)
    assert rest is not None
    assert after(out, TROUBLE, held=True) == [Cover(1), Cover(2), Fail(rest, TROUBLE)]


def test_only_troubles_of_the_provider_are_tried_again() -> None:
    codes = (
        "timeoutProvider", "providerError", "internalServerError", "modelDisabled",
        "invalidDuration", "invalidProviderContent", "insufficientCredits", "brandNewCode",
    )  # fmt: skip
    assert [code for code in codes if may_try_again(error(code), 1)] == list(codes[:3])
    assert not may_try_again(None, 1)


@pytest.mark.parametrize(
    "code", ["timeoutProvider", "providerError", "internalServerError", "rateLimitExceeded"]
)
def test_a_trouble_of_the_provider_is_tried_twice_more(code: str) -> None:
    assert [may_try_again(error(code), tries) for tries in (1, 2, 3)] == [True, True, False]
