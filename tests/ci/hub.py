"""A stand-in for GitHub's comments API on loopback; it records every call."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"


@dataclass
class Hub:
    """The comments of pull request 7 of acme/film; `status` above 0 answers all calls with it."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    status: int = 0
    address: str = ""
    elsewhere: str = ""

    def add(self, body: str, author: str = BOT) -> dict[str, Any]:
        number = max((one["id"] for one in self.comments), default=100) + 1
        self.comments.append({"id": number, "user": {"login": author}, "body": body})
        return self.comments[-1]

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(path)
        where = parts.path.removeprefix("/repos/acme/film/")
        if where == "issues/7/comments" and method == "GET":
            asked = {name: int(one[0]) for name, one in parse_qs(parts.query).items()}
            start = (asked["page"] - 1) * asked["per_page"]
            return 200, self.comments[start : start + asked["per_page"]]
        if where == "issues/7/comments" and method == "POST":
            return 201, self.add(body["body"])
        number = int(where.removeprefix("issues/comments/"))
        one = next(one for one in self.comments if one["id"] == number)
        if method == "DELETE":
            self.comments.remove(one)
            return 204, None
        one["body"] = body["body"]
        return 200, one


@contextmanager
def serving() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            hub.calls.append((self.command, urlsplit(self.path).path))
            hub.tokens.add(self.headers.get("Authorization", ""))
            refused: tuple[int, Any] = (hub.status, {"message": "no"})
            status, answer = refused if hub.status else hub.answer(self.command, self.path, body)
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", hub.elsewhere)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815 - names that the server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
