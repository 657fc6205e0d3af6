"""How close a run comes to the ideal: 1,000 tasks of 2 s, 100 in flight, 2 MB each.

    python bench/throughput.py [--tasks 1000] [--plain]

A server in another process takes tasks over TCP, has each ready after `--seconds`, and serves
its video. Printed: makespan against the ideal, CPU seconds and peak memory of the client,
requests; with `--plain` also for a client that polls each task by itself.
"""

import argparse
import asyncio
import hashlib
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import av
import httpx
import numpy as np

from renderer.adapters.clock import SystemClock
from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.store import Store
from renderer.adapters.journal.journal import Journal
from renderer.adapters.media.probe import probe
from renderer.adapters.net.client import Client, Secret
from renderer.adapters.net.fetch import Fetcher
from renderer.adapters.net.http_fetch import ThreadWay
from renderer.adapters.net.media_url import MediaRules
from renderer.app.rendering.loop import Ports, Terms, run
from renderer.catalog.money import Cost
from renderer.render.backoff import Pace
from renderer.render.order import Expected, Order, Recorded

MEGABYTE = 1_000_000
_PIECE = 512 * 1024


def clip(size: int) -> bytes:
    """Return a real MP4, padded to a size with a box that players skip."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("h264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.time_base = Fraction(1, 24)
        for number in range(25):
            picture = np.full((48, 64, 3), number * 9, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    data = file.getvalue()
    return data + (size - len(data)).to_bytes(4, "big") + b"free"


class Server:
    """The API and the media in one small HTTP/1.1 server."""

    def __init__(self, seconds: float, size: int) -> None:
        self.seconds, self.size = seconds, size
        self.head = clip(size)
        self.fill = bytes(size - len(self.head) - 36)
        self.tasks: dict[str, float] = {}
        self.posts = self.gets = 0
        self.most = 0

    async def serve(self) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=1 << 24)
        port = server.sockets[0].getsockname()[1]
        print(port, flush=True)
        async with server:
            await server.serve_forever()

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host = "{}:{}".format(*writer.get_extra_info("sockname"))
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                fields = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
                method, target, _ = lines[0].split(" ")
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                if method == "GET":
                    await self._video(target, writer)
                else:
                    self._answer(json.loads(body), host, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _video(self, target: str, writer: asyncio.StreamWriter) -> None:
        """Send a video that differs from all others, piecewise: a whole one would be copied."""
        self.gets += 1
        name = target.rpartition("/")[2][:36].encode()
        writer.write(_head(self.size, "video/mp4") + self.head + name)
        fill = memoryview(self.fill)
        for start in range(0, len(fill), _PIECE):
            writer.write(fill[start : start + _PIECE])
            await writer.drain()

    def _answer(self, tasks: list[dict[str, str]], host: str, out: asyncio.StreamWriter) -> None:
        self.posts += 1
        now = time.monotonic()
        data: list[dict[str, object]] = []
        for task in tasks:
            uuid = task["taskUUID"]
            row: dict[str, object] = {"taskType": "videoInference", "taskUUID": uuid}
            if task["taskType"] == "videoInference":
                self.tasks.setdefault(uuid, now)
                data.append(row)
            elif task["taskType"] == "stats":
                data.append({"posts": self.posts, "gets": self.gets, "most": self.most})
            elif uuid in self.tasks:
                data.append(row | self._state(uuid, now - self.tasks[uuid], host))
        running = sum(now - since < self.seconds for since in self.tasks.values())
        self.most = max(self.most, running)
        content = json.dumps({"data": data}).encode()
        out.write(_head(len(content), "application/json") + content)

    def _state(self, uuid: str, age: float, host: str) -> dict[str, object]:
        if age < self.seconds:
            return {"status": "processing"}
        url = f"http://{host}/v/{uuid}.mp4"
        return {
            "status": "success", "videoUUID": uuid, "videoURL": url, "seed": 1, "cost": 0.1
        }  # fmt: skip


def _head(length: int, kind: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


def orders(count: int, seconds: float) -> list[Order]:
    """Return orders for different pictures."""
    cost = Cost(low=Decimal("0.1"), high=Decimal("0.1"))
    return [
        Order(
            address=f"bench/shot{n}",
            scene="bench",
            shot=f"shot{n}",
            fingerprint="sha256:" + hashlib.sha256(str(n).encode()).hexdigest(),
            number=1,
            count=1,
            index=0,
            request={"model": "bench", "positivePrompt": f"shot {n} " + "word " * 200},
            files={},
            estimate=cost,
            expected=Expected(width=64, height=48, fps=24),
            seconds=seconds,
        )
        for n in range(count)
    ]


class Book:
    """A lockfile of one line a take, replaced as a whole each time."""

    def __init__(self, path: Path) -> None:
        self.path, self.lines = path, dict[str, str]()

    def record(self, group: Sequence[Recorded]) -> None:
        for recorded in group:
            self.lines[recorded.order.address] = f"{recorded.take.sha256} {recorded.take.size}"
        text = "\n".join(f"{key} {value}" for key, value in self.lines.items())
        Disk().write(self.path, text.encode())


class NoImages:
    """No order of the bench has an image."""

    async def images(self, order: Order) -> dict[str, str]:
        return dict.fromkeys(order.files, "")

    def forget(self, order: Order) -> None: ...


async def renderer(address: str, root: Path, wanted: list[Order]) -> None:
    """Render the orders through the real adapters."""
    clock, disk, pace = SystemClock(), Disk(), Pace()
    client = Client(f"{address}/v1", Secret("bench"), clock)
    journal = Journal(root / "state.db", "bench")
    rules = MediaRules(engine=address)
    with ThreadPoolExecutor(12) as pool:
        loop, way = asyncio.get_running_loop(), ThreadWay(rules, pool)
        ports = Ports(
            client=client,
            journal=journal,
            store=Store(root, disk),
            media=Fetcher(way, rules, clock, pace),
            images=NoImages(),
            clock=clock,
            record=Book(root / "book").record,
            probe=probe,
            work=lambda function: loop.run_in_executor(pool, function),
        )
        outcome = await run(wanted, ports, Terms(lineage="bench", intent="bench", pace=pace))
    await way.close()
    await client.close()
    journal.close()
    if len(outcome.recorded) != len(wanted):
        raise SystemExit(f"only {len(outcome.recorded)} recorded: {outcome.failed[:3]}")


async def plain(address: str, root: Path, wanted: list[Order]) -> None:
    """Do the same as most clients do: one poll a task each half second, then the download."""
    room = asyncio.Semaphore(100)
    async with httpx.AsyncClient(timeout=60) as http:

        async def one(number: int, order: Order) -> None:
            uuid = f"plain{number:031d}"
            async with room:
                body = [{"taskType": "videoInference", "taskUUID": uuid, **order.request}]
                await http.post(f"{address}/v1", json=body)
                while True:
                    await asyncio.sleep(0.5)
                    ask = [{"taskType": "getResponse", "taskUUID": uuid}]
                    row = (await http.post(f"{address}/v1", json=ask)).json()["data"][0]
                    if row["status"] == "success":
                        break
            digest = hashlib.sha256()
            with (root / uuid).open("wb") as file:
                async with http.stream("GET", row["videoURL"]) as response:
                    async for chunk in response.aiter_raw():
                        file.write(chunk)
                        digest.update(chunk)

        await asyncio.gather(*(one(n, order) for n, order in enumerate(wanted)))


def measure(name: str, count: int, seconds: float, size: int) -> dict[str, object]:
    """Run one client in this process against a fresh server; return its figures."""
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--seconds", str(seconds), "--size", str(size)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}"  # type: ignore[union-attr]
        wanted = orders(count, seconds)
        client = {"renderer": renderer, "plain": plain}[name]
        asyncio.run(_warm(address))
        with tempfile.TemporaryDirectory() as folder:
            cpu, start = _cpu(), time.monotonic()
            asyncio.run(client(address, Path(folder), wanted))
            makespan, cpu = time.monotonic() - start, _cpu() - cpu
        stats = httpx.post(f"{address}/v1", json=[{"taskType": "stats", "taskUUID": ""}]).json()
    finally:
        server.kill()
        server.wait()
    ideal = -(-count // 100) * seconds
    told = stats["data"][0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "client": name,
        "makespan_s": round(makespan, 2),
        "of_ideal": round(ideal / makespan, 3),
        "cpu_s": round(cpu, 2),
        "peak_mib": round(peak),
        "requests": told["posts"] - 2,
        "requests_per_100": round((told["posts"] - 2) * 100 / count, 1),
        "downloads": told["gets"],
        "most_in_flight": told["most"],
    }


async def _warm(address: str) -> None:
    """Ask once: the server is up then, and httpx, which imports much at its first call, is in."""
    async with httpx.AsyncClient() as http:
        await http.post(f"{address}/v1", json=[])


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--size", type=int, default=2 * MEGABYTE)
    parser.add_argument("--plain", action="store_true", help="measure a plain client as well")
    parser.add_argument("--only", choices=["renderer", "plain"], help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(Server(given.seconds, given.size).serve())
    elif given.only:
        print(json.dumps(measure(given.only, given.tasks, given.seconds, given.size)))
    else:
        for name in ("renderer", "plain") if given.plain else ("renderer",):
            again = [sys.executable, __file__, *sys.argv[1:], "--only", name]
            subprocess.run(again, check=True)


if __name__ == "__main__":
    main()
