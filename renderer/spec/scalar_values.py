"""Scalar events to values: tags, lengths, lost comments, look-alikes and hidden characters."""

import re
from typing import Any

from renderer.json_types import Scalar
from renderer.spec.events import MAX_SCALAR
from renderer.spec.faults import first_refused, isolates, show
from renderer.spec.report import Report
from renderer.spec.scalars import LookAlikeError, plain
from renderer.spec.source import LOST, character

_LOST_HERE = re.compile(r"[ \t]+(#[^\s#].*)")


class Leaves:
    """Reads the scalars of one text."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.lost_lines = _lost_lines(report.text)
        self.isolates = isolates(report.text)

    def check(self, event: Any) -> None:
        """Note a tag and what is out of balance; stop at a value that is too long."""
        if event.tag is not None:
            self.tag(event)
        if self.isolates and event.style != '"':
            self._hidden(event)
        if len(event.value) > MAX_SCALAR:
            what = f"a value has {len(event.value)} characters, the limit is {MAX_SCALAR} (64 KiB)"
            self.report.stop(event.start_mark, what, "shorten it")

    def tag(self, event: Any) -> None:
        """Note that an event has a tag."""
        what = f"tags are not allowed: {show(event.tag)}"
        self.report.add(event.start_mark, what, "remove it; text that starts with ! needs quotes")

    def value(self, event: Any) -> Scalar:
        """Return the value of a scalar; what has two readings is noted and read as text."""
        if not event.implicit[0]:
            self.hidden(event)
            text: str = event.value
            return text
        if event.end_mark.line in self.lost_lines:
            self._lost(event)
        try:
            return plain(event.value)
        except LookAlikeError as error:
            self.report.add(event.start_mark, error.what, error.todo)
            return str(event.value)

    def hidden(self, event: Any) -> None:
        """Note a character that only an escape in double quotes could bring in."""
        if event.style == '"':
            self._hidden(event)

    def _hidden(self, event: Any) -> None:
        hit = first_refused(event.value)
        if hit is not None:
            what, todo = character(hit.group())
            self.report.add(event.start_mark, f"{what} in a value", todo)

    def _lost(self, event: Any) -> None:
        hit = _LOST_HERE.match(self.report.text, event.end_mark.index)
        if hit is not None:
            what = f"the text after ' #' is a comment and would be lost: '{show(hit.group(1))}'"
            todo = "put the whole value in quotes, or write '# ' before a comment"
            self.report.add(event.start_mark, what, todo)


def _lost_lines(text: str) -> frozenset[int]:
    if not LOST.search(text):
        return frozenset()
    return frozenset(at for at, line in enumerate(text.split("\n")) if LOST.search(line))
