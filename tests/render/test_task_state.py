"""The table of a life: what each event does to each stage."""

import itertools
from dataclasses import replace

import pytest

from renderer.render.task_state import (
    TABLE,
    TERMINAL,
    Event,
    ResultState,
    Stage,
    TaskState,
    may_try_again,
    not_among,
)
from renderer.runware.messages import TaskError
from tests.harness.world import order

OPEN = sorted(set(Stage) - TERMINAL)
RESULT = ResultState(key="a", url="x")
# What is known of a task: neither; perhaps taken; surely taken; surely, after a lost answer.
KNOWN = [(False, False), (True, False), (False, True), (True, True)]


def life(stage: Stage, *, acked: bool = False, doubt: bool = False) -> TaskState:
    return TaskState(order=order("bell", count=2), uuid="u", stage=stage, acked=acked, doubt=doubt)


def test_every_open_stage_has_a_row_and_every_row_leads_to_a_stage() -> None:
    assert set(TABLE) == set(Stage) - TERMINAL
    assert all(isinstance(stage, Stage) for row in TABLE.values() for stage in row.values())


# Nothing is asked before a POST is answered, and the archive has no patience to lose.
NEVER = {
    (Stage.SEND, Event.NOT_FOUND),
    (Stage.SEND, Event.EXPIRED),
    *(
        (stage, Event.TIMED_OUT)
        for stage in (Stage.DOUBT, Stage.ARCHIVE, Stage.RECALL, Stage.LAST)
    ),
}


@pytest.mark.parametrize("stage", OPEN)
def test_each_event_in_each_stage_keeps_the_money_rule(stage: Stage) -> None:
    for event, (doubt, acked), sendable in itertools.product(Event, KNOWN, (True, False)):
        check(life(stage, acked=acked, doubt=doubt), event, sendable=sendable)


def check(before: TaskState, event: Event, *, sendable: bool) -> None:
    stage = before.stage
    if event not in TABLE[stage]:
        assert (stage, event) in NEVER
        with pytest.raises(KeyError):
            before.move(event, sendable=sendable)
        return
    after = before.move(event, sendable=sendable)
    entered = after.stage is Stage.SEND and stage is not Stage.SEND
    assert not (entered and before.acked)
    assert not (entered and before.doubt and not sendable)
    assert not (after.stage is Stage.UNSENT and before.doubt)
    assert after.acked or not before.acked
    assert after.doubt or not before.doubt
    lost = stage is Stage.SEND and event is Event.NO_RESPONSE
    assert after.doubt is (before.doubt or lost)
    if entered:
        assert event in {Event.NOT_FOUND, Event.EXPIRED}  # somebody was asked first
    if after.stage is Stage.UNKNOWN:
        assert before.taken or stage is Stage.LAST
    if event in {Event.COMPLETE, Event.REFUSED}:
        assert not after.open
    if event in {Event.NOT_TAKEN, Event.ACCOUNT_ERROR, Event.NO_RESPONSE} and before.taken:
        assert after.open  # trouble is no verdict on what may have been taken


def test_what_was_accepted_never_leads_back_to_a_post() -> None:
    reached, edge = {Stage.WAIT, Stage.RESUMED}, {Stage.WAIT, Stage.RESUMED}
    while edge:
        steps = {
            life(stage, acked=True).move(event).stage
            for stage in edge - TERMINAL
            for event in TABLE[stage]
        }
        edge = steps - reached
        reached |= steps
    assert not reached & {Stage.SEND, Stage.LOOKUP, Stage.UNSENT}


def test_no_path_of_events_sends_an_accepted_task_again() -> None:
    for stage in OPEN:
        for events in itertools.product(Event, repeat=3):
            one = life(stage, acked=True)
            for event in events:
                if one.open and event in TABLE[one.stage]:
                    one = one.move(event)
            assert one.stage is not Stage.SEND or stage is Stage.SEND


def test_a_task_that_was_perhaps_taken_is_never_called_unsent() -> None:
    lost = life(Stage.SEND).move(Event.NO_RESPONSE)
    assert lost.stage is Stage.DOUBT
    again = lost.move(Event.NOT_FOUND).move(Event.NOT_FOUND)
    assert again.stage is Stage.SEND
    assert again.move(Event.ACCOUNT_ERROR).stage is Stage.DOUBT
    assert lost.move(Event.NOT_FOUND).move(Event.NOT_FOUND, sendable=False).stage is Stage.UNKNOWN
    assert life(Stage.SEND).move(Event.TIMED_OUT).stage is Stage.UNSENT


def test_the_first_terminal_stage_wins() -> None:
    for stage in TERMINAL:
        for event in Event:
            assert life(stage).move(event).stage is stage


def test_a_verdict_on_the_rest_does_not_take_away_what_is_there() -> None:
    for stage in OPEN:
        assert life(stage).learn((RESULT,)).move(Event.REFUSED).stage is Stage.ENDED
        assert life(stage).move(Event.REFUSED).stage is Stage.FAILED


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
    some = life(Stage.DOUBT, doubt=True).move(Event.SOME)
    assert (some.stage, some.acked) == (Stage.RECALL, True)
    assert some.move(Event.NOT_FOUND).move(Event.SOME).stage is Stage.WAIT
    known = life(Stage.WAIT, acked=True).learn((), counted=True)
    assert known.move(Event.SOME).stage is Stage.WAIT


def test_a_result_is_known_again_by_its_name_its_path_or_its_seed() -> None:
    plain = ResultState(key="url-1", url="https://x/a.mp4?sig=1", seed=7)
    named = ResultState(key="V-1", url="https://x/a.mp4?sig=2", seed=7)
    other = ResultState(key="url-2", url="https://x/b.mp4", seed=7)
    for first, second in ((plain, named), (named, plain), (named, replace(named, key="v-1"))):
        assert life(Stage.WAIT).learn((first,)).learn((second,)).results == (first,)
    late = life(Stage.WAIT).learn((other,)).learn((plain, other))
    assert late.results == (other, plain)
    moved = replace(plain, url="https://y/c.mp4")
    assert life(Stage.WAIT).learn((plain,)).learn((moved,)).results == (plain,)
    alike = life(Stage.WAIT).learn((plain, replace(plain, seed=8)))
    assert [one.key for one in alike.results] == ["url-1", "url-1-2"]


def test_only_troubles_of_the_provider_are_tried_again() -> None:
    tries = {code: may_try_again(TaskError(code=code, message=""), 1) for code in (
        "timeoutProvider", "providerError", "internalServerError", "modelDisabled",
        "invalidDuration", "invalidProviderContent", "insufficientCredits", "brandNewCode",
    )}  # fmt: skip
    assert [code for code, again in tries.items() if again] == [
        "timeoutProvider",
        "providerError",
        "internalServerError",
    ]
    assert not may_try_again(TaskError(code="timeoutProvider", message=""), 3)
    assert not may_try_again(None, 1)


ONE, TWO = "https://x/one.mp4", "https://x/two.mp4"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        # named both: the name decides, in any spelling; place and seed say nothing
        (("A", ONE, 7), ("a", TWO, 8), True),
        (("A", ONE, 7), ("B", ONE, 7), False),
        (("A", ONE, None), ("B", ONE, None), False),
        (("A", ONE, 7), ("B", TWO, 7), False),
        # one without a name: the path decides, unless two seeds differ
        (("url-1", ONE, 7), ("B", ONE, 7), True),
        (("url-1", ONE, None), ("B", ONE, 7), True),
        (("url-1", ONE, 7), ("B", ONE, None), True),
        (("url-1", ONE, 7), ("B", ONE, 8), False),
        # another path: the seed decides, if there is one
        (("url-1", ONE, 7), ("B", TWO, 7), True),
        (("url-1", ONE, None), ("B", TWO, None), False),
        (("url-1", ONE, 7), ("B", TWO, 8), False),
        (("url-1", ONE, 7), ("url-2", ONE, 7), True),
        (("url-1", "", 7), ("url-2", "", 8), False),
        (("url-1", "", None), ("url-2", "", None), False),
    ],
)
def test_two_rows_are_one_result_by_name_then_by_path_then_by_seed(
    first: tuple[str, str, int | None], second: tuple[str, str, int | None], *, same: bool
) -> None:
    one, other = (ResultState(key=k, url=u, seed=s) for k, u, s in (first, second))
    for known, found in ((one, other), (other, one)):
        assert not_among([known], [found]) == ([] if same else [found])


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
    for stage in OPEN:
        for event in Event:
            if event in TABLE[stage]:
                after = life(stage).move(event)
                assert after.recalled == (after.stage is Stage.RECALL)
    assert life(Stage.DOUBT).move(Event.SOME).move(Event.NOT_FOUND).recalled


@pytest.mark.parametrize(
    "code", ["timeoutProvider", "providerError", "internalServerError", "rateLimitExceeded"]
)
def test_a_trouble_of_the_provider_is_tried_twice_more(code: str) -> None:
    error = TaskError(code=code, message="")

    assert [may_try_again(error, tries) for tries in (1, 2, 3)] == [True, True, False]
