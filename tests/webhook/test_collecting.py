"""A hint makes the receiver ask the provider; what the hint says is not believed."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from renderer.adapters.disk.mutex import held
from renderer.adapters.journal.queries import open_tasks
from renderer.cli.main import run
from renderer.engine.webhooks import http_sender
from tests.harness.served import Served
from tests.harness.terminal import environment_of, program

Out = pytest.CaptureFixture[str]


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def running(project: Path, engine: Served) -> list[str]:
    """Have two tasks submitted and go on being made; return their ids."""
    engine.store.options = replace(engine.store.options, delay=3600.0)
    argv = ("-C", str(project), "render", "--provider", "runware", "--yes", "--max-cost", "5")
    child = subprocess.Popen(
        program(*argv), env=environment_of(engine.environment()), stderr=subprocess.DEVNULL
    )
    until(lambda: len(engine.calls) >= 3, "the tasks are submitted")
    child.kill()
    child.wait(30)
    return [task.task_uuid for task in open_tasks(project / ".renderer" / "journal.db")]


@contextmanager
def receiving(project: Path, engine: Served, log: Path) -> Iterator[str]:
    """Run `renderer webhook`; yield its address; Ctrl-C ends it in order."""
    with log.open("wb") as err:
        child = subprocess.Popen(
            program("-vv", "-C", str(project), "webhook", "--port", "0"),
            env=environment_of({**engine.environment(), "PYTHONUNBUFFERED": "1"}),
            stdout=subprocess.PIPE,
            stderr=err,
        )
    assert child.stdout is not None
    try:
        found = re.search(r"http://\S+", child.stdout.readline().decode())
        assert found
        yield found.group()
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(30)
        child.stdout.close()


def lock_of(project: Path) -> str:
    path = project / "renderer.lock"
    return path.read_text() if path.exists() else ""


def test_a_hint_is_collected_without_a_render_and_a_false_one_changes_nothing(
    project: Path, engine: Served, tmp_path: Path
) -> None:
    ids = running(project, engine)
    log = tmp_path / "log"
    with receiving(project, engine, log) as address:
        until(lambda: "collected 0 takes" in log.read_text(), "it asks at its start")
        lie = {"taskUUID": ids[0], "status": "success", "videoURL": "https://evil.example/CANARY"}
        assert httpx.post(address, json={"data": [lie]}).status_code == 202
        until(lambda: log.read_text().count("collected 0") >= 2, "the provider is asked again")
        assert lock_of(project).count('"sha256"') == 0

        engine.store.options = replace(engine.store.options, delay=0.0)
        assert httpx.post(address, json={"errors": [{"taskUUID": ids[1]}]}).status_code == 202
        until(lambda: lock_of(project).count('"sha256"') == 2, "both takes are recorded")
    assert sorted(engine.paid.values()) == [1, 1]
    told = log.read_text()
    assert "deliveries: 2 taken" in told
    assert "CANARY" not in told
    token = address.rpartition("/")[2]
    assert token not in told
    assert run(["-C", str(project), "plan", "--provider", "runware", "--exit-code"]) == 0


def test_another_render_is_left_to_collect(project: Path, engine: Served, tmp_path: Path) -> None:
    ids = running(project, engine)
    engine.store.options = replace(engine.store.options, delay=0.0)
    log = tmp_path / "log"
    mutex = held(project / ".renderer" / "mutex", "render")
    with mutex, receiving(project, engine, log) as address:
        assert httpx.post(address, json={"taskUUID": ids[0]}).status_code == 202
        until(lambda: "another render works" in log.read_text(), "it says so")
        assert lock_of(project).count('"sha256"') == 0
    assert run(["-C", str(project), "render", "--provider", "runware"]) == 0
    assert sorted(engine.paid.values()) == [1, 1]


def test_the_engine_s_own_webhook_brings_the_takes_home(
    project: Path, engine: Served, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with receiving(project, engine, log) as address:
        scene = project / "specs" / "harbour.yaml"
        hook = f"  seed: 7\n  webhookURL: {address}?shot={{shot}}\n"
        scene.write_text(scene.read_text().replace("  seed: 7\n", hook))
        engine.store.options = replace(engine.store.options, sender=http_sender())
        running(project, engine)
        engine.store.options = replace(engine.store.options, delay=0.0)
        until(lambda: lock_of(project).count('"sha256"') == 2, "both takes are recorded")
    assert sorted(engine.paid.values()) == [1, 1]
    left = [path for path in project.rglob("*") if path.is_file() and "specs" not in path.parts]
    secret = address.rpartition("/")[2].encode()
    assert [path.name for path in left if secret in path.read_bytes()] == ["webhook-token"]


def test_it_sends_nothing_that_costs_money(project: Path, engine: Served, tmp_path: Path) -> None:
    """A task that the provider does not know is not sent by a hint, however often it comes."""
    ids = running(project, engine)
    before = len(engine.bodies("videoInference"))
    for kind in ("tasks", "owners"):
        engine.store.memory.sweep(kind, time.time() + 60)
    engine.store._tasks.clear()
    log = tmp_path / "log"
    with receiving(project, engine, log) as address:
        assert httpx.post(address, json={"taskUUID": ids[0]}).status_code == 202
        until(lambda: log.read_text().count("collected 0") >= 2, "it asks twice")
    assert len(engine.bodies("videoInference")) == before


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--public-url", "ftp://x"), "is not a valid URL"),
        (("--public-url", "https://me:pw@x"), "is not a valid URL"),
        (("--public-url", "https://x/path"), "has a path"),
        (("--host", "192.0.2.1"), "cannot be used"),
        (("--port", "70000"), "70000"),
    ],
)
def test_an_address_that_cannot_be_is_answered(
    project: Path, engine: Served, argv: tuple[str, ...], said: str, capsys: Out
) -> None:
    assert engine.address
    assert run(["-C", str(project), "webhook", *argv]) in {1, 2}
    assert said in capsys.readouterr().err


def test_without_a_key_it_does_not_start(project: Path, capsys: Out) -> None:
    assert "RUNWARE_API_KEY" not in os.environ
    assert run(["-C", str(project), "webhook"]) == 2
    assert "there is no key" in capsys.readouterr().err


def test_json_of_the_engine_is_a_hint() -> None:
    from renderer.app.rendering.webhook import hinted

    assert hinted(json.dumps({"data": [{"taskUUID": "A-1"}], "errors": []}).encode()) == {"a-1"}
