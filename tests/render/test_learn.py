"""A task after an answer: what it says, what the count of its results says, and what the clock."""

from dataclasses import replace

import pytest

from renderer.render.attempt import Attempt, Moment
from renderer.render.learn import learned
from renderer.render.results import ResultState
from renderer.render.stage import Event, Stage
from tests.harness.attempts import OTHER, RESULT, at, attempt, error, heard

SOME = heard(Event.SOME, RESULT)


def stage(one: Attempt, event: Event, moment: Moment, *results: ResultState) -> Stage:
    return learned(one, heard(event, *results), moment).task.stage


def test_what_an_answer_says_is_learned() -> None:
    said = heard(Event.SOME, RESULT, error=error("providerError"), counted=True, listed=4)
    one = learned(attempt(Stage.WAIT, acked=True), replace(said, engine=True), at()).task

    assert (one.results, one.error, one.counted, one.listed) == (
        (RESULT,), said.meaning.error, True, 4,
    )  # fmt: skip
    assert one.engine
    assert not learned(attempt(Stage.WAIT), heard(Event.SEEN), at()).task.engine


@pytest.mark.parametrize("event", Event)
def test_what_is_answered_is_not_on_its_way_any_more(event: Event) -> None:
    assert not learned(attempt(Stage.SEND, on_its_way=True), heard(event), at()).on_its_way


@pytest.mark.parametrize("event", Event)
def test_an_error_is_kept_only_with_an_answer_that_says_what_came_of_it(event: Event) -> None:
    one = learned(attempt(Stage.WAIT), heard(event, error=error("newCode")), at()).task
    assert (one.error is not None) == (event in {Event.REFUSED, Event.COMPLETE, Event.SOME})


def test_a_task_is_complete_with_every_result_that_it_has() -> None:
    counted = attempt(Stage.WAIT, acked=True, counted=True)
    assert stage(counted, Event.SEEN, at(), RESULT) is Stage.WAIT
    assert stage(counted, Event.SEEN, at(), RESULT, OTHER) is Stage.ENDED
    unknown = attempt(Stage.WAIT, acked=True)
    assert stage(unknown, Event.SEEN, at(), RESULT, OTHER) is Stage.WAIT  # it may have more
    assert stage(unknown, Event.SOME, at(), RESULT, OTHER) is Stage.ENDED
    listed = attempt(Stage.WAIT, acked=True, listed=1)
    assert stage(listed, Event.SEEN, at(), RESULT) is Stage.ENDED


def test_fewer_results_than_there_should_be_are_watched_while_nothing_changes() -> None:
    one = attempt(Stage.WAIT, acked=True, recalled=True)
    first = learned(one, SOME, at(5.0))
    assert first.still == 5.0
    assert learned(first, SOME, at(9.0)).still == 5.0
    assert learned(first, heard(Event.SEEN, RESULT), at(9.0)).still is None
    more = attempt(Stage.WAIT, count=3, acked=True, recalled=True, results=(RESULT,), still=5.0)
    assert learned(more, heard(Event.SOME, RESULT, OTHER), at(9.0)).still == 9.0


def test_what_does_not_change_for_long_enough_is_all_there_is() -> None:
    one = attempt(Stage.WAIT, acked=True, recalled=True, results=(RESULT,), still=100.0)
    assert learned(one, SOME, at(159.9)).task.stage is Stage.WAIT
    assert learned(one, SOME, at(160.0)).task.stage is Stage.ENDED
    assert learned(one, heard(Event.SEEN), at(900.0)).task.stage is Stage.WAIT
    assert learned(replace(one, still=None), SOME, at(900.0)).task.stage is Stage.WAIT
    nothing = attempt(Stage.WAIT, acked=True, recalled=True, still=100.0)
    assert learned(nothing, heard(Event.SOME), at(160.0)).task.stage is Stage.FAILED


def test_what_was_bought_and_did_not_fail_is_waited_for_to_the_deadline() -> None:
    one = attempt(Stage.WAIT, acked=True, counted=True, results=(RESULT,), still=100.0)
    assert learned(one, SOME, at(1000.0)).task.stage is Stage.WAIT
    said = heard(Event.SOME, RESULT, error=error("providerError"))
    assert learned(one, said, at(1000.0)).task.stage is Stage.ENDED
    assert learned(one, SOME, at(1900.0)).task.stage is Stage.LAST


@pytest.mark.parametrize("where", [Stage.WAIT, Stage.RESUMED])
def test_past_its_deadline_the_archive_has_the_last_word(where: Stage) -> None:
    one = attempt(where, acked=True, since=100.0)
    assert stage(one, Event.SEEN, at(1900.0)) is Stage.WAIT
    assert stage(one, Event.SEEN, at(1900.1)) is Stage.LAST
    assert stage(one, Event.NO_RESPONSE, at(9999.0)) is where  # nobody answered
    late = attempt(Stage.DOUBT, doubt=True, since=100.0)
    assert stage(late, Event.SEEN, at(9999.0)) is Stage.WAIT  # it was only just found


@pytest.mark.parametrize("where", [Stage.LOOKUP, Stage.SEND])
def test_what_was_not_sent_for_too_long_is_left_unsent(where: Stage) -> None:
    one = attempt(where, trouble=100.0)
    assert stage(one, Event.NOT_TAKEN, at(699.9)) is where
    assert stage(one, Event.NOT_TAKEN, at(700.0)) is Stage.UNSENT
    assert stage(replace(one, trouble=None), Event.NOT_TAKEN, at(700.0)) is where
    doubt = attempt(where, trouble=100.0, doubt=True)
    assert stage(doubt, Event.NOT_TAKEN, at(700.0)) is where


def test_an_answer_shows_that_there_is_a_way_through() -> None:
    found = attempt(Stage.LOOKUP, trouble=100.0)
    assert stage(found, Event.NOT_FOUND, at(9999.0)) is Stage.SEND


def test_a_task_is_sent_again_only_while_the_provider_surely_knows_it() -> None:
    one = attempt(Stage.ARCHIVE, doubt=True, sent=1000.0)
    for wall, back in (
        (939.9, Stage.UNKNOWN), (940.0, Stage.SEND), (1900.0, Stage.SEND), (1900.1, Stage.UNKNOWN),
    ):  # fmt: skip
        assert stage(one, Event.NOT_FOUND, at(wall=wall)) is back
    assert stage(replace(one, ask_only=True), Event.NOT_FOUND, at(wall=1000.0)) is Stage.UNKNOWN
    assert stage(replace(one, sent=None), Event.NOT_FOUND, at(wall=99999.0)) is Stage.SEND
