"""Orders that wait for tasks of earlier runs: no more is started than is missing, and was agreed to."""

from hypothesis import given
from hypothesis import strategies as st

from renderer.render.allowance import (
    Allowance,
    Claimed,
    allowance,
    fresh_orders,
    waits_for_consent,
)
from renderer.render.held import released, uncovered
from renderer.render.order import Order
from renderer.render.stage import OPEN, Stage
from tests.harness.orders import order

COUNTS = st.lists(st.integers(1, 4), max_size=4)


def lined_up(counts: list[int]) -> list[Order]:
    """Return orders of one picture, one behind the other."""
    return [
        order(count=count, index=sum(counts[:n]), number=1 + sum(counts[:n]))
        for n, count in enumerate(counts)
    ]


@given(counts=COUNTS, covered=st.integers(0, 20), allowed=st.integers(0, 20))
def test_what_is_started_is_what_is_missing_up_to_what_was_allowed(
    counts: list[int], covered: int, allowed: int
) -> None:
    missing = max(0, sum(counts) - covered)
    orders = lined_up(counts)
    assert sum(one.count for one in uncovered(orders, covered)) == missing
    started = list(released(orders, covered, allowed))
    assert sum(one.count for one in started) == min(missing, allowed)
    takes = [one.index + n for one in started for n in range(one.count)]
    assert len(set(takes)) == len(takes)
    assert all(take >= covered for take in takes)


CLAIMS = st.lists(
    st.tuples(st.sampled_from(sorted(OPEN)), st.integers(1, 3)), max_size=4
).map(lambda rows: [
    Claimed(uuid=str(n), fingerprint="sha256:bell", takes=takes, stage=stage)
    for n, (stage, takes) in enumerate(rows)
])  # fmt: skip


@given(counts=COUNTS, claims=CLAIMS)
def test_each_take_is_bought_or_was_asked_for_before(
    counts: list[int], claims: list[Claimed]
) -> None:
    orders = lined_up(counts)
    allowed = allowance(orders, claims)
    fresh = sum(one.count for one in fresh_orders(orders, claims, allowed))
    again = sum(one.takes for one in claims if one.uuid in allowed.resend)
    assert fresh + again == allowed.takes
    assert fresh + sum(one.takes for one in claims) >= sum(counts)
    resent = {one.stage for one in claims if one.uuid in allowed.resend}
    assert resent <= {Stage.DOUBT}
    assert allowed.takes <= sum(counts)


def test_nothing_is_fresh_where_nothing_may_be_bought() -> None:
    assert list(fresh_orders(lined_up([2, 1]), (), Allowance())) == []


def test_only_what_is_in_doubt_and_wanted_waits_for_consent_in_a_run_that_collects() -> None:
    for kept in OPEN:
        waits = waits_for_consent(kept, collect=True, wanted=True)
        assert waits == (kept is Stage.DOUBT)
        assert not waits_for_consent(kept, collect=False, wanted=True)
        assert not waits_for_consent(kept, collect=True, wanted=False)
