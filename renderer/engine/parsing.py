"""The body of a call -> tasks: bounded, decoded, allowed in."""

import hmac
import json
from collections.abc import AsyncIterator, Mapping
from typing import NoReturn

from starlette.requests import ClientDisconnect, Request

from renderer.engine.ids import is_uuid4
from renderer.engine.responses import RequestError, Row, error
from renderer.json_types import Json, JsonObject


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body; raise RequestError when it grows beyond the limit in bytes."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdecimal() and len(length) < 20 and int(length) > limit:
        _too_large(limit)
    found = bytearray()
    async for chunk in _chunks(request):
        found += chunk
        if len(found) > limit:
            _too_large(limit)
    return bytes(found)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as gone:
        raise RequestError([error("invalidJSON", "The body ended early.")]) from gone


def _too_large(limit: int) -> NoReturn:
    message = f"The body is larger than {limit} bytes: send fewer tasks, or upload images first."
    raise RequestError([error("valueTooLarge", message)], 413)


def read_tasks(body: bytes) -> list[dict[str, Json]]:
    """Return the tasks of a body; raise RequestError if it is not an array of objects."""
    try:
        tasks = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise RequestError([error("invalidJSON", "The body is not valid JSON.")]) from fault
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise RequestError(
            [error("invalidJSON", "The body must be a JSON array of task objects.")]
        )
    if not tasks:
        raise RequestError([error("arrayTooSmall", "The array holds no task.")])
    return tasks


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a JSON number")


def let_in(
    header: str | None, tasks: list[dict[str, Json]], keys: frozenset[str] | None
) -> list[Row]:
    """Check the key of the header or of a first `authentication` task; return its answer.

    Removes authentication tasks from the list; raises Refused if no key is accepted.
    """
    scheme, _, bearer = (header or "").partition(" ")
    given = [bearer.strip()] if scheme.lower() == "bearer" else []
    rows: list[Row] = []
    while tasks and tasks[0].get("taskType") == "authentication":
        task = tasks.pop(0)
        given.append(str(task.get("apiKey", "")))
        rows.append({"taskType": "authentication"})
    if keys is not None and not any(_known(key, keys) for key in given):
        message = "Invalid API key: this engine takes the keys that it was started with."
        row = error("invalidApiKey", message, parameter="apiKey", taskType="authentication")
        raise RequestError([row], 401)
    return rows


def _known(given: str, keys: frozenset[str]) -> bool:
    sent = given.encode("utf-8", "replace")
    return any(hmac.compare_digest(sent, key.encode()) for key in keys)


def read_slates(header: str | None) -> Mapping[str, JsonObject]:
    """Return shot and take by taskUUID (lower case); a header that cannot be read is no header."""
    try:
        rows = json.loads(header or "[]")
    except (ValueError, RecursionError):
        return {}
    rows = rows if isinstance(rows, list) else []
    found = {
        row["taskUUID"].lower(): row
        for row in rows
        if isinstance(row, dict) and is_uuid4(row.get("taskUUID"))
    }
    return {uuid: _slate(row) for uuid, row in found.items()}


def _slate(row: JsonObject) -> dict[str, Json]:
    return {key: row[key] for key in ("shot", "take") if type(row.get(key)) in (str, int)}
