"""`render --again`: nothing is bought that is still to be had, and nothing paid for is forgotten."""

import itertools
import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from renderer.animatic.spec import AnimaticSpec
from renderer.cli.main import run
from tests.harness.clip import clip, variant
from tests.harness.paying import Call
from tests.harness.served import Served, environment, served
from tests.harness.terminal import environment_of, program

Out = pytest.CaptureFixture[str]
RUNWARE = ("--provider", "runware")
SPEC = "specs/harbour.yaml"
STORY = """\
version: 1
scene: harbour
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
shots:
  - {id: bell, prompt: A bell tolls over the harbour.}
  - id: chase
    prompt: The courier runs to the docks.
    frames: {first: {shot: bell, frame: last}}
"""
BELL, CHASE = "harbour/bell", "harbour/chase"


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an engine that never makes the same video twice."""
    counted = itertools.count()

    def make(_: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
        number = next(counted)
        progress(50)
        path.write_bytes(variant(clip(width=480, height=320, grey=37 * number % 255), str(number)))

    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=make, dated=True) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def story(write: Callable[..., Path], tmp_path: Path) -> Path:
    write(SPEC, STORY)
    return tmp_path


@pytest.fixture
def call(story: Path) -> Call:
    return lambda *argv: run(["-C", str(story), *argv])


@pytest.fixture
def paid(call: Call) -> Call:
    return lambda *argv: call("render", *RUNWARE, "--yes", "--max-cost", "5", *argv)


@pytest.fixture
def made(engine: Served, paid: Call) -> Served:
    assert paid() == 0
    return engine


def lose(story: Path) -> None:
    shutil.rmtree(story / ".renderer" / "objects")
    shutil.rmtree(story / "renders")


def forget(engine: Served, story: Path) -> None:
    """Have the provider know nothing any more of what it made until now."""
    entries = tasks_of(story).values()
    old = {take["taskUUID"] for entry in entries for take in entry["takes"].values()}

    def change(answer: bytes) -> bytes:
        body: dict[str, Any] = json.loads(answer)
        rows = [row for row in body.get("data", ()) if row.get("taskUUID") not in old]
        return json.dumps({**body, "data": rows}).encode()

    engine.change = change


def tasks_of(story: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((story / "renderer.lock").read_text())["tasks"]
    return found


def numbers(story: Path, address: str) -> list[str]:
    return list(tasks_of(story)[address]["takes"])


def spent(engine: Served) -> Decimal:
    return Decimal(engine.store.billing.spent)


def said_cost(call: Call, capsys: Out) -> Decimal:
    capsys.readouterr()
    assert call("cost", "--format", "json") == 0
    return Decimal(json.loads(capsys.readouterr().out)["total"]["counted"])


def planned(call: Call, capsys: Out) -> Any:
    capsys.readouterr()
    assert call("plan", *RUNWARE, "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def to_make(plan: Any) -> list[str]:
    return [task["address"] for task in plan["tasks"] if task["takes"]]


@pytest.mark.parametrize("agreed", [("--yes", "--max-cost", "5"), ()])
def test_a_take_that_the_provider_still_has_is_fetched_and_not_bought(
    story: Path, made: Served, call: Call, agreed: tuple[str, ...]
) -> None:
    lose(story)
    before, lock = spent(made), (story / "renderer.lock").read_bytes()

    assert call("render", *RUNWARE, *agreed, "--again", f"{BELL}#1") == 0

    assert spent(made) == before
    assert (story / "renderer.lock").read_bytes() == lock
    assert len([one for one in (story / ".renderer/objects").rglob("*") if one.is_file()]) == 1
    assert len(list((story / "renders").rglob("*.mp4"))) == 1


def test_a_copy_on_this_disk_is_taken_without_asking_anybody(
    story: Path, made: Served, paid: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(story / ".renderer" / "objects")
    monkeypatch.delenv("RUNWARE_API_KEY")
    made.calls.clear()

    assert paid("--again", f"{BELL}#1") == 0

    assert made.calls == []


def test_only_what_is_nowhere_is_bought_of_what_was_named(
    story: Path, made: Served, paid: Call
) -> None:
    (bell,) = (story / "renders").rglob("bell*.mp4")
    bell.rename(story / "kept.bin")
    lose(story)
    forget(made, story)
    before = spent(made)

    assert paid("--again", f"{BELL}#1", "--again", f"{CHASE}#1") == 0

    assert spent(made) - before == before / 2
    assert numbers(story, BELL) == ["#1"]
    assert numbers(story, CHASE) == ["#1", "#2"]


def test_a_take_bought_anew_stands_beside_the_lost_one_and_both_are_counted(
    story: Path, made: Served, call: Call, paid: Call, capsys: Out
) -> None:
    lost = tasks_of(story)[BELL]["takes"]["#1"]
    lose(story)
    forget(made, story)

    assert paid("--again", f"{BELL}#1") == 0

    assert numbers(story, BELL) == ["#1", "#2"]
    assert tasks_of(story)[BELL]["takes"]["#1"] == lost
    assert said_cost(call, capsys) == spent(made)
    plan = planned(call, capsys)
    assert to_make(plan) == []  # the shot that goes on from the lost take is made
    assert plan["not_here"] == [f"{CHASE}#1"]
    assert paid("--only", BELL) == 0
    assert paid("--again", f"{BELL}#1") == 4  # bought in its place already
    assert paid("--again", f"{CHASE}#1") == 0  # from the frame of the take that is here
    assert numbers(story, CHASE) == ["#1", "#2"]
    assert planned(call, capsys)["not_here"] == to_make(planned(call, capsys)) == []
    assert call("verify", *RUNWARE) == 0


def test_what_is_made_after_it_goes_on_from_the_take_that_is_here(
    story: Path, made: Served, call: Call, paid: Call, capsys: Out
) -> None:
    lose(story)
    forget(made, story)
    assert paid("--again", f"{BELL}#1") == 0
    text = (story / SPEC).read_text()
    (story / SPEC).write_text(text.replace("runs to", "walks to"))
    assert to_make(planned(call, capsys)) == [CHASE]

    assert paid() == 0

    frame = tasks_of(story)[CHASE]["frames"]["first"]
    assert frame["take"] == tasks_of(story)[BELL]["takes"]["#2"]["sha256"]
    assert call("verify", *RUNWARE) == 1  # the older take of the second shot
    assert said_cost(call, capsys) == spent(made)


def test_a_take_that_is_lost_twice_is_bought_twice(
    story: Path, made: Served, call: Call, paid: Call, capsys: Out
) -> None:
    for number in (1, 2):
        lose(story)
        forget(made, story)
        assert paid("--again", f"{BELL}#{number}") == 0
    assert numbers(story, BELL) == ["#1", "#2", "#3"]
    assert to_make(planned(call, capsys)) == []
    assert said_cost(call, capsys) == spent(made)


def test_a_pick_of_a_lost_take_buys_nothing_and_is_reported(
    story: Path, made: Served, call: Call, paid: Call, capsys: Out
) -> None:
    assert call("pick", f"{BELL}#1:0.2-0.9", "--why", "calm", *RUNWARE) == 0
    assert paid() == 0
    lose(story)
    forget(made, story)

    assert paid("--again", f"{BELL}#1") == 0

    assert to_make(planned(call, capsys)) == []
    assert call("picks", "--check", *RUNWARE) != 0
    assert f"{BELL}#2" in capsys.readouterr().out
    assert call("pick", f"{BELL}#2", "--why", "the same", *RUNWARE) == 0
    assert to_make(planned(call, capsys)) == [CHASE]  # a choice, and its price is shown


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_take_of_an_older_picture_is_refused_by_its_name(
    story: Path, made: Served, paid: Call, capsys: Out, more: tuple[str, ...]
) -> None:
    text = (story / SPEC).read_text()
    (story / SPEC).write_text(text.replace("A bell tolls", "Two bells toll"))
    assert paid("--only", BELL) == 0
    lose(story)
    before, asked = spent(made), len(made.calls)
    capsys.readouterr()

    argv = () if more else ("--yes", "--max-cost", "5")
    assert run(["-C", str(story), "render", *RUNWARE, *argv, *more, "--again", f"{BELL}#1"]) == 4

    assert f"{BELL}#1" in capsys.readouterr().err
    assert (spent(made), len(made.calls)) == (before, asked)


@pytest.mark.usefixtures("made")
def test_a_name_of_no_take_is_an_error(paid: Call) -> None:
    for name in (BELL, f"{BELL}#9", "harbour/belt#1", "#1", ""):
        assert paid("--again", name) == 2


@pytest.mark.parametrize("again", [("--again", f"{BELL}#1"), ()], ids=["said again", "not said"])
def test_a_run_that_is_killed_while_it_buys_anew_pays_once(
    story: Path, made: Served, paid: Call, again: tuple[str, ...]
) -> None:
    lose(story)
    forget(made, story)
    hide, before = made.change, spent(made)
    assert hide

    def die(answer: bytes) -> bytes:
        if spent(made) > before:  # it is bought, and nobody hears of it
            child.kill()
            child.wait(30)
        return hide(answer)

    made.change = die
    argv = ("-C", str(story), "render", *RUNWARE, "--yes", "--max-cost", "5")
    child = subprocess.Popen(
        program(*argv, "--again", f"{BELL}#1"), env=environment_of(made.environment())
    )
    assert child.wait(60) == -signal.SIGKILL
    once = spent(made)
    assert once > before

    made.change = hide
    paid(*again)

    assert spent(made) == once
    assert numbers(story, BELL) == ["#1", "#2"]
