"""Runs end where they are waited for: with and without a loop that runs already."""

import asyncio
import subprocess
import sys

import pytest

from renderer.app.rendering.blocking import finish
from renderer.app.rendering.loop.ports import Interrupt

PRESSED = """
import asyncio, signal, threading
from renderer.app.rendering.blocking import finish

async def work(interrupt):
    press = lambda: signal.raise_signal(signal.SIGINT)
    threading.Timer(0.05, press).start()
    await interrupt.once()
    print("gently")
    threading.Timer(0.05, press).start()
    await interrupt.twice()
    return "let go"

async def cell():
    return finish(work)
"""


async def answer(_: Interrupt) -> int:
    await asyncio.sleep(0)
    return 42


async def fail(_: Interrupt) -> int:
    raise LookupError("no such take")


def test_a_result_and_an_error_come_back_without_a_loop() -> None:
    assert finish(answer) == 42
    with pytest.raises(LookupError):
        finish(fail)


def test_a_result_and_an_error_come_back_within_a_running_loop() -> None:
    async def cell() -> int:
        with pytest.raises(LookupError):
            finish(fail)
        return finish(answer)

    assert asyncio.run(cell()) == 42


@pytest.mark.parametrize("call", ["finish(work)", "asyncio.run(cell())"])
def test_ctrl_c_interrupts_gently_and_then_at_once(call: str) -> None:
    """In a process of its own: signals are heard by the main thread, which is not a test's."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{PRESSED}\nprint({call})"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == "gently\nlet go\n"
