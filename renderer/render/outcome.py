"""What a run reports: notices while it goes, and the outcome at its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from renderer.plan.model import Step
from renderer.render.budget import at_risk
from renderer.render.order import Expected, Order, Recorded
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError


class News(StrEnum):
    """What a notice is about."""

    QUEUED = "queued"
    SUBMITTED = "submitted"
    RUNNING = "running"
    DOWNLOADING = "downloading"
    RECORDED = "recorded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WAITING = "waiting"  # the provider or the network asked for a pause; `text` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One step of one take. `number` is its take number; percent and bytes where known."""

    news: News
    address: str = ""
    number: int = 0
    task_uuid: str = ""
    percent: int | None = None
    done: int = 0
    total: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An order, or a part of it, that yielded nothing. `paid`: a result exists but was not had."""

    order: Order
    task_uuid: str
    code: str
    text: str
    paid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A task that is still being billed, or is unknown; `risk` in USD.

    `asked_again`: the next run asks about it once more; else a person decides.
    """

    order: Order
    task_uuid: str
    risk: Decimal | None
    text: str = ""
    asked_again: bool = False


def unsent(order: Order, uuid: str, error: TaskError | None) -> Failure:
    """Return an order that was not sent, and why."""
    text = str(error) if error else "the run was stopped before it"
    code = error.code if error else "stopped"
    return Failure(order=order, task_uuid=uuid, code=code, text=text)


def pending(task: TaskState, text: str, *, asked_again: bool = False) -> Pending:
    """Return a task of which the end is not known, with what it may cost."""
    risk = at_risk(task)
    return Pending(
        order=task.order, task_uuid=task.uuid, risk=risk, text=text, asked_again=asked_again
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended; together the lists cover every order and every open task before it."""

    recorded: tuple[Recorded, ...] = ()
    failed: tuple[Failure, ...] = ()
    unknown: tuple[Pending, ...] = ()
    running: tuple[Pending, ...] = ()
    unsent: tuple[Failure, ...] = ()
    interrupted: bool = False
    stopped: TaskError | None = None  # why nothing more was submitted: key, credit, address
    requests: int = 0
    spent: Decimal = Decimal(0)  # for what was ordered now; an unreported cost is the estimate
    collected: int = 0  # recorded takes that an earlier run ordered, or another clone
    waiting: tuple[str, ...] = ()  # addresses that depend on shots that were not made
    unplaced: int = 0  # takes that are not in renders/: their files are not here, or damaged
    choices: tuple[Step, ...] = ()  # what a person has to choose before it is made

    def then(self, later: "Outcome") -> "Outcome":
        """Return both of two runs, one after the other, as one; what is open is as at the end."""
        ended = {one.task_uuid for one in later.running + later.unknown}
        ended |= {one.take.task_uuid for one in later.recorded}
        unknown = tuple(one for one in self.unknown if one.task_uuid not in ended)
        running = tuple(one for one in self.running if one.task_uuid not in ended)
        return Outcome(
            recorded=self.recorded + later.recorded,
            failed=self.failed + later.failed,
            unknown=unknown + later.unknown,
            running=running + later.running,
            unsent=self.unsent + later.unsent,
            interrupted=self.interrupted or later.interrupted,
            stopped=self.stopped or later.stopped,
            requests=self.requests + later.requests,
            spent=self.spent + later.spent,
            collected=self.collected + later.collected,
            waiting=later.waiting,
            unplaced=later.unplaced,
            choices=later.choices,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a file is; None where the container does not say."""

    width: int
    height: int
    duration: Decimal
    fps: Decimal | None
    frames: int
    audio: bool


def not_as_asked(expected: Expected, probed: Probed) -> tuple[str, ...]:
    """Return one sentence for each thing that is not as asked, with both values."""
    pairs: Mapping[str, tuple[object, object]] = {
        "width": (expected.width, probed.width),
        "height": (expected.height, probed.height),
        "frames a second": (expected.fps, probed.fps),
        "sound": (expected.audio, probed.audio),
    }
    flags = [
        f"{name}: asked {_word(asked)}, got {_word(got)}"
        for name, (asked, got) in pairs.items()
        if asked is not None and got is not None and asked != got
    ]
    asked = expected.duration
    if asked is not None and abs(asked - probed.duration) > Decimal("0.25"):
        flags.append(f"duration: asked {asked} s, got {probed.duration.normalize():f} s")
    return tuple(flags)


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
