"""The whole path once: orders in, recorded takes out, nothing left to do the second time."""

import asyncio
from pathlib import Path

from tests.harness.engine import ScriptedEngine
from tests.harness.virtual import run_virtual
from tests.harness.world import World, order


def world(root: Path) -> World:
    return World(root=root, engine=ScriptedEngine(lambda: asyncio.get_running_loop().time()))


def test_orders_become_recorded_takes_and_a_second_run_asks_nothing(tmp_path: Path) -> None:
    here = world(tmp_path)
    orders = [order("bell"), order("chase", count=2, seed=5)]

    async def twice() -> None:
        first = await here.render(orders)
        assert [r.take.number for r in first.recorded] == [1, 1, 2]
        assert (first.failed, first.unknown, first.running, first.unsent) == ((), (), (), ())
        second = await here.render(orders)
        assert second.requests == 0
        assert not second.recorded

    run_virtual(twice())
    assert here.engine.paid == {"bell/0": 1, "chase/5": 1, "chase/6": 1}
    assert {take["seed"] for take in here.book.takes()} == {7, 5, 6}
