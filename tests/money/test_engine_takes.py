"""What an embedded engine made is no paid take, whatever it was asked through."""

import json
import subprocess
from pathlib import Path

import pytest

from renderer.app.project.lockfile import LockFile
from renderer.cli.main import run
from tests.harness.served import Served, environment, served
from tests.harness.terminal import environment_of, program

AGREED = ("--provider", "runware", "--yes", "--max-cost", "5")


def render(project: Path, *argv: str) -> int:
    return run(["-C", str(project), "render", *argv])


def takes(project: Path, provider: str) -> list[str]:
    return [address for address, _ in LockFile.of(project, provider).read().takes()]


def test_an_engine_over_http_is_recorded_with_the_animatics(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(tmp_path / "engine", marked=True) as engine, environment(**engine.environment()):
        assert render(project, *AGREED) == 0
        assert "$" not in capsys.readouterr().out
        assert takes(project, "runware") == []
        assert takes(project, "local") == ["harbour/lamp", "harbour/quay"]
        files = sorted(file.name for file in (project / "renders").rglob("*.mp4"))
        assert files == ["lamp.take1.mp4", "quay.take1.mp4"]
        before = (project / "renderer.local.lock").read_bytes()

        assert render(project, *AGREED) == 0  # the engine still has them

        assert (project / "renderer.local.lock").read_bytes() == before
        assert len(engine.paid) == 2


def test_an_engine_needs_a_yes_as_the_provider_does(project: Path, tmp_path: Path) -> None:
    with served(tmp_path / "engine", marked=True) as engine, environment(**engine.environment()):
        assert render(project, "--provider", "runware") == 4
        assert render(project, "--provider", "runware", "--yes", "--max-cost", "0.1") == 4
        assert engine.paid == {}


def test_tests_against_an_engine_buy_nothing_later_and_spare_nothing(
    project: Path, tmp_path: Path
) -> None:
    """A task that was meant for the engine is not sent to the provider; nor is it had there."""
    with served(tmp_path / "engine", marked=True) as engine, environment(**engine.environment()):
        engine.gate = lambda body: b'"videoInference"' not in body  # lost: it stays in doubt
        argv = ("--only", "harbour/quay", *AGREED)
        assert run_briefly(project, *argv) != 0
        engine.gate = None
    with served(tmp_path / "provider") as provider, environment(**provider.environment()):
        assert render(project, "--only", "harbour/lamp", *AGREED) == 0
        assert len(provider.paid) == 1
        assert takes(project, "runware") == ["harbour/lamp"]
        assert render(project, *AGREED) == 0
        assert sorted(takes(project, "runware")) == ["harbour/lamp", "harbour/quay"]
        assert sorted(provider.paid.values()) == [1, 1]


def run_briefly(project: Path, *argv: str) -> int:
    """Render, and kill the program after some seconds."""
    child = subprocess.Popen(
        program("-C", str(project), "render", *argv), env=environment_of({}),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return child.wait(3)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait(10)


def test_a_free_render_replaces_no_paid_file(project: Path, engine: Served) -> None:
    assert render(project, *AGREED) == 0
    paid = {file: file.read_bytes() for file in (project / "renders").rglob("*.mp4")}
    scene = project / "specs" / "harbour.yaml"
    text = scene.read_text()
    for change in (text, text.replace("A ferry", "A tug"), text):
        scene.write_text(change)

        assert render(project, "--provider", "local") == 0

        assert {file: file.read_bytes() for file in paid} == paid
        animatics = {*(project / "renders").rglob("*.mp4")} - paid.keys()
        assert len(animatics) == 2
    assert render(project, *AGREED) == 0
    assert {file: file.read_bytes() for file in (project / "renders").rglob("*.mp4")} == paid
    assert len(engine.paid) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_files_that_go_to_addresses_of_their_own_are_ordered_one_by_one(
    project: Path, tmp_path: Path, count: int
) -> None:
    scene = project / "specs" / "harbour.yaml"
    settings = (
        f"  numberResults: {count}\n  uploadEndpoint: http://127.0.0.1:9/{{shot}}/{{take}}.mp4\n"
    )
    scene.write_text(scene.read_text().replace("  seed: 7\n", f"  seed: 7\n{settings}"))
    with (
        served(tmp_path / "engine", sender=lambda _: 200) as one,
        environment(**one.environment()),
    ):
        assert render(project, *AGREED) == 0
        sent = [task for body in one.bodies("videoInference") for task in json.loads(body)]
        ends = [task["uploadEndpoint"] for task in sent]
        assert len(set(ends)) == len(ends) == 2 * count
        assert all(task.get("numberResults", 1) == 1 for task in sent)
        assert sorted(one.paid.values()) == [1] * (2 * count)
        assert {seed for _, seed in one.paid} == set(range(7, 7 + count))
