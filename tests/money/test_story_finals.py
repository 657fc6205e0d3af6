"""Draft, pick with a cut, final, larger final: over a chain with a matrix, each step paid as said."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.continuity.conftest import large
from tests.harness.buyer import NOTHING, Buyer, begun
from tests.harness.served import Served, environment, served

# Drafts of two alternatives in one aspect, of a single one in the other.
SCENE = """\
version: 1
scene: pier
draft: true
settings: {model: "bytedance:seedance@1.5-pro", resolution: 720p, duration: 4}
matrix:
  aspect: ["16:9", "9:16"]
  seed: [7, 17]
  exclude: [{aspect: "9:16", seed: 17}]
shots:
  - id: bell
    prompt: A bell tolls. AT
  - id: chase
    prompt: The courier runs. AT
    frames: {first: {shot: bell, frame: last}}
  - id: leap
    prompt: The courier leaps. AT
    frames: {first: {shot: chase, frame: 0.5}}
""".replace("AT", "{{ scene.id }}/{{ shot.id }}@aspect={{ task.aspect }},seed={{ task.seed }}")
W7, W17, T7 = "aspect=16:9,seed=7", "aspect=16:9,seed=17", "aspect=9:16,seed=7"
DRAFT = 5846  # in 1/100000 of a dollar, as drafts and finals of 4 s with sound are billed
TALL = tuple(f"{shot}@{T7}" for shot in ("bell", "chase", "leap"))
FINALS = {"720p": 20952, "1080p": 47142}


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=large, dated=True) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def one(tmp_path: Path, engine: Served, capsys: pytest.CaptureFixture[str]) -> Buyer:
    return begun(tmp_path / "film", {"pier": SCENE}, engine, capsys)


def pick(one: Buyer, name: str) -> None:
    assert one.call("pick", "--provider", "runware", f"pier/{name}", "--why", "calm") == 0


def pick_the_rest(one: Buyer) -> None:
    for row in one.ask("picks", "--provider", "runware")["shots"]:
        if row["pick"] is None:
            pick(one, row["default"].removeprefix("pier/"))


def buys(one: Buyer, price: int, code: int = 0, **takes: tuple[str, ...]) -> None:
    """Render: the plan says these takes of each shot's cells at this price, and they are bought."""
    bought = one.buys(code=code)
    assert bought.takes == Counter(f"pier/{at}@{cell}" for at in takes for cell in takes[at])
    assert bought.cost * 100_000 == price * bought.takes.total()
    assert one.spent() == one.engine.store.billing.spent
    if code == 0:
        one.settled()


def final_of(one: Buyer, shot: str) -> tuple[str, str | None, str | None]:
    """Return the take that a shot's pick for the wide film shows, with in and out; it holds."""
    rows = one.ask("picks", "--provider", "runware")["shots"]
    (row,) = [row for row in rows if row["slot"] == f"pier/{shot}@aspect=16:9"]
    assert (row["state"], row["pick"]["why"]) == ("picked", "calm")
    (part,) = row["pick"]["parts"]
    return part["take"].partition("/")[2], part["in"], part["out"]


def promoted(one: Buyer) -> Counter[str]:
    """Return how often a final was asked for of each draft."""
    tasks = [task for body in one.engine.bodies("videoInference") for task in json.loads(body)]
    return Counter(one["inputs"]["draftId"] for one in tasks if "draftId" in one.get("inputs", {}))


def test_from_drafts_to_picks_with_cuts_to_finals_to_larger_ones(one: Buyer) -> None:
    buys(one, DRAFT, bell=(W7, W17, T7), chase=(W7, W17, T7), leap=(W7, W17, T7))

    # A pick with a cut moves the frames of its own aspect, and what goes on from them.
    pick(one, f"bell@{W17}#1:2f-9f")
    buys(one, DRAFT, chase=(W7, W17), leap=(W7, W17))
    pick(one, f"chase@{W7}#2:3f-")
    buys(one, DRAFT, leap=(W17,))
    pick(one, f"leap@{W17}#3")
    assert one.said() == NOTHING

    # Finals: of each pick, and of the other aspect, where there is one draft.
    one.edit("draft: true", "draft: false")
    assert set(one.actions().values()) == {"promote"}
    file, said = one.saved("finals.json")
    assert one.render("--plan", file) == said
    assert said.takes == Counter(
        f"pier/{at}" for at in (f"bell@{W17}", f"chase@{W7}", f"leap@{W17}", *TALL)
    )
    assert said.cost * 100_000 == 6 * FINALS["720p"]
    one.settled()

    # The same drafts once more at the larger size; back at the old one nothing is left.
    one.edit("720p", "1080p")
    buys(one, FINALS["1080p"], bell=(W17, T7), chase=(W7, T7), leap=(W17, T7))
    assert one.call("picks", "--check", "--provider", "runware") == 4  # the tall film has none
    pick_the_rest(one)
    assert one.call("picks", "--check", "--provider", "runware") == 0
    assert final_of(one, "bell") == (f"bell@{W17}#3", "2f", "9f")
    assert final_of(one, "chase") == (f"chase@{W7}#4", "3f", None)
    one.edit("1080p", "720p")
    one.settled()
    assert final_of(one, "bell") == (f"bell@{W17}#2", "2f", "9f")
    assert sorted(promoted(one).values()) == [2] * 6


def test_what_is_chosen_late_is_paid_late_and_a_pick_that_moved_buys_nothing(one: Buyer) -> None:
    frames = "    frames: {first: {shot: bell"
    one.edit(frames, f"    settings: {{numberResults: 2}}\n{frames}")
    assert one.buys().takes.total() == 12
    one.edit("draft: true", "draft: false")

    # In the tall aspect `bell` has one draft, and `chase` two, on which the one of `leap` depends.
    assert Counter(one.actions().values()) == {"promote": 1, "choose": 8}
    buys(one, FINALS["720p"], code=4, bell=(T7,))
    pick(one, f"chase@{T7}#1")
    buys(one, FINALS["720p"], code=4, chase=(T7,), leap=(T7,))

    # There is one pick a shot: that of the other aspect goes, and its final stays.
    for shot in ("bell", "chase", "leap"):
        pick(one, f"{shot}@{W7}#1")
    buys(one, FINALS["720p"], bell=(W7,), chase=(W7,), leap=(W7,))
    assert one.call("pick", "--undo", "pier/bell") == 0
    one.settled()
    one.edit("720p", "1080p")
    buys(one, FINALS["1080p"], bell=(W7, T7), chase=(W7, T7), leap=(W7, T7))
