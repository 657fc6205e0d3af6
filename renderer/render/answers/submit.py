"""What the answer to a POST means for each of its tasks."""

from collections.abc import Container, Sequence

from renderer.render.answers.calls import Call, NoResponse, Unsent
from renderer.render.answers.meaning import SUBMITTED, Meaning
from renderer.render.answers.rows import by_task, results_of
from renderer.render.stage import Event
from renderer.runware.codes import Kind
from renderer.runware.messages import Item, TaskError


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
    rows, errors, loose = by_task(call.answer)
    return {
        uuid: _submitted(rows.get(uuid), errors.get(uuid, []), asked=uuid in asked)
        or _unmentioned(loose, alone=len(uuids) == 1)
        for uuid in uuids
    }


def _submitted(rows: list[Item] | None, errors: list[TaskError], *, asked: bool) -> Meaning | None:
    if rows is not None:
        return Meaning(event=Event.ACCEPTED, results=results_of(rows), counted=not errors)
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
