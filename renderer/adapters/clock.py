"""Time and chance, handed in so that tests can own them."""

import asyncio
import random
import time
from typing import Protocol


class Clock(Protocol):
    """What the shell may know of time."""

    def wall(self) -> float:
        """Return the seconds since the epoch; for people and for ages across runs only."""

    def now(self) -> float:
        """Return monotonic seconds."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    def jitter(self) -> float:
        """Return a number from 0 to 1 by chance."""


class SystemClock:
    """The machine's clocks; monotonic time is the event loop's."""

    def __init__(self) -> None:
        self._chance = random.Random()  # noqa: S311 - spreads calls; no secret depends on it

    def wall(self) -> float:
        """Return the seconds since the epoch."""
        return time.time()

    def now(self) -> float:
        """Return the running loop's time."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait on the running loop."""
        await asyncio.sleep(seconds)

    def jitter(self) -> float:
        """Return a number from 0 to 1 by chance."""
        return self._chance.random()
