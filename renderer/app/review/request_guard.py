"""Who may ask anything of the served page: this machine's own pages, and nobody else."""

import re
from collections.abc import Iterable

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from renderer.errors import InputError

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' "
    "blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


_NAME = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.IGNORECASE)


def allowed(names: Iterable[str]) -> frozenset[str]:
    """Return more names under which the page is asked for, as through a tunnel; or InputError."""
    found = [name.lower() for name in names]
    for name in found:
        if not _NAME.fullmatch(name):
            raise InputError(
                f"--allow-host {name!r} is not a host as in a browser's address bar",
                "write it as in the address bar: HOST:PORT, without http:// and path",
            )
    return frozenset(found)


def refused(status: int, message: str) -> Response:
    """Return an answer that says why not."""
    return JSONResponse({"message": message}, status_code=status)


class Guard:
    """Lets in only what this machine's own pages ask, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts
        self.origins = frozenset(f"{way}://{host}" for host in hosts for way in ("http", "https"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].decode() not in _HEADERS]
                ours = [(name.encode(), text.encode()) for name, text in _HEADERS.items()]
                message = {**message, "headers": [*kept, *ours]}
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, receive, sending)

    def _refusal(self, scope: Scope) -> Response | None:
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        host = headers.get("host", [])
        if len(host) != 1:
            return refused(400, "exactly one Host header is required")
        if host[0].lower() not in self.hosts:
            return refused(
                403, "this is served to this machine only, or to --allow-host HOST:PORT"
            )
        origin = headers.get("origin", [])
        foreign = any(one not in self.origins for one in origin)
        site = headers.get("sec-fetch-site", ["none"])
        if foreign or any(one not in ("same-origin", "none") for one in site):
            return refused(403, "another site may not use this page")
        if scope["method"] == "POST":
            kind = headers.get("content-type", [""])[0].partition(";")[0].strip()
            if len(origin) != 1 or kind != "application/json":
                return refused(403, "only the page itself may make changes")
        return None
