"""Whatever is said to a task, in whatever order: what was accepted or given up is never sent again."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.render.actions import (
    Action,
    Cover,
    End,
    Fail,
    Fetch,
    LeaveUnknown,
    LeaveUnsent,
    Remove,
    Save,
    Send,
    Start,
)
from renderer.render.answers.meaning import Meaning
from renderer.render.attempt import Attempt, Dropped, Halted, Heard, Moment, Ready, What
from renderer.render.backoff import Pace
from renderer.render.decide import decide
from renderer.render.results import ResultState
from renderer.render.retry import Standing, after_end
from renderer.render.stage import OVER, Event, Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError
from tests.harness.orders import order

PACE = Pace(patience=20.0, memory=30.0, settle_least=5.0, deadline_least=50.0)
CODES = (
    "timeoutProvider",
    "invalidDuration",
    "insufficientCredits",
    "taskFailedOrNotFound",
    "newCode",
)
ERRORS = st.none() | st.builds(TaskError, code=st.sampled_from(CODES), message=st.just(""))
RESULTS = st.lists(
    st.sampled_from([ResultState(key=key, url=f"https://x/{key}") for key in "abc"]), max_size=3
).map(tuple)
MEANINGS = st.builds(
    Meaning,
    event=st.sampled_from(Event),
    results=RESULTS,
    error=ERRORS,
    counted=st.booleans(),
    listed=st.none() | st.integers(1, 4),
    alone=st.booleans(),
)
HEARD = st.builds(Heard, meaning=MEANINGS, engine=st.booleans(), pause=st.none() | st.just(3.0))
DROPPED = st.just(Dropped(TaskError(code="overBudget", message="")))
# Half of all is the leave to send: the more often it is asked for, the sooner it is given wrongly.
WORDS = st.just(Ready()) | st.one_of(HEARD, HEARD, HEARD, DROPPED, st.builds(Halted, ERRORS))
STEPS = st.lists(st.tuples(WORDS, st.floats(0, 15)), min_size=1, max_size=25)


@st.composite
def attempts(draw: st.DrawFn) -> Attempt:
    """Draw an attempt anywhere, also where none can be."""
    stage = draw(st.sampled_from(sorted(set(Stage) - OVER)))
    acked, doubt = draw(st.booleans()), draw(st.booleans())
    task = TaskState(order=order(count=2), uuid="u", stage=stage, acked=acked, doubt=doubt)
    return Attempt(
        task=task,
        due=0.0,
        since=0.0,
        sent=draw(st.none() | st.just(0.0)),
        ask_only=draw(st.booleans()),
        sends=draw(st.integers(0, 9)),
        tries=draw(st.integers(1, 4)),
    )


@dataclass
class Books:
    """What a provider and a person know of a task."""

    now: float = 0.0
    out: bool = False  # of the job
    taken: bool = False
    posted: bool = False  # a POST is on its way
    lost: int = 0  # answers that are needed before another POST
    saved: TaskState | None = None
    fetched: list[str] = field(default_factory=list)

    def note(self, before: Attempt, answer: What, after: Attempt, actions: list[Action]) -> None:
        assert not (self.out and actions)
        if isinstance(answer, Heard):
            self.hear(answer.meaning.event, after)
        self.send(before, actions)
        self.keep(before, after, actions)
        self.leave(after, actions)

    def hear(self, event: Event, after: Attempt) -> None:
        if self.posted and event is Event.NO_RESPONSE:
            self.lost = 2
        elif event in {Event.NOT_FOUND, Event.EXPIRED}:
            self.lost = max(0, self.lost - 1)
        self.posted = False
        self.taken = self.taken or after.task.acked

    def send(self, before: Attempt, actions: list[Action]) -> None:
        if Send() not in actions:
            assert Save(posting=True) not in actions
            return
        assert not before.ask_only
        assert not any((self.out, self.taken, self.posted, self.lost))
        assert not before.task.doubt or self.now - (before.sent or 0.0) <= PACE.memory
        assert actions == [Save(posting=True), Send()]  # the journal knows first
        self.posted = True

    def keep(self, before: Attempt, after: Attempt, actions: list[Action]) -> None:
        """The journal knows of every result, and of whatever was taken for sure."""
        if any(isinstance(action, Save) for action in actions):
            self.saved = after.task
        if after.task.results != before.task.results or after.task.acked != before.task.acked:
            assert self.saved == after.task
        self.fetched += [one.result.key for one in actions if isinstance(one, Fetch)]
        assert self.fetched == [one.key for one in after.task.results]

    def leave(self, after: Attempt, actions: list[Action]) -> None:
        kinds = [type(action) for action in actions]
        unsent = LeaveUnsent in kinds or (End in kinds and after.task.stage is Stage.UNSENT)
        assert not (unsent and (after.task.taken or self.posted))
        if LeaveUnknown in kinds:
            assert Cover(after.task.order.count) in actions  # and so it is not bought again
        self.out = self.out or Remove in kinds or End in kinds
        assert not after.task.over or self.out


def follow(attempt: Attempt, steps: list[tuple[What, float]]) -> None:
    books = Books(taken=attempt.task.acked)
    for answer, seconds in steps:
        books.now += seconds
        moment = Moment(now=books.now, wall=books.now, jitter=0.0, pace=PACE)
        before = attempt
        attempt, actions = decide(attempt, answer, moment)
        books.note(before, answer, attempt, list(actions))


@settings(max_examples=400, deadline=None)
@given(attempt=attempts(), steps=STEPS)
def test_nothing_that_is_said_leads_what_was_accepted_or_left_back_to_a_post(
    attempt: Attempt, steps: list[tuple[What, float]]
) -> None:
    follow(attempt, steps)


@settings(max_examples=300, deadline=None)
@given(
    attempt=attempts(),
    stage=st.sampled_from(sorted(OVER)),
    results=RESULTS,
    error=ERRORS,
    buying=st.booleans(),
    held=st.booleans(),
)
def test_after_its_end_only_what_a_task_did_not_yield_is_bought_under_another_id(
    attempt: Attempt,
    stage: Stage,
    results: tuple[ResultState, ...],
    error: TaskError | None,
    *,
    buying: bool,
    held: bool,
) -> None:
    task = replace(attempt.task.learn(results), stage=stage)
    attempt = replace(attempt, task=task)
    actions = list(after_end(attempt, error, Standing(buying=buying, held=held)))
    starts = [one for one in actions if isinstance(one, Start)]
    failures = [one for one in actions if isinstance(one, Fail)]
    assert sum(isinstance(one, Remove) for one in actions) == 1
    assert len(starts) + len(failures) <= 1
    for one in starts:
        assert stage not in {Stage.UNKNOWN, Stage.UNSENT}
        assert not any((attempt.ask_only, held))
        assert buying or (stage is Stage.FAILED and attempt.sent is None)
        assert one.order.count == task.missing > 0
        assert one.attempt == task.attempt + 1 or (results and one.attempt is None)
        assert one.tries == attempt.tries + 1
    covered = sum(one.takes for one in actions if isinstance(one, Cover))
    assert covered in {len(task.results), len(task.results) + task.missing}


@settings(max_examples=300, deadline=None)
@given(attempt=attempts(), steps=STEPS)
def test_the_same_is_decided_of_the_same(
    attempt: Attempt, steps: list[tuple[What, float]]
) -> None:
    moment = Moment(now=0.0, wall=0.0, jitter=0.0, pace=PACE)
    for answer, _ in steps:
        first = decide(attempt, answer, moment)
        assert first == decide(attempt, answer, moment)
        attempt = first[0]


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@settings(max_examples=20_000, deadline=None)
@given(attempt=attempts(), steps=STEPS)
def test_twenty_thousand_sequences_lead_back_to_no_post(
    attempt: Attempt, steps: list[tuple[What, float]]
) -> None:
    follow(attempt, steps)
