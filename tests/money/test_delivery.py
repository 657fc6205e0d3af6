"""Addresses for finished videos: filled in, quoted, sent, and kept nowhere."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from renderer.render.hidden import hidden, shown
from renderer.render.order import HIDDEN
from tests.harness.paying import Call
from tests.harness.served import Served
from tests.harness.terminal import environment_of, program
from tests.harness.world import order

Out = pytest.CaptureFixture[str]
HOOK = "https://hooks.example/{scene}/{shot}/{take}?token=CANARY-HOOK"
PUT = "https://files.example/{shot}.mp4?X-Signature=CANARY-PUT"


@pytest.fixture
def delivered(project: Path) -> Path:
    """Let the project name a webhook and an upload, both with credentials in them."""
    scene = project / "specs" / "harbour.yaml"
    added = f"  seed: 7\n  webhookURL: {HOOK}\n  uploadEndpoint: {PUT}\n"
    scene.write_text(scene.read_text().replace("  seed: 7\n", added))
    return project


def written(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield all that the program wrote into a project: not the specs, which a person wrote."""
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink() and "specs" not in path.parts:
            yield path, path.read_bytes()


def leaks(root: Path) -> list[str]:
    return [str(path) for path, data in written(root) if b"CANARY" in data]


def test_scene_shot_and_take_are_filled_in_and_quoted() -> None:
    request = {"webhookURL": HOOK, "uploadEndpoint": PUT, "positivePrompt": "{shot}"}
    made = order(scene="a b", shot="c/d?e#f", number=3, request=request)
    body = made.body("id", {})
    assert body["webhookURL"] == "https://hooks.example/a%20b/c%2Fd%3Fe%23f/3?token=CANARY-HOOK"
    assert str(body["uploadEndpoint"]).startswith("https://files.example/c%2Fd%3Fe%23f.mp4?")
    assert body["positivePrompt"] == "{shot}"


def test_a_mark_without_an_address_is_left_out_of_the_call() -> None:
    kept = replace(order(), request=hidden({"webhookURL": HOOK, "duration": 4}))
    assert "CANARY" not in repr(kept)
    assert "webhookURL" not in kept.body("id", {})
    body = kept.body("id", {HIDDEN + "webhookURL": HOOK})
    assert str(body["webhookURL"]).startswith("https://hooks")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:CANARY@host.example:8443/p?q=CANARY#CANARY", "host.example:8443"),
        ("https://[::1/CANARY", "an unknown host"),
        ("CANARY", "an unknown host"),
        ("https://\x1b[2Kx/CANARY", "an unknown host"),
    ],
)
def test_people_see_the_host_of_an_address_only(url: str, host: str) -> None:
    assert shown({"webhookURL": url}) == {"webhookURL": f"(an address at {host})"}


def test_both_are_sent_with_the_order_and_stand_in_no_file_or_output(
    delivered: Path, engine: Served, call: Call, capsys: Out
) -> None:
    assert call("plan", "--provider", "runware") == 0
    assert call("plan", "--provider", "runware", "--format", "json") == 0
    assert call("plan", "--provider", "runware", "--out", str(delivered / "plan.json")) == 0
    assert call("show", "harbour/quay") == 0
    assert call("show", "harbour/quay", "--format", "json") == 0
    assert call("tasks", "--format", "json") == 0
    assert call("-vv", "render", "--provider", "runware", "--yes", "--max-cost", "5") == 0
    assert call("status", "--provider", "runware", "--format", "json") == 0
    assert call("cost", "--format", "json") == 0
    told = capsys.readouterr()
    assert "CANARY" not in told.out + told.err
    assert "(an address at hooks.example)" in told.out
    assert leaks(delivered) == []

    (body,) = engine.bodies("videoInference")
    tasks = json.loads(body)
    assert {task["webhookURL"] for task in tasks} == {
        "https://hooks.example/harbour/quay/1?token=CANARY-HOOK",
        "https://hooks.example/harbour/lamp/1?token=CANARY-HOOK",
    }
    assert all("X-Signature=CANARY-PUT" in task["uploadEndpoint"] for task in tasks)


@pytest.mark.usefixtures("engine")
def test_an_address_is_no_part_of_the_picture(project: Path, call: Call, paid: Call) -> None:
    assert paid() == 0
    scene = project / "specs" / "harbour.yaml"
    scene.write_text(
        scene.read_text().replace("  seed: 7\n", f"  seed: 7\n  webhookURL: {HOOK}\n")
    )
    assert call("plan", "--provider", "runware", "--exit-code") == 0


def all_made(engine: Served) -> bool:
    """Tell whether every result has ended, and is written down: both are done in one hold."""
    with engine.store._mutex:
        return all(one.ended for task in engine.store._tasks.values() for one in task.results)


def test_a_run_that_was_killed_before_the_answer_sends_the_same_addresses_again(
    delivered: Path, engine: Served, paid: Call
) -> None:
    """The journal has no address: the next run takes it from the specs."""

    def lose(answer: bytes) -> bytes:
        if len(engine.calls) == 2:  # looked up, submitted: the engine forgets that it was
            while not all_made(engine):
                time.sleep(0.01)  # a worker that ends later would write its task down again
            engine.store._tasks.clear()
            for kind in ("tasks", "owners"):
                engine.store.memory.sweep(kind, time.time() + 60)
            engine.store.billing.lines.clear()
            child.kill()
            child.wait(30)  # no answer reaches it
        return answer

    engine.change = lose
    argv = ("-C", str(delivered), "render", "--provider", "runware", "--yes", "--max-cost", "5")
    child = subprocess.Popen(program(*argv), env=environment_of(engine.environment()))
    assert child.wait(60) == -signal.SIGKILL
    assert leaks(delivered) == []

    engine.change = None
    assert paid() == 0
    first, again = (json.loads(body) for body in engine.bodies("videoInference"))
    by_id = {task["taskUUID"]: task for task in first}
    assert by_id == {task["taskUUID"]: task for task in again}
    assert sorted(engine.paid.values()) == [1, 1]
    assert leaks(delivered) == []
