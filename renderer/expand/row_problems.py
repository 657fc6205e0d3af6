"""Problems of the shots of many rows: told once, with the rows that have them, and bounded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from renderer.errors import Place, Problem
from renderer.expand.item import Item
from renderer.spec.faults import MOST

_Key = tuple[Place | None, str, str]


@dataclass(slots=True)
class RowProblems:
    """Gathers the problems, or the warnings, of shots that are made of rows."""

    found: dict[_Key, tuple[Problem, Item]] = field(default_factory=dict)
    rows: dict[_Key, int] = field(default_factory=dict)
    faulty: int = 0
    left_out: Problem | None = None

    @property
    def full(self) -> bool:
        """Whether no more rows are worth looking at."""
        return self.faulty >= MOST

    def add(
        self, item: Item, shot: str, problems: Sequence[Problem], *, given: bool = True
    ) -> None:
        """Note what is wrong with a shot; what is the same but for the shot's id is noted once.

        A value that the row has `given` is wrong there, and not in the line that asks for it.
        """
        self.faulty += bool(problems)
        for problem in map(item.placed, problems) if given else problems:
            key = _key(problem, shot, item.source.id)
            if key not in self.found and len(self.found) >= MOST:
                self.left_out = self.left_out or problem
                continue
            self.found.setdefault(key, (problem, item))
            self.rows[key] = self.rows.get(key, 0) + 1

    def problems(self) -> Iterator[Problem]:
        """Yield each problem with its rows."""
        for key, (problem, item) in self.found.items():
            if problem.place == item.place:
                yield problem
            else:
                yield replace(problem, what=f"{problem.what} ({_rows(item, self.rows[key])})")
        if self.full or self.left_out:
            last = self.left_out or next(reversed(self.found.values()))[0]
            yield replace(
                last,
                what=f"{self.faulty} rows or more have problems; only the first are shown",
                todo="fix these first",
            )


def _key(problem: Problem, shot: str, known: str) -> _Key:
    if not shot:
        return problem.place, problem.what, problem.todo
    what, todo = (text.replace(shot, known) for text in (problem.what, problem.todo))
    return problem.place, what, todo


def _rows(item: Item, count: int) -> str:
    more = f", and {count - 1} more row{'s' if count > 2 else ''}" if count > 1 else ""
    return f"for {item.place}, {item.key}{more}"
