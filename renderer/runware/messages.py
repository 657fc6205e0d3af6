"""What the API answers, read with tolerance from any body and any HTTP status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from renderer.errors import ProviderError
from renderer.json_types import Json
from renderer.runware.codes import Kind, kind_of

Message = Mapping[str, Json]
_TEXT_LIMIT = 2000
# What a row without an error is called when its status alone says that the task came to nothing.
_ENDED = {
    "error": "unknown",
    "failed": "taskFailed",
    "failure": "taskFailed",
    "cancelled": "taskCancelled",
    "canceled": "taskCancelled",
    "aborted": "taskCancelled",
    "expired": "taskExpired",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskError:
    """One error as the provider worded it; `task_uuid` is empty for an error of the call.

    `ended` says that it came with a status that ends a task: error, failed, cancelled.
    """

    code: str
    message: str
    task_uuid: str = ""
    parameter: str = ""
    allowed: tuple[str, ...] = ()
    ended: bool = False

    @property
    def kind(self) -> Kind:
        """The class of the code."""
        return kind_of(self.code)

    def __str__(self) -> str:
        about = f" (parameter {self.parameter})" if self.parameter else ""
        allowed = f"; allowed: {', '.join(self.allowed)}" if self.allowed else ""
        return f"{self.code}: {self.message}{about}{allowed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of `data`: an acknowledgement, a processing notice, a result, or an archived answer.

    `cost` is in USD and None when missing, zero, negative or not a number.
    """

    task_uuid: str
    status: str = ""
    video_uuid: str = ""
    video_url: str = ""
    seed: int | None = None
    cost: Decimal | None = None
    progress: int | None = None
    draft_id: str = ""
    nsfw: bool = False
    archived: "Answer | None" = None
    raw: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body that was understood: its rows and its errors, in the order given."""

    items: tuple[Item, ...] = ()
    errors: tuple[TaskError, ...] = ()


class UnreadableBodyError(ProviderError):
    """The body is JSON, but not an answer of this API."""


def parse_answer(body: Json) -> Answer:
    """Read a decoded body; raise UnreadableBodyError if it is not an object with data or errors.

    What cannot be read is no empty answer: silence on a task may lead to another POST.
    """
    if not isinstance(body, Mapping) or not ({"data", "errors", "error"} & body.keys()):
        raise UnreadableBodyError("the response is not an object with 'data' or 'errors'")
    items, errors = [], [*_errors(body.get("errors")), *_errors(body.get("error"))]
    if not _is_readable(body.get("data"), errors):
        raise UnreadableBodyError("'data' is not a list of objects")
    for row in _rows(body.get("data")):
        if _status(row) in _ENDED or row.get("error") or row.get("code"):
            errors.extend(_errors(row.get("error") or row, row))
        else:
            items.append(_item(row))
    return Answer(items=tuple(items), errors=tuple(errors))


def _is_readable(data: Json, errors: Sequence[TaskError]) -> bool:
    if isinstance(data, list):
        return all(isinstance(row, Mapping) for row in data)
    return isinstance(data, Mapping) or (data is None and bool(errors))


def _rows(value: Json) -> Sequence[Message]:
    if isinstance(value, Mapping):
        return [value]
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _errors(value: Json, outer: Message | None = None) -> Iterable[TaskError]:
    if isinstance(value, str):
        value = {"message": value}
    return [_error(row, outer or {}) for row in _rows(value)]


def _error(row: Message, outer: Message) -> TaskError:
    allowed = row.get("allowedValues")
    ended = next((one for one in (_status(row), _status(outer)) if one in _ENDED), "")
    code = row.get("code") or outer.get("code") or row.get("errorId")
    return TaskError(
        code=_text(code) or _ENDED.get(ended, "unknown"),
        message=_text(row.get("message") or row.get("errorMessage") or "no message was given"),
        task_uuid=_text(row.get("taskUUID") or outer.get("taskUUID")),
        parameter=_names(row.get("parameter")),
        allowed=tuple(map(_text, allowed)) if isinstance(allowed, list) else (),
        ended=bool(ended),
    )


def _status(row: Message) -> str:
    return _text(row.get("status")).lower()


def _item(row: Message) -> Item:
    outputs = row.get("outputs")
    seed, progress = row.get("seed"), row.get("progress")
    return Item(
        task_uuid=_text(row.get("taskUUID")),
        status=_text(row.get("status")),
        video_uuid=_text(row.get("videoUUID")),
        video_url=_url(row.get("videoURL")),
        seed=seed if type(seed) is int and 0 <= seed < 2**64 else None,
        cost=_cost(row.get("cost")),
        progress=progress if type(progress) is int and 0 <= progress <= 100 else None,
        draft_id=_text(outputs.get("draftId")) if isinstance(outputs, Mapping) else "",
        nsfw=row.get("NSFWContent") is True,
        archived=_archived(row.get("response")),
        raw=row,
    )


def _archived(response: Json) -> Answer | None:
    """Return the answer that a row of getTaskDetails keeps; None if it cannot be read."""
    try:
        return parse_answer({"data": response} if isinstance(response, list) else response)
    except UnreadableBodyError:
        return None


def _url(value: Json) -> str:
    return _text(value, limit=8192) if isinstance(value, str) else ""


def _cost(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        cost = Decimal(str(value))
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and 0 < cost < 1_000_000 else None


def _names(value: Json) -> str:
    return ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)


def _text(value: Json, *, limit: int = _TEXT_LIMIT) -> str:
    if value is None or isinstance(value, Mapping | list):
        return ""
    return str(value)[:limit].encode("utf-8", "replace").decode()
