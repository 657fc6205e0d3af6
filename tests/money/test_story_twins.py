"""Two shots of one picture: what a plan says of them is what is bought, and all counts agree."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.continuity.conftest import large
from tests.harness.buyer import AGREED, Buyer, begun
from tests.harness.served import Served, environment, served

SCENE = """\
version: 1
scene: a
aspect: "16:9"
draft: true
settings: {model: "bytedance:seedance@1.5-pro", resolution: 720p, duration: 4, numberResults: 2}
shots:
  - {id: one, prompt: One fox}
"""
TWIN = "  - {id: two, prompt: One fox}\n"
FINAL = Decimal("0.20952")  # of 4 s at 720p, with sound


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=large, dated=True) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def buyer(tmp_path: Path, engine: Served, capsys: pytest.CaptureFixture[str]) -> Buyer:
    return begun(tmp_path / "film", {"a": SCENE}, engine, capsys)


def edit(buyer: Buyer, old: str, new: str) -> None:
    spec = buyer.root / "specs" / "a.yaml"
    assert old in spec.read_text()
    spec.write_text(spec.read_text().replace(old, new))


def paid(buyer: Buyer, *argv: str) -> Decimal:
    """Render; return what that cost at the server."""
    before: Decimal = buyer.engine.store.billing.spent
    given = () if "--plan" in argv else ("--provider", "runware")
    assert buyer.call("render", *given, *AGREED, *argv) == 0
    after: Decimal = buyer.engine.store.billing.spent
    return after - before


def pick(buyer: Buyer, name: str) -> None:
    assert buyer.call("pick", name, "--provider", "runware") == 0


@pytest.mark.parametrize(
    ("picked", "wish"), [("a/two#2", ()), ("a/one#2", ()), ("", ("--all-finals",))]
)
def test_a_second_final_of_two_shots_is_planned_and_paid_for_once(
    buyer: Buyer, picked: str, wish: Sequence[str]
) -> None:
    edit(buyer, "One fox}\n", "One fox}\n" + TWIN)
    paid(buyer)
    edit(buyer, "draft: true", "draft: false")
    pick(buyer, "a/one#1")
    assert paid(buyer) == FINAL
    if picked:
        pick(buyer, picked)

    steps = buyer.steps(*wish)
    file, said = buyer.saved("plan.json", *wish)

    assert {at: (one["takes"], one.get("same_as", "")) for at, one in steps.items()} == {
        "a/one": (1, ""),
        "a/two": (0, "a/one"),
    }
    assert (said.cost, said.takes.total()) == (FINAL, 1)
    assert paid(buyer, "--plan", file) == FINAL
    buyer.settled()


def counts(buyer: Buyer) -> tuple[int, int, int]:
    """Return how many tasks lack takes by `plan`, by `status`, and by `lock check`."""
    plan = buyer.ask("plan", "--provider", "runware")
    status = buyer.ask("status", "--provider", "runware")
    lacking = [one for one in plan["tasks"] if one["action"] != "keep"]
    assert [one["address"] for one in status["wanted"]] == [one["address"] for one in lacking]
    check: Any = buyer.ask("lock", "check", "--provider", "runware", code=4 if lacking else 0)
    return len(lacking), status["tasks"] - status["made"], len(check["missing"])


def test_plan_status_and_lock_check_count_tasks_of_one_picture_alike(buyer: Buyer) -> None:
    paid(buyer)
    edit(buyer, "One fox}\n", "One fox}\n  - {id: n1, prompt: New}\n  - {id: n2, prompt: New}\n")
    edit(buyer, "shots:\n", "shots:\n  - {id: n3, prompt: One fox}\n")
    assert counts(buyer) == (2, 2, 2)

    edit(buyer, "draft: true", "draft: false")
    pick(buyer, "a/one#1")
    paid(buyer, "--only", "one")
    pick(buyer, "a/one#2")
    assert counts(buyer) == (4, 4, 4)


def test_a_take_counts_for_the_shot_that_it_was_made_for(buyer: Buyer) -> None:
    paid(buyer)
    edit(buyer, "shots:\n", "shots:\n  - {id: n3, prompt: One fox}\n")
    paid(buyer)

    rows = {row["name"]: row["takes"] for row in buyer.ask("cost", "--by", "shot")["rows"]}

    assert {at for at, _ in buyer.takes()} == {"a/n3", "a/one"}
    assert rows == {"a/one": 2}
