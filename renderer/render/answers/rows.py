"""The rows of an answer: which task they speak of, and which name a video."""

import hashlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from renderer.render.results import UNNAMED, ResultState
from renderer.runware.messages import Answer, Item, TaskError

_RUNNING = frozenset({"processing", "queued", "pending", "running", "waiting", "in_progress"})


def by_task(
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


def strays(
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


def is_result(row: Item) -> bool:
    """Whether a row names a video; a success whose URL is not there yet is still on its way."""
    return bool(row.video_url) and row.status.lower() not in _RUNNING


def results_of(rows: Sequence[Item]) -> tuple[ResultState, ...]:
    """Return the videos of a task, each once, however often it is listed."""
    found: list[ResultState] = []
    for row in filter(is_result, rows):
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
