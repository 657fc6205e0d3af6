"""Killed anywhere, clean or in the middle of a write: each picture is paid for once, none lost."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from renderer.adapters.disk.store import digest
from renderer.render.order import Order
from renderer.render.outcome import Outcome
from tests.harness.crash import Tripwire, run_until
from tests.harness.engine import ScriptedEngine, Switches
from tests.harness.virtual import VirtualClock
from tests.harness.world import KEY, World, order

DRAFT = "cgt-20260327025345-aaaa1"
FINAL = order("dawn", seed=11, inputs={"draftId": DRAFT})
ORDERS = (order("bell"), order("chase", count=2, seed=5), order("dusk"), FINAL)
PAID = {"bell/0": 1, "chase/5": 1, "chase/6": 1, "dusk/0": 1, "dawn/11": 1}


def engine(switches: Switches | None = None) -> ScriptedEngine:
    return ScriptedEngine(lambda: 0.0, switches=switches)


async def render(
    root: Path, wire: Tripwire | None, provider: ScriptedEngine, orders: Sequence[Order]
) -> Outcome:
    # Each run's loop begins at 0; the provider's own time goes on, an hour a run.
    provider.runs += 1
    hour = 3600.0 * provider.runs
    provider.now = lambda: hour + asyncio.get_running_loop().time()
    clock = VirtualClock(shift=60.0 * provider.runs)
    here = World(root=root, engine=provider, watch=wire, clock=clock)
    return await here.render(orders)


@dataclass
class Case:
    """One project folder and one provider over several runs."""

    root: Path
    provider: ScriptedEngine
    orders: Sequence[Order] = ORDERS

    def run(self, at: int = 0, *, torn: bool = False) -> str | None:
        """Run once; return the step it was killed at, or None if it ended by itself."""
        root, orders = self.root, self.orders
        death, self.provider = run_until(
            at, root, self.provider, lambda w, e: render(root, w, e, orders), torn=torn
        )
        if not death.killed:
            outcome = death.outcome
            assert not outcome.failed
            assert not outcome.unknown
        return death.step if death.killed else None

    def check_untorn(self) -> None:
        """What must hold at any moment, before any repair."""
        book = self.root / "book.json"
        for take in json.loads(book.read_text()) if book.exists() else []:
            assert digest(self.root / ".renderer/objects/sha256" / name(take["sha256"]))
        for path in (self.root / ".renderer/objects").rglob("*"):
            if path.is_file():
                assert digest(path) == path.name

    def check_done(self) -> None:
        """What must hold when all is made."""
        self.check_untorn()
        assert dict(self.provider.paid) == PAID
        asked = [job.task for job in self.provider.jobs.values()]
        assert [task["inputs"]["draftId"] for task in asked if "inputs" in task] == [DRAFT]
        takes = json.loads((self.root / "book.json").read_text())
        assert len(takes) == len({take["video"] for take in takes}) == len(PAID)


def name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def fresh(root: Path, switches: Switches | None = None) -> Case:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    return Case(root=root, provider=engine(switches or Switches(spread=3.0)))


def crash_everywhere(
    root: Path, *, torn: bool, switches: Switches | None = None, lose_journal: bool = False,
    start: int = 1, stride: int = 1,
) -> int:  # fmt: skip
    """Crash at each point until none is left; return how many there were."""
    point = start
    while True:
        case = fresh(root, switches)
        if case.run(point, torn=torn) is None:
            case.check_done()
            return point
        case.check_untorn()
        if lose_journal:
            for file in (root / ".renderer").glob("state.db*"):
                file.unlink()
            case = Case(root=root, provider=case.provider)
        assert case.run() is None
        case.check_done()
        point += stride


@pytest.mark.parametrize("torn", [False, True])
def test_a_run_killed_at_any_point_pays_once_and_loses_nothing(
    tmp_path: Path, *, torn: bool
) -> None:
    assert crash_everywhere(tmp_path / "p", torn=torn, start=1, stride=4) > 100


def test_a_journal_lost_with_the_machine_pays_once_all_the_same(tmp_path: Path) -> None:
    points = crash_everywhere(tmp_path / "p", torn=False, lose_journal=True, start=2, stride=7)
    assert points > 60


def test_no_key_and_no_url_stay_in_any_file(tmp_path: Path) -> None:
    case = fresh(tmp_path / "p")
    assert case.run() is None
    for path in case.root.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes()
            assert b"CANARY-URL" not in path.read_bytes()


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize(
    "switches",
    [
        Switches(spread=3.0),
        Switches(spread=3.0, dedupe="running"),
        Switches(spread=3.0, show_processing=False),
        Switches(spread=3.0, archive="overwritten"),
        Switches(spread=3.0, retention_reads=1),
    ],
    ids=["usual", "forgets finished ids", "hides processing", "overwrites", "readable once"],
)
@pytest.mark.parametrize("lose_journal", [False, True])
def test_every_point_under_every_manner_of_the_provider(
    tmp_path: Path, switches: Switches, *, torn: bool, lose_journal: bool
) -> None:
    points = crash_everywhere(
        tmp_path / "p", torn=torn, switches=switches, lose_journal=lose_journal
    )
    assert points > 60
