"""A watch as events, one JSON object a line; its renders are those of `events`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypedDict

from renderer.cli.output import ProblemData, problem_data, write_event
from renderer.errors import Problem
from renderer.plan.model import Plan
from renderer.plan.output.changes_since import is_news, made
from renderer.plan.output.plan_json import PlanData, as_data


class WatchingEvent(TypedDict):
    """The watch began."""

    version: int
    event: Literal["watching"]
    root: str


class TurnEvent(TypedDict):
    """The plan after a save, or at the start; `new` is whether it differs from the one before."""

    version: int
    event: Literal["planned"]
    saved: list[str]
    new: bool
    plan: PlanData


class ProblemsEvent(TypedDict):
    """What is wrong after a save; the next save that is right is planned again."""

    version: int
    event: Literal["problems"]
    saved: list[str]
    problems: list[ProblemData]


class PageEvent(TypedDict):
    """The review folder was written."""

    version: int
    event: Literal["page"]
    path: str


class BusyEvent(TypedDict):
    """Another renderer works in the project; the next save tries again."""

    version: int
    event: Literal["busy"]
    message: str


class InterruptedEvent(TypedDict):
    """A render was let go of: by a save that asks for other pictures, or since the watch ends."""

    version: int
    event: Literal["interrupted"]
    made: int
    wanted: int
    by_save: bool


class StoppedEvent(TypedDict):
    """The watch ended."""

    version: int
    event: Literal["stopped"]


class WatchEvents:
    """Reports a watch to a script; see `messages.WatchReport`."""

    def __init__(self) -> None:
        self._before: Plan | None = None

    def planned(self, names: frozenset[str], now: Plan) -> bool:
        """Print the plan; return whether it is new."""
        new = is_news(self._before, now)
        self._before = now
        event: TurnEvent = {
            "version": 1,
            "event": "planned",
            "saved": sorted(names),
            "new": new,
            "plan": as_data(now),
        }
        write_event(event)
        return new

    def problems(self, names: frozenset[str], problems: Sequence[Problem]) -> None:
        """Print what is wrong."""
        event: ProblemsEvent = {
            "version": 1,
            "event": "problems",
            "saved": sorted(names),
            "problems": [problem_data(one) for one in problems],
        }
        write_event(event)

    def made(self, takes: Sequence[tuple[str, str]]) -> None:
        """Take note of takes, and that the rest is settled."""
        if self._before:
            self._before = made(self._before, takes)

    def page(self, path: str) -> None:
        """Print that the review folder was written."""
        event: PageEvent = {"version": 1, "event": "page", "path": path}
        write_event(event)

    def busy(self, what: str) -> None:
        """Print that another renderer works here."""
        event: BusyEvent = {"version": 1, "event": "busy", "message": what}
        write_event(event)

    def interrupted(self, made: int, wanted: int, *, by_save: bool) -> None:
        """Print that a render was let go of."""
        event: InterruptedEvent = {
            "version": 1,
            "event": "interrupted",
            "made": made,
            "wanted": wanted,
            "by_save": by_save,
        }
        write_event(event)


def began(root: Path) -> None:
    """Print that the watch began."""
    event: WatchingEvent = {"version": 1, "event": "watching", "root": str(root)}
    write_event(event)


def ended() -> None:
    """Print that the watch ended."""
    event: StoppedEvent = {"version": 1, "event": "stopped"}
    write_event(event)
