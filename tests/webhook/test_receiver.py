"""Deliveries from strangers: answered with a status, bounded, and never believed."""

import asyncio
import json
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from renderer.adapters.clock import SystemClock
from renderer.adapters.disk.disk import Disk
from renderer.adapters.journal.journal import Journal
from renderer.adapters.server.token import token
from renderer.adapters.server.webhook_receiver import LIMIT, Receiver, bounded, listening
from renderer.app.rendering.webhook import Hints, NoHintError, hinted
from renderer.errors import MachineError
from renderer.render.task_state import TaskState
from tests.harness.world import order

TOKEN = "t" * 43
OPEN = "11111111-1111-4111-8111-111111111111"
DONE = "22222222-2222-4222-8222-222222222222"
STRANGE = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Write a journal of a task that was perhaps sent, and one that is recorded."""
    path = tmp_path / "journal.db"
    one = Journal(path, "lineage")
    one.save([TaskState(order=order(), uuid=uuid, attempt=0) for uuid in (OPEN, DONE)], "all", 1.0)
    one.close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE tasks SET state='recorded' WHERE uuid=?", (DONE,))
    database.close()
    return path


class Counted:
    """A collecting run that only counts."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> int:
        self.runs += 1
        return 0


async def delivered(journal: Path, *bodies: bytes) -> tuple[list[int], Hints]:
    hints = Hints(journal, Counted(), SystemClock(), lambda _: None)
    return [await hints.deliver(body) for body in bodies], hints


def named(uuid: str, **more: Any) -> bytes:
    return json.dumps({"data": [{"taskUUID": uuid, **more}]}).encode()


def test_every_shape_that_runware_was_seen_to_send_is_read() -> None:
    row = {"taskType": "videoInference", "taskUUID": OPEN}
    for body in ({"data": [row]}, {"errors": [row]}, {"data": row}, row, {**row, "progress": 5}):
        assert hinted(json.dumps(body).encode()) == {OPEN}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"[1]",
        b"null",
        b"17",
        b'"x"',
        b"{}",
        b'{"data": 5}',
        b'{"data": [5, null]}',
        b'{"data": [{"taskUUID": 5}]}',
        b'{"data": [{"taskUUID": null}]}',
        b'{"data": [{"taskUUID": ["x"]}]}',
        b'{"data": [{"taskUUID": "x", "taskUUID": "y"}]}',
        json.dumps({"data": [{"taskUUID": "x" * 65}]}).encode(),
        json.dumps({"data": [{"taskUUID": f"t{n}"} for n in range(1001)]}).encode(),
    ],
)
def test_a_body_that_names_no_task_is_refused(body: bytes, journal: Path) -> None:
    with pytest.raises(NoHintError):
        hinted(body)
    statuses, hints = asyncio.run(delivered(journal, body))
    assert statuses == [400]
    assert not hints._open


def test_unknown_tasks_are_counted_and_otherwise_ignored(journal: Path) -> None:
    before = journal.read_bytes()
    statuses, hints = asyncio.run(delivered(journal, named(STRANGE), named("'; DROP TABLE tasks")))
    assert statuses == [202, 202]
    assert hints.counts == {"foreign": 2}
    assert not hints._open
    assert journal.read_bytes() == before


def test_a_replay_of_what_is_recorded_does_nothing(journal: Path) -> None:
    statuses, hints = asyncio.run(delivered(journal, named(DONE), named(DONE)))
    assert statuses == [202, 202]
    assert hints.counts == {"settled": 2}
    assert not hints._open


def test_a_delivery_that_is_faster_than_the_answer_is_taken(journal: Path) -> None:
    statuses, hints = asyncio.run(delivered(journal, named(OPEN.upper())))
    assert statuses == [202]
    assert hints._open == {OPEN}


def test_a_journal_that_cannot_be_read_asks_for_another_delivery(tmp_path: Path) -> None:
    broken = tmp_path / "journal.db"
    broken.write_bytes(b"no database" * 1000)
    statuses, _ = asyncio.run(delivered(broken, named(OPEN)))
    assert statuses == [503]
    statuses, _ = asyncio.run(delivered(tmp_path / "none.db", named(OPEN)))
    assert statuses == [202]


def test_duplicates_that_come_together_are_one_run(journal: Path) -> None:
    async def story() -> int:
        runs = Counted()
        hints = Hints(journal, runs, SystemClock(), lambda _: None)
        work = asyncio.create_task(hints.work())
        for _ in range(50):
            assert await hints.deliver(named(OPEN)) == 202
        while not runs.runs:  # noqa: ASYNC110 - another thread counts
            await asyncio.sleep(0.01)
        seen = runs.runs
        work.cancel()
        return seen

    assert asyncio.run(story()) == 1


def test_a_run_that_fails_does_not_end_the_receiver(journal: Path) -> None:
    said: list[str] = []

    def broken() -> int:
        raise MachineError("the disk is full") if not said else ZeroDivisionError("CANARY")

    async def story() -> None:
        hints = Hints(journal, broken, SystemClock(), said.append)
        work = asyncio.create_task(hints.work())
        while len(said) < 2:
            await asyncio.sleep(0.01)
            hints.note({OPEN})
        work.cancel()

    asyncio.run(story())
    assert said == [
        "not collected now: the disk is full",
        "not collected: internal error, ZeroDivisionError",
    ]


# The server: one secret path, one method, few bytes, little time, few connections.


@contextmanager
def receiver(
    seconds: float = 5.0, most: int = 64, life: float = 30.0
) -> Iterator[tuple[str, list[bytes]]]:
    taken: list[bytes] = []

    async def deliver(body: bytes) -> int:
        taken.append(body)
        return 202

    with listening("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        app = Receiver(TOKEN, frozenset({f"127.0.0.1:{port}"}), deliver, seconds=seconds)
        config = uvicorn.Config(
            app, http=bounded(most, life), ws="none", lifespan="off", log_config=None
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}", taken
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)


def post(url: str, content: Any = b"{}", **headers: str) -> int:
    return httpx.post(url, content=content, headers=headers, timeout=30).status_code


def raw(url: str, data: bytes) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as sock:
        sock.sendall(data)
        return sock.recv(200)


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", f"/{TOKEN[:-1]}", f"/{TOKEN}x", f"/{TOKEN.upper()}", f"/{TOKEN}/"),
        *(f"//{TOKEN}", f"/../{TOKEN}", f"/x/../{TOKEN}", f"/%2e%2e/{TOKEN}", f"/{TOKEN}%00"),
        *("/%74" + TOKEN[1:], "/webhook-token", "/.renderer/webhook-token", "/" + "é" * 9),
    ],
)
def test_any_other_path_is_not_found(path: str) -> None:
    with receiver() as (url, taken):
        line = f"POST {path or '/'} HTTP/1.1\r\nHost: {url[7:]}\r\nContent-Length: 0\r\n\r\n"
        assert raw(url, line.encode()).split()[1] in {b"404", b"400"}
        assert taken == []


def test_only_a_post_under_our_own_name_is_taken() -> None:
    with receiver() as (url, taken):
        for method in ("GET", "PUT", "OPTIONS", "DELETE", "HEAD", "PATCH"):
            answer = httpx.request(method, f"{url}/{TOKEN}")
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        for host in ("evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""):
            assert post(f"{url}/{TOKEN}", Host=host) == 421, host
        assert taken == []
        answer = httpx.post(f"{url}/{TOKEN}?take=1", content=b"word")
        assert (answer.status_code, answer.content, taken) == (202, b"", [b"word"])


def test_a_body_over_a_mebibyte_is_refused_as_it_comes() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 65536

    with receiver() as (url, taken):
        assert post(f"{url}/{TOKEN}", b"x" * LIMIT) == 202
        assert post(f"{url}/{TOKEN}", b"x" * (LIMIT + 1)) == 413
        told = f"POST /{TOKEN} HTTP/1.1\r\nHost: {url[7:]}\r\nContent-Length: 99999999999\r\n\r\n"
        assert raw(url, told.encode()).split()[1] == b"413"
        with suppress(httpx.HTTPError):  # it hangs up while we still write
            assert post(f"{url}/{TOKEN}", endless()) == 413
        assert [len(body) for body in taken] == [LIMIT]


def test_a_body_that_drips_is_given_up_while_others_are_served() -> None:
    with receiver(seconds=1.0) as (url, taken), ExitStack() as stack:
        host, port = url.removeprefix("http://").split(":")
        sock = stack.enter_context(socket.create_connection((host, int(port)), timeout=30))
        head = f"POST /{TOKEN} HTTP/1.1\r\nHost: {url[7:]}\r\nContent-Length: 1000\r\n\r\n"
        sock.sendall(head.encode() + b"x")
        assert post(f"{url}/{TOKEN}", b"another") == 202
        assert sock.recv(100).split()[1] == b"408"
        assert taken == [b"another"]


def test_a_thousand_open_connections_keep_no_delivery_out() -> None:
    with receiver(most=16) as (url, taken), ExitStack() as stack:
        host, port = url.removeprefix("http://").split(":")
        for at in range(1000):
            sock = socket.create_connection((host, int(port)), timeout=30)
            stack.enter_context(sock)
            if at % 3:
                sock.sendall(b"POST /")
        start = time.monotonic()
        assert post(f"{url}/{TOKEN}", b"real") == 202
        assert time.monotonic() - start < 20  # two seconds are promised; a busy machine has more
        assert taken == [b"real"]


def test_a_connection_that_says_nothing_is_ended() -> None:
    with receiver(life=0.3) as (url, _):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as sock:
            sock.sendall(b"POST / HTTP/1.1\r\nX: ")
            with suppress(ConnectionError):
                assert sock.recv(100) == b""


def test_the_token_is_the_same_next_time_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / ".renderer" / "webhook-token"
    first = token(path, Disk())
    assert token(path, Disk()) == first
    assert len(first) == 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert token(tmp_path / "other", Disk()) != first


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda path: path.chmod(0o644), "readable by other users"),
        (lambda path: path.write_text("short"), "holds no token"),
        (lambda path: path.write_text("\xe9" * 43), "holds no token"),
        (lambda path: (path.rename(path.with_name("x")), path.symlink_to("x")), "is a link"),
    ],
)
def test_a_token_that_is_none_or_was_seen_is_refused(
    tmp_path: Path, break_it: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "webhook-token"
    token(path, Disk())
    break_it(path)
    with pytest.raises(MachineError, match=said):
        token(path, Disk())
