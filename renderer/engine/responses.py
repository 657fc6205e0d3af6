"""Runware's answers, built: rows of data, rows of errors, a body with its HTTP status."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from renderer.json_types import Json, JsonObject

Row = dict[str, Json]


@dataclass(slots=True, kw_only=True)
class Reply:
    """What one call is answered: its rows, its errors, and the status if there is no row."""

    data: list[Row] = field(default_factory=list)
    errors: list[Row] = field(default_factory=list)
    status: int = 200

    def refuse(self, error: Row, status: int = 400) -> None:
        """Add an error; the first one that has a status decides the status."""
        self.errors.append(error)
        self.status = status if self.status == 200 else self.status


class RequestError(Exception):
    """The whole call, or one task of it, is refused with these errors."""

    def __init__(self, errors: Iterable[Row], status: int = 400, wait: int = 0) -> None:
        self.errors, self.status, self.wait = list(errors), status, wait
        super().__init__(str(self.errors[0]["message"]) if self.errors else "")


def error(code: str, message: str, task: JsonObject | None = None, **more: Json) -> Row:
    """Return one error; with a task it is addressed to that task."""
    row: Row = {"code": code, "message": message}
    row.update({key: value for key, value in more.items() if value is not None})
    named = {key: (task or {}).get(key) for key in ("taskType", "taskUUID")}
    row.update({key: value for key, value in named.items() if isinstance(value, str)})
    return row


def response(reply: Reply) -> Response:
    """Return the HTTP response: rows and errors side by side, as the API mixes them."""
    body: Row = {"data": [*reply.data]}
    if reply.errors:
        body["errors"] = [*reply.errors]
    return body_response(body, 200 if reply.data else reply.status)


def refusal(refused: RequestError) -> Response:
    """Return the HTTP response to a call that is refused as a whole."""
    headers = {"Retry-After": str(refused.wait)} if refused.wait else {}
    return body_response({"data": [], "errors": [*refused.errors]}, refused.status, headers)


def body_response(body: Row, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON in ASCII: text that is not valid Unicode goes through unharmed."""
    content = json.dumps(body, allow_nan=False).encode("ascii")
    return Response(content, status, headers, media_type="application/json")
