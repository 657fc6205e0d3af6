"""Transitions of tasks: each response is journaled first, then applied."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from renderer.app.rendering.loop.state import ActiveTask, RunState
from renderer.render.answers import Answered, Call, Meaning
from renderer.render.outcome import News
from renderer.render.task_state import Event, ResultState, Stage, TaskState, may_try_again
from renderer.runware.codes import Kind
from renderer.runware.messages import TaskError

_NOTHING_LEARNED = {Event.NO_RESPONSE, Event.NOT_TAKEN, Event.ACCOUNT_ERROR}
_MOST_REFUSALS = 5  # refused polls in a row after which a run stops
_MOST_EARLIER = 20  # failed attempts of earlier runs that are stepped over
_SILENCES = 3
_SKEW = 60.0  # seconds by which a clock may have been set back between two runs
_MOST_SENDS = 8  # POSTs of one body in a run (some four minutes), then the next run asks

_SAYING = frozenset({Event.REFUSED, Event.COMPLETE, Event.SOME})  # an error with it is kept
_RUNNING = frozenset({Stage.WAIT, Stage.RESUMED})
_FEWER = TaskError(code="fewerResults", message="fewer takes came than were requested")

Collect = Callable[[TaskState, ResultState], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What one call reported about waiting: the moment, chance, the pause asked for, the trouble."""

    now: float
    jitter: float
    pause: float | None
    why: str


class Transitions:
    """Moves lives by what was heard. `collect` is called for each new result, once."""

    def __init__(self, state: RunState, collect: Collect) -> None:
        self._state = state
        self._ports = state.ports
        self._pace = state.terms.pace
        self._collect = collect

    def learn(self, batch: Sequence[ActiveTask], heard: Mapping[str, Meaning], call: Call) -> None:
        """Move every task of a batch, write all that changed in one step, then act on it."""
        engine = isinstance(call, Answered) and call.engine
        moved = [
            (live, live.life, self._moved(live, heard[live.life.uuid], engine=engine))
            for live in batch
        ]
        news = [after for _, before, after in moved if _worth_saving(before, after)]
        self._state.save(news)
        reply = self._reply(call)
        for live, before, after in moved:
            live.life = after
            self._wait(live, before, heard[after.uuid], reply)
            self._act(live, before, heard[after.uuid])

    def give_up(self, live: ActiveTask, error: TaskError) -> None:
        """Leave a task unsent for a reason of ours; one that was perhaps sent is asked about."""
        before, live.why = live.life, error
        if before.doubt:
            self._state.park(live)
            return
        live.life = before.move(Event.TIMED_OUT)
        self._close(live, error)

    def _moved(self, live: ActiveTask, meaning: Meaning, *, engine: bool) -> TaskState:
        """Return the life after what was heard, and after what our own clock says of it."""
        error = meaning.error if meaning.event in _SAYING else None
        before = live.life
        life = before.learn(
            meaning.results, error, counted=meaning.counted, listed=meaning.listed, engine=engine
        ).move(meaning.event, sendable=self._sendable(live))
        sure = life.count is not None or meaning.event is Event.SOME  # nothing is under way
        if life.full and sure:
            return life.move(Event.COMPLETE)
        if self._settled(live, before, life, meaning.event):
            return life.move(Event.COMPLETE if life.results else Event.REFUSED)
        return life.move(Event.TIMED_OUT) if self._timed_out(live, life, meaning.event) else life

    def _settled(self, live: ActiveTask, before: TaskState, life: TaskState, event: Event) -> bool:
        """Whether nothing more comes of a task that shows fewer results than it should have.

        Its other results may not be listed yet, so it is watched for a while, at full risk.
        """
        now = self._ports.clock.now()
        if event is not Event.SOME or before.results != life.results:
            live.still = now if event is Event.SOME else None
            return False
        live.still = now if live.still is None else live.still
        if life.count is not None and life.error is None:
            return False  # the rest was bought, and nothing says that it failed: to the deadline
        return now - live.still >= self._pace.settle(life.order.seconds)

    def _sendable(self, live: ActiveTask) -> bool:
        """Whether a task that was perhaps taken may be sent again: wanted, and still remembered."""
        age = 0.0 if live.sent is None else self._ports.clock.wall() - live.sent
        return not live.final and -_SKEW <= age <= self._pace.memory

    def _timed_out(self, live: ActiveTask, life: TaskState, event: Event) -> bool:
        """Whether our patience with a task is over: unsent for too long, or past its deadline."""
        now = self._ports.clock.now()
        if life.stage in {Stage.LOOKUP, Stage.SEND}:
            impatient = live.trouble is not None and now - live.trouble >= self._pace.patience
            return event in _NOTHING_LEARNED and impatient and not life.taken
        deadline = self._pace.deadline(life.order.seconds)
        waited = live.life.stage in _RUNNING and life.stage in _RUNNING
        return waited and event not in _NOTHING_LEARNED and now - live.since > deadline

    def _act(self, live: ActiveTask, before: TaskState, meaning: Meaning) -> None:
        life = live.life
        for result in life.results[len(before.results) :]:
            self._collect(life, result)
        if not before.acked and life.stage is Stage.WAIT:
            self._state.notify(News.SUBMITTED, life)
        elif life.stage is Stage.WAIT and meaning.event in {Event.SEEN, Event.SOME}:
            self._state.notify(News.RUNNING, life, percent=meaning.progress)
        if not life.open:
            self._close(live, meaning.error or life.error)
        elif life.stage is Stage.SEND and life.doubt and live.sends >= _MOST_SENDS:
            self._state.park(live)

    def _reply(self, call: Call) -> _Reply:
        return _Reply(
            now=self._ports.clock.now(),
            jitter=self._ports.clock.jitter(),
            pause=call.pause if isinstance(call, Answered) else None,
            why="" if isinstance(call, Answered) else call.why,
        )

    def _wait(self, live: ActiveTask, before: TaskState, meaning: Meaning, reply: _Reply) -> None:
        """Set when to ask next."""
        life = live.life
        live.alone = meaning.alone and life.stage is Stage.SEND
        if meaning.event in _NOTHING_LEARNED:
            self._trouble(live, meaning, reply)
            retry = self._pace.retry(live.failures, reply.jitter, reply.pause)
            live.due = reply.now if life.stage is not before.stage else reply.now + retry
            return
        live.failures, live.trouble, live.due = 0, None, reply.now
        if life.stage is Stage.SEND and live.sends:
            live.due = reply.now + self._pace.retry(live.sends, reply.jitter)
        elif life.stage in _RUNNING:
            self._pace_poll(live, before, meaning, reply)

    def _trouble(self, live: ActiveTask, meaning: Meaning, reply: _Reply) -> None:
        live.failures += 1
        live.trouble = reply.now if live.trouble is None else live.trouble
        live.why = meaning.error or TaskError(code="noAnswer", message=reply.why or "no response")
        barred = meaning.event is Event.ACCOUNT_ERROR and live.failures >= _MOST_REFUSALS
        if live.life.taken and (barred or reply.now - live.trouble > self._pace.patience):
            self._state.stop(live.why, closing=True)
        if live.failures > 1:
            self._state.notify(News.WAITING, live.life, str(live.why))

    def _pace_poll(
        self, live: ActiveTask, before: TaskState, meaning: Meaning, reply: _Reply
    ) -> None:
        now, seconds = reply.now, live.life.order.seconds
        if not before.acked:
            live.since = now
            live.due = now + (0 if before.stage is Stage.DOUBT else self._pace.first(seconds))
            return
        live.silences = live.silences + 1 if meaning.event is Event.NOT_FOUND else 0
        live.alone = live.silences % (_SILENCES + 1) == _SILENCES
        live.due = now + self._pace.next(seconds, now - live.since, reply.jitter)

    def _close(self, live: ActiveTask, error: TaskError | None) -> None:
        """Remove a task that has ended, and start what follows from it."""
        life, picture = live.life, live.life.order.fingerprint
        del self._state.live[life.uuid]
        self._state.covered[picture] += len(life.results) - live.before
        if life.stage is Stage.UNKNOWN:
            self._state.covered[picture] += life.missing
            text = str(live.why) if live.why else "the provider has no record of it"
            self._state.leave_unknown(life, text)
        elif life.stage is Stage.UNSENT:
            self._state.leave_unsent(life, error or live.why)
        elif life.missing:
            self._missing(live, error)
        self._state.release(picture)

    def _missing(self, live: ActiveTask, error: TaskError | None) -> None:
        """Try again for what a task did not yield, or note the failure."""
        life = live.life
        if life.order.fingerprint in self._state.held:
            self._missing_of_earlier(live, error)
            return
        earlier = live.sent is None and life.stage is Stage.FAILED  # another run's attempt
        rest = life.order.rest(len(life.results), tuple(r.seed for r in life.results))
        if rest and earlier and live.tries <= _MOST_EARLIER:
            self._state.start(rest, tries=live.tries + 1, attempt=life.attempt + 1)
        elif rest and self._again(live, error):
            attempt = None if life.results else life.attempt + 1
            self._state.start(rest, tries=live.tries + 1, attempt=attempt)
        else:
            self._state.fail(replace(life, order=rest or life.order), error or _FEWER)

    def _missing_of_earlier(self, live: ActiveTask, error: TaskError | None) -> None:
        """Note what a task of an earlier run did not yield; it is bought now only if that was allowed."""
        life, picture = live.life, live.life.order.fingerprint
        self._forgot_media(life, error)
        if live.final:
            self._state.covered[picture] += life.missing
            rest = life.order.rest(len(life.results))
            self._state.fail(replace(life, order=rest or life.order), error or _FEWER)

    def _again(self, live: ActiveTask, error: TaskError | None) -> bool:
        """Whether what is missing is asked for at once, under a new id."""
        forgot = self._forgot_media(live.life, error) and live.tries == 1
        # Another run or clone asked for fewer under this id: the rest is an order of its own.
        fewer = error is None and not live.life.counted
        wished = forgot or fewer or may_try_again(error, live.tries)
        return wished and self._state.sending and not self._state.closing and not live.final

    def _forgot_media(self, life: TaskState, error: TaskError | None) -> bool:
        """Forget uploads that the provider lost; whether a new upload may help."""
        lost = error is not None and error.kind is Kind.GONE and bool(life.order.files)
        if lost:
            self._ports.images.forget(life.order)
        return lost


def _worth_saving(before: TaskState, after: TaskState) -> bool:
    """Whether the journal has to know: results, what was taken, and what surely was not."""
    if after.results != before.results or after.counted != before.counted:
        return True
    if before.stage is Stage.SEND and after.stage is Stage.SEND and not after.doubt:
        return True
    changed = (before.acked, before.doubt, before.open) != (after.acked, after.doubt, after.open)
    never_sent = not after.taken and before.stage is Stage.LOOKUP
    return changed and not never_sent
