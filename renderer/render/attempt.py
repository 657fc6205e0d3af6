"""An attempt at an order in one run, and what may be decided about it: see `decide`."""

from dataclasses import dataclass

from renderer.render.answers.meaning import Meaning
from renderer.render.backoff import Pace
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError

_SKEW = 60.0  # seconds by which a clock may have been set back between two runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is decided: monotonic and epoch seconds, a jitter, and the pace of the run."""

    now: float
    wall: float
    jitter: float
    pace: Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A task under way, and when to ask next. Times are monotonic seconds, but for `sent`."""

    task: TaskState
    due: float
    since: float  # in this stage, or accepted
    tries: int = 1  # attempts in this run
    failures: int = 0  # consecutive calls without a usable response
    trouble: float | None = None  # since when
    why: TaskError | None = None  # what the last such call said
    silences: int = 0  # answers in a row that did not name it
    still: float | None = None  # since when it shows the same, fewer results than it should have
    alone: bool = False  # asked about in calls of its own
    sent: float | None = None  # epoch seconds of the first POST, maybe of an earlier run
    ask_only: bool = False  # out of the job: never sent (again)
    on_its_way: bool = False  # its POST left, and was not answered yet
    parked: bool = False  # perhaps taken, and left to the next run
    sends: int = 0  # POSTs in this run
    before: int = 0  # results that the lockfile had before this run

    def sendable(self, moment: Moment) -> bool:
        """Whether it may be sent, or once more: wanted, and surely still known if it was taken."""
        age = 0.0 if self.sent is None else moment.wall - self.sent
        return not self.ask_only and -_SKEW <= age <= moment.pace.memory

    def in_flight(self, *, busy: bool) -> bool:
        """Whether it was sent, or perhaps; `busy`: a call about it is under way."""
        return self.task.taken or (self.task.stage is Stage.SEND and busy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a call said of a task; `pause` is what it asked for, `why` what went wrong with it."""

    meaning: Meaning
    engine: bool = False  # an embedded engine answered
    pause: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """Its body is complete, and may leave now."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """It cannot be sent, for a reason of ours: over the budget, or its images are not there."""

    error: TaskError


@dataclass(frozen=True, slots=True)
class Halted:
    """This run sends nothing more, or nothing of its model."""

    error: TaskError | None


What = Heard | Ready | Dropped | Halted
