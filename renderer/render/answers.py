"""What an answer means for each task that a call was about: pure, from call to event.

A verdict on a task is only an error addressed to its taskUUID, and only of a kind that can be
one: money, key, rate and server trouble never are. The HTTP status decides nothing alone; an
answer that does not name a task says nothing about it.
"""

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from renderer.render.task_state import UNNAMED, Event, ResultState
from renderer.runware.codes import Kind
from renderer.runware.messages import Answer, Item, TaskError


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """The connection was never made; nothing left this machine."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoResponse:
    """The request may have arrived; the answer did not, or cannot be understood."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A body that was understood, with its HTTP status and the pause it asks for."""

    status: int
    answer: Answer
    pause: float | None = None  # seconds, of Retry-After
    engine: bool = False  # an embedded engine answered, not the paid provider


Call = Unsent | NoResponse | Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one task learns from a call."""

    event: Event
    results: tuple[ResultState, ...] = ()
    error: TaskError | None = None
    progress: int | None = None
    alone: bool = False  # ask about this task in a call of its own
    counted: bool = False  # it was taken by this very POST, with the count that it asks for
    listed: int | None = None  # how many results it was asked for, as the archive has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Key or credit: nothing more may be submitted, collecting continues."""

    error: TaskError


ACCOUNT = frozenset({Kind.KEY, Kind.MONEY})

# What an error that is addressed to a task means in the answer to its POST. Timeouts and provider
# troubles were seen on tasks that had been accepted: their state is unknown, so it is asked about.
SUBMITTED: Mapping[Kind, Event] = {
    Kind.DUPLICATE: Event.ACCEPTED,
    Kind.SERVER: Event.NO_RESPONSE,
    Kind.TIMEOUT: Event.NO_RESPONSE,
    Kind.PROVIDER: Event.NO_RESPONSE,
    Kind.UNKNOWN: Event.NO_RESPONSE,
    Kind.KEY: Event.ACCOUNT_ERROR,
    Kind.MONEY: Event.ACCOUNT_ERROR,
    Kind.RATE: Event.NOT_TAKEN,
    Kind.REQUEST: Event.REFUSED,
    Kind.MODEL: Event.REFUSED,
    Kind.SAFETY: Event.REFUSED,
    Kind.GONE: Event.REFUSED,
    Kind.CANCELLED: Event.REFUSED,
}

# The same of an error in the answer to a poll.
POLLED: Mapping[Kind, Event] = {
    Kind.DUPLICATE: Event.NO_RESPONSE,
    Kind.SERVER: Event.NO_RESPONSE,
    Kind.RATE: Event.NO_RESPONSE,
    Kind.UNKNOWN: Event.NO_RESPONSE,  # with a status that ends the task: REFUSED
    Kind.KEY: Event.ACCOUNT_ERROR,
    Kind.MONEY: Event.ACCOUNT_ERROR,
    Kind.GONE: Event.EXPIRED,
    Kind.REQUEST: Event.REFUSED,
    Kind.MODEL: Event.REFUSED,
    Kind.SAFETY: Event.REFUSED,
    Kind.TIMEOUT: Event.REFUSED,
    Kind.PROVIDER: Event.REFUSED,
    Kind.CANCELLED: Event.REFUSED,
}
_VERDICTS = frozenset({Event.REFUSED, Event.EXPIRED})
_MOST_RESULTS = 1000  # of one task; more is no count
_RUNNING = frozenset({"processing", "queued", "pending", "running", "waiting", "in_progress"})
# In the archive these may be what a POST was answered, not how its task ended.
_ARCHIVED_LOOSELY = frozenset({Kind.TIMEOUT, Kind.PROVIDER, Kind.UNKNOWN})


def barred(call: Call) -> Refusal | None:
    """Return the error of key or credit that a call met, if it did."""
    if not isinstance(call, Answered):
        return None
    return next((Refusal(error=e) for e in call.answer.errors if e.kind in ACCOUNT), None)


def of_submit(
    call: Call, uuids: Sequence[str], asked: Container[str] = frozenset()
) -> dict[str, Meaning]:
    """Return what a POST of tasks means for each of them.

    `asked` are tasks that were sent before, and that were unknown when asked: an error that
    that fits no other task is their verdict, or they would be sent for ever.
    """
    if isinstance(call, Unsent):
        return {uuid: Meaning(event=Event.NOT_TAKEN) for uuid in uuids}
    if isinstance(call, NoResponse):
        return {uuid: Meaning(event=Event.NO_RESPONSE) for uuid in uuids}
    rows, errors, loose = _sorted(call.answer)
    return {
        uuid: _submitted(rows.get(uuid), errors.get(uuid, []), asked=uuid in asked)
        or _unmentioned(loose, alone=len(uuids) == 1)
        for uuid in uuids
    }


def _submitted(rows: list[Item] | None, errors: list[TaskError], *, asked: bool) -> Meaning | None:
    if rows is not None:
        return Meaning(event=Event.ACCEPTED, results=_results(rows), counted=not errors)
    if not errors:
        return None
    # Of several errors the most careful counts: taken, perhaps taken, not taken, refused.
    error = min(errors, key=lambda e: list(SUBMITTED).index(e.kind))
    event = SUBMITTED[error.kind]
    if asked and error.kind is Kind.UNKNOWN:
        event = Event.REFUSED
    return Meaning(event=event, error=None if event is Event.ACCEPTED else error)


def _unmentioned(loose: list[TaskError], *, alone: bool) -> Meaning:
    """Return what an answer means for a task that it does not name.

    A refusal of the whole call is its verdict only if it was the only one in it.
    """
    if not loose:
        return Meaning(event=Event.NO_RESPONSE)
    kinds = {e.kind for e in loose}
    events = {SUBMITTED[kind] for kind in kinds}
    event = next(
        (e for e in (Event.ACCOUNT_ERROR, Event.NOT_TAKEN) if e in events), Event.NO_RESPONSE
    )
    if event is Event.NO_RESPONSE and alone and events == {Event.ACCEPTED}:
        event = Event.ACCEPTED
    elif events == {Event.REFUSED}:
        event = Event.REFUSED if alone else Event.NOT_TAKEN
    return Meaning(event=event, error=loose[0], alone=not alone)


def of_poll(call: Call, counts: Mapping[str, int | None]) -> dict[str, Meaning]:
    """Return what a getResponse means for each task.

    `counts` is how many results each has; None where only the provider knows.
    """
    if not isinstance(call, Answered):
        event = Event.NOT_TAKEN if isinstance(call, Unsent) else Event.NO_RESPONSE
        return {uuid: Meaning(event=event) for uuid in counts}
    rows, errors, loose = _sorted(call.answer)
    stray = _strays(rows, errors, counts)
    return {
        uuid: _polled(rows.get(uuid, []), errors.get(uuid, []), count)
        or _unpolled(call, loose, len(counts), stray=stray)
        for uuid, count in counts.items()
    }


def _strays(
    rows: dict[str, list[Item]],
    errors: Mapping[str, list[TaskError]],
    counts: Mapping[str, int | None],
) -> bool:
    """Whether an answer speaks of tasks that nobody asked about: that is not silence on ours.

    Rows without an id are those of the one task that was asked about, if it was one.
    """
    bare = rows.pop("", [])
    if bare and len(counts) == 1:
        rows.setdefault(next(iter(counts)), []).extend(bare)
        bare = []
    return bool(bare) or not (rows.keys() | errors.keys()) <= counts.keys()


def _event_of(error: TaskError) -> Event:
    """Return what an error addressed to a task says of it in the answer to a poll."""
    ended = error.kind is Kind.UNKNOWN and error.ended
    return Event.REFUSED if ended else POLLED[error.kind]


def _polled(rows: list[Item], errors: list[TaskError], count: int | None) -> Meaning | None:
    """Return what rows and errors of one task mean; an error row is the end of one result."""
    results = _results(rows)
    running = [row for row in rows if not _is_result(row)]
    verdicts = [e for e in errors if _event_of(e) in _VERDICTS]
    error = verdicts[0] if verdicts else None
    if count is not None and len(results) >= count:
        return Meaning(event=Event.COMPLETE, results=results, error=error)
    if running or (rows and not results and not verdicts):
        progress = max((row.progress or 0 for row in running), default=None)
        return Meaning(event=Event.SEEN, results=results, progress=progress)
    if error and _event_of(error) is Event.EXPIRED and not results:
        return Meaning(event=Event.EXPIRED, error=error)
    if count is not None and verdicts and len(results) + len(verdicts) >= count:
        event = Event.COMPLETE if results else Event.REFUSED
        return Meaning(event=event, results=results, error=error)
    if results or verdicts:
        return Meaning(event=Event.SOME, results=results, error=error)
    return Meaning(event=_event_of(errors[0]), error=errors[0]) if errors else None


def _unpolled(call: Answered, loose: list[TaskError], asked: int, *, stray: bool) -> Meaning:
    if any(error.kind in ACCOUNT for error in loose):
        return Meaning(event=Event.ACCOUNT_ERROR, error=loose[0])
    if loose or stray or call.status >= 300:
        refused = stray or any(e.kind in {Kind.REQUEST, Kind.UNKNOWN} for e in loose)
        error = loose[0] if loose else None
        return Meaning(event=Event.NO_RESPONSE, error=error, alone=asked > 1 and refused)
    return Meaning(event=Event.NOT_FOUND)


def of_archive(call: Call, counts: Mapping[str, int | None]) -> dict[str, Meaning]:
    """Return what a getTaskDetails means for each task: the archived answer, if there is one."""
    if not isinstance(call, Answered):
        return of_poll(call, counts)
    rows, errors, loose = _sorted(call.answer)
    stray = _strays(rows, errors, counts)
    return {
        uuid: _in_archive(rows.get(uuid, []), uuid, count)
        or _not_in_archive(call, errors.get(uuid, []), loose, len(counts), stray=stray)
        for uuid, count in counts.items()
    }


def _not_in_archive(
    call: Answered, errors: list[TaskError], loose: list[TaskError], asked: int, *, stray: bool
) -> Meaning:
    """Return what an answer without a row of a task means; trouble with the call is no silence."""
    if errors:
        trouble = POLLED[errors[0].kind]
        event = trouble if trouble in {Event.NO_RESPONSE, Event.ACCOUNT_ERROR} else Event.NOT_FOUND
        return Meaning(event=event, error=errors[0])
    return _unpolled(call, loose, asked, stray=stray)


# Of several archived answers the one that says most: a refused replay may lie beside the result.
_SAYS_MOST = (
    Event.COMPLETE,
    Event.SOME,
    Event.REFUSED,
    Event.EXPIRED,
    Event.SEEN,
    Event.NOT_FOUND,
)


def _in_archive(rows: list[Item], uuid: str, count: int | None) -> Meaning | None:
    """Return what the archived answers of a task mean, with the count that was asked for."""
    listed = next((number for row in rows if (number := _listed(row, uuid))), None)
    known = count or listed
    kept = [answer for row in rows if (answer := _archived(row, uuid))]
    found = sorted((_of_archived(one, known) for one in kept), key=_rank)
    if not found:
        return None if listed is None else Meaning(event=Event.SEEN, listed=listed)
    return replace(found[0], listed=listed)


def _rank(meaning: Meaning) -> int:
    return _SAYS_MOST.index(meaning.event)


def _listed(row: Item, uuid: str) -> int | None:
    """Return how many results the archived request asks for; None if it is not there."""
    request = row.raw.get("request")
    tasks = request if isinstance(request, list) else [request]
    for task in tasks:
        if isinstance(task, Mapping) and str(task.get("taskUUID", uuid)).lower() == uuid:
            count = task.get("numberResults", 1)
            return count if type(count) is int and 0 < count <= _MOST_RESULTS else None
    return None


def _archived(row: Item, uuid: str) -> Answer | None:
    """Return the answer kept in a row of getTaskDetails, its tasks all taken for ours."""
    answer = row.archived
    if answer is None:
        return None
    mine = tuple(item for item in answer.items if item.task_uuid.lower() in {uuid, ""})
    errors = tuple(error for error in answer.errors if error.task_uuid.lower() in {uuid, ""})
    return Answer(items=mine, errors=errors) if mine or errors else None


def _of_archived(answer: Answer, count: int | None) -> Meaning:
    verdicts = [error for error in answer.errors if _is_archived_verdict(error)]
    if answer.items or verdicts:
        return _polled(list(answer.items), verdicts, count) or Meaning(event=Event.SEEN)
    # A refused replay overwrites the archive: a conflict in it means that we were accepted.
    conflict = any(error.kind is Kind.DUPLICATE for error in answer.errors)
    return Meaning(event=Event.SEEN if conflict else Event.NOT_FOUND)


def _is_archived_verdict(error: TaskError) -> bool:
    return _event_of(error) in _VERDICTS and (error.ended or error.kind not in _ARCHIVED_LOOSELY)


def _is_result(row: Item) -> bool:
    """Whether a row names a video; a success whose URL is not there yet is still on its way."""
    return bool(row.video_url) and row.status.lower() not in _RUNNING


def _results(rows: Sequence[Item]) -> tuple[ResultState, ...]:
    """Return the videos of a task, each once, however often it is listed."""
    found: list[ResultState] = []
    for row in filter(_is_result, rows):
        result = _result(row)
        twice = (one for one in found if one.name == result.name and one.path == result.path)
        alike = any(one.seed == result.seed for one in twice)
        if not alike and not (result.name and any(one.name == result.name for one in found)):
            found.append(result)
    return tuple(found)


def _result(row: Item) -> ResultState:
    path = urlsplit(row.video_url).path
    return ResultState(
        key=row.video_uuid or UNNAMED + hashlib.sha256(path.encode()).hexdigest()[:32],
        url=row.video_url,
        seed=row.seed,
        cost=row.cost,
        draft_id=row.draft_id,
        unsafe=row.nsfw,
    )


def _sorted(
    answer: Answer,
) -> tuple[dict[str, list[Item]], dict[str, list[TaskError]], list[TaskError]]:
    """Return rows by task, errors by task, and the errors of the call."""
    rows: dict[str, list[Item]] = {}
    errors: dict[str, list[TaskError]] = {}
    for item in answer.items:
        rows.setdefault(item.task_uuid.lower(), []).append(item)
    for error in answer.errors:
        errors.setdefault(error.task_uuid.lower(), []).append(error)
    return rows, errors, errors.pop("", [])
