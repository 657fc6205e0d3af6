"""When a task is asked about next, and what silence is reason for."""

from dataclasses import replace

import pytest

from renderer.render.actions import Report, Stop
from renderer.render.attempt import Attempt, Heard, Moment
from renderer.render.next_call import after_failure, waiting
from renderer.render.outcome import News
from renderer.render.stage import Event, Stage
from tests.harness.attempts import at, attempt, error, heard, task

SILENT = [Event.NO_RESPONSE, Event.NOT_TAKEN, Event.ACCOUNT_ERROR]


def after(
    one: Attempt, was: Stage, said: Heard, moment: Moment, *, acked: bool = False
) -> Attempt:
    return waiting(one, task(was, acked=acked), said, moment)


@pytest.mark.parametrize("event", SILENT)
def test_each_failed_call_is_waited_out_longer(event: Event) -> None:
    one, dues = attempt(Stage.LOOKUP), []
    for _ in range(3):
        one = after(one, Stage.LOOKUP, heard(event), at(100.0))
        dues.append(one.due)
    assert dues == [101.0, 102.0, 104.0]
    assert (one.failures, one.trouble) == (3, 100.0)
    assert after(one, Stage.LOOKUP, heard(event), at(200.0)).trouble == 100.0
    assert after(attempt(Stage.LOOKUP), Stage.LOOKUP, heard(event), at(0.0, jitter=1.0)).due == 1.5


def test_a_pause_that_was_asked_for_is_kept_and_another_stage_is_not_paused() -> None:
    one = attempt(Stage.DOUBT, doubt=True)
    said = heard(Event.NO_RESPONSE, pause=30.0)
    assert after(one, Stage.DOUBT, said, at(100.0)).due == 130.0
    assert after(one, Stage.SEND, said, at(100.0)).due == 100.0


def test_what_went_wrong_is_kept_in_the_words_of_the_provider_or_else_of_the_call() -> None:
    one = attempt(Stage.LOOKUP)
    said = heard(Event.NOT_TAKEN, error=error("rateLimitExceeded"), why="reset")
    assert after(one, Stage.LOOKUP, said, at()).why == error("rateLimitExceeded")
    lost = after(one, Stage.LOOKUP, heard(Event.NO_RESPONSE, why="reset"), at()).why
    assert lost is not None
    assert (lost.code, lost.message) == ("noAnswer", "reset")
    mute = after(one, Stage.LOOKUP, heard(Event.NO_RESPONSE), at()).why
    assert mute is not None
    assert mute.message


def test_an_answer_ends_the_trouble_and_a_task_that_is_ready_is_sent_at_once() -> None:
    one = attempt(Stage.SEND, failures=3, trouble=5.0)
    found = after(one, Stage.LOOKUP, heard(Event.NOT_FOUND), at(100.0))
    assert (found.failures, found.trouble, found.due) == (0, None, 100.0)
    runs = attempt(Stage.WAIT, acked=True, failures=3, trouble=5.0)
    polled = after(runs, Stage.WAIT, heard(Event.SEEN), at(100.0), acked=True)
    assert (polled.failures, polled.trouble) == (0, None)


def test_what_was_sent_before_is_sent_again_after_a_pause() -> None:
    one = attempt(Stage.SEND, sends=3)
    assert after(one, Stage.ARCHIVE, heard(Event.NOT_FOUND), at(100.0)).due == 104.0
    assert after(one, Stage.ARCHIVE, heard(Event.NOT_FOUND), at(100.0, jitter=1.0)).due == 106.0
    once = attempt(Stage.SEND, sends=1)
    assert after(once, Stage.ARCHIVE, heard(Event.NOT_FOUND), at(100.0)).due == 101.0
    doubt = attempt(Stage.DOUBT, sends=3)
    assert after(doubt, Stage.ARCHIVE, heard(Event.NOT_FOUND), at(100.0)).due == 100.0


def test_only_what_is_to_be_sent_is_sent_alone_because_an_answer_says_so() -> None:
    said = heard(Event.NOT_TAKEN, alone=True)
    assert after(attempt(Stage.SEND), Stage.SEND, said, at()).alone
    assert not after(attempt(Stage.DOUBT), Stage.SEND, said, at()).alone
    assert not after(attempt(Stage.SEND, alone=True), Stage.SEND, heard(Event.SEEN), at()).alone


def test_a_task_is_first_polled_near_the_end_of_its_usual_time() -> None:
    one = attempt(Stage.WAIT, acked=True, since=5.0)
    new = after(one, Stage.SEND, heard(Event.ACCEPTED), at(100.0))
    assert (new.since, new.due) == (100.0, 101.6)  # 0.8 of two seconds
    found = after(one, Stage.DOUBT, heard(Event.SEEN), at(100.0))
    assert (found.since, found.due) == (100.0, 100.0)  # nobody knows since when it runs


@pytest.mark.parametrize("where", [Stage.WAIT, Stage.RESUMED])
def test_a_task_that_runs_is_polled_at_its_pace(where: Stage) -> None:
    one = attempt(where, acked=True, since=90.0)
    polled = after(one, where, heard(Event.SEEN), at(100.0), acked=True)
    assert (polled.since, polled.due) == (90.0, 102.8)  # 0.35 of eight seconds from its end
    assert after(one, where, heard(Event.SEEN), at(100.0, jitter=1.0), acked=True).due == 104.2


def test_what_answers_leave_out_is_asked_about_alone_each_fourth_time() -> None:
    one, alone = attempt(Stage.WAIT, acked=True), []
    for _ in range(8):
        one = after(one, Stage.WAIT, heard(Event.NOT_FOUND), at(), acked=True)
        alone.append(one.alone)
    assert alone == [False, False, True, False, False, False, True, False]
    assert after(one, Stage.WAIT, heard(Event.SEEN), at(), acked=True).silences == 0


def test_a_task_that_was_taken_is_not_polled_for_ever_where_nothing_gets_through() -> None:
    one = attempt(Stage.WAIT, acked=True, failures=1, trouble=100.0, why=error("newCode"))
    for event in SILENT:
        assert list(after_failure(one, event, at(700.0))) == []
        assert list(after_failure(one, event, at(700.1))) == [Stop(error("newCode"))]
    assert list(after_failure(one, Event.SEEN, at(9999.0))) == []
    assert list(after_failure(replace(one, trouble=None), Event.NO_RESPONSE, at(9999.0))) == []
    unsent = attempt(Stage.LOOKUP, failures=1, trouble=100.0)
    assert list(after_failure(unsent, Event.NO_RESPONSE, at(9999.0))) == []


def test_a_key_that_is_refused_again_and_again_ends_the_run() -> None:
    def stops(failures: int, event: Event) -> bool:
        one = attempt(Stage.DOUBT, doubt=True, failures=failures, trouble=0.0)
        return any(isinstance(action, Stop) for action in after_failure(one, event, at()))

    assert [stops(n, Event.ACCOUNT_ERROR) for n in (4, 5, 6)] == [False, True, True]
    assert not stops(6, Event.NO_RESPONSE)


def test_the_person_hears_of_waiting_from_the_second_failure_on() -> None:
    def said(failures: int) -> list[object]:
        one = attempt(Stage.LOOKUP, failures=failures, trouble=0.0, why=error("newCode"))
        return list(after_failure(one, Event.NO_RESPONSE, at()))

    assert said(1) == []
    assert said(2) == [Report(news=News.WAITING, text=str(error("newCode")))]
