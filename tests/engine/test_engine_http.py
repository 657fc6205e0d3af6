"""Keys, bodies, video files: what the engine says to any HTTP client."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from renderer.engine.options import Delivery
from renderer.engine.serve import serve
from renderer.engine.webhooks import http_sender

Json = Any
Build = Callable[..., Any]


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "key-a"}]
)
def test_a_wrong_key_or_none_is_answered_401(
    bench: Build, request_of: Build, header: Json
) -> None:
    engine = bench(keys=frozenset({"key-a", "key-b"}))
    answer = engine.post(request_of(), **header)
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"], error["parameter"]) == (
        401,
        "invalidApiKey",
        "apiKey",
    )
    assert not engine.store.billing.lines


def test_a_key_is_taken_from_the_header_or_a_first_task(bench: Build, request_of: Build) -> None:
    engine = bench(keys=frozenset({"key-a", "key-b"}))
    assert engine.post(request_of(1), Authorization="Bearer key-b").status_code == 200
    body = engine.post({"taskType": "authentication", "apiKey": "key-a"}, request_of(2)).json()
    assert [row["taskType"] for row in body["data"]] == ["authentication", "videoInference"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"17",
        b"null",
        b"[1]",
        b"[]",
        b'{"taskType":"getResponse"}',
        b"[NaN]",
        b"[" * 200_000,
        b'[{"taskType":"\xff"}]',
        b'[{"seed":' + b"9" * 6000 + b"}]",
    ],
)
def test_a_body_that_is_no_list_of_tasks_is_answered_400(bench: Build, body: bytes) -> None:
    answer = bench().http("POST", "/v1", content=body)
    assert answer.status_code == 400
    assert answer.json()["data"] == []
    assert answer.json()["errors"][0]["code"] in {"invalidJSON", "arrayTooSmall"}


def test_text_that_is_no_unicode_goes_through_unharmed(bench: Build, request_of: Build) -> None:
    body = json.dumps([request_of(positivePrompt="a \ud800 b", note="\udfff")]).encode()
    answer = bench().http("POST", "/v1", content=body)
    assert answer.status_code == 400
    row = bench().http(
        "POST", "/v1", content=json.dumps([request_of(positivePrompt="a \ud800")]).encode()
    )
    assert row.status_code == 200


def test_a_body_beyond_the_limit_is_answered_413(bench: Build, request_of: Build) -> None:
    answer = bench(body_limit=1000).post(request_of(positivePrompt="x" * 2000))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (413, "valueTooLarge")


def test_other_addresses_and_methods_are_answered_in_json(bench: Build) -> None:
    engine = bench()
    assert engine.http("GET", "/v1").status_code == 405
    assert engine.http("GET", "/v/../../etc/passwd").status_code == 404
    assert engine.http("GET", "/v/11111111-1111-4111-8111-111111111111.mp4").json()["errors"]
    assert engine.http("GET", "/m/..%2f..%2fx").status_code == 404


def test_a_video_is_served_whole_in_parts_and_by_head(bench: Build, request_of: Build) -> None:
    engine = bench()
    url = engine.rows(request_of())[0]["videoURL"]
    whole = engine.http("GET", url)
    tag = whole.headers["etag"]
    assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == (
        "video/mp4",
        "bytes",
    )
    head = engine.http("HEAD", url)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))
    part = engine.http("GET", url, headers={"Range": "bytes=10-19", "If-Range": tag})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    rest = engine.http("GET", url, headers={"Range": "bytes=-5"})
    assert rest.content == whole.content[-5:]
    changed = engine.http("GET", url, headers={"Range": "bytes=10-", "If-Range": '"other"'})
    assert (changed.status_code, changed.content) == (200, whole.content)
    beyond = engine.http("GET", url, headers={"Range": "bytes=999999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (
        416,
        f"bytes */{len(whole.content)}",
    )


def test_a_video_is_gone_after_its_time_to_live(bench: Build, request_of: Build) -> None:
    engine = bench()
    url = engine.rows(request_of(ttl=60))[0]["videoURL"]
    engine.now[0] += 59
    assert engine.http("GET", url).status_code == 200
    engine.now[0] += 1
    assert engine.http("GET", url).status_code == 410


def test_loading_the_app_loads_no_media_library() -> None:
    check = (
        "import renderer.engine.app, sys; print({'av', 'numpy', 'PIL', 'httpx'} & {*sys.modules})"
    )
    answer = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"


def test_the_engine_serves_over_tcp_on_this_machine(bench: Build, request_of: Build) -> None:
    engine = bench(keys=frozenset({"key"}))
    found: list[str] = []
    ready = threading.Event()

    def listening(url: str) -> None:
        found.append(url)
        ready.set()

    thread = threading.Thread(target=serve, args=(engine.app, 0, listening), daemon=True)
    thread.start()
    assert ready.wait(20)
    headers = {"Authorization": "Bearer key"}
    with httpx.Client(base_url=found[0], headers=headers, trust_env=False) as client:
        assert client.post("/v1", json=[request_of()]).status_code == 200
        assert (
            client.post("/v1", json=[request_of()], headers={"Host": "evil.test"}).status_code
            == 400
        )
    file = engine.store.file(*engine.store.video(engine_video(engine, request_of)))
    sent = Delivery(method="PUT", url=f"{found[0]}/v1", content=file, media_type="video/mp4")
    assert http_sender()(sent) == 405


def engine_video(engine: Any, request_of: Build) -> str:
    return str(engine.store.task(request_of()["taskUUID"]).results[0].video)
