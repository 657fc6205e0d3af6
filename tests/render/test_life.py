"""The table of a life: what may follow what."""

import pytest

from renderer.render.life import TABLE, TERMINAL, Event, Life, Result, Stage, may_try_again
from renderer.wire.messages import TaskError
from tests.harness.world import order


def life(stage: Stage, *, acked: bool = False) -> Life:
    return Life(order=order("bell", count=2), uuid="u", stage=stage, acked=acked)


def test_every_open_stage_has_a_row_and_every_row_leads_to_a_stage() -> None:
    assert set(TABLE) == set(Stage) - TERMINAL
    assert all(isinstance(stage, Stage) for row in TABLE.values() for stage in row.values())


def test_what_was_accepted_never_leads_back_to_a_post() -> None:
    reached, edge = {Stage.WAIT}, {Stage.WAIT}
    while edge:
        steps = {
            life(stage, acked=True).move(event).stage
            for stage in edge - TERMINAL
            for event in TABLE[stage]
            # The archive's silence on what was accepted is told as FORGOTTEN or SEEN.
            if (stage, event) not in {(Stage.ARCHIVE, Event.SILENT), (Stage.ARCHIVE, Event.GONE)}
        }
        edge = steps - reached
        reached |= steps
    assert Stage.SEND not in reached
    assert Stage.LOOKUP not in reached


def test_a_task_that_was_perhaps_taken_is_never_called_unsent() -> None:
    lost = life(Stage.SEND).move(Event.LOST)
    assert lost.stage is Stage.DOUBT
    again = lost.move(Event.SILENT).move(Event.SILENT)
    assert again.stage is Stage.SEND
    assert again.move(Event.TIRED).stage is Stage.UNKNOWN
    assert life(Stage.SEND).move(Event.TIRED).stage is Stage.UNSENT


def test_the_first_terminal_stage_wins() -> None:
    for stage in TERMINAL:
        for event in Event:
            assert life(stage).move(event).stage is stage


def test_an_event_that_cannot_be_is_our_own_fault() -> None:
    with pytest.raises(KeyError):
        life(Stage.SEND).move(Event.FORGOTTEN)


def test_results_once_seen_are_never_lost_nor_counted_twice() -> None:
    one, two = Result(key="a", url="x"), Result(key="b", url="y")
    seen = life(Stage.WAIT).learn((one,)).learn(()).learn((two, one))
    assert seen.results == (one, two)
    assert seen.learn((Result(key="c", url="z"),)).results == (one, two)


def test_only_troubles_of_the_provider_are_tried_again() -> None:
    tries = {code: may_try_again(TaskError(code=code, message=""), 1) for code in (
        "timeoutProvider", "providerError", "internalServerError",
        "invalidDuration", "invalidProviderContent", "insufficientCredits", "brandNewCode",
    )}  # fmt: skip
    assert [code for code, again in tries.items() if again] == [
        "timeoutProvider",
        "providerError",
        "internalServerError",
    ]
    assert not may_try_again(TaskError(code="timeoutProvider", message=""), 3)
    assert not may_try_again(None, 1)
