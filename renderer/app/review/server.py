"""Use case: the review page, served to the one person who started it, on this machine only."""

import hmac
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from renderer.app.review.live_page import LivePage
from renderer.app.review.page_data import Reviewer
from renderer.app.review.request_guard import Guard, refused
from renderer.app.review.static_page import SCRIPTS, STYLES, page, web
from renderer.errors import MachineError, RefusedError, RendererError
from renderer.json_types import Json
from renderer.review.html import broken, door
from renderer.sanitize import visible
from renderer.strict_json import NotStrictError, read

if TYPE_CHECKING:  # the app alone needs no server
    from uvicorn import Server

HOST = "127.0.0.1"
FIRST_PORT = 8765
_TRIES = 20
_BODY = 1 << 18
_TYPES = {"mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "jpg": "image/jpeg"}
_MEDIA = re.compile(r"[0-9a-f]{64}\.(?:strip\.)?(mp4|webm|mov|jpg)")
_DOOR = "door.js"
Handler = Callable[[Request], Awaitable[Response]]


def create_app(
    reviewer: Reviewer, port: int, token: str, more: frozenset[str] = frozenset()
) -> ASGIApp:
    """Return the app: every path behind Host and Origin checks, all but the door behind a token.

    It answers to this machine's names, and to `more` of them: the other ends of tunnels.
    """
    room = _Room(live=LivePage(reviewer), cookie=f"review-{port}", token=token)
    routes = [
        Route("/", room.home, methods=["GET"]),
        Route("/enter", room.enter, methods=["POST"]),
        Route("/app/{name}", _app_file, methods=["GET"]),
        Route("/state", room.owned(room.state), methods=["GET"]),
        Route("/data.json", room.owned(room.data), methods=["GET"]),
        Route("/media/{name}", room.owned(room.media), methods=["GET"]),
        Route("/pick", room.owned(_changing(room.live.pick)), methods=["POST"]),
        Route("/undo", room.owned(_changing(room.live.undo)), methods=["POST"]),
    ]
    hosts = frozenset({f"{HOST}:{port}", f"localhost:{port}"})
    return Guard(Starlette(routes=routes), hosts | more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where a page is served: its address with its token, and those at the ends of tunnels.

    `in_use` is the usual port, where another program has it.
    """

    url: str
    tunnels: tuple[str, ...] = ()
    in_use: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """The pages of one run; its owner holds the token, in a cookie that no script can read."""

    live: LivePage
    cookie: str
    token: str

    def owned(self, handler: Handler) -> Handler:
        """Let only the owner reach a handler."""

        async def checked(request: Request) -> Response:
            if not self._known(request.cookies.get(self.cookie, "")):
                return refused(403, "open the address that `renderer review --serve` printed")
            return await handler(request)

        return checked

    async def home(self, request: Request) -> Response:
        """Answer with the page, or with the door where the owner shows the token."""
        if not self._known(request.cookies.get(self.cookie, "")):
            return HTMLResponse(door(f"app/{_DOOR}", [f"app/{STYLES[0]}"]))
        return await run_in_threadpool(self._page)

    def _page(self) -> Response:
        try:
            return HTMLResponse(page(self.live.data()))
        except RendererError as error:
            problems = [visible(str(one)) for one in error.problems]
            return HTMLResponse(broken(problems, [f"app/{STYLES[0]}"]), 422)

    async def enter(self, request: Request) -> Response:
        """Change the token for a cookie."""
        body = await _body(request)
        if not self._known(str(body.get("token", "")) if body else ""):
            return refused(403, "this token is of another run")
        answer = JSONResponse({"message": "welcome"})
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return answer

    async def state(self, _: Request) -> Response:
        """Answer with the digest of the data, and with who renders now."""
        return await _worked(lambda: JSONResponse(self.live.state()))

    async def data(self, _: Request) -> Response:
        """Answer with the page's data."""
        return await _worked(lambda: JSONResponse(self.live.progress()))

    async def media(self, request: Request) -> Response:
        """Answer with a file that the page shows, in the ranges that players ask for."""
        named = _MEDIA.fullmatch(request.path_params["name"])
        path = self.live.reviewer.media(named[0]) if named else None
        if named is None or path is None or not path.is_file():
            return refused(404, "the page has no such file")
        return FileResponse(path, media_type=_TYPES[named[1]])

    def _known(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())


async def _app_file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in (*STYLES, *SCRIPTS, _DOOR):
        return refused(404, "there is no such file")
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return Response(web(name), media_type=f"{kind}; charset=utf-8")


def _changing(change: Callable[[Mapping[str, Json]], str]) -> Handler:
    async def handler(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return refused(400, "a JSON object is required")
        return await _worked(lambda: JSONResponse({"message": visible(change(body))}))

    return handler


async def _worked(work: Callable[[], Response]) -> Response:
    """Do work in a thread; what goes wrong is reported with the status that fits."""
    try:
        return await run_in_threadpool(work)
    except RendererError as error:
        status = 409 if isinstance(error, RefusedError) else 422
        return refused(status, visible("; ".join(str(one) for one in error.problems[:3])))


async def _body(request: Request) -> Mapping[str, Json] | None:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > _BODY:
            return None
    try:
        body = read(content, most=_BODY)  # no halves of characters either
    except NotStrictError:
        return None
    return body if isinstance(body, dict) else None


def serve_review(
    reviewer: Reviewer,
    port: int | None,
    ready: Callable[[Serving], None],
    more: frozenset[str] = frozenset(),
) -> None:
    """Serve the page until interrupted; `ready` is called once, when it can be opened."""
    with (
        _server(reviewer, port, ready, more) as (server, listener),
        suppress(KeyboardInterrupt),
    ):  # the way to stop it
        server.run(sockets=[listener])


@contextmanager
def served(
    reviewer: Reviewer,
    port: int | None,
    ready: Callable[[Serving], None],
    more: frozenset[str] = frozenset(),
) -> Iterator[None]:
    """Serve the page beside other work, in a thread that ends with it."""
    with _server(reviewer, port, ready, more) as (server, listener):
        work = Thread(target=server.run, args=([listener],), name="review", daemon=True)
        work.start()
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True
            work.join(5)


@contextmanager
def _server(
    reviewer: Reviewer, port: int | None, ready: Callable[[Serving], None], more: frozenset[str]
) -> Iterator[tuple["Server", socket.socket]]:
    from uvicorn import Config, Server

    token = secrets.token_urlsafe(32)
    with closing(_socket(port)) as listener:
        bound = cast(int, listener.getsockname()[1])
        app = create_app(reviewer, bound, token, more)
        tunnels = tuple(f"http://{host}/#{token}" for host in sorted(more))
        taken = FIRST_PORT if port is None and bound != FIRST_PORT else None
        ready(Serving(url=f"http://{HOST}:{bound}/#{token}", tunnels=tunnels, in_use=taken))
        config = Config(
            app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=1,  # a film that is being watched does not hold up the end
        )
        yield Server(config), listener


def _socket(port: int | None) -> socket.socket:
    """Return a socket that listens on this machine only, on the port wanted or the next free."""
    wanted = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + _TRIES)
    for number in wanted:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
            listener.listen(64)
        except OSError as error:
            listener.close()
            fault = error
        else:
            return listener
    raise MachineError(
        f"no review can be served on port {wanted[0]}: {fault.strerror}",
        "name a free one with --port, or 0 for any",
    )
