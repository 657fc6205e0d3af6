"""The ledger: what a call said, written down first, then acted on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from renderer.app.life.board import Board, Live
from renderer.render.life import Event, Life, Result, Stage, may_try_again
from renderer.render.meaning import Answered, Call, Meaning
from renderer.render.outcome import News
from renderer.wire.codes import Kind
from renderer.wire.messages import TaskError

_NOTHING_LEARNED = {Event.LOST, Event.NOT_TAKEN, Event.BARRED}
_DEAF = 5  # refused questions in a row after which a run goes home
_MOST_EARLIER = 20  # failed attempts of earlier runs that are stepped over
_SILENCES = 3

Collect = Callable[[Life, Result], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What one call told of waiting: the moment, chance, the pause asked for, the trouble."""

    now: float
    jitter: float
    pause: float | None
    why: str


class Ledger:
    """Moves lives by what was heard. `collect` is called for each new result, once."""

    def __init__(self, board: Board, collect: Collect) -> None:
        self._board = board
        self._ports = board.ports
        self._pace = board.terms.pace
        self._collect = collect

    def learn(self, batch: Sequence[Live], heard: Mapping[str, Meaning], call: Call) -> None:
        """Move every task of a batch, write all that changed in one step, then act on it."""
        moved = [(live, live.life, self._moved(live, heard[live.life.uuid])) for live in batch]
        news = [after for _, before, after in moved if _worth_saving(before, after)]
        self._board.save(news)
        reply = self._reply(call)
        for live, before, after in moved:
            live.life = after
            self._wait(live, before, heard[after.uuid], reply)
            self._act(live, before, heard[after.uuid])

    def give_up(self, live: Live, error: TaskError) -> None:
        """Leave a task unsent for a reason of ours; if it was perhaps sent it is unknown."""
        before = live.life
        live.life = before.move(Event.TIRED)
        if before.doubt:
            self._board.save([live.life])
        live.why = error
        self._close(live, before, error)

    def _moved(self, live: Live, meaning: Meaning) -> Life:
        life, event = live.life, meaning.event
        final = event in {Event.REFUSED, Event.COMPLETE}
        life = life.learn(meaning.results, meaning.error if final else None)
        full = len(life.results) >= life.order.count
        if full or (life.results and event is Event.REFUSED):
            event = Event.COMPLETE
        elif life.stage is Stage.ARCHIVE:
            event = self._from_archive(live, event)
        elif self._tired(live, event):
            event = Event.TIRED
        elif life.stage is Stage.WAIT and event is Event.SILENT and live.ask_archive:
            event, live.ask_archive = Event.GONE, False
            return life.move(event)
        live.over = live.over or (life.acked and event in {Event.GONE, Event.TIRED})
        return life.move(event)

    def _from_archive(self, live: Live, event: Event) -> Event:
        """Return what the archive's word means: the last one for a task that is over."""
        if event is Event.SEEN:
            return Event.FORGOTTEN if live.over else event
        if event not in {Event.SILENT, Event.GONE}:
            return event
        if live.life.acked and not live.over and not live.final:
            return Event.SEEN
        return Event.FORGOTTEN if self._too_late(live) else event

    def _too_late(self, live: Live) -> bool:
        """Whether a task that nobody knows may not be sent (again)."""
        if not live.life.acked and not live.life.doubt:
            return False
        if live.life.acked or live.final or self._board.stopped:
            return True
        age = 0.0 if live.sent is None else self._ports.clock.wall() - live.sent
        return not 0 <= age <= self._pace.memory

    def _tired(self, live: Live, event: Event) -> bool:
        now = self._ports.clock.now()
        if event in _NOTHING_LEARNED:
            patient = live.trouble is None or now - live.trouble < self._pace.patience
            return not patient and not _is_taken(live.life)
        deadline = self._pace.deadline(live.life.order.seconds)
        return live.life.stage is Stage.WAIT and now - live.since > deadline

    def _act(self, live: Live, before: Life, meaning: Meaning) -> None:
        life = live.life
        for result in life.results[len(before.results) :]:
            self._collect(life, result)
        if before.stage is not Stage.WAIT and life.stage is Stage.WAIT:
            self._board.tell(News.SUBMITTED, life)
        elif life.stage is Stage.WAIT and meaning.event is Event.SEEN:
            self._board.tell(News.RUNNING, life, percent=meaning.progress)
        if not life.open:
            self._close(live, before, meaning.error)

    def _reply(self, call: Call) -> _Reply:
        return _Reply(
            now=self._ports.clock.now(),
            jitter=self._ports.clock.jitter(),
            pause=call.pause if isinstance(call, Answered) else None,
            why="" if isinstance(call, Answered) else call.why,
        )

    def _wait(self, live: Live, before: Life, meaning: Meaning, reply: _Reply) -> None:
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
        elif life.stage is Stage.WAIT:
            self._pace_poll(live, before, meaning, reply)

    def _trouble(self, live: Live, meaning: Meaning, reply: _Reply) -> None:
        live.failures += 1
        live.trouble = reply.now if live.trouble is None else live.trouble
        live.why = meaning.error or TaskError(code="noAnswer", message=reply.why or "no answer")
        deaf = meaning.event is Event.BARRED and live.failures >= _DEAF
        if _is_taken(live.life) and (deaf or reply.now - live.trouble > self._pace.patience):
            self._board.stop(live.why, closing=True)
        if live.failures > 1:
            self._board.tell(News.WAITING, live.life, str(live.why))

    def _pace_poll(self, live: Live, before: Life, meaning: Meaning, reply: _Reply) -> None:
        now, seconds = reply.now, live.life.order.seconds
        if not before.acked:
            live.since = now
            live.due = now + (0 if before.stage is Stage.DOUBT else self._pace.first(seconds))
            return
        live.silences = live.silences + 1 if meaning.event is Event.SILENT else 0
        live.alone = live.silences % (_SILENCES + 1) == _SILENCES
        live.due = now + self._pace.next(seconds, now - live.since, reply.jitter)

    def _close(self, live: Live, before: Life, error: TaskError | None) -> None:
        """Take a task that came to its end off the board, and start what follows from it."""
        life = live.life
        del self._board.live[life.uuid]
        missing = life.order.count - len(life.results)
        why = error or live.why
        self._board.covered[life.order.fingerprint] += len(life.results) - live.before
        if life.stage is Stage.UNKNOWN:
            self._board.covered[life.order.fingerprint] += missing
            text = str(live.why) if live.why else "the provider has nothing on it"
            self._board.leave_unknown(life, text)
        elif life.stage is Stage.UNSENT:
            self._board.leave_unsent(life, why)
        elif missing:
            self._missing(live, before, error)
        self._board.release(life.order.fingerprint)

    def _missing(self, live: Live, before: Life, error: TaskError | None) -> None:
        """Try again for what a task did not yield, or note the failure."""
        life = live.life
        earlier = before.stage is Stage.LOOKUP and life.stage is Stage.FAILED
        if life.order.fingerprint in self._board.held:
            return  # what is still wanted of it starts when it is released
        rest = life.order.rest(len(life.results), tuple(r.seed for r in life.results))
        if self._forgot_media(life, error) and live.tries == 1:
            again = True
        else:
            again = may_try_again(error, live.tries)
        stopped = self._board.stopped or self._board.closing
        if rest and earlier and live.tries <= _MOST_EARLIER:
            self._board.start(rest, tries=live.tries + 1, attempt=life.attempt + 1)
        elif rest and again and not stopped and not live.final:
            attempt = None if life.results else life.attempt + 1
            self._board.start(rest, tries=live.tries + 1, attempt=attempt)
        else:
            failed = replace(life, order=rest or life.order)
            self._board.fail(failed, error)

    def _forgot_media(self, life: Life, error: TaskError | None) -> bool:
        """Forget uploads that the provider lost; whether a new upload may help."""
        lost = error is not None and error.kind is Kind.GONE and bool(life.order.files)
        if lost:
            self._ports.images.forget(life.order)
        return lost


def _is_taken(life: Life) -> bool:
    return life.acked or life.doubt


def _worth_saving(before: Life, after: Life) -> bool:
    if after.results != before.results:
        return True
    told = (before.acked, before.doubt, before.open) != (after.acked, after.doubt, after.open)
    never_sent = not after.acked and not after.doubt and before.stage is Stage.LOOKUP
    return told and not never_sent
