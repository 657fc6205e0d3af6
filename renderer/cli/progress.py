"""A run as people follow it: bars on a terminal, one plain line for each take elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

import click

from renderer.render.outcome import News, Notice
from renderer.sanitize import visible


class Observer(Protocol):
    """Called for each step of each take."""

    def __call__(self, notice: Notice) -> None:
        """Show one step."""


@contextmanager
def follow(total: int) -> Iterator[Observer]:
    """Yield an observer for a run of so many takes; it writes to stderr."""
    if not sys.stderr.isatty():
        yield Lines(total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[note]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bars(progress, total)


class Lines:
    """One line for each take that is made or fails."""

    def __init__(self, total: int, write: Callable[[str], None] | None = None) -> None:
        self.total = total
        self.done = 0
        self._waits: dict[str, str] = {}  # what was said of each take, to say it once
        self._write = write or partial(click.echo, err=True)

    def __call__(self, notice: Notice) -> None:
        """Write a line for what is final, or worth knowing."""
        name = visible(f"{notice.address}#{notice.number}")
        if notice.news is News.RECORDED:
            self.done += 1
            note = f"  ({visible(notice.text)})" if notice.text else ""
            size = f"{notice.done / 1e6:.1f} MB"
            self._write(f"made    {name}  {size}  {self.done}/{self.total}{note}")
        elif notice.news is News.WAITING and self._waits.get(name) == notice.text:
            return
        elif notice.news in (News.FAILED, News.UNKNOWN, News.WAITING):
            self._waits[name] = notice.text
            self._write(f"{notice.news.value:<7} {name}  {visible(notice.text)}")


class Bars:
    """A bar for each running take, and one for all of them."""

    def __init__(self, progress: Any, total: int) -> None:
        self.progress = progress
        # Above the bars, not through them; and nothing in a name is markup.
        above = partial(progress.console.print, markup=False, highlight=False, soft_wrap=True)
        self.lines = Lines(total, above)
        self.all = progress.add_task("all takes", total=total, note=f"0/{total}")
        self.running: dict[tuple[str, int], Any] = {}  # by task id and take
        self.ended: set[tuple[str, int]] = set()

    def __call__(self, notice: Notice) -> None:
        """Move the bar of a take; a final one leaves a line above the bars."""
        key = (notice.task_uuid, notice.number)
        if notice.news in (News.RECORDED, News.FAILED, News.UNKNOWN):
            self._end(key, notice)
        elif notice.news in (News.RUNNING, News.DOWNLOADING) and key not in self.ended:
            self._show(key, notice)

    def _show(self, key: tuple[str, int], notice: Notice) -> None:
        if key not in self.running:
            name = visible(f"{notice.address}#{notice.number}")
            self.running[key] = self.progress.add_task(name, total=100, note="")
        downloading = notice.news is News.DOWNLOADING
        percent = 100 if downloading else notice.percent or 0
        note = (
            f"{notice.done / 1e6:.1f} MB" if downloading else "rendering" if percent else "queued"
        )
        self.progress.update(self.running[key], completed=percent, note=note)

    def _row(self, key: tuple[str, int]) -> tuple[str, int] | None:
        """Return the row of a take; one that got another number has a row of its task."""
        rows = (one for one in self.running if one[0] == key[0])
        return key if key in self.running else next(rows, None)

    def _end(self, key: tuple[str, int], notice: Notice) -> None:
        row = self._row(key)
        if row:
            self.progress.remove_task(self.running.pop(row))
        # A task is reported until the last of its results is there: the others are over.
        self.ended |= {key, row or key}
        self.lines(notice)
        note = f"{self.lines.done}/{self.lines.total}"
        self.progress.update(self.all, completed=self.lines.done, note=note)
