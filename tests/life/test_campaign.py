"""Random schedules of faults, kills and interrupts: paid once, nothing lost, no hang."""

import asyncio
import random
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from renderer.app.rendering.loop import Interrupt
from renderer.render.outcome import Outcome
from tests.harness.chance import schedule, switches
from tests.harness.crash import Tripwire, run_until
from tests.harness.engine import ScriptedEngine
from tests.harness.virtual import VirtualClock
from tests.harness.world import World, order

ORDERS = [order("bell"), order("chase", count=3, seed=5), order("dusk"), order("dawn", count=2)]
TAKES = 7


def play(root: Path, seed: int) -> ScriptedEngine:
    """Run the program up to eight times against one schedule, the last times without faults."""
    chance = random.Random(seed)  # noqa: S311 - a schedule, no secret
    provider = ScriptedEngine(lambda: 0.0, switches=switches(chance))
    root.mkdir()
    for number in range(8):
        share = chance.choice([0.05, 0.2, 0.4]) if number < 6 else 0.0
        at = chance.choice([0, 0, chance.randrange(1, 250)]) if number < 6 else 0
        press = chance.choice([None, chance.uniform(0, 40)]) if number < 6 else None
        run = Run(number=number, share=share, press=press, faults=chance.randrange(1 << 30))
        work = partial(run.once, root)
        _, provider = run_until(at, root, provider, work, torn=chance.random() < 0.5)
    return provider


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of the program: how often calls fail, and when a person interrupts it."""

    number: int
    share: float
    press: float | None
    faults: int

    async def once(self, root: Path, wire: Tripwire, engine: ScriptedEngine) -> Outcome:
        loop = asyncio.get_running_loop()
        engine.now = lambda: 7200.0 * self.number + loop.time()
        engine.sleep = asyncio.sleep
        engine.script = schedule(random.Random(self.faults), self.share)  # noqa: S311
        interrupt = Interrupt()
        if self.press is not None:
            loop.call_later(self.press, interrupt.press)
            loop.call_later(self.press + 20, interrupt.press)
        clock = VirtualClock(shift=60.0 * self.number)
        here = World(root=root, engine=engine, watch=wire, clock=clock)
        outcome = await here.render(ORDERS, interrupt=interrupt)
        return replace(outcome, recorded=())


def check(root: Path, seed: int) -> None:
    provider = play(root, seed)
    paid = {name: times for name, times in provider.paid.items() if times != 1}
    assert not paid, f"seed {seed}: paid more than once: {paid}"
    assert sum(provider.paid.values()) == TAKES, f"seed {seed}"
    takes = World(root=root, engine=provider).book.takes()
    assert len({take["video"] for take in takes}) == len(takes) == TAKES, f"seed {seed}"


@pytest.mark.parametrize("seed", range(12))
def test_a_random_schedule_pays_once_and_loses_nothing(tmp_path: Path, seed: int) -> None:
    check(tmp_path / "p", seed)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("block", range(10))
def test_a_thousand_random_schedules(tmp_path: Path, block: int) -> None:
    for seed in range(1000 + block * 100, 1100 + block * 100):
        check(tmp_path / str(seed), seed)
