"""Transports between the client and the network: one reports each request, one makes it dry."""

import json
from collections import Counter
from collections.abc import Callable

import httpx

from renderer.adapters.clock import Clock
from renderer.adapters.net.client import Client, Secret, checked_address
from renderer.adapters.net.fetch import Transfer, Way
from renderer.adapters.net.lenient_json import safe_text
from renderer.adapters.net.network import Network
from renderer.sanitize import host_of

Trace = Callable[[str], None]
DRY_RUN = "X-Runware-Dry-Run"


class Tapped(httpx.AsyncBaseTransport):
    """Tells one line for each call: what was asked of whom, how it was answered, how long.

    No key, no path or query of an address and no prompt is in it.
    """

    def __init__(self, below: httpx.AsyncBaseTransport, trace: Trace, clock: Clock) -> None:
        self._below, self._trace, self._clock = below, trace, clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, and report it."""
        start, result = self._clock.now(), "cancelled"
        try:
            response = await self._below.handle_async_request(request)
            result = str(response.status_code)
        except Exception as error:
            result = type(error).__name__
            raise
        finally:
            host = request.url.netloc.decode("ascii", "replace")
            passed = f"{1000 * (self._clock.now() - start):.0f} ms"
            self._trace(f"{request.method} {host}  {_kinds(request.content)}  {result}  {passed}")
        return response

    async def aclose(self) -> None:
        """Close what is below."""
        await self._below.aclose()


class Dry(httpx.AsyncBaseTransport):
    """Puts the header on every request that asks for a judgement and a price, and no video."""

    def __init__(self, below: httpx.AsyncBaseTransport) -> None:
        self._below = below

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Add the header and pass the request on."""
        request.headers[DRY_RUN] = "1"
        return await self._below.handle_async_request(request)

    async def aclose(self) -> None:
        """Close what is below."""
        await self._below.aclose()


class Proxied(httpx.AsyncBaseTransport):
    """Says of a failure that it was met on the way to, or behind, a proxy."""

    def __init__(self, below: httpx.AsyncBaseTransport, proxy: str) -> None:
        self._below, self._proxy = below, proxy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        try:
            return await self._below.handle_async_request(request)
        except httpx.TransportError as error:
            words = f"{error} (through the proxy {self._proxy})".lstrip()
            raise type(error)(words, request=request) from error

    async def aclose(self) -> None:
        """Close what is below."""
        await self._below.aclose()


class TappedWay:
    """Tells one line for each download."""

    def __init__(self, below: Way, trace: Trace, clock: Clock) -> None:
        self._below, self._trace, self._clock = below, trace, clock

    async def pull(self, url: str, transfer: Transfer) -> None:
        """Pass the request on, and report it."""
        start, result = self._clock.now(), "cancelled"
        try:
            await self._below.pull(url, transfer)
            result = "whole"
        except Exception as error:
            result = type(error).__name__
            raise
        finally:
            passed = f"{1000 * (self._clock.now() - start):.0f} ms"
            self._trace(f"GET {host_of(url)}  video  {result}  {passed}")


def api(
    address: str,
    key: Secret,
    clock: Clock,
    *,
    trace: Trace | None = None,
    dry: bool = False,
    network: Network | None = None,
) -> Client:
    """Return a client of the API over TCP, with what is between it and the network."""
    checked_address(address)  # before a transport is given: with one, http is let through
    network = network or Network()
    transport: httpx.AsyncBaseTransport = network.transport(address)
    if network.proxy_for(address):
        transport = Proxied(transport, network.shown)
    transport = Dry(transport) if dry else transport
    transport = Tapped(transport, trace, clock) if trace else transport
    return Client(address, key, clock, transport=transport)


def _kinds(content: bytes) -> str:
    try:
        counted = Counter(str(task.get("taskType")) for task in json.loads(content))
    except (ValueError, AttributeError, TypeError):
        return f"{len(content)} bytes"
    return ", ".join(f"{count} {safe_text(kind)}" for kind, count in sorted(counted.items()))
