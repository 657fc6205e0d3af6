"""Who may ask an engine that listens: programs on this machine, and no web page."""

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from renderer.engine.guard import Guard
from renderer.runware.mark import ENGINE
from tests.harness.terminal import environment_of, program

Json = Any
Build = Callable[..., Any]
ID = "3c6ff1c0-9a56-4f0e-8d2f-0123456789ab"

# What programs send, as seen on the wire: each of these has to be served.
PROGRAMS = {
    "httpx": {"user-agent": "python-httpx/0.28", "content-type": "application/json"},
    "curl": {"user-agent": "curl/8.5", "accept": "*/*", "content-type": "application/json"},
    "fetch of node": {
        "content-type": "application/json; charset=utf-8",
        "sec-fetch-mode": "cors",
        "accept-language": "*",
        "user-agent": "node",
    },
    "axios": {"content-type": "Application/JSON;charset=UTF-8", "user-agent": "axios/1.7"},
}
# What a browser adds, or is all that a page can send: each of these has to be refused.
PAGES: dict[str, tuple[dict[str, str], int]] = {
    "origin": ({"origin": "https://evil.example"}, 403),
    "origin of this machine": ({"origin": "http://127.0.0.1:3000"}, 403),
    "origin of a file": ({"origin": "null"}, 403),
    "empty origin": ({"origin": " "}, 403),
    "other site": ({"sec-fetch-site": "cross-site"}, 403),
    "same site": ({"sec-fetch-site": "same-site"}, 403),
    "own origin": ({"sec-fetch-site": "same-origin"}, 403),
    "odd site": ({"sec-fetch-site": "NONE"}, 403),
    "plain text": ({"content-type": "text/plain"}, 415),
    "plain text that names JSON": ({"content-type": "text/plain; application/json"}, 415),
    "form": ({"content-type": "application/x-www-form-urlencoded"}, 415),
    "multipart": ({"content-type": "multipart/form-data; boundary=application/json"}, 415),
    "two types in one": ({"content-type": "text/plain, application/json"}, 415),
    "no type": ({"content-type": ""}, 415),
    "rebound name": ({"host": "evil.example"}, 400),
    "rebound name with port": ({"host": "evil.example:8724"}, 400),
    "name that begins alike": ({"host": "127.0.0.1.evil.example"}, 400),
    "name that ends alike": ({"host": "evil.localhost"}, 400),
    "user before the host": ({"host": "127.0.0.1@evil.example"}, 400),
    "port that is none": ({"host": "127.0.0.1:evil.example"}, 400),
    "no host": ({"host": ""}, 400),
}


def status(method: str, headers: Mapping[str, str]) -> int:
    """Return what the guard answers; 200 is of the app behind it."""
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    said: list[Json] = []

    async def receive() -> Json:
        return {"type": "http.request", "body": b"[]"}

    async def send(message: Json) -> None:
        said.append(message)

    scope = {"type": "http", "method": method, "path": "/v1", "headers": pairs}
    asyncio.run(Guard(Response(b""))(scope, receive, send))
    return int(said[0]["status"])


@pytest.mark.parametrize("host", ["127.0.0.1:8724", "localhost:1", "LOCALHOST", "[::1]:8724"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_sends_is_answered(program: str, host: str) -> None:
    assert status("POST", {"host": host} | PROGRAMS[program]) == 200


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_can_send_is_refused_whatever_else_it_says(page: str, program: str) -> None:
    headers, refused = PAGES[page]
    assert status("POST", {"host": "127.0.0.1:8724"} | PROGRAMS[program] | headers) == refused


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "page", [page for page, (headers, _) in PAGES.items() if "content-type" not in headers]
)
def test_a_page_is_refused_with_every_method(page: str, method: str) -> None:
    headers, refused = PAGES[page]
    assert status(method, {"host": "localhost:8724"} | headers) == refused


@given(st.text(st.characters(max_codepoint=255), max_size=30).filter(lambda t: t != "none"))
def test_no_other_text_in_a_header_that_is_checked_opens_the_engine(text: str) -> None:
    sound = {"host": "localhost", "content-type": "application/json"}
    for name in ("sec-fetch-site", "content-type", "host"):
        pairs = {**sound, name: text}
        if text.strip().lower() in ("localhost", "127.0.0.1", "[::1]", "application/json"):
            continue
        assert status("POST", {k: v.encode().decode("latin-1") for k, v in pairs.items()}) != 200


def test_a_websocket_of_a_page_is_closed_before_it_opens() -> None:
    said: list[Json] = []

    async def send(message: Json) -> None:
        said.append(message)

    headers = [(b"host", b"localhost"), (b"origin", b"https://evil.example")]
    scope = {"type": "websocket", "path": "/v1", "headers": headers}
    asyncio.run(Guard(Response(b""))(scope, None, send))  # type: ignore[arg-type]
    assert [message["type"] for message in said] == ["websocket.close"]


@contextmanager
def engine(*options: str, **variables: str) -> Iterator[tuple[Any, str, str]]:
    """Start `renderer engine`; yield its process, its address, and the key that it printed."""
    command = program("engine", "--port", "0", *options)
    settings = environment_of({"PYTHONUNBUFFERED": "1", **variables})
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=settings
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline().decode() for _ in range(2)]
        words = dict(word.partition("=")[::2] for word in lines[1].split() if "=" in word)
        try:
            yield child, words["RUNWARE_BASE_URL"], words["RUNWARE_API_KEY"]
        finally:
            child.kill()


def order(**more: Json) -> list[Json]:
    request = {"taskType": "videoInference", "taskUUID": ID, "model": "bytedance:seedance@1.5-pro"}
    size = {"width": 640, "height": 640, "duration": 4}
    return [request | size | {"positivePrompt": "A bell in rain"} | more]


class Heard(BaseHTTPRequestHandler):
    """A receiver that hears of each delivery, and never answers one."""

    heard: list[str]
    came: threading.Event
    done: threading.Event

    def do_POST(self) -> None:
        self.heard.append(self.path)
        self.came.set()
        self.done.wait(60)

    do_PUT = do_POST  # noqa: N815 - the same


@pytest.fixture
def receiver() -> Iterator[tuple[str, type[Heard]]]:
    class Here(Heard):
        heard: list[str] = []  # noqa: RUF012 - of this one test
        came, done = threading.Event(), threading.Event()

    server = HTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Here
    Here.done.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_sends_nothing_through_the_engine_and_a_program_does_until_sigterm(
    receiver: tuple[str, type[Heard]], tmp_path: Path
) -> None:
    """It ends in order too: with a receiver that is silent and a client that does not read."""
    place, there = receiver
    with engine(TMPDIR=str(tmp_path)) as (child, address, key):
        head = {"Authorization": f"Bearer {key}"}
        with httpx.Client(headers=head, trust_env=False) as client:
            ordered = order(uploadEndpoint=f"{place}/put", webhookURL=f"{place}/hook")
            page = client.post(
                address,
                content=json.dumps(ordered),
                headers={"Content-Type": "text/plain", "Origin": "https://evil.example"},
            )
            assert (page.status_code, ENGINE in page.headers) == (403, True)
            assert client.post(address, json=ordered).status_code == 200
        assert there.came.wait(60)
        assert there.heard == ["/put"]
        host, port = address.split("/")[2].split(":")
        with closing(socket.create_connection((host, int(port)))) as stuck:
            stuck.sendall(b"POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n")
            assert list(tmp_path.glob("engine-*"))
            child.send_signal(signal.SIGTERM)
            _, err = child.communicate(timeout=30)
        assert (child.returncode, err) == (0, b"")
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_new_at_each_start_or_the_one_that_is_named() -> None:
    with engine() as (_, address, one), engine() as (_, _, other):
        assert len({one, other, "local"}) == 3
        assert min(len(one), len(other)) >= 32
        guess = {"Authorization": f"Bearer {other}"}
        assert httpx.post(address, json=order(), headers=guess, trust_env=False).status_code == 401
    with engine(RENDERER_ENGINE_KEY="kept") as (_, _, key):
        assert key == "kept"
    with engine("--key", "said", RENDERER_ENGINE_KEY="kept") as (_, address, key):
        assert key == "said"
        head = {"Authorization": "Bearer said"}
        assert httpx.post(address, json=order(), headers=head, trust_env=False).status_code == 200


@pytest.mark.parametrize("options", [["--key", ""], ["--key", "a b"], ["--key", "é"]])
def test_a_key_that_fits_in_no_header_is_refused(options: list[str]) -> None:
    done = subprocess.run(
        program("engine", "--port", "0", *options),
        capture_output=True,
        env=environment_of({}),
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, b"")


CURL = """curl -s --noproxy '*' -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d "$BODY" "$PLACE" """
NODE = """node -e 'fetch(process.env.PLACE, {method: "POST", body: process.env.BODY, headers: {
  "content-type": "application/json", authorization: `Bearer ${process.env.KEY}`}})
  .then((answer) => answer.text()).then(console.log)'"""


@pytest.mark.parametrize("script", [CURL, NODE], ids=["curl", "node"])
def test_the_clients_that_people_have_are_served(script: str) -> None:
    if not shutil.which(script.partition(" ")[0]):
        pytest.skip("it is not on this machine")
    with engine() as (_, address, key):
        given = {"PLACE": address, "KEY": key, "BODY": json.dumps(order())}
        variables = environment_of(given)
        done = subprocess.run(
            ["sh", "-c", script], capture_output=True, check=True, timeout=60, env=variables
        )
    assert json.loads(done.stdout)["data"][0]["taskUUID"] == ID
