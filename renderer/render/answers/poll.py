"""What the answer to a getResponse means for each task that it was about."""

from collections.abc import Mapping

from renderer.render.answers.calls import ACCOUNT, Answered, Call, Unsent
from renderer.render.answers.meaning import VERDICTS, Meaning, event_of
from renderer.render.answers.rows import by_task, is_result, results_of, strays
from renderer.render.stage import Event
from renderer.runware.codes import Kind
from renderer.runware.messages import Item, TaskError


def of_poll(call: Call, counts: Mapping[str, int | None]) -> dict[str, Meaning]:
    """Return what a getResponse means for each task.

    `counts` is how many results each has; None where only the provider knows.
    """
    if not isinstance(call, Answered):
        event = Event.NOT_TAKEN if isinstance(call, Unsent) else Event.NO_RESPONSE
        return {uuid: Meaning(event=event) for uuid in counts}
    rows, errors, loose = by_task(call.answer)
    stray = strays(rows, errors, counts)
    return {
        uuid: of_rows(rows.get(uuid, []), errors.get(uuid, []), count)
        or of_no_row(call, loose, len(counts), stray=stray)
        for uuid, count in counts.items()
    }


def of_rows(rows: list[Item], errors: list[TaskError], count: int | None) -> Meaning | None:
    """Return what rows and errors of one task mean; an error row is the end of one result."""
    results = results_of(rows)
    running = [row for row in rows if not is_result(row)]
    verdicts = [e for e in errors if event_of(e) in VERDICTS]
    error = verdicts[0] if verdicts else None
    if count is not None and len(results) >= count:
        return Meaning(event=Event.COMPLETE, results=results, error=error)
    if running or (rows and not results and not verdicts):
        progress = max((row.progress or 0 for row in running), default=None)
        return Meaning(event=Event.SEEN, results=results, progress=progress)
    if error and event_of(error) is Event.EXPIRED and not results:
        return Meaning(event=Event.EXPIRED, error=error)
    if count is not None and verdicts and len(results) + len(verdicts) >= count:
        event = Event.COMPLETE if results else Event.REFUSED
        return Meaning(event=event, results=results, error=error)
    if results or verdicts:
        return Meaning(event=Event.SOME, results=results, error=error)
    return Meaning(event=event_of(errors[0]), error=errors[0]) if errors else None


def of_no_row(call: Answered, loose: list[TaskError], asked: int, *, stray: bool) -> Meaning:
    """Return what an answer means for a task that has no row in it: silence, or trouble."""
    if any(error.kind in ACCOUNT for error in loose):
        return Meaning(event=Event.ACCOUNT_ERROR, error=loose[0])
    if loose or stray or call.status >= 300:
        refused = stray or any(e.kind in {Kind.REQUEST, Kind.UNKNOWN} for e in loose)
        error = loose[0] if loose else None
        return Meaning(event=Event.NO_RESPONSE, error=error, alone=asked > 1 and refused)
    return Meaning(event=Event.NOT_FOUND)
