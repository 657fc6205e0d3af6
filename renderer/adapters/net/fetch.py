"""Fetching media: streamed, resumed, bounded; by a client that has no key."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from renderer.adapters.clock import Clock
from renderer.adapters.disk.disk import FaultHook, NoFaults, Part, step
from renderer.adapters.media.container_check import NotMediaError, check_container
from renderer.adapters.net.media_url import MediaRules, RefusedMediaError
from renderer.errors import NetworkError, ProviderError
from renderer.render.backoff import Pace

LIMIT = 2 * 1024**3  # bytes of one video
_REDIRECTS = 3
_TRIES = 6  # in a row without a new byte
_GONE = {400, 401, 403, 404, 410}
_MOVED = {301, 302, 303, 307, 308}


class ExpiredError(ProviderError):
    """The URL no longer works; a new one has to be asked for."""


class BrokenTransferError(NetworkError):
    """The transfer broke off; trying again is sensible."""


class _MovedError(Exception):
    """The media lies at another URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__("redirected")


Seen = Callable[[int, int | None], None]
Keep = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Transfer:
    """A download under way: the part, and what the server said of the whole.

    `keep` gets the container ("mp4", "mov", "webm") of the file when it is whole.
    """

    part: Part
    seen: Seen
    keep: Keep
    total: int | None = None
    validator: str = ""
    stopped: bool = False

    def headers(self) -> dict[str, str]:
        """Return the headers of the next request: it resumes where a validator is known."""
        headers = {"Accept-Encoding": "identity", "Accept": "*/*"}
        if self.part.size and self.validator:
            headers["Range"] = f"bytes={self.part.size}-"
            headers["If-Range"] = self.validator
        return headers

    def begin(self, status: int, headers: Mapping[str, str], url: str) -> None:
        """Take in an answer's head; raises unless its body is to be appended to the part."""
        if status in _MOVED:
            raise _MovedError(urljoin(url, headers.get("location", "")))
        if status in _GONE:
            raise ExpiredError(f"HTTP {status}")
        if status not in {200, 206}:
            self.restart()
            raise BrokenTransferError(f"HTTP {status}")
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise RefusedMediaError("the response is compressed, which was not requested")
        self.part.open()
        if status == 206:
            self._go_on(headers)
        else:
            self.restart()
            self.total = _length(headers.get("content-length"))
            self.validator = _validator(headers)
        if (self.total or 0) > LIMIT:
            raise RefusedMediaError(f"it is longer than {LIMIT} bytes")

    def _go_on(self, headers: Mapping[str, str]) -> None:
        """Check that a 206 continues where the part ends, in the same file."""
        span, _, total = headers.get("content-range", "").removeprefix("bytes ").partition("/")
        start = span.partition("-")[0]
        same = _validator(headers) in {"", self.validator}
        left = None if self.total is None else self.total - self.part.size
        same = same and _length(headers.get("content-length")) in {None, left}
        if start != str(self.part.size) or total not in {"*", str(self.total)} or not same:
            self.restart()
            raise BrokenTransferError("the file at the URL has changed")

    def take(self, chunk: bytes) -> None:
        """Append a chunk; raises RefusedMediaError over the limit."""
        if self.stopped:
            raise BrokenTransferError("it was stopped")
        if self.part.size + len(chunk) > LIMIT:
            raise RefusedMediaError(f"it is longer than {LIMIT} bytes")
        self.part.write(chunk)
        self.seen(self.part.size, self.total)

    def end(self) -> None:
        """Have the whole file kept; raise BrokenTransferError if it is not whole. It blocks."""
        if self.total is not None and self.part.size != self.total:
            if self.part.size > self.total:
                self.restart()
            raise BrokenTransferError(f"{self.part.size} of {self.total} bytes came")
        try:
            kind = check_container(self.part.path)
        except NotMediaError as error:
            self.restart()
            raise BrokenTransferError(str(error)) from error
        self.keep(kind)

    def restart(self) -> None:
        """Begin again from nothing."""
        if self.part.size:
            self.part.restart()
        self.total, self.validator = None, ""


class Way(Protocol):
    """How one request is made; it feeds the transfer, and raises what this module names."""

    async def pull(self, url: str, transfer: Transfer) -> None:
        """Make one request, without following redirects, and end the transfer off the loop."""


class Fetcher:
    """Fetches whole files into parts, over one way, by the rules."""

    def __init__(
        self, way: Way, rules: MediaRules, clock: Clock, pace: Pace, watch: FaultHook | None = None
    ) -> None:
        self._way = way
        self._rules = rules
        self._clock = clock
        self._pace = pace
        self._watch = watch or NoFaults()

    async def fetch(self, url: str, part: Part, seen: Seen, keep: Keep) -> None:
        """Fill the part with the whole file and have it kept, where its bytes were written.

        Raises ExpiredError, RefusedMediaError, or BrokenTransferError when trying again is no use
        for now.
        """
        transfer = Transfer(part=part, seen=seen, keep=keep)
        failures, best = 0, 0
        while True:
            try:
                with step(self._watch, "download"):
                    return await self._follow(url, transfer)
            except BrokenTransferError:
                failures = 1 if part.size > best else failures + 1
                best = max(best, part.size)
                if failures >= _TRIES:
                    raise
                await self._clock.sleep(self._pace.retry(failures, self._clock.jitter()))

    async def _follow(self, url: str, transfer: Transfer) -> None:
        for _ in range(_REDIRECTS + 1):
            self._rules.check(url)
            try:
                await self._way.pull(url, transfer)
            except _MovedError as moved:
                url = moved.url
            else:
                return
        raise RefusedMediaError(f"it is redirected more than {_REDIRECTS} times")


def _length(text: str | None) -> int | None:
    with contextlib.suppress(ValueError):
        if text and text.isascii() and text.strip().isdigit():
            return int(text)
    return None


def _validator(headers: Mapping[str, str]) -> str:
    etag = headers.get("etag", "")
    return "" if etag.startswith("W/") else etag or headers.get("last-modified", "")
