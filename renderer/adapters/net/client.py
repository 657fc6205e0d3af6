"""The Runware client: arrays of tasks over httpx, each call answered by a value."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

import httpx

from renderer.adapters.clock import Clock
from renderer.adapters.disk.disk import FaultHook, NoFaults, step
from renderer.adapters.net.lenient_json import LIMIT, excerpt, read_json, safe_text
from renderer.adapters.net.network import Network
from renderer.adapters.net.redact import Redactor
from renderer.errors import InputError
from renderer.json_types import JsonObject
from renderer.render.answers.calls import Answered, Call, NoResponse, Unsent
from renderer.render.backoff import retry_after
from renderer.runware.mark import ENGINE
from renderer.runware.messages import Answer, Item, TaskError, UnreadableBodyError, parse_answer

# A proxy that refuses has passed nothing on.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_ACCOUNT = {401: "unauthorized", 402: "paymentRequired", 403: "forbidden"}
_HEADERS = {"Accept-Encoding": "identity", "Content-Type": "application/json"}


class Secret:
    """A text that shows itself to nobody who does not ask for it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"


class Client:
    """Speaks to one address with one key. `requests` counts the calls that were made.

    `engine` is whether the last answer came from an embedded engine; None before there is one.
    """

    def __init__(
        self,
        address: str,
        key: Secret,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        watch: FaultHook | None = None,
        deadline: float = 60.0,
    ) -> None:
        self.address = checked_address(address, local=transport is not None)
        self.requests = 0
        self.engine: bool | None = None
        self._key = key
        self._secrets = Redactor(key.reveal())
        self._secrets.learn(self.address)
        self._clock = clock
        self._watch = watch or NoFaults()
        self._deadline = deadline
        self._http = httpx.AsyncClient(
            transport=transport or Network().transport(self.address),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(deadline, connect=min(deadline, 15.0)),
            headers=_HEADERS,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def submit(self, bodies: Sequence[JsonObject]) -> Call:
        """Send tasks that cost money."""
        return await self._post("submit", bodies)

    async def ask(self, uuids: Sequence[str]) -> Call:
        """Ask for the state of tasks."""
        return await self._post("ask", _each("getResponse", uuids))

    async def details(self, uuids: Sequence[str]) -> Call:
        """Ask for what the archive has on tasks."""
        return await self._post("details", _each("getTaskDetails", uuids))

    def keep_secret(self, request: JsonObject) -> None:
        """Show no credentials of a request's addresses, whoever sent it: answers may echo them."""
        self._secrets.learn(request)

    async def upload(self, uuid: str, media: str) -> Call:
        """Store a file, given as a data URI, with the provider."""
        task = {"taskType": "mediaStorage", "taskUUID": uuid, "operation": "upload"}
        return await self._post("upload", [{**task, "media": media}])

    async def account(self, uuid: str) -> Call:
        """Ask for the balance."""
        task = {"taskType": "accountManagement", "taskUUID": uuid, "operation": "getDetails"}
        return await self._post("account", [task])

    async def _post(self, name: str, tasks: Sequence[JsonObject]) -> Call:
        content = json.dumps(tasks, ensure_ascii=False, default=_plain).encode()
        self._secrets.learn(tasks)
        self.requests += 1
        with step(self._watch, name):
            try:
                async with asyncio.timeout(self._deadline):
                    return await self._exchange(content)
            except _NEVER_SENT as error:
                return Unsent(why=self._why(error))
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                return NoResponse(why=self._why(error))
            except TimeoutError:
                return NoResponse(why=f"no complete response within {self._deadline:g} s")

    async def _exchange(self, content: bytes) -> Call:
        headers = {"Authorization": f"Bearer {self._key.reveal()}"}
        request = self._http.stream("POST", self.address, content=content, headers=headers)
        async with request as response:
            self.engine = engine = bool(response.headers.get(ENGINE))
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                return NoResponse(why="the response is compressed, which was not requested")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > LIMIT:
                    return NoResponse(why=f"the response is longer than {LIMIT} bytes")
        pause = retry_after(response.headers.get("retry-after", ""), self._clock.wall())
        call = self._read(response.status_code, bytes(body), pause)
        return replace(call, engine=engine) if isinstance(call, Answered) else call

    def _read(self, status: int, body: bytes, pause: float | None) -> Call:
        if 300 <= status < 400:
            return NoResponse(
                why=f"redirected (HTTP {status}), which is never followed with a key"
            )
        try:
            answer = parse_answer(read_json(body))
        except (UnreadableBodyError, ValueError) as error:
            return self._unread(status, body, pause, str(error))
        errors = tuple(self._cleaned(error) for error in answer.errors)
        if status == 429 and not errors:
            errors = (TaskError(code="rateLimitExceeded", message="HTTP 429"),)
        items = tuple(self._cleaned_item(item) for item in answer.items)
        return Answered(status=status, answer=Answer(items=items, errors=errors), pause=pause)

    def _cleaned_item(self, item: Item) -> Item:
        """Return a row whose archived errors, too, can be shown and kept."""
        kept = item.archived
        if kept is None or not kept.errors:
            return item
        errors = tuple(self._cleaned(error) for error in kept.errors)
        return replace(item, archived=replace(kept, errors=errors))

    def _unread(self, status: int, body: bytes, pause: float | None, why: str) -> Call:
        code = _ACCOUNT.get(status) or ("rateLimitExceeded" if status == 429 else "")
        shown = self._hidden(excerpt(body))
        if not code:
            return NoResponse(why=f"HTTP {status}, not an answer of this API ({why}): {shown}")
        error = TaskError(code=code, message=f"HTTP {status}: {shown}")
        return Answered(status=status, answer=Answer(errors=(error,)), pause=pause)

    def _cleaned(self, error: TaskError) -> TaskError:
        return replace(
            error,
            code=self._hidden(error.code),
            message=self._hidden(error.message),
            parameter=self._hidden(error.parameter),
            allowed=tuple(map(self._hidden, error.allowed)),
        )

    def _hidden(self, text: str) -> str:
        """Return foreign text that may be shown and kept: no secrets, no control characters.

        A control character that was made visible may have been in the middle of a secret.
        """
        return self._secrets.hide(safe_text(self._secrets.hide(text)))

    def _why(self, error: Exception) -> str:
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return self._hidden(words)


def checked_address(address: str, *, local: bool = False) -> str:
    """Return the API's address; raise InputError for one that a key must not go to."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    loopback = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.username is not None or not parts.hostname:
        raise InputError(
            "the API's address is not a plain URL", "set RUNWARE_BASE_URL to https://host/path"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and (local or loopback)):
        raise InputError(
            f"the API's address {parts.scheme}://{parts.netloc} is not https",
            "a key goes over https only; set RUNWARE_BASE_URL to https://…",
        )
    return address


def _each(task_type: str, uuids: Sequence[str]) -> list[dict[str, str]]:
    return [{"taskType": task_type, "taskUUID": uuid} for uuid in uuids]


def _plain(value: JsonObject | Decimal) -> object:
    return dict(value) if isinstance(value, Mapping) else float(value)
