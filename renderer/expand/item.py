"""The row that a shot was made of: what its values are, and where it is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from renderer.errors import Place, Problem
from renderer.json_types import Json
from renderer.sanitize import one_line
from renderer.spec.data_files import Table
from renderer.spec.reader import Document

Path = tuple[str | int, ...]
_COLUMN = re.compile(r"""item(?:\.([A-Za-z][A-Za-z0-9_]*)|\[['"]([^'"\]]+)['"]\])""")
_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Source:
    """A shot as it is written, `at` this position of its scene, and the rows that it stands for.

    `paths` are its values that are made of a row, `id` is what its shots are named by.
    """

    document: Document
    at: int
    table: Table
    id: str
    paths: frozenset[Path]

    @cached_property
    def places(self) -> frozenset[Place]:
        """Where values are written that are made of a row."""
        return frozenset(self.place(path) for path in self.paths)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Which values of a row give it its id."""
        found = (hit[1] or hit[2] for hit in _COLUMN.finditer(self.id))
        return tuple(dict.fromkeys(found))

    def place(self, path: Path) -> Place:
        """Return where a value of the shot is written."""
        return self.document.place(("shots", self.at, *path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of a shot's source, by its number from 0."""

    source: Source
    number: int

    @property
    def value(self) -> Json:
        """What `item` is in templates."""
        return self.source.table.rows[self.number]

    @property
    def place(self) -> Place:
        """Where the row is written."""
        return self.source.table.place(self.number)

    @property
    def key(self) -> str:
        """What a person knows the row by: `sku=a17`."""
        value = self.value
        if not isinstance(value, Mapping):
            return f"item={_shown(value)}"
        pairs = ((name, value[name]) for name in self.source.columns if name in value)
        return ",".join(f"{name}={_shown(one)}" for name, one in pairs) or f"{self.number + 1}"

    @property
    def cause(self) -> str:
        """How a plan names it: `data/products.csv:row sku=a17`."""
        return f"{self.source.table.name}:row {self.key}"

    def gave(self, *path: str | int) -> bool:
        """Return whether the value at a path of the shot, or a part of it, is made of the row."""
        return any(one[: len(path)] == path[: len(one)] for one in self.source.paths)

    def placed(self, problem: Problem) -> Problem:
        """Return a problem of a value that the row gave at the row, with the line that uses it."""
        if problem.place not in self.source.places:
            return problem
        return replace(problem, what=f"{problem.what} (used at {problem.place})", place=self.place)


def _shown(value: Json) -> str:
    return one_line(str(value), _SHOWN)
