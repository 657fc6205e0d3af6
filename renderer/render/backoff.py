"""Waiting as data: when to poll, how long to pause, when to give up; jitter is handed in."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PAUSE_LIMIT = 120.0  # seconds: the longest Retry-After that is honoured


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The waiting policy of a run, in seconds."""

    first_poll: float = 0.8  # of the usual duration
    share: float = 0.35  # of the distance from the usual end: the next pause between polls
    least: float = 0.005  # between two polls
    most: float = 10.0
    retry_first: float = 1.0
    retry_most: float = 60.0
    retry_growth: float = 2.0
    jitter: float = 0.2  # a pause is up to this share longer
    patience: float = 600.0  # without any success, before a stage is given up
    memory: float = 900.0  # how long the provider surely refuses a known taskUUID
    settle_least: float = 60.0  # without a new result, where fewer came than were asked for
    deadline_least: float = 1800.0  # for a running task
    deadline_times: float = 20.0  # of the usual duration

    @property
    def together(self) -> float:
        """How close due polls go in one call: less than their pause, or time would stop."""
        return self.least / 2

    def first(self, seconds: float) -> float:
        """Return the pause from the acknowledgement to the first poll."""
        return max(self.least, self.first_poll * seconds)

    def next(self, seconds: float, elapsed: float, jitter: float) -> float:
        """Return the pause to the next poll: short near the usual end, longer around it."""
        pause = self.share * abs(seconds - elapsed)
        floor = max(self.least, seconds / 400)
        return min(max(pause, floor), self.most) * (1 + self.jitter * jitter)

    def retry(self, failures: int, jitter: float, asked: float | None = None) -> float:
        """Return the pause after the n-th failure in a row (from 1), or what was asked for."""
        grown = self.retry_first * self.retry_growth ** min(failures - 1, 30)
        return max(min(grown, self.retry_most) * (1 + self.jitter * jitter), asked or 0)

    def settle(self, seconds: float) -> float:
        """Return how long to look for results that are not listed and not under way."""
        return max(self.settle_least, 2 * seconds)

    def deadline(self, seconds: float) -> float:
        """Return how long an accepted task may run before it is called unknown."""
        return max(self.deadline_least, self.deadline_times * seconds)


def retry_after(text: str, now: float) -> float | None:
    """Read a Retry-After header, seconds or a date; `now` is in epoch seconds."""
    text = text.strip()
    try:
        seconds = float(text) if text.isascii() and text.isdigit() else _until(text, now)
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), PAUSE_LIMIT) if math.isfinite(seconds) else PAUSE_LIMIT


def _until(text: str, now: float) -> float:
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.fromtimestamp(now, UTC)).total_seconds()
