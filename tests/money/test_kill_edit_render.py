"""Killed while its POST was on the way, edited, rendered: only what the plan says is bought."""

import json
import re
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.app.project.lockfile import LockFile
from renderer.cli.main import run
from tests.harness.served import Served
from tests.harness.terminal import environment_of, program, typed

Out = pytest.CaptureFixture[str]
PRICE = Decimal("0.09743")  # of a take of 4 s at 480p, with sound
NOTHING: tuple[Decimal, set[str]] = (Decimal(0), set())
HEAD = """\
version: 1
scene: pier
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4, seed: 7}
shots:
"""


def write(project: Path, shots: Sequence[str], settings: str = "") -> None:
    rows = [f'  - {{id: {shot}, prompt: "A {shot} in fog."{settings}}}\n' for shot in shots]
    (project / "specs").mkdir(exist_ok=True)
    (project / "specs" / "pier.yaml").write_text(HEAD + "".join(rows))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "film"
    root.mkdir()
    return root


def command(project: Path, *argv: str) -> list[str]:
    return ["-C", str(project), "render", "--provider", "runware", *argv]


def kill_at_the_post(project: Path, engine: Served, *argv: str) -> None:
    """Render, and kill the program when its POST has left; the provider never sees it."""
    children: list[subprocess.Popen[bytes]] = []

    def gate(body: bytes) -> bool:
        if b'"videoInference"' not in body:
            return True
        children[0].send_signal(signal.SIGKILL)
        return False

    engine.gate = gate
    children.append(
        subprocess.Popen(
            program(*command(project, "--yes", "--max-cost", "50", *argv)),
            env=environment_of(engine.environment()),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    )
    assert children[0].wait(60) == -signal.SIGKILL
    engine.gate = None
    assert engine.paid == {}


def plan(project: Path, capsys: Out, *argv: str) -> tuple[Decimal, set[str]]:
    """Return what a plan says: its price, and the addresses that takes are made for."""
    capsys.readouterr()
    run(["-C", str(project), "plan", "--provider", "runware", "--format", "json", *argv])
    said = json.loads(capsys.readouterr().out)
    made = {task["address"] for task in said["tasks"] if task["takes"]}
    return Decimal(said["summary"]["cost"]["high"]), made


def bought(engine: Served) -> tuple[Decimal, set[str]]:
    """Return what was paid: the sum, and the shots."""
    shots = {f"pier/{re.split(' ', line.prompt)[1]}" for line in engine.store.billing.charged}
    return engine.store.billing.spent, shots


def status(project: Path, capsys: Out) -> dict[str, str]:
    """Return the open tasks: address to state, and the id under `address:id`."""
    capsys.readouterr()
    run(["-C", str(project), "status", "--provider", "runware", "--format", "json"])
    rows = json.loads(capsys.readouterr().out)["open"]
    states = {row["address"]: row["state"] for row in rows}
    return states | {row["address"] + ":id": row["taskUUID"] for row in rows}


FIVE = ("bell", "crane", "gull", "rope", "lamp")


@pytest.mark.parametrize(
    "argv",
    [("--yes", "--max-cost", "0.2"), ("--yes", "--max-cost", "0.2", "--only", "pier/buoy")],
    ids=["all", "only"],
)
def test_shots_that_left_the_specs_are_asked_about_and_not_bought(
    project: Path, engine: Served, capsys: Out, argv: tuple[str, ...]
) -> None:
    write(project, FIVE)
    kill_at_the_post(project, engine)
    write(project, ("buoy",))
    said = plan(project, capsys)
    assert said == (PRICE, {"pier/buoy"})

    assert run(command(project, *argv)) == 4  # the five are unknown, and that is said

    assert bought(engine) == said
    states = status(project, capsys)
    assert {states[f"pier/{shot}"] for shot in FIVE} == {"unknown"}


def test_with_nothing_to_do_nothing_is_bought(project: Path, engine: Served, capsys: Out) -> None:
    write(project, FIVE[:3])
    kill_at_the_post(project, engine)
    write(project, ("buoy",))
    assert run(command(project, "--yes", "--max-cost", "0.1", "--only", "pier/buoy")) == 4
    spent = bought(engine)
    assert plan(project, capsys) == NOTHING

    assert run(command(project)) == 4

    assert bought(engine) == spent


def test_a_saved_plan_buys_what_is_in_it(project: Path, engine: Served, capsys: Out) -> None:
    write(project, FIVE)
    kill_at_the_post(project, engine)
    write(project, ("buoy", *FIVE[:1]))
    file = project / "plan.json"
    said = plan(project, capsys, "--only", "pier/buoy", "--out", str(file))
    assert said == (PRICE, {"pier/buoy"})
    argv = ("--plan", str(file), "--only", "pier/buoy", "--yes", "--max-cost", "0.1")

    assert run(command(project, *argv)) == 4

    assert bought(engine) == said


def test_a_count_that_was_lowered_is_not_exceeded(
    project: Path, engine: Served, capsys: Out
) -> None:
    write(project, ("bell",), ", settings: {numberResults: 4}")
    kill_at_the_post(project, engine)
    write(project, ("bell",))
    agreed = command(project, "--yes", "--max-cost", "0.1")
    assert run(agreed) == 4
    assert bought(engine) == NOTHING
    assert run(agreed) == 4  # perhaps there are four: nothing new is bought
    assert bought(engine) == NOTHING

    task = status(project, capsys)["pier/bell:id"]
    assert run([*agreed, "--resubmit", task]) == 0

    assert bought(engine) == (PRICE, {"pier/bell"})


def test_at_a_terminal_what_is_asked_is_what_is_bought(project: Path, engine: Served) -> None:
    write(project, FIVE)
    kill_at_the_post(project, engine)
    write(project, ("buoy",))

    argv = command(project)
    _, screen = typed("y\n", "[y/N]", *argv, environment=engine.environment())

    assert "Spend $0.09743 for 1 take?" in screen
    assert bought(engine) == (PRICE, {"pier/buoy"})


def test_what_is_still_wanted_is_in_the_plan_and_needs_a_yes(
    project: Path, engine: Served, capsys: Out
) -> None:
    write(project, FIVE[:2])
    kill_at_the_post(project, engine)
    said = plan(project, capsys)
    assert said == (PRICE * 2, {"pier/bell", "pier/crane"})

    assert run(command(project)) == 4  # nobody agreed
    assert run(command(project, "--yes", "--max-cost", "0.19")) == 4  # over the limit
    assert bought(engine) == NOTHING

    assert run(command(project, "--yes", "--max-cost", f"{said[0]}")) == 0
    assert bought(engine) == said


@pytest.mark.parametrize("words", ["11111111-1111-4111-8111-111111111111", "nonsense", "running"])
def test_only_an_unknown_task_is_bought_anew(
    project: Path, engine: Served, capsys: Out, words: str
) -> None:
    write(project, FIVE[:2])
    kill_at_the_post(project, engine)
    if words == "running":
        words = status(project, capsys)["pier/bell:id"]
    calls = len(engine.calls)

    assert run(command(project, "--yes", "--max-cost", "5", "--resubmit", words)) == 2

    assert len(engine.calls) == calls
    assert bought(engine) == NOTHING


def test_a_refused_resubmit_gives_nothing_up(project: Path, engine: Served, capsys: Out) -> None:
    write(project, FIVE[:2])
    kill_at_the_post(project, engine)
    write(project, ("buoy",))
    assert run(command(project, "--yes", "--max-cost", "0.1")) == 4
    write(project, FIVE[:2])  # they are wanted again, and unknown
    before, paid = status(project, capsys), bought(engine)
    ids = [word for shot in FIVE[:2] for word in ("--resubmit", before[f"pier/{shot}:id"])]
    agreed = command(project, "--yes", "--max-cost", "0.15")

    assert run([*agreed, *ids]) == 4  # over the limit
    assert run([*agreed, "--only", "pier/crane", *ids[:2]]) == 2  # not among these
    assert status(project, capsys) == before
    assert bought(engine) == paid

    # What was given up may have been billed all the same, and counts under the limit.
    assert run([*command(project, "--yes", "--max-cost", "0.4"), *ids]) == 0
    assert bought(engine)[0] == paid[0] + 2 * PRICE


def test_orders_of_one_take_each_are_sent_again_as_far_as_they_are_wanted(
    project: Path, engine: Served, capsys: Out
) -> None:
    to = (
        ', settings: {numberResults: COUNT, uploadEndpoint: "http://127.0.0.1:9/{address}/{take}"}'
    )
    write(project, ("bell",), to.replace("COUNT", "3"))
    kill_at_the_post(project, engine)
    write(project, ("bell",), to.replace("COUNT", "2"))
    said = plan(project, capsys)
    assert said == (PRICE * 2, {"pier/bell"})

    assert run(command(project, "--yes", "--max-cost", "0.3")) == 4  # the third is unknown

    assert bought(engine) == said


def test_two_orders_of_one_picture_come_back_free(
    project: Path, engine: Served, capsys: Out
) -> None:
    agreed = command(project, "--yes", "--max-cost", "5")
    write(project, ("bell",))
    before = None
    for count in (1, 2, 4):
        write(project, ("bell",), f", settings: {{numberResults: {count}}}")
        assert run(agreed) == 0
        before = before or (project / "renderer.lock").read_bytes()
    paid = bought(engine)
    for lost in (before, None):
        if lost is None:
            (project / "renderer.lock").unlink()
        else:
            (project / "renderer.lock").write_bytes(lost)

        assert plan(project, capsys) == NOTHING
        assert run(command(project)) == 0  # no consent is needed: nothing is bought

        assert "$" not in capsys.readouterr().out
        takes = LockFile.of(project, "runware").read().entries["pier/bell"].takes
        assert [take.number for take in takes] == [1, 2, 3, 4]
        assert bought(engine) == paid


@pytest.mark.parametrize("counts", [(1, 3), (2, 4), (3, 1)])
def test_two_clones_that_want_different_counts_of_one_picture(
    project: Path, engine: Served, tmp_path: Path, counts: tuple[int, int]
) -> None:
    agreed = ("--yes", "--max-cost", "5")
    write(project, ("bell",), f", settings: {{numberResults: {counts[0]}}}")
    (project / "renderer.lock").write_text('{"version": 1, "lineage": "one", "tasks": {}}\n')
    other = tmp_path / "other"
    subprocess.run(["cp", "-r", str(project), str(other)], check=True)
    assert run(command(project, *agreed)) == 0
    write(other, ("bell",), f", settings: {{numberResults: {counts[1]}}}")

    assert run(command(other, *agreed)) == 0

    most = max(counts)
    assert sorted(engine.paid.values()) == [1] * most
    here = LockFile.of(other, "runware").read().entries["pier/bell"].takes
    assert len(here) == most


REFUSED = {
    "what wants a yes": ("", ()),
    "what waits for a shot that is not selected": (
        ", frames: {first: {shot: mast}}",
        ("--only", "pier/crane"),
    ),
}


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_what_runs_is_collected_before_anything_is_refused(
    project: Path, engine: Served, refused: tuple[str, tuple[str, ...]]
) -> None:
    frames, only = refused
    engine.store.options = replace(engine.store.options, delay=1.0)
    write(project, ("bell",))
    child = subprocess.Popen(
        program(*command(project, "--yes", "--max-cost", "5")),
        env=environment_of(engine.environment()),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while not engine.paid:
        assert child.poll() is None
    child.kill()
    child.wait(30)
    write(project, ("bell", "crane", "mast"))
    spec = project / "specs" / "pier.yaml"
    spec.write_text(spec.read_text().replace('A crane in fog."', f'A crane in fog."{frames}'))

    assert run(command(project, *only)) == 4

    takes = LockFile.of(project, "runware").read()
    assert [address for address, _ in takes.takes()] == ["pier/bell"]
    assert bought(engine) == (PRICE, {"pier/bell"})
