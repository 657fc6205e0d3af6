"""The state of a run: every open task with its due time, and the outcome of the others."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renderer.app.rendering.loop.ports import Ports, Terms
from renderer.render.budget import at_risk, charged
from renderer.render.order import Order, Recorded
from renderer.render.outcome import Failure, News, Notice, Outcome, Pending
from renderer.render.task_state import Stage, TaskState
from renderer.render.task_uuid import task_uuid
from renderer.runware.messages import TaskError

OVER_BUDGET = TaskError(code="overBudget", message="it no longer fits under the limit")


@dataclass(slots=True, kw_only=True)
class ActiveTask:
    """A task under way: its life, and when to ask next (monotonic seconds)."""

    life: TaskState
    due: float
    since: float  # in this stage, or accepted
    tries: int = 1  # attempts in this run
    failures: int = 0  # consecutive calls without a usable response
    trouble: float | None = None  # since when
    why: TaskError | None = None  # what the last such call said
    silences: int = 0  # answers in a row that did not name it
    still: float | None = None  # since when it shows the same, fewer results than it should have
    alone: bool = False  # asked about in calls of its own
    busy: bool = False  # a call about it is under way
    sent: float | None = None  # wall time of the first POST, maybe of an earlier run
    final: bool = False  # never sent (again): asked about only
    sends: int = 0  # POSTs in this run
    before: int = 0  # results that the lockfile had before this run


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
                self.unsent.append(_unsent(order, "", refusal))
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
        life = TaskState(order=order, uuid=uuid, attempt=attempt)
        self.live[uuid] = ActiveTask(life=life, due=now, since=now, tries=tries)
        self.notify(News.QUEUED, life)

    def release(self, fingerprint: str) -> None:
        """Start what was held back for a fingerprint once nothing of it is open any more.

        No more is started than was allowed before the run: what an earlier run bought and did not
        get was not in what was agreed to now.
        """
        if fingerprint not in self.held or self._has(fingerprint):
            return
        covered = self.covered.pop(fingerprint, 0)
        allowed = self.allowed.pop(fingerprint, 0)
        for order in self.held.pop(fingerprint, []):
            rest = order.rest(covered)
            covered = max(0, covered - order.count)
            count = min(rest.count, allowed) if rest else 0
            if rest and count and self.sending:
                allowed -= count
                self.start(replace(rest, count=count))

    def _has(self, fingerprint: str) -> bool:
        return any(live.life.order.fingerprint == fingerprint for live in self.live.values())

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
        return sum(_is_sent(live) for live in self.live.values())

    def save(self, lives: Iterable[TaskState], *, posting: bool = False) -> None:
        """Write lives to the journal; `posting`: they are sent right after it."""
        now = self.ports.clock.wall()
        self.ports.journal.save(lives, self.terms.intent, now, posting=posting)

    def notify(
        self, news: News, life: TaskState, text: str = "", percent: int | None = None
    ) -> None:
        """Let the observer know of a step of every take of a task."""
        for place in range(life.order.count):
            notice = Notice(
                news=news,
                address=life.order.address,
                number=life.order.number + place,
                task_uuid=life.uuid,
                percent=percent,
                text=text,
            )
            self.ports.observe(notice)

    def fail(self, life: TaskState, error: TaskError | None, *, paid: bool = False) -> None:
        """Note that a task, or what is left of it, yields nothing."""
        text = str(error) if error else "no reason was given"
        code = error.code if error else "unknown"
        failure = Failure(order=life.order, task_uuid=life.uuid, code=code, text=text, paid=paid)
        self.failed.append(failure)
        self.notify(News.FAILED, life, text)

    def leave_unsent(self, life: TaskState, error: TaskError | None) -> None:
        """Note that a task was not sent, and why."""
        text = str(error) if error else "the run was stopped before it"
        code = error.code if error else "stopped"
        self.unsent.append(Failure(order=life.order, task_uuid=life.uuid, code=code, text=text))

    def leave_unknown(self, life: TaskState, text: str, *, asked_again: bool = False) -> None:
        """Note that the provider does not know a task that may have been paid."""
        self.unknown.append(replace(pending(life, text), asked_again=asked_again))
        self.notify(News.UNKNOWN, life, text)

    def park(self, live: ActiveTask) -> None:
        """Remove a task that was perhaps accepted; the next run asks about it again."""
        life = live.life
        del self.live[life.uuid]
        self.covered[life.order.fingerprint] += life.order.count - live.before
        why = str(live.why) if live.why else "no response for it yet"
        self.leave_unknown(life, why, asked_again=True)
        self.release(life.order.fingerprint)

    def refuse_model(self, model: str, error: TaskError) -> None:
        """Send nothing more for a model that the provider does not serve."""
        self.refused.setdefault(model, error)

    def sweep(self) -> None:
        """Remove orders that will not be sent."""
        for live in list(self.live.values()):
            life = live.life
            refusal = self.stopped or self.refused.get(model_of(life.order))
            if live.busy or life.acked or (self.sending and not refusal):
                continue
            if life.doubt and life.stage is Stage.SEND:
                self.park(live)
            elif not life.doubt and life.stage in {Stage.LOOKUP, Stage.SEND}:
                del self.live[life.uuid]
                self.leave_unsent(life, refusal)

    def _not_running(self) -> Iterator[Order]:
        """Yield what is held back and is more than what is under way."""
        for fingerprint, orders in self.held.items():
            lives = [one.life for one in self.live.values()]
            taken = sum(x.order.count for x in lives if x.order.fingerprint == fingerprint)
            for order in orders:
                rest = order.rest(taken)
                taken = max(0, taken - order.count)
                if rest:
                    yield rest

    def outcome(self, *, interrupted: bool) -> Outcome:
        """Return how it ended, with what is still open where it is."""
        running, unknown, unsent = [], list(self.unknown), list(self.unsent)
        why = self.stopped
        for live in self.live.values():
            life = live.life
            if life.acked:
                running.append(pending(life, "it is still being made, and billed"))
            elif life.doubt:
                unknown.append(pending(life, "no response for it yet"))
            else:
                unsent.append(_unsent(life.order, life.uuid, why))
        waiting = [*self._not_running(), *self.line]
        if not self.terms.collect:
            unsent += [_unsent(order, "", why) for order in waiting]
        takes = [one for one in self.recorded if not one.take.engine]
        bought = [one for one in takes if one.take.task_uuid in self.posted]
        return Outcome(
            recorded=tuple(self.recorded),
            collected=len(takes) - len(bought),
            failed=tuple(self.failed),
            unknown=tuple(unknown),
            running=tuple(running),
            unsent=tuple(unsent),
            interrupted=interrupted,
            stopped=self.stopped,
            requests=self.ports.client.requests,
            spent=sum(map(_charge, bought), Decimal(0)),
        )


def pending(life: TaskState, text: str) -> Pending:
    """Return a task of which the end is not known, with what it may cost."""
    return Pending(order=life.order, task_uuid=life.uuid, risk=at_risk(life), text=text)


def model_of(order: Order) -> str:
    """Return the model that an order is for."""
    return str(order.request.get("model", ""))


def _is_sent(live: ActiveTask) -> bool:
    life = live.life
    return life.acked or life.doubt or (life.stage is Stage.SEND and live.busy)


def _unsent(order: Order, uuid: str, error: TaskError | None) -> Failure:
    text = str(error) if error else "the run was stopped before it"
    code = error.code if error else "stopped"
    return Failure(order=order, task_uuid=uuid, code=code, text=text)


def _charge(recorded: Recorded) -> Decimal:
    return charged(recorded.take.cost, recorded.take.estimate)
