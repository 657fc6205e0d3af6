"""What an answer means for each task that a call was about: pure, from call to event.

A verdict on a task is only an error addressed to its taskUUID. The status decides nothing
alone; an answer that does not speak of a task says nothing about it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderer.render.life import Event, Result
from renderer.wire.codes import Kind
from renderer.wire.messages import Answer, Item, NotUnderstood, TaskError, parse_answer

NO_FILE = "noFile"  # ours, not the provider's: a success that names no file


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """The connection was never made; nothing left this machine."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The request may have arrived; the answer did not, or cannot be understood."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A body that was understood, with its HTTP status and the pause it asks for."""

    status: int
    answer: Answer
    pause: float | None = None  # seconds, of Retry-After
    engine: bool = False  # an embedded engine says that it gave this answer


Call = Unsent | Lost | Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one task learns from a call."""

    event: Event
    results: tuple[Result, ...] = ()
    error: TaskError | None = None
    progress: int | None = None
    alone: bool = False  # ask about this task in a call of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Key or credit: nothing more may be submitted, collecting goes on."""

    error: TaskError


def barred(call: Call) -> Bar | None:
    """Return the error of key or credit that a call met, if it did."""
    if not isinstance(call, Answered):
        return None
    return next((Bar(error=e) for e in call.answer.errors if e.kind in _ACCOUNT), None)


_ACCOUNT = {Kind.KEY, Kind.MONEY}
_NOT_OURS = {Kind.KEY, Kind.RATE, Kind.SERVER}


def of_submit(call: Call, uuids: Sequence[str]) -> dict[str, Meaning]:
    """Return what a POST of tasks means for each of them."""
    if isinstance(call, Unsent):
        return {uuid: Meaning(event=Event.NOT_TAKEN) for uuid in uuids}
    if isinstance(call, Lost):
        return {uuid: Meaning(event=Event.LOST) for uuid in uuids}
    rows, errors, loose = _sorted(call.answer)
    return {
        uuid: _submitted(call, uuid, rows, errors.get(uuid, []))
        or _unmentioned(call, loose, alone=len(uuids) == 1)
        for uuid in uuids
    }


def _submitted(
    call: Answered, uuid: str, rows: Mapping[str, list[Item]], errors: list[TaskError]
) -> Meaning | None:
    if uuid in rows or any(error.kind is Kind.DUPLICATE for error in errors):
        return Meaning(event=Event.ACCEPTED, results=_results(rows.get(uuid, [])))
    if not errors:
        return None
    kind = errors[0].kind
    if kind is Kind.RATE:
        return Meaning(event=Event.NOT_TAKEN)
    if kind is Kind.SERVER or (kind is Kind.UNKNOWN and call.status >= 500):
        return Meaning(event=Event.LOST, error=errors[0])
    return Meaning(event=Event.REFUSED, error=errors[0])


def _unmentioned(call: Answered, loose: list[TaskError], *, alone: bool) -> Meaning:
    """Return what an answer means for a task that it does not name."""
    error = loose[0] if loose else None
    kinds = {e.kind for e in loose}
    event = Event.LOST
    if kinds & _ACCOUNT:
        event = Event.BARRED
    elif call.status == 429 or Kind.RATE in kinds:
        event = Event.NOT_TAKEN
    elif Kind.DUPLICATE in kinds and alone:
        event = Event.ACCEPTED
    elif error and call.status < 500 and not kinds & {Kind.SERVER, Kind.DUPLICATE}:
        # The call as a whole was refused. In a batch nobody knows whose fault it was.
        event = Event.REFUSED if alone else Event.NOT_TAKEN
    return Meaning(event=event, error=error, alone=bool(loose) and not alone)


def of_poll(call: Call, counts: Mapping[str, int]) -> dict[str, Meaning]:
    """Return what a getResponse means for each task; `counts` is the results each wants."""
    if not isinstance(call, Answered):
        event = Event.NOT_TAKEN if isinstance(call, Unsent) else Event.LOST
        return {uuid: Meaning(event=event) for uuid in counts}
    rows, errors, loose = _sorted(call.answer)
    heard = {}
    for uuid, count in counts.items():
        verdicts = [e for e in errors.get(uuid, []) if _is_verdict(e, call.status)]
        mine = rows.get(uuid, [])
        heard[uuid] = _polled(mine, verdicts, count) or _unpolled(call, loose, len(counts))
    return heard


def _is_verdict(error: TaskError, status: int) -> bool:
    trouble = status in {401, 402, 403, 408, 429} or status >= 500
    return error.kind is not Kind.DUPLICATE and not (trouble and error.kind in _NOT_OURS)


def _polled(rows: list[Item], errors: list[TaskError], count: int) -> Meaning | None:
    results = _results(rows)
    empty = [row for row in rows if row.status.lower() == "success" and not row.video_url]
    running = [row for row in rows if row.status.lower() != "success"]
    if empty and not errors:
        errors = [_no_file(empty[0])]
    error = errors[0] if errors else None
    progress = max((row.progress or 0 for row in running), default=None)
    over = len(results) >= count or (error is not None and not running)
    if results and over:
        return Meaning(event=Event.COMPLETE, results=results, error=error)
    if error and over:
        event = Event.GONE if error.kind is Kind.GONE else Event.REFUSED
        return Meaning(event=event, error=error)
    if rows or error:
        return Meaning(event=Event.SEEN, results=results, progress=progress)
    return None


def _unpolled(call: Answered, loose: list[TaskError], asked: int) -> Meaning:
    if any(error.kind in _ACCOUNT for error in loose):
        return Meaning(event=Event.BARRED, error=loose[0])
    if loose or call.status >= 300:
        refused = any(e.kind in {Kind.REQUEST, Kind.UNKNOWN} for e in loose)
        alone = asked > 1 and call.status in range(200, 429) and refused
        return Meaning(event=Event.LOST, error=loose[0] if loose else None, alone=alone)
    return Meaning(event=Event.SILENT)


def of_archive(call: Call, counts: Mapping[str, int]) -> dict[str, Meaning]:
    """Return what a getTaskDetails means for each task: the archived answer, if there is one."""
    if not isinstance(call, Answered):
        return of_poll(call, counts)
    rows, errors, loose = _sorted(call.answer)
    heard = {}
    for uuid, count in counts.items():
        archived = [_archived(row, uuid) for row in rows.get(uuid, [])]
        told = next((meaning for meaning in archived if meaning), None)
        nothing = errors.get(uuid) or not loose
        silent = Meaning(event=Event.SILENT) if nothing else _unpolled(call, loose, len(counts))
        heard[uuid] = _of_archived(told, count) if told else silent
    return heard


def _archived(row: Item, uuid: str) -> Answer | None:
    """Return the answer kept in a row of getTaskDetails, its tasks all taken for ours."""
    response = row.raw.get("response")
    if isinstance(response, list):
        response = {"data": response}
    try:
        answer = parse_answer(response)
    except NotUnderstood:
        return None
    mine = tuple(item for item in answer.items if item.task_uuid in {uuid, ""})
    errors = tuple(error for error in answer.errors if error.task_uuid in {uuid, ""})
    return Answer(items=mine, errors=errors) if mine or errors else None


def _of_archived(answer: Answer, count: int) -> Meaning:
    # A refused replay overwrites the archive: a conflict in it means that we were accepted.
    if any(error.kind is Kind.DUPLICATE for error in answer.errors):
        return Meaning(event=Event.SEEN)
    told = _polled(list(answer.items), list(answer.errors), count)
    return told or Meaning(event=Event.SEEN)


def _results(rows: Sequence[Item]) -> tuple[Result, ...]:
    return tuple(_result(row) for row in rows if row.video_url and row.status.lower() != "error")


def _result(row: Item) -> Result:
    return Result(
        key=row.video_uuid or "url-" + hashlib.sha256(row.video_url.encode()).hexdigest()[:32],
        url=row.video_url,
        seed=row.seed,
        cost=row.cost,
        draft_id=row.draft_id,
        unsafe=row.nsfw,
    )


def _no_file(row: Item) -> TaskError:
    return TaskError(
        code=NO_FILE, message="success with no file", task_uuid=row.task_uuid, parameter=""
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
