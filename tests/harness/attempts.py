"""Attempts, answers and moments in few words, for tests of what is decided about a task."""

from typing import Any

from renderer.render.answers.meaning import Meaning
from renderer.render.attempt import Attempt, Heard, Moment
from renderer.render.backoff import Pace
from renderer.render.results import ResultState
from renderer.render.stage import Event, Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError
from tests.harness.orders import order

PACE = Pace(
    jitter=0.5, patience=600.0, memory=900.0, settle_least=60.0, deadline_least=1800.0
)  # fmt: skip
RESULT = ResultState(key="a", url="https://x/a", seed=7)
OTHER = ResultState(key="b", url="https://x/b", seed=8)


def task(stage: Stage, *, count: int = 2, **facts: Any) -> TaskState:
    return TaskState(order=order(count=count), uuid="u", stage=stage, **facts)


def attempt(stage: Stage, *, count: int = 2, **facts: Any) -> Attempt:
    """Return an attempt; `facts` are those of its task, or its own."""
    own = {name: facts.pop(name) for name in list(facts) if name in Attempt.__slots__}
    return Attempt(task=task(stage, count=count, **facts), **{"due": 0.0, "since": 0.0, **own})


def heard(event: Event, *results: ResultState, **facts: Any) -> Heard:
    """Return what a call said; `facts` are those of the meaning, or of the call."""
    own = {name: facts.pop(name) for name in list(facts) if name in Heard.__slots__}
    return Heard(meaning=Meaning(event=event, results=results, **facts), **own)


def at(now: float = 0.0, *, wall: float | None = None, jitter: float = 0.0) -> Moment:
    return Moment(now=now, wall=now if wall is None else wall, jitter=jitter, pace=PACE)


def error(code: str) -> TaskError:
    return TaskError(code=code, message="")
