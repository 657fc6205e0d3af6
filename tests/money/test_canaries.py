"""Keys and addresses are in no file and on no stream: planted, then looked for in every byte."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from renderer.cli.main import _redacted, run
from renderer.runware.messages import TaskError
from tests.harness.served import KEY, Served, environment
from tests.harness.terminal import environment_of, program

HOOK = "https://hooks.example/{shot}?token=CANARY-HOOK"
PUT = "https://files.example/{shot}-{take}.mp4?X-Signature=CANARY-PUT"
SIGNED = "signature=CANARY-VIDEO"
ALL = (KEY.encode(), b"CANARY")


class Watched:
    """A project, and every byte that the program wrote to its streams."""

    def __init__(self, root: Path, engine: Served, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.engine, self.said = root, engine, b""
        self._capsys = capsys

    def run(self, *argv: str, **extra: str) -> int:
        with environment(**extra):
            code = run(["-vv", "-C", str(self.root), *argv])
        told = self._capsys.readouterr()
        self.said += (told.out + told.err).encode()
        return code

    def paid(self, **extra: str) -> int:
        return self.run("render", "--provider", "runware", "--yes", "--max-cost", "9", **extra)

    def leaks(self, *, but: tuple[str, ...] = ()) -> list[str]:
        """Return where a canary is found; the specs are what a person wrote."""
        found = ["a stream"] if any(one in self.said for one in ALL) else []
        return found + [
            str(path)
            for path, data in self._written()
            if any(one in data for one in ALL) and path.name not in but
        ]

    def _written(self) -> Iterator[tuple[Path, bytes]]:
        for path in self.root.rglob("*"):
            if path.is_file() and not path.is_symlink() and "specs" not in path.parts:
                yield path, path.read_bytes()


def signed(answer: bytes) -> bytes:
    """Put a signature on every video's URL, as a provider does."""
    body: dict[str, Any] = json.loads(answer)
    for row in body.get("data", []):
        for item in (row, *(row.get("response") or {}).get("data", [])):
            if "videoURL" in item:
                item["videoURL"] += f"?{SIGNED}"
    return json.dumps(body).encode()


@pytest.fixture
def watched(project: Path, engine: Served, capsys: pytest.CaptureFixture[str]) -> Watched:
    scene = project / "specs" / "harbour.yaml"
    added = f"  seed: 7\n  webhookURL: {HOOK}\n  uploadEndpoint: {PUT}\n"
    scene.write_text(scene.read_text().replace("  seed: 7\n", added))
    engine.change = signed
    return Watched(project, engine, capsys)


def test_a_whole_run_with_failures_leaves_no_canary(watched: Watched) -> None:
    engine = watched.engine
    first = engine.store.options
    hostile = TaskError(code="invalidProviderContent", message=f"no, {KEY} \x1b[2J")
    engine.store.options = replace(first, outcome=lambda _, __: hostile)

    assert watched.run("plan", "--provider", "runware", "--out", str(watched.root / "p.json")) == 0
    assert watched.run("render", "--provider", "runware", "--dry-run") == 0
    assert watched.run("render", "--provider", "runware") == 4
    assert watched.paid(RUNWARE_API_KEY="WRONG-CANARY") == 5
    assert watched.paid() == 1
    assert b"***" in watched.said
    engine.store.options = first
    assert watched.paid() == 0
    for command in (("status", "--provider", "runware"), ("account",), ("cost",), ("verify",)):
        watched.run(*command)
    watched.run("show", "harbour/quay", "--provider", "runware")
    watched.run("tasks", "--format", "json")
    assert len(list((watched.root / "renders").rglob("*.mp4"))) == 2
    assert watched.leaks() == []


ECHOES = {
    "whole": "{url}",
    "quoted": "{quoted}",
    "query": "the query {query} is no good",
    "value": "token {value} has expired",
}


@pytest.mark.parametrize("later", [False, True], ids=["at once", "in a later run"])
@pytest.mark.parametrize("echo", ECHOES)
def test_an_address_in_a_providers_error_reaches_neither_terminal_nor_journal(
    watched: Watched, echo: str, *, later: bool
) -> None:
    """The provider's words on a webhook or an upload often hold the address itself."""

    def refused(_: str, __: int) -> TaskError:
        texts = [
            ECHOES[echo].format(
                url=u, quoted=quote(u, safe=""), query=q, value=q.partition("=")[2]
            )
            for u in (HOOK.format(shot="quay"), PUT.format(shot="quay", take=1))
            for q in [u.partition("?")[2]]
        ]
        return TaskError(code="webhookFailed", message="; ".join(texts), parameter=texts[0])

    engine = watched.engine
    engine.store.options = replace(engine.store.options, outcome=refused)
    if later:
        submit_and_die(watched)
    assert watched.paid() == 1
    assert b"webhookFailed" in watched.said
    watched.run("status", "--provider", "runware")
    watched.run("status", "--provider", "runware", "--format", "json")
    assert watched.leaks() == []


def submit_and_die(watched: Watched) -> None:
    """Submit in a process that ends before it has an answer, so that the next run has to ask."""

    def die(answer: bytes) -> bytes:
        if b"videoInference" in answer:
            child.kill()
        return signed(answer)

    watched.engine.change = die
    argv = ("-C", str(watched.root), "render", "--provider", "runware", "--yes", "--max-cost", "9")
    variables = environment_of(watched.engine.environment())
    child = subprocess.Popen(program(*argv), env=variables, stderr=subprocess.DEVNULL)
    assert child.wait(60) == -signal.SIGKILL
    watched.engine.change = signed


def test_an_api_at_a_closed_port_or_that_is_none_leaves_no_canary(watched: Watched) -> None:
    query = "?key=CANARY-QUERY"
    assert watched.run("account", RUNWARE_BASE_URL=f"http://127.0.0.1:9/v1{query}") == 5
    assert watched.run("account", RUNWARE_BASE_URL=f"http://evil.example/v1{query}") == 2
    assert watched.run("account", RUNWARE_BASE_URL=f"https://me:CANARY@x.example/{query}") == 2
    assert watched.run("account", RUNWARE_BASE_URL=f"https://[::1/{query}") == 2
    watched.engine.change = lambda _: f"<html>{KEY} {query}</html>".encode()
    assert watched.run("account") == 5
    assert b"***" in watched.said
    assert KEY.encode() not in watched.said


def test_a_crash_leaves_the_address_of_a_video_in_the_journal_only_until_it_is_settled(
    watched: Watched,
) -> None:
    """A result must survive a crash, so its URL is kept: in one file, for its owner, for a while."""

    lock, kept_text = watched.root / "renderer.lock", []

    def crash(answer: bytes) -> bytes:
        if b"videoURL" in answer and lock.stat().st_size:
            kept_text.append(lock.read_text())
            os.truncate(lock, 0)  # the run will refuse to write over it
        return signed(answer)

    watched.engine.change = crash
    assert watched.paid() == 2
    kept = ("journal.db", "journal.db-wal", "journal.db-shm")
    assert watched.leaks(but=kept) == []
    for name in kept:
        path = watched.root / ".renderer" / name
        assert not path.exists() or path.stat().st_mode & 0o077 == 0

    watched.engine.change = signed
    lock.write_text(kept_text[0])
    assert watched.paid() == 0
    assert sorted(watched.engine.paid.values()) == [1, 1]
    assert watched.leaks() == []


def test_a_traceback_shows_neither_key_nor_query() -> None:
    with environment(RUNWARE_API_KEY=KEY):
        text = f"GET 'https://h.example/v.mp4?{SIGNED}' with {KEY}\nhttps://a.example/?b"
        assert _redacted(text) == (
            "GET 'https://h.example/v.mp4?***' with ***\nhttps://a.example/?***"
        )
