"""Problems reported at the marks of YAML events, and the parser's own complaint in plain English."""

from typing import Any, NoReturn

import yaml

from renderer.spec.faults import Faults
from renderer.spec.source import within
from renderer.spec.yaml_messages import explain, never_closed


class StopReadingError(Exception):
    """Nothing sensible can be read after this point; the reason is noted already."""


class Report:
    """Notes problems at marks, whose lines and columns count from 0."""

    def __init__(self, text: str, faults: Faults) -> None:
        self.text = text
        self.faults = faults

    def add(self, mark: Any, what: str, todo: str) -> None:
        """Note a problem at a mark; stop where no more can be kept."""
        self.faults.add(within(self.text, mark.line, mark.column), what, todo)
        if self.faults.full:
            raise StopReadingError

    def stop(self, mark: Any, what: str, todo: str) -> NoReturn:
        """Note a problem after which reading cannot go on."""
        self.faults.fatal = True
        self.add(mark, what, todo)
        raise StopReadingError

    def _line(self, mark: Any) -> str:
        return self.text.split("\n")[within(self.text, mark.line, 0)[0] - 1]

    def broken(self, error: yaml.YAMLError) -> None:
        """Note the parser's complaint, unless the same was said of this line already."""
        self.faults.fatal = True
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if mark is None:
            self.faults.add((0, 0), f"this is not YAML: {error}", "fix it, or write it again")
            return
        first = getattr(error, "context_mark", None) or mark
        problem, context = getattr(error, "problem", ""), getattr(error, "context", "") or ""
        what, todo = explain(
            problem, context, self._line(mark), mark.column + 1, self._line(first)
        )
        if not self._said(what, mark.line + 1):
            # An open quote or bracket is fixed where it opens, not where the text ends.
            opens = never_closed(problem, context) or "flow" in context or "simple key" in context
            at = first if opens else mark
            self.faults.add(within(self.text, at.line, at.column), what, todo)

    def _said(self, what: str, line: int) -> bool:
        return any(
            known.what == what and known.place is not None and known.place.line == line
            for known in self.faults.problems
        )
