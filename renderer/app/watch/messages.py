"""What a watch says, turn by turn: only what is new since the turn before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from renderer.app.project.watched_files import LOCKS
from renderer.errors import Problem
from renderer.plan.model import Plan
from renderer.plan.output.changes_since import made, named, news, problem_lines
from renderer.plan.output.text import Line, Span, takes_words
from renderer.providers import PROVIDERS
from renderer.sanitize import visible


class WatchReport(Protocol):
    """Reports a watch, turn by turn; `names` are the files that were saved."""

    def planned(self, names: frozenset[str], now: Plan) -> bool:
        """Say what is new in the plan; return whether anything is."""

    def problems(self, names: frozenset[str], problems: Sequence[Problem]) -> None:
        """Say what is wrong."""

    def made(self, takes: Sequence[tuple[str, str]]) -> None:
        """Note the takes (address and fingerprint) that were made; the rest is settled."""

    def page(self, path: str) -> None:
        """Say that the review folder was written."""

    def busy(self, what: str) -> None:
        """Say that another renderer works here, and that the next save tries again."""

    def interrupted(self, made: int, wanted: int, *, by_save: bool) -> None:
        """Say that a render was let go of: for a save, or since the watch ends."""


@dataclass(slots=True, kw_only=True)
class Messages:
    """Remembers what was said; `clock` tells the time of day for people."""

    say: Callable[[Iterable[Line]], None]
    clock: Callable[[], str]
    width: int = 100
    _before: Plan | None = None
    _problems: Sequence[Problem] = ()

    def planned(self, names: frozenset[str], now: Plan) -> bool:
        """Say what is new in the plan; return whether anything is."""
        before, self._before = self._before, now
        fixed, self._problems = bool(self._problems), ()
        rows = news(before, now, width=self.width)
        if rows:
            self._paragraph(names, rows)
        elif names - LOCKS or fixed:
            self._line(names, f"{'fixed; ' if fixed else ''}plan unchanged")
        if not PROVIDERS[now.provider].watched and (
            before is None or before.provider != now.provider
        ):
            render = f"`renderer render --provider {now.provider}`"
            words = f"{now.provider} is paid, so nothing is rendered from here: {render} does it."
            self._plainly(words, "dim")
        return bool(rows)

    def problems(self, names: frozenset[str], problems: Sequence[Problem]) -> None:
        """Say what is wrong, unless that was said."""
        if problems != self._problems:
            self._problems = problems
            self._paragraph(names, problem_lines(problems))
        else:
            many = f"{len(problems)} problems" if len(problems) > 1 else "problem"
            self._line(names, f"same {many}")

    def made(self, takes: Sequence[tuple[str, str]]) -> None:
        """Note the takes (address and fingerprint) that were made; the rest is settled."""
        if self._before:
            self._before = made(self._before, takes)

    def page(self, path: str) -> None:
        """Say that the review folder was written."""
        self._plainly(f"Page written: {path}", "dim")

    def busy(self, what: str) -> None:
        """Say that another renderer works here."""
        self._plainly(f"{what}; the next save tries again", "remove")

    def interrupted(self, made: int, wanted: int, *, by_save: bool) -> None:
        """Say that a render was interrupted."""
        why = "interrupted: the specs changed" if by_save else "the next watch makes the rest"
        self._plainly(f"Made {made} of {takes_words(wanted)}; {why}.")

    def _plainly(self, words: str, style: str = "") -> None:
        self.say([(Span(text=visible(words), style=style),)])

    def _paragraph(self, names: frozenset[str], rows: Iterable[Line]) -> None:
        head = f"{self.clock()}  {named(sorted(names))}".rstrip()
        self.say([(), (Span(text=head, style="dim"),), *rows])

    def _line(self, names: frozenset[str], words: str) -> None:
        self.say([(Span(text=f"{self.clock()}  {named(sorted(names))}: {words}", style="dim"),)])
