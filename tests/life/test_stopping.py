"""Interrupts, budgets over restarts, inputs, and two renderers at once."""

import asyncio
import hashlib
import io
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from renderer.app.rendering.loop import Interrupt
from renderer.errors import MachineError, RefusedError
from renderer.render.order import Order
from renderer.render.outcome import News
from tests.harness.engine import Fault, ScriptedEngine, Switches
from tests.harness.virtual import run_virtual
from tests.harness.world import World, order


def world(root: Path, switches: Switches | None = None) -> World:
    root.mkdir(exist_ok=True)
    now = lambda: asyncio.get_running_loop().time()  # noqa: E731
    return World(root=root, engine=ScriptedEngine(now, switches=switches, sleep=asyncio.sleep))


ORDERS = [order("bell"), order("dusk"), order("dawn")]


def test_the_first_interrupt_sends_nothing_more_and_lists_what_is_billed(tmp_path: Path) -> None:
    here = world(tmp_path)

    async def interrupted() -> None:
        interrupt = Interrupt()
        asyncio.get_running_loop().call_later(1.0, interrupt.press)
        outcome = await here.render(ORDERS, interrupt=interrupt, in_flight=2)
        assert outcome.interrupted
        assert [pending.order.shot for pending in outcome.running] == ["bell", "dusk"]
        assert [str(pending.risk) for pending in outcome.running] == ["0.1", "0.1"]
        assert [failure.order.shot for failure in outcome.unsent] == ["dawn"]

    run_virtual(interrupted())
    assert sum(here.engine.paid.values()) == 2
    again = run_virtual(here.render(ORDERS))
    assert len(again.recorded) == 3
    assert set(here.engine.paid.values()) == {1}


def test_what_is_not_sent_stands_in_line_and_is_told_when_the_run_stops(tmp_path: Path) -> None:
    here = world(tmp_path)
    many = [order(f"shot{number}") for number in range(20)]

    async def interrupted() -> None:
        interrupt = Interrupt()
        asyncio.get_running_loop().call_later(1.0, interrupt.press)
        outcome = await here.render(many, interrupt=interrupt, in_flight=3)
        queued = [notice for notice in here.notices if notice.news is News.QUEUED]
        assert len(queued) == 6  # those that were sent, and as many ahead of them
        assert [pending.order.shot for pending in outcome.running] == ["shot0", "shot1", "shot2"]
        assert [failure.order for failure in outcome.unsent] == many[3:]

    run_virtual(interrupted())
    again = run_virtual(here.render(many, in_flight=3))
    assert [one.order.shot for one in again.recorded] == [one.shot for one in many]
    assert set(here.engine.paid.values()) == {1}


def test_an_interrupt_during_a_download_still_records_what_is_known(tmp_path: Path) -> None:
    here = world(tmp_path)
    interrupt_at = [News.DOWNLOADING]

    async def interrupted() -> None:
        interrupt = Interrupt()
        here.observe = lambda notice: (
            interrupt.press() if notice.news in interrupt_at and not interrupt.pressed else None
        )
        outcome = await here.render([order("bell")], interrupt=interrupt)
        assert len(outcome.recorded) == 1

    run_virtual(interrupted())


@pytest.mark.parametrize("moment", [0.0, 0.5, 2.0, 2.1])
def test_the_second_interrupt_ends_at_once_and_the_next_run_pays_nothing_twice(
    tmp_path: Path, moment: float
) -> None:
    here = world(tmp_path)
    here.engine.script = lambda *_: Fault(delay=0.3)

    async def interrupted() -> float:
        interrupt = Interrupt()
        loop = asyncio.get_running_loop()
        loop.call_later(moment, interrupt.press)
        loop.call_later(moment, interrupt.press)
        outcome = await here.render(ORDERS, interrupt=interrupt)
        assert outcome.interrupted
        return loop.time()

    assert run_virtual(interrupted()) <= moment + 0.01
    here.engine.script = lambda *_: None
    again = run_virtual(here.render(ORDERS))
    assert len(here.book.takes()) == 3
    assert not again.unknown
    assert set(here.engine.paid.values()) == {1}


def test_a_limit_below_the_worst_case_is_refused_before_any_request(tmp_path: Path) -> None:
    here = world(tmp_path)
    with pytest.raises(RefusedError, match="may cost up to"):
        run_virtual(here.render(ORDERS, limit=Decimal("0.29")))
    assert not here.engine.log


def test_a_restart_does_not_reset_what_was_spent(tmp_path: Path) -> None:
    here = world(tmp_path, Switches(cost=0.15))
    run_virtual(here.render([order("bell")], limit=Decimal("0.3")))
    with pytest.raises(RefusedError, match=r"\$0.15000 is spent or running"):
        run_virtual(here.render([order("bell"), *ORDERS[1:]], limit=Decimal("0.3")))
    run_virtual(here.render([order("bell"), *ORDERS[1:]], limit=Decimal("0.3"), intent="new"))


def test_open_tasks_of_an_earlier_run_are_not_counted_twice(tmp_path: Path) -> None:
    here = world(tmp_path)

    async def interrupted() -> None:
        interrupt = Interrupt()
        asyncio.get_running_loop().call_later(1.0, interrupt.press)
        await here.render([order("bell")], interrupt=interrupt, limit=Decimal("0.1"))

    run_virtual(interrupted())
    assert len(run_virtual(here.render([order("bell")], limit=Decimal("0.1"))).recorded) == 1


def test_more_takes_than_an_open_task_yields_are_sent_when_it_has_ended(tmp_path: Path) -> None:
    here = world(tmp_path)

    async def interrupted() -> None:
        interrupt = Interrupt()
        asyncio.get_running_loop().call_later(1.0, interrupt.press)
        await here.render([order("bell", count=2, seed=1)], interrupt=interrupt)

    run_virtual(interrupted())
    run_virtual(here.render([order("bell", count=4, seed=1)]))
    assert sorted(take["number"] for take in here.book.takes()) == [1, 2, 3, 4]
    assert sum(here.engine.paid.values()) == 4
    assert here.engine.calls["videoInference"] == 2


def test_an_open_task_whose_shot_is_gone_is_collected_all_the_same(tmp_path: Path) -> None:
    here = world(tmp_path)

    async def interrupted() -> None:
        interrupt = Interrupt()
        asyncio.get_running_loop().call_later(1.0, interrupt.press)
        await here.render([order("bell")], interrupt=interrupt)

    run_virtual(interrupted())
    assert len(run_virtual(here.render([])).recorded) == 1


def test_two_renderers_at_once_without_the_mutex_pay_once(tmp_path: Path) -> None:
    here = world(tmp_path / "a")
    there = World(root=tmp_path / "b", engine=here.engine)
    there.root.mkdir()

    async def both(pause: float) -> None:
        first = asyncio.create_task(here.render(ORDERS))
        await asyncio.sleep(pause)
        await there.render(ORDERS)
        await first

    run_virtual(both(0.0))
    assert set(here.engine.paid.values()) == {1}
    assert len(there.book.takes()) == len(here.book.takes()) == 3


def test_a_lockfile_that_cannot_be_written_stops_the_run_and_loses_nothing(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.book.path.mkdir()
    (here.book.path / "x").write_text("in the way")
    with pytest.raises((MachineError, IsADirectoryError)):
        run_virtual(here.render([order("bell")]))
    (here.book.path / "x").unlink()
    here.book.path.rmdir()
    again = run_virtual(here.render([order("bell")]))
    assert len(again.recorded) == 1
    assert here.engine.paid == {"bell/0": 1}


# Inputs


def picture(width: int = 400, height: int = 300, kind: str = "PNG", noise: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (9, 9, 9)).save(file, kind)
    return file.getvalue() + bytes(noise)


def with_image(here: World, data: bytes, name: str = "bell") -> Order:
    reference = "sha256:" + hashlib.sha256(data).hexdigest()
    here.files["assets/a.png"] = data
    request = {"positivePrompt": name, "inputs": {"frameImages": [reference]}, "model": "m"}
    return order(name, request=request, files={reference: "assets/a.png"})


def sent(here: World) -> list[str]:
    tasks = [task for kind, group in here.engine.log for task in group if kind == "videoInference"]
    return [task["inputs"]["frameImages"][0] for task in tasks]


def test_a_small_image_travels_in_the_request(tmp_path: Path) -> None:
    here = world(tmp_path)
    run_virtual(here.render([with_image(here, picture())]))
    assert sent(here)[0].startswith("data:image/png;base64,")
    assert not here.engine.media


def test_a_large_image_is_uploaded_once_for_all_shots_and_runs(tmp_path: Path) -> None:
    here = world(tmp_path)
    large = picture(noise=300_000)
    run_virtual(here.render([with_image(here, large), with_image(here, large, "dusk")]))
    run_virtual(here.render([with_image(here, large, "dawn")]))
    assert sent(here) == ["media-0"] * 3
    assert here.engine.calls["mediaStorage"] == 1


def test_an_upload_that_the_provider_lost_is_made_again(tmp_path: Path) -> None:
    here = world(tmp_path)
    large = picture(noise=300_000)
    run_virtual(here.render([with_image(here, large)]))
    here.engine.refuse["dusk"] = {"code": "mediaNotFound", "message": "gone"}

    async def again() -> None:
        here.observe = lambda notice: (
            here.engine.refuse.clear() if notice.news == "failed" else None
        )
        here.engine.script = lambda kind, n, _: (
            here.engine.refuse.clear() if kind == "mediaStorage" and n == 2 else None
        )
        outcome = await here.render([with_image(here, large, "dusk")])
        assert len(outcome.recorded) == 1

    run_virtual(again())
    assert sent(here)[-1] == "media-1"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (picture(200, 300), "200x300 pixels"),
        (picture(3000, 300), "width by height"),
        (b"not an image", "not a PNG, JPEG or WEBP"),
        (picture(kind="GIF"), "not a PNG, JPEG or WEBP"),
        (picture()[:20], "not a PNG, JPEG or WEBP"),
    ],
)
def test_an_image_that_is_not_taken_fails_its_own_shot_only(
    tmp_path: Path, data: bytes, why: str
) -> None:
    here = world(tmp_path)
    outcome = run_virtual(here.render([with_image(here, data), order("dusk")]))
    assert why in outcome.unsent[0].text
    assert len(outcome.recorded) == 1


def test_an_image_that_changed_since_the_plan_is_not_sent(tmp_path: Path) -> None:
    here = world(tmp_path)
    asked = with_image(here, picture())
    here.files["assets/a.png"] = picture(500, 500)
    outcome = run_virtual(here.render([asked]))
    assert "changed since it was planned" in outcome.unsent[0].text
    assert not here.engine.paid
