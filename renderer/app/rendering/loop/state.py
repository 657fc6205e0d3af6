"""The state of a run: every task under way, the orders that wait, and how the others ended."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renderer.app.rendering.loop.ports import Ports, Terms
from renderer.render.actions import LeaveUnknown, Report
from renderer.render.attempt import Attempt, Moment
from renderer.render.held import released
from renderer.render.order import Order, Recorded
from renderer.render.outcome import Failure, News, Notice, Pending, pending, unsent
from renderer.render.task_state import TaskState
from renderer.render.task_uuid import task_uuid
from renderer.runware.messages import TaskError


@dataclass(slots=True, kw_only=True)
class ActiveTask:
    """A task under way; `busy`: a call about it is."""

    attempt: Attempt
    busy: bool = False

    @property
    def task(self) -> TaskState:
        """Where its task is."""
        return self.attempt.task


@dataclass(slots=True, kw_only=True)
class RunState:
    """The mutable state of a run; private to the render loop."""

    ports: Ports
    terms: Terms
    live: dict[str, ActiveTask] = field(default_factory=dict)
    line: deque[Order] = field(default_factory=deque)  # not started yet
    held: dict[str, list[Order]] = field(default_factory=dict)  # by fingerprint
    allowed: dict[str, int] = field(default_factory=dict)  # takes of what is held, to be bought
    refused: dict[str, TaskError] = field(default_factory=dict)  # models that are not served
    covered: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    recorded: list[Recorded] = field(default_factory=list)
    posted: set[str] = field(default_factory=set)  # the ids of what this run ordered
    failed: list[Failure] = field(default_factory=list)
    unsent: list[Failure] = field(default_factory=list)
    unknown: list[Pending] = field(default_factory=list)
    stopped: TaskError | None = None
    closing: bool = False  # nothing more is submitted or asked: interrupt, or no way through
    collecting: int = 0
    elsewhere: Decimal = Decimal(0)  # USD at risk in tasks of other intents for what is wanted

    def admit(self) -> None:
        """Let orders in from the line: as many as are sent, and as many looked up ahead of them.

        What a run does at each step grows with what is open, not with all that is wanted.
        """
        while self.line and self.sending and len(self.live) < 2 * self.terms.in_flight:
            order = self.line.popleft()
            refusal = self.refused.get(model_of(order))
            if refusal:
                self.unsent.append(unsent(order, "", refusal))
            else:
                self.start(order)

    @property
    def sending(self) -> bool:
        """Whether this run may still send tasks that cost money."""
        return self.stopped is None and not self.terms.collect

    def start(self, order: Order, *, tries: int = 1, attempt: int | None = None) -> None:
        """Start an order, to be looked up first."""
        if attempt is None:
            attempt = self.ports.journal.next_attempt(order.fingerprint, order.index)
        uuid = task_uuid(
            lineage=self.terms.lineage,
            fingerprint=order.fingerprint,
            take=order.index,
            attempt=attempt,
        )
        now = self.ports.clock.now()
        task = TaskState(order=order, uuid=uuid, attempt=attempt)
        self.live[uuid] = ActiveTask(attempt=Attempt(task=task, due=now, since=now, tries=tries))
        self.notify(task, Report(news=News.QUEUED))

    def release(self, fingerprint: str) -> None:
        """Start what was held back for a fingerprint once nothing of it is open any more."""
        if fingerprint not in self.held or self._has(fingerprint):
            return
        covered = self.covered.pop(fingerprint, 0)
        allowed = self.allowed.pop(fingerprint, 0)
        orders = self.held.pop(fingerprint)
        for order in released(orders, covered, allowed) if self.sending else ():
            self.start(order)

    def _has(self, fingerprint: str) -> bool:
        return any(live.task.order.fingerprint == fingerprint for live in self.live.values())

    def stop(self, error: TaskError | None, *, closing: bool = False) -> None:
        """Submit nothing more, because of an error; `closing`: ask nothing more either."""
        self.stopped = self.stopped or error
        self.closing = self.closing or closing

    @property
    def idle(self) -> bool:
        """Whether nothing is under way here, and nothing more will be."""
        return not self.live and not (self.line and self.sending)

    def in_flight(self) -> int:
        """Count the tasks that were sent, or perhaps, and have not come to an end."""
        return sum(live.attempt.in_flight(busy=live.busy) for live in self.live.values())

    def save(self, tasks: Iterable[TaskState], *, posting: bool = False) -> None:
        """Write tasks to the journal; `posting`: they are sent right after it."""
        now = self.ports.clock.wall()
        self.ports.journal.save(tasks, self.terms.intent, now, posting=posting)

    def moment(self) -> Moment:
        """Return what decisions need of now."""
        clock = self.ports.clock
        pace = self.terms.pace
        return Moment(now=clock.now(), wall=clock.wall(), jitter=clock.jitter(), pace=pace)

    def notify(self, task: TaskState, report: Report) -> None:
        """Let the observer know of a step of every take of a task."""
        for place in range(task.order.count):
            notice = Notice(
                news=report.news,
                address=task.order.address,
                number=task.order.number + place,
                task_uuid=task.uuid,
                percent=report.percent,
                text=report.text,
            )
            self.ports.observe(notice)

    def fail(
        self, task: TaskState, order: Order, error: TaskError | None, *, paid: bool = False
    ) -> None:
        """Note that an order, a task's or what is left of it, yields nothing."""
        text = str(error) if error else "no reason was given"
        code = error.code if error else "unknown"
        failure = Failure(order=order, task_uuid=task.uuid, code=code, text=text, paid=paid)
        self.failed.append(failure)
        self.notify(replace(task, order=order), Report(news=News.FAILED, text=text))

    def leave_unknown(self, task: TaskState, action: LeaveUnknown) -> None:
        """Note that the provider does not know a task that may have been paid."""
        self.unknown.append(pending(task, action.text, asked_again=action.asked_again))
        self.notify(task, Report(news=News.UNKNOWN, text=action.text))

    def refuse_model(self, model: str, error: TaskError) -> None:
        """Send nothing more for a model that the provider does not serve."""
        self.refused.setdefault(model, error)

    def refusal(self, order: Order) -> TaskError | None:
        """Return why an order is not sent, whatever else is."""
        return self.stopped or self.refused.get(model_of(order))


def model_of(order: Order) -> str:
    """Return the model that an order is for."""
    return str(order.request.get("model", ""))
