"""The embedded engine: Runware's contract over ASGI, animatics behind it."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from renderer.animatic.spec import FORMATS
from renderer.catalog.catalog import Catalog
from renderer.engine.handlers import Handlers
from renderer.engine.ids import is_uuid4
from renderer.engine.options import Clock, Options
from renderer.engine.parsing import let_in, read_body, read_slates, read_tasks
from renderer.engine.responses import RequestError, error, refusal, response
from renderer.engine.storage import Storage
from renderer.engine.task_store import TaskStore
from renderer.json_types import is_number
from renderer.runware.mark import ENGINE, VERSION

_TYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}
_MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


class Marked(Starlette):
    """Says in a header of every answer, failures too, that an embedded engine gave it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the header added."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                mark = (ENGINE.lower().encode(), VERSION.encode())
                message = {**message, "headers": [*message.get("headers", ()), mark]}
            await send(message)

        await super().__call__(scope, receive, marked)


def create_app(
    *,
    catalog: Catalog,
    folder: str | os.PathLike[str],
    base_url: str,
    keys: frozenset[str] | None = None,
    clock: Clock = time.time,  # noqa: TID251 - the one place where none was passed in
    options: Options | None = None,
) -> Starlette:
    """Return the app. Videos are kept below `folder` and handed out below `base_url`.

    Without `keys` every caller is let in. `app.state.engine` is the TaskStore: its `billing` holds
    what would have been billed, its `close()` stops the work.
    """
    memory = Storage(Path(folder))
    options = options or Options()
    store = TaskStore(catalog=catalog, memory=memory, clock=clock, options=options)
    handlers = Handlers(store, base_url)
    app = (Marked if options.marked else Starlette)(
        routes=_routes(handlers, keys),
        exception_handlers={RequestError: _refused, HTTPException: _http, Exception: _broken},
    )
    app.state.engine = store
    return app


def _routes(handlers: Handlers, keys: frozenset[str] | None) -> list[Route]:
    call = _call(handlers, keys)
    return [
        Route("/", call, methods=["POST"]),
        Route("/v1", call, methods=["POST"]),
        Route("/v/{video}.{kind}", _video(handlers), methods=["GET"]),
        Route("/m/{media}", _media(handlers), methods=["GET"]),
    ]


def _call(
    handlers: Handlers, keys: frozenset[str] | None
) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        tasks = read_tasks(await read_body(request, handlers.store.options.body_limit))
        rows = let_in(request.headers.get("authorization"), tasks, keys)
        slates = read_slates(request.headers.get("x-renderer-slate"))
        dry = request.headers.get("x-runware-dry-run") == "1"
        reply = handlers.answer(tasks, slates, dry=dry)
        reply.data[:0] = rows
        return response(reply)

    return call


def _video(handlers: Handlers) -> Callable[[Request], Awaitable[Response]]:
    async def video(request: Request) -> Response:
        name, kind = request.path_params["video"], request.path_params["kind"]
        found = handlers.store.video(name)
        if found is None or FORMATS[found[0].format] != kind:
            raise HTTPException(404)
        task, result = found
        ttl = task.order.request.get("ttl")
        if is_number(ttl) and handlers.store.clock() >= (result.done_at or 0.0) + ttl:
            raise HTTPException(410)
        path = handlers.store.file(task, result)
        if not path.is_file():
            raise HTTPException(404)
        headers = {"etag": f'"{result.etag}"', "cache-control": "no-transform"}
        return FileResponse(path, headers=headers, media_type=_TYPES[kind])

    return video


def _media(handlers: Handlers) -> Callable[[Request], Awaitable[Response]]:
    async def media(request: Request) -> Response:
        name = request.path_params["media"].lower()
        content = handlers.store.memory.fetch("media", name) if is_uuid4(name) else None
        if content is None:
            raise HTTPException(404)
        known = (kind for magic, kind in _MAGIC.items() if content.startswith(magic))
        headers = {"x-content-type-options": "nosniff"}
        return Response(
            content, headers=headers, media_type=next(known, "application/octet-stream")
        )

    return media


async def _refused(request: Request, refused: Exception) -> Response:
    del request
    assert isinstance(refused, RequestError)  # noqa: S101 - Starlette calls by type
    return refusal(refused)


async def _http(request: Request, fault: Exception) -> Response:
    del request
    assert isinstance(fault, HTTPException)  # noqa: S101 - Starlette calls by type
    status = fault.status_code
    words: Mapping[int, str] = {
        410: "mediaExpired",
        404: "mediaNotFound",
        405: "unsupportedMethod",
    }
    row = error(words.get(status, "invalidParameter"), f"{HTTPStatus(status).phrase}.")
    answer = refusal(RequestError([row], status))
    answer.headers.update(fault.headers or {})
    return answer


async def _broken(request: Request, fault: Exception) -> Response:
    del request
    message = f"The engine failed ({type(fault).__name__}): this is its fault, not the request's."
    return refusal(RequestError([error("internalServerError", message)], 500))
