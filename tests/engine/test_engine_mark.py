"""An engine's answers are told from the provider's by one header, whatever the answer is."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from renderer.adapters.clock import SystemClock
from renderer.adapters.net.client import Client, Secret
from renderer.render.answers.calls import Answered, Call
from renderer.runware.mark import ENGINE
from tests.engine.conftest import BASE

Json = Any
Build = Callable[..., Any]


def answers(engine: Any, request_of: Build) -> list[httpx.Response]:
    """Return answers of every kind: rows, errors, refusals, files, failures."""
    url = engine.rows(request_of())[0]["videoURL"]
    return [
        engine.post(request_of(2)),
        engine.post(request_of(3, duration=99)),
        engine.http("POST", "/v1", content=b"{"),
        engine.http("GET", "/v1"),
        engine.http("GET", "/nowhere"),
        engine.http("GET", url),
        engine.http("GET", url, headers={"Range": "bytes=9999999-"}),
        engine.http("HEAD", url),
    ]


@pytest.mark.parametrize("marked", [True, False])
def test_every_answer_of_a_marked_engine_says_what_it_is_and_no_body_does(
    bench: Build, request_of: Build, *, marked: bool
) -> None:
    found = answers(bench(marked=marked), request_of)
    assert {ENGINE in answer.headers for answer in found} == {marked}
    assert {answer.status_code for answer in found} == {200, 400, 404, 405, 416}
    assert not any(b"renderer-engine" in answer.content.lower() for answer in found)


def test_an_engine_that_fails_says_what_it_is_too(bench: Build, request_of: Build) -> None:
    engine = bench()
    engine.store.clock = lambda: 1 / 0
    answer = engine.post(request_of())
    assert (answer.status_code, ENGINE in answer.headers) == (500, True)


def test_a_marked_engine_answers_with_the_bodies_of_an_unmarked_one(
    bench: Build, request_of: Build
) -> None:
    marked = answers(bench(folder="a"), request_of)
    plain = answers(bench(folder="b", marked=False), request_of)
    assert [answer.content for answer in marked] == [answer.content for answer in plain]
    for one, other in zip(marked, plain, strict=True):
        names = {name for name in one.headers if name != "etag"}
        assert names - set(other.headers) == {ENGINE.lower()}


def asked(
    handler: Callable[[httpx.Request], httpx.Response],
    calls: Callable[[Client], Awaitable[list[Call]]],
) -> tuple[Client, list[Call]]:
    async def run() -> tuple[Client, list[Call]]:
        transport = httpx.MockTransport(handler)
        client = Client(BASE, Secret("key"), SystemClock(), transport=transport)
        try:
            return client, await calls(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def said(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


EMPTY = json.dumps({"data": []})
REFUSED = json.dumps({"errors": [{"code": "invalidDuration", "message": "no"}]})


@pytest.mark.parametrize(
    ("status", "body"), [(200, EMPTY), (400, REFUSED), (401, "no"), (429, "slow"), (503, EMPTY)]
)
@pytest.mark.parametrize("value", ["0.1.0", "7", None, ""])
def test_the_client_says_of_each_answer_whether_an_engine_gave_it(
    status: int, body: str, value: str | None
) -> None:
    headers: dict[str, str] = {} if value is None else {ENGINE.upper(): value}

    async def call(client: Client) -> list[Call]:
        return [await client.ask(["a"])]

    client, (found,) = asked(
        lambda _: httpx.Response(status, headers=headers, content=said(body)), call
    )
    assert isinstance(found, Answered)
    assert found.engine is client.engine is bool(value)


def test_the_client_knows_nothing_before_an_answer_and_goes_by_the_last_one() -> None:
    seen: list[bool | None] = []
    answers: list[dict[str, str] | None] = [None, {}, {ENGINE: "1"}, None, {}]
    script = iter(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        headers = next(script)
        if headers is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200, headers=headers, content=said(EMPTY))

    async def calls(client: Client) -> list[Call]:
        found: list[Call] = []
        for _ in range(5):
            found.append(await client.account("a"))
            seen.append(client.engine)
        return found

    _, found = asked(handler, calls)
    assert seen == [None, False, True, True, False]
    assert [getattr(call, "engine", None) for call in found] == [None, False, True, None, False]


def test_an_engine_whose_answer_cannot_be_read_is_noticed_all_the_same() -> None:
    async def call(client: Client) -> list[Call]:
        return [await client.ask(["a"])]

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(502, headers={ENGINE: "1"}, content=said("<html>"))

    client, (found,) = asked(handler, call)
    assert not isinstance(found, Answered)
    assert client.engine is True
