"""What is to be done about a task, for everything that can be said of it."""

from dataclasses import replace

import pytest

from renderer.render.actions import (
    Action,
    Cover,
    End,
    Fetch,
    LeaveUnknown,
    LeaveUnsent,
    Release,
    Remove,
    Report,
    Save,
    Send,
    Stop,
)
from renderer.render.attempt import Attempt, Dropped, Halted, Ready, What
from renderer.render.decide import decide
from renderer.render.outcome import News
from renderer.render.stage import OVER, Event, Stage
from tests.harness.attempts import OTHER, RESULT, at, attempt, error, heard

WHY = error("overBudget")


def actions(one: Attempt, what: What) -> list[Action]:
    return list(decide(one, what, at())[1])


def parked(text: str, *, takes: int = 2) -> list[Action]:
    return [Remove(), Cover(takes), LeaveUnknown(text=text, asked_again=True), Release()]


def test_of_a_new_attempt_nothing_is_known() -> None:
    new = attempt(Stage.LOOKUP)
    assert (new.tries, new.failures, new.silences, new.sends, new.before) == (1, 0, 0, 0, 0)
    assert not any((new.alone, new.ask_only, new.on_its_way, new.parked))
    said = heard(Event.SEEN)
    assert (said.engine, said.pause, said.why) == (False, None, "")


def test_what_was_sent_or_perhaps_is_in_flight_and_what_is_being_sent() -> None:
    for busy in (True, False):
        assert attempt(Stage.WAIT, acked=True).in_flight(busy=busy)
        assert attempt(Stage.SEND, doubt=True).in_flight(busy=busy)
        assert attempt(Stage.SEND).in_flight(busy=busy) is busy
        assert not attempt(Stage.LOOKUP).in_flight(busy=busy)


def test_a_task_that_is_ready_is_journaled_then_sent() -> None:
    one, todo = decide(attempt(Stage.SEND), Ready(), at(wall=5.0))
    assert todo == (Save(posting=True), Send())
    assert (one.sent, one.sends, one.on_its_way) == (5.0, 1, True)
    again = decide(replace(one, on_its_way=False), Ready(), at(wall=9.0))[0]
    assert (again.sent, again.sends) == (5.0, 2)
    zero = decide(attempt(Stage.SEND, sent=0.0), Ready(), at(wall=9.0))[0]
    assert zero.sent == 0.0


@pytest.mark.parametrize(
    "one",
    [
        *(attempt(stage) for stage in Stage if stage is not Stage.SEND),
        attempt(Stage.SEND, acked=True),
        attempt(Stage.SEND, ask_only=True),
        attempt(Stage.SEND, on_its_way=True),
        attempt(Stage.SEND, parked=True),
    ],
    ids=str,
)
def test_nothing_else_is_sent(one: Attempt) -> None:
    assert Send() not in actions(one, Ready())


@pytest.mark.parametrize("stage", sorted(OVER))
def test_nothing_more_is_done_about_what_is_over_or_left_to_the_next_run(stage: Stage) -> None:
    for what in (Ready(), Dropped(WHY), Halted(WHY), heard(Event.SEEN, RESULT)):
        for one in (attempt(stage), attempt(Stage.SEND, doubt=True, parked=True)):
            assert decide(one, what, at()) == (one, ())


def test_what_may_not_be_sent_any_more_is_asked_about_at_once() -> None:
    doubt = attempt(Stage.SEND, doubt=True, sent=100.0, due=1.0)
    assert Send() in decide(doubt, Ready(), at(5.0, wall=1000.0))[1]
    out = attempt(Stage.SEND, ask_only=True), attempt(Stage.SEND, acked=True)
    for one in (doubt, *out):
        after, todo = decide(one, Ready(), at(5.0, wall=1000.1))
        assert (after.task.stage, after.due, todo) == (Stage.DOUBT, 5.0, ())
        assert after.task.doubt == one.task.doubt
    turned_away = attempt(Stage.SEND, sent=100.0)  # and surely not taken, however long ago
    assert Send() in decide(turned_away, Ready(), at(wall=99999.0))[1]


def test_an_answer_ends_the_way_of_a_post() -> None:
    one = attempt(Stage.SEND, on_its_way=True)
    for event in Event:
        assert not decide(one, heard(event), at())[0].on_its_way


def saved(before: Attempt, event: Event, **facts: bool) -> bool:
    todo = actions(before, heard(event, **facts))
    assert Save() not in todo[1:]  # first of all
    return Save() in todo


def test_the_journal_hears_of_what_was_taken_and_of_what_surely_was_not() -> None:
    send = attempt(Stage.SEND, on_its_way=True)
    for event in (Event.ACCEPTED, Event.NO_RESPONSE, Event.NOT_TAKEN, Event.ACCOUNT_ERROR):
        assert saved(send, event)
    assert saved(attempt(Stage.DOUBT, doubt=True), Event.SEEN)
    assert saved(attempt(Stage.LAST, acked=True), Event.NOT_FOUND)
    assert saved(attempt(Stage.LOOKUP), Event.SEEN)
    assert saved(attempt(Stage.LOOKUP), Event.REFUSED) is False  # another run has noted that


def test_the_journal_is_not_bothered_with_the_rest() -> None:
    assert not saved(attempt(Stage.WAIT, acked=True), Event.SEEN)
    assert not saved(attempt(Stage.LOOKUP), Event.NOT_FOUND)
    assert not saved(attempt(Stage.LOOKUP), Event.ACCOUNT_ERROR)
    assert not saved(attempt(Stage.DOUBT, doubt=True), Event.NOT_FOUND)
    assert not saved(attempt(Stage.ARCHIVE, doubt=True), Event.NOT_FOUND)
    assert not saved(attempt(Stage.SEND, doubt=True), Event.NOT_TAKEN)


def test_the_journal_hears_of_each_result_and_of_the_count() -> None:
    wait = attempt(Stage.WAIT, acked=True, results=(RESULT,), count=3)
    assert Save() in actions(wait, heard(Event.SEEN, OTHER))
    assert Save() not in actions(wait, heard(Event.SEEN, RESULT))
    assert saved(wait, Event.SEEN, counted=True)


def test_each_new_result_is_fetched_and_progress_reported() -> None:
    wait = attempt(Stage.WAIT, acked=True, counted=True, results=(RESULT,), count=3)
    assert actions(wait, heard(Event.SEEN, RESULT, OTHER, progress=40)) == [
        Save(), Fetch(OTHER), Report(news=News.RUNNING, percent=40),
    ]  # fmt: skip
    assert actions(wait, heard(Event.NOT_FOUND)) == []
    assert Report(news=News.RUNNING) in actions(wait, heard(Event.SOME))


def test_a_task_is_reported_as_submitted_once() -> None:
    assert actions(attempt(Stage.SEND), heard(Event.ACCEPTED)) == [
        Save(), Report(news=News.SUBMITTED),
    ]  # fmt: skip
    again = attempt(Stage.RESUMED, acked=True)
    assert actions(again, heard(Event.SEEN)) == [Report(news=News.RUNNING)]


def test_the_end_of_a_task_has_the_error_of_the_answer_or_an_earlier_one() -> None:
    wait = attempt(Stage.WAIT, acked=True, error=WHY)
    other = error("timeoutProvider")
    assert actions(wait, heard(Event.REFUSED, error=other))[-1] == End(other)
    assert actions(wait, heard(Event.COMPLETE, RESULT))[-1] == End(WHY)
    assert decide(wait, heard(Event.REFUSED), at())[0].task.stage is Stage.FAILED


def test_what_stops_the_run_comes_before_what_is_done_about_the_task() -> None:
    one = attempt(Stage.WAIT, acked=True, failures=4)
    stop, report = actions(one, heard(Event.ACCOUNT_ERROR, error=WHY))
    assert (stop, report) == (Stop(WHY), Report(news=News.WAITING, text=str(WHY)))


def test_a_body_that_went_out_too_often_is_left_to_the_next_run() -> None:
    for sends, done in ((7, False), (8, True), (9, True)):
        one = attempt(Stage.ARCHIVE, doubt=True, sends=sends, sent=0.0)
        after, todo = decide(one, heard(Event.NOT_FOUND), at())
        assert (after.task.stage, after.parked) == (Stage.SEND, done)
        assert list(todo) == (parked("no response for it yet") if done else [])
    fresh = attempt(Stage.SEND, sends=8, sent=0.0)
    assert not decide(fresh, heard(Event.NOT_TAKEN), at())[0].parked
    wait = attempt(Stage.WAIT, acked=True, doubt=True, sends=8)
    assert not decide(wait, heard(Event.SEEN), at())[0].parked


@pytest.mark.parametrize("stage", [Stage.LOOKUP, Stage.SEND])
def test_what_cannot_be_sent_is_left_unsent(stage: Stage) -> None:
    after, todo = decide(attempt(stage), Dropped(WHY), at())
    assert (after.task.stage, after.why, list(todo)) == (Stage.UNSENT, WHY, [End(WHY)])
    after, todo = decide(attempt(stage), Halted(WHY), at())
    assert (after.task.stage, list(todo)) == (Stage.UNSENT, [Remove(), LeaveUnsent(WHY)])


def test_what_was_perhaps_sent_is_left_to_the_next_run() -> None:
    one = attempt(Stage.SEND, doubt=True, before=1)
    assert actions(one, Dropped(WHY)) == parked(str(WHY), takes=1)
    assert actions(one, Halted(WHY)) == parked("no response for it yet", takes=1)
    assert actions(replace(one, why=WHY), Halted(None)) == parked(str(WHY), takes=1)


@pytest.mark.parametrize(
    "one",
    [
        attempt(Stage.SEND, acked=True),
        attempt(Stage.SEND, on_its_way=True),
        attempt(Stage.LOOKUP, doubt=True),
        *(attempt(stage) for stage in Stage if stage not in {Stage.SEND, Stage.LOOKUP}),
    ],
    ids=str,
)
def test_what_may_run_is_not_left(one: Attempt) -> None:
    for what in (Dropped(WHY), Halted(WHY)):
        assert decide(one, what, at()) == (one, ())
