"""The table of a task: what each event does to each stage, and what the journal keeps of it."""

import itertools

import pytest

from renderer.render import stage as stages
from renderer.render.results import ResultState
from renderer.render.stage import OPEN, OVER, SETTLED, TABLE, TAKEN, Event, Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError
from tests.harness.orders import order

UNDER_WAY = sorted(set(Stage) - OVER)
RESULT = ResultState(key="a", url="x")
# What is known of a task: neither; perhaps taken; surely taken; surely, after a lost answer.
KNOWN = [(False, False), (True, False), (False, True), (True, True)]


def life(stage: Stage, *, acked: bool = False, doubt: bool = False) -> TaskState:
    return TaskState(order=order("bell", count=2), uuid="u", stage=stage, acked=acked, doubt=doubt)


def after(task: TaskState, *events: Event, sendable: bool = True) -> TaskState:
    for event in events:
        task = task.move(event, sendable=sendable)
    return task


def test_every_stage_under_way_has_a_row_and_every_row_changes_something() -> None:
    assert set(TABLE) == set(Stage) - OVER
    assert all(to is not stage or event in {Event.SEEN, Event.SOME, Event.ACCEPTED}
               for stage, row in TABLE.items() for event, to in row.items())  # fmt: skip


@pytest.mark.parametrize("stage", UNDER_WAY)
def test_each_event_in_each_stage_keeps_the_money_rule(stage: Stage) -> None:
    for event, (doubt, acked), sendable in itertools.product(Event, KNOWN, (True, False)):
        check(life(stage, acked=acked, doubt=doubt), event, sendable=sendable)


def check(before: TaskState, event: Event, *, sendable: bool) -> None:
    stage = before.stage
    after = before.move(event, sendable=sendable)
    entered = after.stage is Stage.SEND and stage is not Stage.SEND
    assert not (entered and before.acked)
    assert not (entered and not sendable)
    assert not (after.stage is Stage.UNSENT and before.taken)
    assert after.acked or not before.acked
    assert after.doubt or not before.doubt
    lost = stage is Stage.SEND and event is Event.NO_RESPONSE
    assert after.doubt is (before.doubt or lost)
    if entered:
        assert event in {Event.NOT_FOUND, Event.EXPIRED}  # somebody was asked first
    if after.stage is Stage.UNKNOWN:
        assert before.taken or stage is Stage.LAST
    if event in {Event.COMPLETE, Event.REFUSED}:
        assert after.over
    if event in {Event.NOT_TAKEN, Event.ACCOUNT_ERROR, Event.NO_RESPONSE} and before.taken:
        assert not after.over  # trouble is no verdict on what may have been taken


def test_what_is_not_in_a_row_changes_nothing() -> None:
    for stage, event in itertools.product(UNDER_WAY, Event):
        if event not in TABLE[stage]:
            assert life(stage).move(event, sendable=True).stage is stage


def test_what_may_not_be_sent_is_unknown_if_it_was_taken_and_else_unsent() -> None:
    asked = life(Stage.LOOKUP)
    assert after(asked, Event.NOT_FOUND, sendable=False).stage is Stage.UNSENT
    perhaps = life(Stage.ARCHIVE, doubt=True)
    assert after(perhaps, Event.NOT_FOUND, sendable=False).stage is Stage.UNKNOWN
    assert perhaps.move(Event.NOT_FOUND).stage is Stage.UNKNOWN
    assert after(perhaps, Event.NOT_FOUND).stage is Stage.SEND
    assert after(life(Stage.ARCHIVE, acked=True), Event.EXPIRED).stage is Stage.UNKNOWN


def test_no_path_of_events_sends_an_accepted_task_again() -> None:
    for stage in UNDER_WAY:
        for events in itertools.product(Event, repeat=3):
            one = after(life(stage, acked=True), *events)
            assert one.stage is not Stage.SEND or stage is Stage.SEND


def test_a_task_that_was_perhaps_taken_is_never_called_unsent() -> None:
    lost = after(life(Stage.SEND), Event.NO_RESPONSE)
    assert lost.stage is Stage.DOUBT
    again = after(lost, Event.NOT_FOUND, Event.NOT_FOUND)
    assert again.stage is Stage.SEND
    assert after(again, Event.ACCOUNT_ERROR).stage is Stage.DOUBT
    assert after(life(Stage.SEND, acked=True), Event.ACCOUNT_ERROR).stage is Stage.WAIT
    assert after(life(Stage.SEND), Event.TIMED_OUT).stage is Stage.UNSENT


def test_the_first_stage_that_ends_a_task_wins() -> None:
    for stage, event in itertools.product(OVER, Event):
        assert after(life(stage), event) == life(stage)


def test_a_verdict_on_the_rest_does_not_take_away_what_is_there() -> None:
    for stage in UNDER_WAY:
        assert after(life(stage).learn((RESULT,)), Event.REFUSED).stage is Stage.ENDED
        assert after(life(stage), Event.REFUSED).stage is Stage.FAILED


def test_results_once_seen_are_never_lost_nor_counted_twice() -> None:
    one, two = ResultState(key="a", url="https://x/a"), ResultState(key="b", url="https://x/b")
    seen = life(Stage.WAIT).learn((one,)).learn(()).learn((two, one, two))
    assert seen.results == (one, two)


def test_a_count_that_only_the_provider_knows_takes_every_row() -> None:
    three = tuple(ResultState(key=key, url=f"https://x/{key}") for key in "abc")
    found = life(Stage.WAIT, acked=True).learn(three)
    assert (found.count, found.full, found.missing) == (None, True, 0)
    assert found.results == three
    assert found.learn((), listed=3).full
    assert not found.learn((), listed=4).full
    asked = life(Stage.WAIT, acked=True).learn(three[:1], counted=True)
    assert (asked.count, asked.full, asked.missing) == (2, False, 1)
    assert asked.learn(three[1:2]).full


def test_of_some_results_the_archive_is_asked_once_for_the_count() -> None:
    some = after(life(Stage.DOUBT, doubt=True), Event.SOME)
    assert (some.stage, some.acked) == (Stage.RECALL, True)
    assert after(some, Event.NOT_FOUND, Event.SOME).stage is Stage.WAIT
    known = life(Stage.WAIT, acked=True).learn((), counted=True)
    assert after(known, Event.SOME).stage is Stage.WAIT


def test_of_a_new_task_nothing_is_known() -> None:
    new = TaskState(order=order("bell"), uuid="u")

    assert (new.stage, new.attempt, new.count, new.results) == (Stage.LOOKUP, 0, None, ())
    assert not any((new.doubt, new.acked, new.taken, new.counted, new.recalled, new.engine))
    assert not RESULT.unsafe


def test_what_one_answer_does_not_say_an_earlier_one_has_said() -> None:
    error = TaskError(code="providerError", message="")
    told = life(Stage.WAIT).learn((), error, counted=True, listed=3, engine=True)

    assert (told.error, told.counted, told.listed, told.engine) == (error, True, 3, True)
    assert told.learn(()) == told
    other = TaskError(code="timeoutProvider", message="")
    assert told.learn((), other, listed=4).error is other
    assert told.learn((), listed=4).listed == 4
    assert not life(Stage.WAIT).learn(()).engine
    assert not life(Stage.WAIT).learn(()).counted


def test_only_what_asked_the_archive_for_the_count_has_asked_for_it() -> None:
    for stage, event in itertools.product(UNDER_WAY, Event):
        moved = after(life(stage), event)
        assert moved.recalled == (moved.stage is Stage.RECALL)
    assert after(life(Stage.DOUBT), Event.SOME, Event.NOT_FOUND).recalled


def test_what_accepts_a_task_has_acknowledged_it() -> None:
    for stage, event in itertools.product(UNDER_WAY, Event):
        moved = after(life(stage), event)
        assert moved.acked == (moved.stage in {Stage.WAIT, Stage.RECALL, Stage.ENDED})


def kept(stage: Stage, *, posting: bool = False, results: int = 0, **facts: bool) -> Stage:
    task = life(stage, **facts).learn((RESULT,) * results)
    return task.kept(posting=posting)


def test_the_journal_keeps_what_a_later_run_has_to_know() -> None:
    assert life(Stage.SEND).kept() is Stage.UNSENT
    assert kept(Stage.SEND, posting=True) is Stage.DOUBT
    assert kept(Stage.SEND, doubt=True) is Stage.DOUBT
    assert kept(Stage.LOOKUP) is Stage.DOUBT
    for stage in UNDER_WAY:
        assert kept(stage, acked=True) is Stage.RESUMED
        assert kept(stage, doubt=True) is Stage.DOUBT
    assert kept(Stage.ENDED, results=1) is Stage.ENDED
    assert kept(Stage.ENDED) is Stage.FAILED
    for stage in OVER - {Stage.ENDED}:
        assert kept(stage, acked=True) is stage


def test_each_stage_that_the_journal_keeps_is_open_settled_or_unsent() -> None:
    every = {
        kept(stage, posting=posting, results=results, acked=acked, doubt=doubt)
        for stage, posting, results, (doubt, acked) in itertools.product(
            Stage, (True, False), (0, 1), KNOWN
        )
    }
    assert every == OPEN | SETTLED | {Stage.UNSENT}
    assert not OPEN & SETTLED
    assert Stage.UNSENT not in OPEN | SETTLED


def test_an_open_task_is_asked_about_first_and_never_forgets_what_was_taken() -> None:
    for stage in OPEN:
        task = life(stage).taken_up()
        assert task.stage in {Stage.DOUBT, Stage.RESUMED, Stage.ENDED}
        assert task.taken
        assert task.acked == (stage in TAKEN)
        assert life(stage, acked=True, doubt=True).taken_up().acked


def test_each_open_stage_has_a_label_of_its_own() -> None:
    labels = {stage: stage.label for stage in OPEN}
    assert len(set(labels.values())) == len(OPEN)
    assert labels[Stage.UNKNOWN] == "unknown"
    assert not {"intent", "acked", "result"} & set(labels.values())


def test_the_words_of_the_journal_are_those_of_the_first_release() -> None:
    words = {"intent", "acked", "result", "unknown", "recorded", "failed", "unsent"}
    assert {stage.value for stage in OPEN | SETTLED | {Stage.UNSENT}} == words


def test_each_stage_under_way_is_asked_about_in_one_way_or_sent() -> None:
    asked, archived = stages.ASKED, stages.ARCHIVED
    assert asked | archived | {Stage.SEND} == set(UNDER_WAY)
    assert not asked & archived
    assert asked > stages.RUNNING
