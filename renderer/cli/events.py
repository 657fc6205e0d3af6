"""A render as events, one JSON object a line: what `render` and `watch` print for scripts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Literal, TypedDict

from renderer.app.project.lockfile import LockFile
from renderer.app.rendering.dry_run import Judged, total_price
from renderer.app.rendering.fetch_missing import Fetched
from renderer.app.rendering.job import Job
from renderer.app.rendering.outcome_words import code
from renderer.app.review.take_files import TakeFiles
from renderer.catalog.money import Money, exactly, exactly_or_none
from renderer.cli.output import write_event
from renderer.cli.plan import plan_data
from renderer.cli.plan_data import PlannedData
from renderer.cli.progress import Observer
from renderer.cli.take_data import TakeData, take_data
from renderer.errors import Problem
from renderer.lock.takes import Named
from renderer.plan.model import Step
from renderer.providers import LOCAL
from renderer.render.outcome import Failure, News, Notice, Outcome, Pending


class PlannedEvent(TypedDict):
    """What is about to be done, as `renderer plan` says it."""

    version: int
    event: Literal["planned"]
    plan: PlannedData


class FetchedEvent(TypedDict):
    """A take that was not on this machine: whether it is again, from where, or why not."""

    version: int
    event: Literal["fetched"]
    name: str
    found: bool
    source: str
    message: str


class ProgressEvent(TypedDict):
    """One step of one take; percent and bytes are null if unknown."""

    version: int
    event: Literal["progress"]
    state: News
    name: str
    address: str
    number: int
    task_uuid: str
    percent: int | None
    bytes: int
    total_bytes: int | None
    message: str


class TakeEvent(TakeData):
    """A take that was made, recorded and laid out; `flags` say what is not as asked."""

    version: int
    event: Literal["take"]
    flags: list[str]


class FailureData(TypedDict):
    """An order that yielded nothing; `paid`: a result exists, and the next render fetches it."""

    address: str
    task_uuid: str
    code: str
    message: str
    paid: bool


class PendingData(TypedDict):
    """A task that is not settled; `asked_again`: the next render asks about it."""

    address: str
    task_uuid: str
    risk: Money | None
    message: str
    asked_again: bool


class ChoiceData(TypedDict):
    """A task that waits for a person to choose a take, of its own or of the shots that it waits for."""

    address: str
    options: list[str]
    waits: list[str]


class StoppedData(TypedDict):
    """Why nothing more was sent."""

    code: str
    message: str


class EndedEvent(TypedDict):
    """How a render ended. In `collected` nothing was bought: what was bought before was fetched."""

    version: int
    event: Literal["ended", "collected"]
    exit_code: int
    made: int
    spent: Money
    interrupted: bool
    stopped: StoppedData | None
    failed: list[FailureData]
    unsent: list[FailureData]
    unknown: list[PendingData]
    running: list[PendingData]
    waiting: list[str]
    choices: list[ChoiceData]
    unplaced: int


class JudgedEvent(TypedDict):
    """`--dry-run`: what the provider says of one order, for all its takes."""

    version: int
    event: Literal["judged"]
    address: str
    task_uuid: str
    takes: int
    estimate: Money | None
    price: Money | None
    dearer: bool
    errors: list[StoppedData]


class JudgedAllEvent(TypedDict):
    """The end of a `--dry-run`: the price of all orders that were not refused."""

    version: int
    event: Literal["judged_all"]
    exit_code: int
    orders: int
    refused: int
    price: Money


class Steps:
    """Prints each step of a run that differs from the one before of the same take."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], tuple[News, int | None, str]] = {}

    def __call__(self, notice: Notice) -> None:
        """Print a step, unless only bytes were added: that is said for each whole percent."""
        share = notice.done * 100 // notice.total if notice.total else notice.percent
        key, now = (notice.task_uuid, notice.number), (notice.news, share, notice.text)
        if self._last.get(key) == now:
            return
        self._last[key] = now
        event: ProgressEvent = {
            "version": 1,
            "event": "progress",
            "state": notice.news,
            "name": f"{notice.address}#{notice.number}" if notice.address else "",
            "address": notice.address,
            "number": notice.number,
            "task_uuid": notice.task_uuid,
            "percent": notice.percent,
            "bytes": notice.done,
            "total_bytes": notice.total,
            "message": notice.text,
        }
        write_event(event)


class EventReport:
    """Reports a render to a script; see `report.Report`."""

    asks = False

    def warn(self, problems: Sequence[Problem]) -> None:
        """Say nothing: the plan that is printed before anything is made has them."""

    def planned(self, job: Job) -> None:
        """Print what is about to be done."""
        event: PlannedEvent = {"version": 1, "event": "planned", "plan": plan_data(job.planned)}
        write_event(event)

    def fetched(self, found: Sequence[Fetched]) -> None:
        """Print what became of takes that were not here."""
        for one in found:
            event: FetchedEvent = {
                "version": 1,
                "event": "fetched",
                "name": one.named.name,
                "found": one.found,
                "source": one.source,
                "message": one.why,
            }
            write_event(event)

    @contextmanager
    def follow(self, total: int) -> Iterator[Observer]:
        """Yield what prints each step."""
        del total
        yield Steps()

    def ended(self, outcome: Outcome, job: Job) -> int:
        """Print every take that was made, and how it ended; return the exit code."""
        _write_takes(outcome, job)
        write_event(_ended(outcome, "ended"))
        return code(outcome)

    def collected(self, outcome: Outcome, job: Job) -> None:
        """Print what an earlier run had bought, where this one is refused."""
        _write_takes(outcome, job)
        write_event(_ended(outcome, "collected"))

    def nothing(self, outcome: Outcome, job: Job, *, tidied: bool) -> int:
        """Print that there was nothing to make."""
        del tidied
        self.planned(job)
        return self.ended(outcome, job)

    def judged(self, found: Sequence[Judged], exit_code: int) -> None:
        """Print what the provider says of each order."""
        for one in found:
            write_event(_judged(one))
        event: JudgedAllEvent = {
            "version": 1,
            "event": "judged_all",
            "exit_code": exit_code,
            "orders": len(found),
            "refused": sum(bool(one.errors) for one in found),
            "price": exactly(total_price(found) if found else Decimal(0)),
        }
        write_event(event)


def _write_takes(outcome: Outcome, job: Job) -> None:
    """Print the takes that were made, as the lockfiles have them now."""
    for animatics in (False, True):
        made = [one for one in outcome.recorded if (one.take.engine and job.paid) is animatics]
        if not made:
            continue
        lock = LockFile.of(
            job.workspace.root, LOCAL.name if animatics else job.planned.plan.provider
        ).read()
        files = TakeFiles.of(job.workspace, job.planned.everything, lock)
        flags = {(one.order.address, one.take.sha256): one.take.flags for one in made}
        for address in dict.fromkeys(one.order.address for one in made):
            for take in lock.entries[address].takes if address in lock.entries else ():
                if (address, take.sha256) in flags:
                    named = Named(address=address, take=take)
                    write_event(_take(named, files, flags[address, take.sha256]))


def _take(named: Named, files: TakeFiles, flags: Sequence[str]) -> TakeEvent:
    return {"version": 1, "event": "take", **take_data(named, files), "flags": list(flags)}


def _ended(outcome: Outcome, event: Literal["ended", "collected"]) -> EndedEvent:
    stopped = outcome.stopped
    return {
        "version": 1,
        "event": event,
        "exit_code": code(outcome),
        "made": len(outcome.recorded),
        "spent": exactly(outcome.spent),
        "interrupted": outcome.interrupted,
        "stopped": {"code": stopped.code, "message": str(stopped)} if stopped else None,
        "failed": [_failure(one) for one in outcome.failed],
        "unsent": [_failure(one) for one in outcome.unsent],
        "unknown": [_pending(one) for one in outcome.unknown],
        "running": [_pending(one) for one in outcome.running],
        "waiting": list(outcome.waiting),
        "choices": [_choice(step) for step in outcome.choices],
        "unplaced": outcome.unplaced,
    }


def _failure(one: Failure) -> FailureData:
    return {
        "address": one.order.address,
        "task_uuid": one.task_uuid,
        "code": one.code,
        "message": one.text,
        "paid": one.paid,
    }


def _pending(one: Pending) -> PendingData:
    return {
        "address": one.order.address,
        "task_uuid": one.task_uuid,
        "risk": exactly_or_none(one.risk),
        "message": one.text,
        "asked_again": one.asked_again,
    }


def _choice(step: Step) -> ChoiceData:
    return {
        "address": step.address,
        "options": list(step.options),
        "waits": list(step.waits),
    }


def _judged(one: Judged) -> JudgedEvent:
    return {
        "version": 1,
        "event": "judged",
        "address": one.order.address,
        "task_uuid": one.task_uuid,
        "takes": one.order.count,
        "estimate": one.estimate.as_json() if one.estimate else None,
        "price": exactly_or_none(one.price),
        "dearer": one.dearer,
        "errors": [{"code": error.code, "message": str(error)} for error in one.errors],
    }
