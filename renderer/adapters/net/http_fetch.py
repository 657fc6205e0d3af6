"""The two ways to fetch media: in process through httpx, and over TCP in threads."""

import asyncio
import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from urllib.parse import SplitResult

import httpx

from renderer.adapters.clock import Clock
from renderer.adapters.net.fetch import BrokenTransferError, Transfer, Way
from renderer.adapters.net.media_url import MediaRules
from renderer.adapters.net.network import Network

_CHUNK = 512 * 1024
_STALE = (
    http.client.RemoteDisconnected,
    http.client.NotConnected,
    http.client.ImproperConnectionState,
    ConnectionError,
)
_NOTIFY = 0.1  # seconds between two words on how far a download is
_SILENCE = 30.0  # seconds without a byte
_WINDOW = 60.0  # seconds over which the least rate counts
_LEAST_RATE = 1024  # bytes a second


Now = Callable[[], float]
Work = Callable[[Callable[[], None]], Awaitable[None]]
MakeWay = Callable[[httpx.AsyncBaseTransport], "AsyncWay"]


class Rate:
    """The least rate: it is Broken when a minute brought next to nothing."""

    def __init__(self, now: float) -> None:
        self._since, self._bytes = now, 0

    def check(self, size: int, now: float) -> None:
        """Count bytes that came; raise BrokenTransferError at the end of a window that was too slow."""
        self._bytes += size
        if now - self._since >= _WINDOW:
            if self._bytes < _WINDOW * _LEAST_RATE:
                raise BrokenTransferError(f"slower than {_LEAST_RATE} bytes a second")
            self._since, self._bytes = now, 0


class AsyncWay:
    """Media through an httpx transport: the embedded engine's, in this process."""

    def __init__(self, transport: httpx.AsyncBaseTransport, clock: Clock, work: Work) -> None:
        self._clock = clock
        self._work = work
        self._http = httpx.AsyncClient(
            transport=transport, follow_redirects=False, trust_env=False, timeout=_SILENCE
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def pull(self, url: str, transfer: Transfer) -> None:
        """Make one request and feed its body to the transfer."""
        rate = Rate(self._clock.now())
        try:
            async with self._http.stream("GET", url, headers=transfer.headers()) as response:
                transfer.begin(response.status_code, response.headers, url)
                async for chunk in response.aiter_raw(_CHUNK):
                    transfer.take(chunk)
                    rate.check(len(chunk), self._clock.now())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BrokenTransferError(type(error).__name__) from error
        await self._work(transfer.end)


class ProxyWay:
    """Media through a proxy, which resolves its host; all else goes another way."""

    def __init__(self, network: Network, rules: MediaRules, other: Way, make: MakeWay) -> None:
        self._network, self._rules, self._other, self._make = network, rules, other, make
        self._made: AsyncWay | None = None

    async def close(self) -> None:
        """Close the connections to the proxy."""
        if self._made:
            await self._made.close()

    async def pull(self, url: str, transfer: Transfer) -> None:
        """Make one request, through the proxy if there is one for the URL."""
        if not self._network.proxy_for(url):
            await self._other.pull(url, transfer)
            return
        await asyncio.to_thread(self._refuse_private, url)
        self._made = self._made or self._make(self._network.transport(url))
        await self._made.pull(url, transfer)

    def _refuse_private(self, url: str) -> None:
        """Refuse a host that leads to a private address, if its addresses are known here at all."""
        with contextlib.suppress(OSError):
            self._rules.addresses(self._rules.check(url))


class ThreadWay:
    """Media over TCP: blocking connections in an executor's threads, kept open for reuse."""

    def __init__(self, rules: MediaRules, pool: Executor, network: Network | None = None) -> None:
        self._rules = rules
        self._pool = pool
        self._network = network or Network()
        self._tls: ssl.SSLContext | None = None
        self._kept: dict[int, tuple[str, http.client.HTTPConnection]] = {}  # by thread
        self._sockets: dict[int, socket.socket] = {}  # by transfer, for the time of a request

    async def close(self) -> None:
        """Close the connections; no download may be under way."""
        for _, connection in list(self._kept.values()):
            connection.close()
        self._kept.clear()

    async def pull(self, url: str, transfer: Transfer) -> None:
        """Make one request in a thread and feed its body to the transfer."""
        loop = asyncio.get_running_loop()
        seen, notified = transfer.seen, [loop.time()]

        def notify(done: int, total: int | None) -> None:
            if loop.time() - notified[0] >= _NOTIFY:
                notified[0] = loop.time()
                loop.call_soon_threadsafe(seen, done, total)

        transfer.seen = notify
        work = loop.run_in_executor(self._pool, self._pull, url, transfer, loop.time)
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._abort(transfer)
            with contextlib.suppress(Exception):
                await work
            raise
        finally:
            transfer.seen = seen

    def _abort(self, transfer: Transfer) -> None:
        """Wake the thread of a cancelled download, so that nobody waits for its bytes."""
        transfer.stopped = True
        with contextlib.suppress(KeyError, OSError):
            self._sockets[id(transfer)].shutdown(socket.SHUT_RDWR)

    def _pull(self, url: str, transfer: Transfer, now: Now) -> None:
        parts = self._rules.check(url)
        try:
            self._request(parts, url, transfer, now)
        except (http.client.HTTPException, OSError) as error:
            self._drop()
            raise BrokenTransferError(f"{type(error).__name__}: {error}") from error
        except BaseException:
            self._drop()
            raise
        finally:
            self._sockets.pop(id(transfer), None)
        transfer.end()

    def _request(self, parts: SplitResult, url: str, transfer: Transfer, now: Now) -> None:
        response = self._open(parts, transfer)
        headers: Mapping[str, str] = {k.lower(): v for k, v in response.headers.items()}
        transfer.begin(response.status, headers, url)
        rate = Rate(now())
        while chunk := response.read1(_CHUNK):
            transfer.take(chunk)
            rate.check(len(chunk), now())
        whole = response.length == 0 or response.isclosed()
        response.close()
        if not whole:
            self._drop()

    def _open(self, parts: SplitResult, transfer: Transfer) -> http.client.HTTPResponse:
        try:
            return self._ask(self._connection(parts, fresh=False), parts, transfer)
        except _STALE:
            # A kept connection may have been closed by the server meanwhile; once only.
            return self._ask(self._connection(parts, fresh=True), parts, transfer)

    def _ask(
        self, connection: http.client.HTTPConnection, parts: SplitResult, transfer: Transfer
    ) -> http.client.HTTPResponse:
        if connection.sock:
            self._sockets[id(transfer)] = connection.sock
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers=transfer.headers())
        return connection.getresponse()

    def _connection(self, parts: SplitResult, *, fresh: bool) -> http.client.HTTPConnection:
        origin = f"{parts.scheme}://{parts.netloc}"
        kept = self._kept.get(threading.get_ident())
        if kept and kept[0] == origin and not fresh:
            return kept[1]
        self._drop()
        connection = self._connect(parts)
        self._kept[threading.get_ident()] = (origin, connection)
        return connection

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        connection.auto_open = 0  # it would connect to an address that nobody checked
        trouble = OSError("the host has no address")
        for family, place in self._rules.addresses(parts):
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.settimeout(_SILENCE)
            try:
                sock.connect(place)
                connection.sock = self._wrapped(sock, parts)
            except OSError as error:
                sock.close()
                trouble = error
            else:
                return connection
        raise trouble

    def _wrapped(self, sock: socket.socket, parts: SplitResult) -> socket.socket:
        if parts.scheme != "https":
            return sock
        self._tls = self._tls or self._network.tls()
        return self._tls.wrap_socket(sock, server_hostname=parts.hostname)

    def _drop(self) -> None:
        kept = self._kept.pop(threading.get_ident(), None)
        if kept:
            kept[1].close()
