"""A saved plan of a chain with edits in between: it is bought exactly as it was read, or refused."""

import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.continuity.conftest import large
from tests.harness.buyer import NOTHING, Bought, Buyer
from tests.harness.served import Served, environment, served

SCENE = """\
version: 1
scene: pier
title: The pier
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
matrix: {seed: [7, 17]}
shots:
  - id: bell
    prompt: {file: bell.j2}
  - id: chase
    prompt: The courier runs. {{ scene.id }}/{{ shot.id }}@seed={{ task.seed }}
    frames: {first: {shot: bell, frame: last}}
  - id: leap
    prompt: The courier leaps. {{ scene.id }}/{{ shot.id }}@seed={{ task.seed }}
    frames: {first: {shot: chase}}
"""
BELL = "A bell tolls. {{ scene.id }}/{{ shot.id }}@seed={{ task.seed }}\n"
SPEC = "specs/pier.yaml"
PRICE = Decimal("0.09743")  # of a take of 4 s at 480p, with sound
# Each changes what would be bought, or where it is sent: the file, what was there, and what is.
EDITS = {
    "the prompt of the second shot": (SPEC, "The courier runs", "Two couriers run"),
    "the template of the first": ("templates/bell.j2", "A bell", "The bell"),
    "the length of the first": (SPEC, "bell.j2}", "bell.j2}\n    settings: {duration: 5}"),
    "which frame the second takes": (SPEC, "frame: last", "frame: 0.5"),
    "what the third depends on": (SPEC, "{shot: chase}", "{shot: bell}"),
    "how many takes the last has": (
        SPEC,
        "  - id: leap",
        "  - id: leap\n    settings: {numberResults: 2}",
    ),
    "one cell fewer": (SPEC, "seed: [7, 17]", "seed: [7]"),
    "a shot more": (SPEC, "shots:", "shots:\n  - {id: coda, prompt: Gulls.}"),
    "a shot fewer": (SPEC, "  - id: leap\n", "  - id: leap\n    skip: true\n"),
    "where the videos go": (
        SPEC,
        "duration: 4}",
        "duration: 4, webhookURL: http://127.0.0.1:9/x}",
    ),
}
# These change no picture: they are no reason to refuse.
FREE = {
    "title: The pier": "title: Another title",
    "shots:": "# A remark.\nshots:",
    "resolution: 480p, duration: 4": "duration: 4, resolution: 480p",
}


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=large) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def one(tmp_path: Path, engine: Served, capsys: pytest.CaptureFixture[str]) -> Buyer:
    root = tmp_path / "film"
    (root / "specs").mkdir(parents=True)
    (root / "templates").mkdir()
    (root / "specs" / "pier.yaml").write_text(SCENE)
    (root / "templates" / "bell.j2").write_text(BELL)
    return Buyer(root=root, engine=engine, capsys=capsys)


def killed_at(one: Buyer, word: bytes, *argv: str) -> None:
    """Render as a process, and kill it when the POST of a shot has left."""
    children: list[subprocess.Popen[bytes]] = []

    def gate(body: bytes) -> bool:
        if b'"videoInference"' not in body or word not in body:
            return True
        children[0].send_signal(signal.SIGKILL)
        return False

    one.engine.gate = gate
    children.append(one.start(*argv))
    assert children[0].wait(60) == -signal.SIGKILL
    one.engine.gate = None


def takes(**shots: int) -> Bought:
    """Return what so many takes of both cells of these shots are and cost."""
    found = {f"pier/{at}@seed={seed}": shots[at] for at in shots for seed in (7, 17)}
    return Bought(cost=PRICE * sum(found.values()), takes=Counter(found))


def refused(one: Buyer, file: str) -> None:
    """A render of the plan ends with 4, having sent no order."""
    orders = len(one.engine.bodies("videoInference"))
    assert one.render("--plan", file, code=4) == NOTHING
    assert len(one.engine.bodies("videoInference")) == orders


def refused_with_edits(one: Buyer, file: str) -> None:
    for name, old, new in EDITS.values():
        one.edit(old, new, name)
        refused(one, file)
        one.edit(new, old, name)
    assert not (one.root / "renderer.lock").exists()


def at_the_first_post(one: Buyer, act: Callable[[], None]) -> None:
    """Do something once, while the first order is on its way."""

    def gate(body: bytes) -> bool:
        if b'"videoInference"' in body:
            one.engine.gate = None
            act()
        return True

    one.engine.gate = gate


def test_a_saved_plan_of_a_chain_is_bought_as_it_was_read_or_not_at_all(one: Buyer) -> None:
    file, said = one.saved("plan.json")
    assert said == takes(bell=1, chase=1, leap=1)
    refused_with_edits(one, file)

    # What changes no picture refuses nothing; what is edited while it runs is for the next run.
    for old, new in FREE.items():
        one.edit(old, new)
    at_the_first_post(one, lambda: one.edit("The courier runs", "Two couriers run"))
    assert one.render("--plan", file) == said
    refused(one, file)  # it has been carried out

    # The next plan is of what was edited; a pick in between makes it another one.
    file, said = one.saved("next.json")
    assert said == takes(chase=1, leap=1)
    for pick in (("pier/bell@seed=17#1", "--why", "calm"), ("--undo", "pier/bell")):
        assert one.call("pick", "--provider", "runware", *pick) == 0
        if "--undo" not in pick:
            refused(one, file)

    # Killed halfway it is over: the rest is a plan of its own, and both are what was said.
    mark = len(one.engine.store.billing.charged)
    killed_at(one, b"courier leaps", "--plan", file)
    refused(one, file)
    file, rest = one.saved("rest.json")
    assert rest == takes(leap=1)
    assert one.render("--plan", file) == rest
    assert Bought.of(one.engine.store.billing.charged[mark:]) == said
    one.settled()
    assert one.spent() == one.engine.store.billing.spent

    one.edit("Two couriers run", "The courier runs")  # what was made before is there
    one.settled()
