"""Waiting and money as data."""

from decimal import Decimal

import pytest

from renderer.catalog.money import Cost
from renderer.errors import RefusedError
from renderer.render.backoff import Pace, retry_after
from renderer.render.budget import Budget, at_risk, charged
from renderer.render.order import Expected, order_of, order_text
from renderer.render.outcome import Probed, not_as_asked
from renderer.render.results import ResultState
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError
from tests.harness.orders import order

NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("3", 3.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("99999999999", 120.0),
        ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0.0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 120.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("\u0663", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_capped(text: str, pause: float | None) -> None:
    assert retry_after(text, NOW) == pause


def test_polls_come_close_around_the_usual_end_and_far_between_elsewhere() -> None:
    pace = Pace(jitter=0.0)
    pauses = [pace.next(60, elapsed, 0.0) for elapsed in (10, 48, 59.9, 61, 90, 600)]
    assert pauses == pytest.approx([10.0, 4.2, 0.15, 0.35, 10.0, 10.0])
    assert pace.first(60) == 48


def test_retries_grow_to_a_cap_and_obey_the_server() -> None:
    pace = Pace(jitter=0.5)
    assert [pace.retry(n, 0.0) for n in (1, 2, 3, 99)] == [1, 2, 4, 60]
    assert pace.retry(1, 1.0) == 1.5
    assert pace.retry(1, 0.0, asked=30) == 30


def test_a_budget_refuses_the_worst_case_before_anything_is_spent() -> None:
    three = [order("a", estimate=Cost(low=Decimal(1), high=Decimal(2)), count=3)]
    Budget(limit=Decimal(6)).check(three)
    with pytest.raises(RefusedError, match=r"up to \$7.*\$1 is spent.*limit is \$6"):
        Budget(limit=Decimal(6), committed=Decimal(1)).check(three)


def test_an_unknown_price_is_a_refusal_under_a_limit_and_never_zero() -> None:
    with pytest.raises(RefusedError, match="price is not known"):
        Budget(limit=Decimal(100)).check([order("a", estimate=None)])
    assert not Budget(limit=Decimal(100)).fits(None)
    Budget().check([order("a", estimate=None)])


@pytest.mark.parametrize("cost", [None, Decimal(0), Decimal(-1)])
def test_no_cost_counts_as_the_estimate(cost: Decimal | None) -> None:
    assert charged(cost, Decimal(2)) == 2
    assert charged(Decimal("0.4"), Decimal(2)) == Decimal("0.4")


def life(stage: Stage, code: str = "", **facts: object) -> TaskState:
    error = TaskError(code=code, message="") if code else None
    return TaskState(order=order("a", count=2), uuid="u", stage=stage, error=error, **facts)  # type: ignore[arg-type]


def test_what_may_have_cost_money_counts_until_it_is_known() -> None:
    tenth, fifth = Decimal("0.1"), Decimal("0.2")
    assert at_risk(life(Stage.SEND)) == fifth
    assert at_risk(life(Stage.UNKNOWN, doubt=True)) == fifth
    assert at_risk(life(Stage.UNSENT)) == 0
    assert at_risk(life(Stage.FAILED, "invalidDuration")) == 0
    assert at_risk(life(Stage.FAILED, "invalidProviderContent", acked=True)) == 0
    assert at_risk(life(Stage.FAILED, "timeoutProvider", acked=True)) == fifth
    made = (ResultState(key="v", url="u", cost=Decimal("0.15")),)
    assert at_risk(life(Stage.WAIT, acked=True, results=made)) == Decimal("0.15") + tenth
    assert at_risk(life(Stage.ENDED, "contentPolicyViolation", acked=True, results=made)) == (
        Decimal("0.15")
    )


def test_an_order_comes_back_from_the_journal_as_it_was() -> None:
    asked = order("bell", count=2, seed=7, expected=Expected(duration=Decimal("4.5"), audio=True))
    assert order_of(order_text(asked)) == asked
    unpriced = order("bell", estimate=None)
    assert order_of(order_text(unpriced)) == unpriced


def test_the_rest_of_an_order_stays_in_the_range_that_was_asked_for() -> None:
    rest = order("bell", count=3, seed=5).rest(2, (5, 9))
    assert rest is not None
    assert (rest.number, rest.index, rest.count, rest.request["seed"]) == (3, 2, 1, 6)
    assert order("bell").rest(1) is None


def test_a_body_is_the_request_with_its_id_images_and_names_filled_in() -> None:
    request = {
        "model": "m",
        "inputs": {"frameImages": [{"image": "sha256:aa", "frame": "first"}, "sha256:bb"]},
        "webhookURL": "https://me.example/{scene}/{shot}?take={take}&x={other}",
    }
    body = order("bell", request=request, shot="a b").body("id", {"sha256:aa": "data:x"})
    assert body == {
        "taskType": "videoInference",
        "taskUUID": "id",
        "model": "m",
        "inputs": {"frameImages": [{"image": "data:x", "frame": "first"}, "sha256:bb"]},
        "webhookURL": "https://me.example/clocktower/a%20b?take=1&x={other}",
    }


def test_what_is_not_as_asked_is_said_with_both_values() -> None:
    probed = Probed(
        width=64, height=48, duration=Decimal("4.042"), fps=Decimal(24), frames=97, audio=False
    )
    asked = Expected(width=64, height=48, duration=Decimal(8), fps=24, audio=True)
    assert not_as_asked(asked, probed) == (
        "sound: asked yes, got no",
        "duration: asked 8 s, got 4.042 s",
    )
    assert not_as_asked(Expected(), probed) == ()
