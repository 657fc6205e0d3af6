"""Who may ask the engine that listens on this machine: programs, and no page of a browser.

A page can reach 127.0.0.1 too. What distinguishes it from a program: its browser adds an Origin or says
Sec-Fetch-Site, a rebound name is in Host, and without asking first it can send
only bodies of the plain types. (Sec-Fetch-Mode says nothing: fetch of node sends it as well.)
"""

from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from renderer.engine.responses import RequestError, error, refusal

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
Headers = Mapping[str, Sequence[str]]


class Guard:
    """Hands on what a program on this machine asks, and refuses the rest unread."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        refused = _refused(scope["type"], scope.get("method", ""), _headers(scope))
        if refused is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await refusal(refused)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})


def _refused(kind: str, method: str, headers: Headers) -> RequestError | None:
    hosts = headers.get("host", ())
    if len(hosts) != 1 or _name(hosts[0]) not in HOSTS:
        return _refusal(
            "forbiddenHost", "Host: this engine is asked as 127.0.0.1 or localhost.", 400
        )
    if headers.get("origin") or any(one != "none" for one in headers.get("sec-fetch-site", ())):
        return _refusal("forbiddenOrigin", "Web pages may not ask this engine, programs may.", 403)
    if kind == "http" and method == "POST" and not _is_json(headers.get("content-type", ())):
        message = "Content-Type: send a body as application/json (curl needs -H for that)."
        return _refusal("unsupportedContentType", message, 415)
    return None


def _refusal(code: str, message: str, status: int) -> RequestError:
    return RequestError([error(code, message)], status)


def _headers(scope: Scope) -> Headers:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _name(host: str) -> str:
    """Return a Host without its port; a port that is none stays, and so is refused."""
    name, colon, port = host.strip().lower().rpartition(":")
    return name if colon and port.isascii() and port.isdecimal() else host.strip().lower()


def _is_json(types: Sequence[str]) -> bool:
    kinds = [kind.partition(";")[0].strip().lower() for kind in types]
    return kinds == ["application/json"]
