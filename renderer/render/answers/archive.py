"""What a getTaskDetails means for each task: the archived answer, if there is one."""

from collections.abc import Mapping
from dataclasses import replace

from renderer.render.answers.calls import Answered, Call
from renderer.render.answers.meaning import POLLED, VERDICTS, Meaning, event_of
from renderer.render.answers.poll import of_no_row, of_poll, of_rows
from renderer.render.answers.rows import by_task, strays
from renderer.render.stage import Event
from renderer.runware.codes import Kind
from renderer.runware.messages import Answer, Item, TaskError

_MOST_RESULTS = 1000  # of one task; more is no count
# In the archive these may be what a POST was answered, not how its task ended.
_ARCHIVED_LOOSELY = frozenset({Kind.TIMEOUT, Kind.PROVIDER, Kind.UNKNOWN})


def of_archive(call: Call, counts: Mapping[str, int | None]) -> dict[str, Meaning]:
    """Return what a getTaskDetails means for each task: the archived answer, if there is one."""
    if not isinstance(call, Answered):
        return of_poll(call, counts)
    rows, errors, loose = by_task(call.answer)
    stray = strays(rows, errors, counts)
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
    return of_no_row(call, loose, asked, stray=stray)


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
        return of_rows(list(answer.items), verdicts, count) or Meaning(event=Event.SEEN)
    # A refused replay overwrites the archive: a conflict in it means that we were accepted.
    conflict = any(error.kind is Kind.DUPLICATE for error in answer.errors)
    return Meaning(event=Event.SEEN if conflict else Event.NOT_FOUND)


def _is_archived_verdict(error: TaskError) -> bool:
    return event_of(error) in VERDICTS and (error.ended or error.kind not in _ARCHIVED_LOOSELY)
