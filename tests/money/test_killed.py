"""The program killed at any moment and started again until it is done: each task is paid once."""

import json
import random
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from renderer.app.project.lockfile import LockFile
from tests.harness.paying import Call
from tests.harness.served import Served, served
from tests.harness.terminal import HOME, environment_of, program
from tests.tooling.pretend import copy_example


def start(project: Path, variables: Mapping[str, str], *argv: str) -> subprocess.Popen[bytes]:
    command = ("-C", str(project), "render", "--provider", "runware", "--yes", "--max-cost", "50")
    return subprocess.Popen(
        program(*command, *argv),
        env=environment_of(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def ended(child: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Return how it ended by itself within so many seconds; else kill it and return None."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(30)
        return None


def until_done(
    project: Path, variables: Mapping[str, str], chance: random.Random, longest: float
) -> int:
    """Start and kill, until a run is let to its end; return how many were killed."""
    killed = 0
    while True:
        latest = longest if killed else 1.0  # the first comes early: no run is as quick as that
        seconds = chance.uniform(0.3, latest) if killed < 12 else 100.0
        code = ended(start(project, variables), seconds)
        assert code in {0, None}, f"exit code {code}"
        if code == 0:
            return killed
        killed += 1


def check(project: Path, engine: Served, tasks: int) -> None:
    assert len(engine.paid) == tasks
    assert set(engine.paid.values()) == {1}
    takes = [take for _, take in LockFile.of(project, "runware").read().takes()]
    assert len({take.video_uuid for take in takes}) == tasks
    assert len(list((project / "renders").rglob("*.mp4"))) == tasks


def test_a_run_that_is_killed_goes_on_and_pays_each_task_once(
    project: Path, engine: Served, call: Call
) -> None:
    engine.store.options = replace(engine.store.options, delay=0.5)
    for seconds in (0.9, 1.4):
        ended(start(project, engine.environment()), seconds)
    assert ended(start(project, engine.environment()), 100.0) == 0
    check(project, engine, 2)
    assert call("verify", "--provider", "runware") == 0


@pytest.mark.campaign
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", range(20))
def test_kills_at_random_times_on_the_example_project(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same kills each time
    project = copy_example(tmp_path / "project")
    with served(tmp_path / "engine", delay=chance.choice([0.0, 0.5, 2.0])) as engine:
        assert until_done(project, engine.environment(), chance, 1.8) > 0
        check(project, engine, 10)


@pytest.mark.campaign
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", range(4))
def test_two_programs_that_are_killed_in_turn_pay_each_task_once(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same kills each time
    project = copy_example(tmp_path / "project")
    with served(tmp_path / "engine", delay=0.5) as engine:
        for _ in range(6):
            pair = [start(project, engine.environment()) for _ in range(2)]
            for child in pair:
                ended(child, chance.uniform(0.3, 2.5))
        until_done(project, engine.environment(), chance, 30.0)
        check(project, engine, 10)


@pytest.mark.campaign
@pytest.mark.timeout(3000)
def test_the_real_engine_in_a_process_of_its_own_renders_the_example(tmp_path: Path) -> None:
    """Real animatics; what it accepted is in the records that it keeps on disk."""
    project = copy_example(tmp_path / "project")
    chance = random.Random(7)  # noqa: S311 - the same kills each time
    (tmp_path / "records").mkdir()
    variables = {"PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path / "records")}
    with subprocess.Popen(
        program("engine", "--port", "0", "--key", "local"),
        stdout=subprocess.PIPE,
        cwd=HOME,
        env=environment_of(variables),
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline().decode()
        address = next(word for word in line.split() if word.startswith("http://"))
        key = {"RUNWARE_BASE_URL": address, "RUNWARE_API_KEY": "local"}
        killed = until_done(project, key, chance, 20.0)
        accepted = [
            json.loads(path.read_bytes())["request"]
            for path in (tmp_path / "records").glob("engine-*/tasks/*.json")
        ]
        child.send_signal(signal.SIGINT)
    pictures = {(one["positivePrompt"], one.get("seed")) for one in accepted}
    assert len(accepted) == len(pictures) == 10
    takes = [take for _, take in LockFile.of(project, "runware").read().takes()]
    assert {take.task_uuid for take in takes} == {one["taskUUID"] for one in accepted}
    assert all(take.cost is not None for take in takes)
    assert killed > 0
