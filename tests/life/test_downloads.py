"""Fetching videos: resumed, whole or not at all, from nowhere but where they may lie."""

import asyncio
import resource
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.adapters.clock import SystemClock
from renderer.adapters.disk.disk import Disk
from renderer.adapters.media.container_check import NotMediaError, check_container
from renderer.adapters.net.fetch import BrokenTransferError, ExpiredError, Fetcher
from renderer.adapters.net.http_fetch import Rate, ThreadWay
from renderer.adapters.net.media_url import MediaRules, RefusedMediaError, is_public
from renderer.render.backoff import Pace
from renderer.render.order import Expected
from tests.harness.clip import clip, variant
from tests.harness.engine import Fault, Script, ScriptedEngine
from tests.harness.raw import Answer, RawServer, raw_server, reset
from tests.harness.virtual import run_virtual
from tests.harness.world import World, order

RULES = MediaRules(
    hosts=frozenset({"vm.runware.ai", "im.runware.ai"}), engine="http://127.0.0.1:7"
)


def world(root: Path, script: Script) -> World:
    provider = ScriptedEngine(lambda: asyncio.get_running_loop().time(), script=script)
    return World(root=root, engine=provider)


def faults(*given: Fault) -> Script:
    """Return a script whose n-th download meets the n-th fault."""
    return lambda kind, n, _: given[n - 1] if kind == "GET" and n <= len(given) else None


def whole(world: World) -> None:
    (take,) = world.book.takes()
    path = world.root / ".renderer/objects/sha256" / take["sha256"][:2] / take["sha256"]
    assert path.read_bytes()[: len(clip())] == clip()
    assert path.stat().st_mode & 0o777 == 0o444
    assert not list((world.root / ".renderer/tmp").iterdir())


@pytest.mark.parametrize(
    "script",
    [
        faults(Fault(cut=500)),
        faults(Fault(cut=500), Fault(headers={"etag": '"other"'})),
        faults(Fault(cut=0)),
        faults(Fault(body=b"")),
        faults(Fault(body=b"<html>Access denied</html>", headers={"content-type": "text/html"})),
        faults(Fault(body=clip()[:-9])),
        faults(Fault(status=500), Fault(status=503), Fault(status=429)),
        faults(Fault(reset=True)),
    ],
    ids=["cut", "another file", "nothing", "empty", "HTML", "short", "busy", "reset"],
)
def test_a_broken_download_is_tried_again_until_the_file_is_whole(
    tmp_path: Path, script: Script
) -> None:
    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert len(outcome.recorded) == 1
    whole(here)


def test_a_cut_download_goes_on_where_it_broke(tmp_path: Path) -> None:
    here = world(tmp_path, faults(Fault(cut=500)))
    run_virtual(here.render([order("bell")]))
    asked = [head for head in here.engine.headers if "range" in head]
    assert asked[0]["range"] == "bytes=500-"
    assert asked[0]["if-range"].startswith('"')


def test_no_request_for_media_carries_the_key(tmp_path: Path) -> None:
    here = world(tmp_path, faults())
    run_virtual(here.render([order("bell")]))
    media = [head for head in here.engine.headers if "content-type" not in head]
    assert media
    assert not any("authorization" in head for head in media)


def test_a_file_that_never_comes_whole_is_reported_and_fetched_by_the_next_run(
    tmp_path: Path,
) -> None:
    here = world(tmp_path, lambda kind, *_: Fault(body=b"no video") if kind == "GET" else None)
    outcome = run_virtual(here.render([order("bell")]))
    assert outcome.failed[0].paid
    assert outcome.failed[0].code == "downloadFailed"
    here.engine.script = lambda *_: None
    again = run_virtual(here.render([order("bell")]))
    assert len(again.recorded) == 1
    assert again.requests == 0
    assert here.engine.paid == {"bell/0": 1}


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_expired_url_is_asked_for_anew(tmp_path: Path, status: int) -> None:
    here = world(tmp_path, faults(Fault(status=status)))
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1


def test_a_compressed_video_is_refused(tmp_path: Path) -> None:
    here = world(tmp_path, faults(*[Fault(headers={"content-encoding": "gzip"})] * 9))
    outcome = run_virtual(here.render([order("bell")]))
    assert outcome.failed[0].code == "refusedMedia"


def test_a_redirect_to_a_stranger_is_not_followed(tmp_path: Path) -> None:
    moved = Fault(status=302, headers={"location": "https://evil.example/x.mp4"}, body=b"")
    here = world(tmp_path, faults(moved))
    outcome = run_virtual(here.render([order("bell")]))
    assert "evil.example is not one of the provider's" in outcome.failed[0].text


def test_redirects_have_an_end(tmp_path: Path) -> None:
    moved = Fault(status=307, headers={"location": "/v/again.mp4"}, body=b"")
    here = world(tmp_path, faults(*[moved] * 20))
    outcome = run_virtual(here.render([order("bell")]))
    assert "redirected more than 3 times" in outcome.failed[0].text


def test_a_video_that_is_not_as_asked_is_kept_and_marked(tmp_path: Path) -> None:
    here = world(tmp_path, faults())
    here.engine.video = clip(width=96, frames=49)
    asked = Expected(width=64, height=48, fps=24, duration=Decimal(1), audio=True)
    outcome = run_virtual(here.render([order("bell", expected=asked)]))
    assert outcome.recorded[0].take.flags == (
        "width: asked 64, got 96",
        "sound: asked yes, got no",
        "duration: asked 1 s, got 2.042 s",
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://vm.runware.ai/x.mp4", "only https"),
        ("https://attacker.example/x.mp4", "not one of the provider's"),
        ("https://vm.runware.ai@evil.example/x", "contains a user name"),
        ("https://vm.runware.ai:8443/x", "not one of the provider's"),
        ("https://vm.runware.ai.evil.example/x", "not one of the provider's"),
        ("file:///etc/passwd", "only https"),
        ("ftp://vm.runware.ai/x", "only https"),
        ("data:video/mp4;base64,AAAA", "only https"),
        ("javascript:alert(1)", "only https"),
        ("https://vm.runware.ai/" + "x" * 65536, "longer than 4096"),
        ("https://vm.runware.ai/a b", "characters"),
        ("https://vm.runware.ai/\x1b", "characters"),
        ("https://vm.runware.ai:99999/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("http://127.0.0.1:8/x", "only https"),
        ("", "only https"),
    ],
)
def test_a_url_that_no_media_lies_at_is_refused(url: str, why: str) -> None:
    with pytest.raises(RefusedMediaError, match=why):
        RULES.check(url)


def test_listed_hosts_and_the_configured_engine_are_fetched_from() -> None:
    assert RULES.check("https://vm.runware.ai/video/x.mp4").hostname == "vm.runware.ai"
    assert RULES.check("http://127.0.0.1:7/v/x").port == 7


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1%eth0",
     "fc00::1", "0.0.0.1", "100.64.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "224.0.0.1"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_disguise(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.216.34")


def test_a_listed_host_that_leads_home_is_refused() -> None:
    rules = MediaRules(hosts=frozenset({"localhost"}))
    with pytest.raises(RefusedMediaError, match="private address"):
        rules.addresses(rules.check("https://localhost/x.mp4"))


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm"])
def test_every_cut_of_a_file_is_noticed(tmp_path: Path, kind: str) -> None:
    data, path = clip(kind), tmp_path / "clip"
    path.write_bytes(data)
    assert check_container(path) == kind
    with path.open("r+b") as file:
        for length in range(len(data) - 1, -1, -1):
            file.truncate(length)
            with pytest.raises(NotMediaError):
                check_container(path)


def test_a_drip_below_the_least_rate_is_broken_off() -> None:
    rate = Rate(0.0)
    for second in range(60):
        rate.check(1, float(second))
    with pytest.raises(BrokenTransferError, match="slower"):
        rate.check(1, 60.0)


# Over TCP


def fetch(server: RawServer, tmp_path: Path) -> tuple[str, bytes]:
    """Fetch `/x` from a raw server in threads; return the container and the bytes."""
    rules = MediaRules(engine=server.address)
    pace = Pace(retry_first=0.001, retry_most=0.001)

    async def go(pool: ThreadPoolExecutor) -> tuple[str, bytes]:
        way = ThreadWay(rules, pool)
        fetcher = Fetcher(way, rules, SystemClock(), pace)
        try:
            with Disk().part(tmp_path / "part") as part:
                kinds: list[str] = []
                url = f"{server.address}/x?sig=1"
                await fetcher.fetch(url, part, lambda *_: None, kinds.append)
                (kind,) = kinds
                return kind, (tmp_path / "part").read_bytes()
        finally:
            await way.close()

    with ThreadPoolExecutor(2) as pool:
        return asyncio.run(go(pool))


DATA = variant(clip(), "x" * 100_000)
HEAD = f'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: {len(DATA)}\r\n\r\n'.encode()


def served(sock: socket.socket, first: str, fields: dict[str, str]) -> bool:
    assert first == "GET /x?sig=1 HTTP/1.1"
    if "range" in fields:
        start = int(fields["range"].removeprefix("bytes=").rstrip("-"))
        span = f"Content-Range: bytes {start}-{len(DATA) - 1}/{len(DATA)}"
        head = f"HTTP/1.1 206 Partial\r\n{span}\r\nContent-Length: {len(DATA) - start}\r\n\r\n"
        sock.sendall(head.encode() + DATA[start:])
    else:
        sock.sendall(HEAD + DATA)
    return True


def breaking(*ways: Callable[[socket.socket], None]) -> Answer:
    left = list(ways)

    def answer(sock: socket.socket, first: str, fields: dict[str, str]) -> bool:
        if left:
            left.pop(0)(sock)
            return False
        return served(sock, first, fields)

    return answer


def send(data: bytes) -> Callable[[socket.socket], None]:
    return lambda sock: sock.sendall(data)


def send_and_reset(data: bytes) -> Callable[[socket.socket], None]:
    def way(sock: socket.socket) -> None:
        sock.sendall(data)
        reset(sock)

    return way


@pytest.mark.parametrize(
    "way",
    [
        reset,
        lambda sock: sock.close(),
        send(b"what is this\r\n\r\n"),
        send(HEAD[:20]),
        send_and_reset(HEAD),
        send_and_reset(HEAD + DATA[: len(DATA) // 4]),
        send_and_reset(HEAD + DATA[: len(DATA) // 2]),
        send(HEAD + DATA[:-1]),
        send(b"HTTP/1.1 200 OK\r\n\r\n" + DATA[:-5]),
        send(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + DATA[:9]),
        send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        send(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"),
    ],
    ids=["RST", "close", "garbage", "half a head", "RST after the head", "RST at a quarter",
         "RST at half", "a byte short", "no length, cut", "negative length", "bad chunk",
         "too many fields"],
)  # fmt: skip
def test_a_broken_connection_is_tried_again(
    tmp_path: Path, way: Callable[[socket.socket], None]
) -> None:
    with raw_server(breaking(way)) as server:
        assert fetch(server, tmp_path) == ("mp4", DATA)


def test_a_reset_in_the_middle_resumes_over_tcp(tmp_path: Path) -> None:
    with raw_server(breaking(send(HEAD + DATA[:50_000]))) as server:
        assert fetch(server, tmp_path) == ("mp4", DATA)
        assert server.heads[1][1]["range"] == "bytes=50000-"


def test_an_endless_file_is_stopped_at_the_limit_that_its_head_names(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 20000000000\r\n\r\n"
    with (
        raw_server(breaking(send(head))) as server,
        pytest.raises(RefusedMediaError, match="longer"),
    ):
        fetch(server, tmp_path)


def test_a_url_that_is_gone_over_tcp_is_expired(tmp_path: Path) -> None:
    gone = send(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
    with raw_server(breaking(gone)) as server, pytest.raises(ExpiredError):
        fetch(server, tmp_path)


def test_a_kept_connection_that_the_server_closed_is_opened_anew(tmp_path: Path) -> None:
    def answer(sock: socket.socket, first: str, fields: dict[str, str]) -> bool:
        served(sock, first, fields)
        return False  # it closes, and said nothing of it

    with raw_server(answer) as server:
        assert fetch(server, tmp_path) == ("mp4", DATA)
        assert fetch(server, tmp_path) == ("mp4", DATA)


@pytest.mark.campaign
@pytest.mark.timeout(600)
def test_two_gibibytes_need_no_more_memory_than_two_megabytes(tmp_path: Path) -> None:
    size = 2 * 1024**3
    box = size - len(clip())
    start = clip() + b"\0\0\0\1free" + box.to_bytes(8, "big")

    def answer(sock: socket.socket, *_: object) -> bool:
        sock.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode() + start)
        left, zeros = size - len(start), bytes(1 << 20)
        while left:
            left -= sock.send(zeros[:left])
        return True

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with raw_server(answer) as server:
        rules = MediaRules(engine=server.address)

        async def go(pool: ThreadPoolExecutor) -> None:
            way = ThreadWay(rules, pool)
            with Disk().part(tmp_path / "part") as part:
                fetcher = Fetcher(way, rules, SystemClock(), Pace())
                kinds: list[str] = []
                url = f"{server.address}/x"
                await fetcher.fetch(url, part, lambda *_: None, kinds.append)
                assert kinds == ["mp4"]
                assert part.size == size
            await way.close()

        with ThreadPoolExecutor(2) as pool:
            asyncio.run(go(pool))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
