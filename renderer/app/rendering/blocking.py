"""Runs to their end from code that does not wait: a command line, a script, a notebook."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar

from renderer.app.rendering.loop.ports import Interrupt

T = TypeVar("T")
_LOOK = 0.2  # seconds: a signal that another thread got is handled when this one wakes
Work = Callable[[Interrupt], Coroutine[Any, Any, T]]


def finish(work: Work[T]) -> T:
    """Run `work` and return its result; Ctrl-C interrupts it gently, the second time at once.

    A notebook runs its cells in a loop of its own: there the work has a thread and a loop to itself.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(_with_signals(work))
    return _Apart(work).result()


async def _with_signals(work: Work[T]) -> T:
    interrupt, loop = Interrupt(), asyncio.get_running_loop()
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    for name in before:
        # Only the main thread hears signals.
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(name, interrupt.press)
    try:
        return await work(interrupt)
    finally:
        for name, handler in before.items():  # a script may have its own
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError, TypeError):
                if loop.remove_signal_handler(name):
                    signal.signal(name, handler)


class _Apart(Generic[T]):
    """Work in a thread of its own; Ctrl-C where it is waited for is passed on to it."""

    def __init__(self, work: Work[T]) -> None:
        self._work = work
        self._interrupt = Interrupt()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._result: list[T] = []
        self._error: list[BaseException] = []

    def result(self) -> T:
        """Return what the work returned, or raise what it raised."""
        thread = threading.Thread(target=self._run, name="render")
        with self._heard():
            thread.start()
            while thread.is_alive():
                thread.join(_LOOK)
        if self._error:
            raise self._error[0]
        return self._result[0]

    def _run(self) -> None:
        try:
            self._result.append(asyncio.run(self._main()))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error.append(error)

    async def _main(self) -> T:
        self._loop = asyncio.get_running_loop()
        return await self._work(self._interrupt)

    @contextlib.contextmanager
    def _heard(self) -> Iterator[None]:
        """Take signals while it runs; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, lambda *_: self._press())
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _press(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._interrupt.press)
