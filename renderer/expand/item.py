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
_PLAIN = re.compile(rf"\{{\{{-?\s*(?:{_COLUMN.pattern})\s*-?\}}\}}")
_EXPRESSION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_OTHERWISE = "`{{ item.COLUMN | default(4, true) }}`"
_MAY_BE_NULL = frozenset({"title", "settings", "frames"})
_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Source:
    """A shot as it is written, `at` this position of its scene, and the rows that it stands for.

    `texts` are its values that are made of a row, by path, `id` is what its shots are named by;
    of `mixed` ones a text is made where a number may be wanted.
    """

    document: Document
    at: int
    table: Table
    id: str
    texts: Mapping[Path, str]
    mixed: frozenset[Path] = frozenset()

    @cached_property
    def places(self) -> Mapping[Place, Path]:
        """Where values are written that are made of a row, and which they are."""
        return {self.place(path): path for path in self.texts}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Which values of a row give it its id."""
        return _columns(self.id)

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
        """What a person knows the row by: `sku=a17`, else `row 3`."""
        return self._values or f"row {self.number + 1}"

    @property
    def _values(self) -> str:
        value = self.value
        if not isinstance(value, Mapping):
            return f"item={_shown(value)}"
        pairs = ((name, value[name]) for name in self.source.columns if name in value)
        return ",".join(f"{name}={_shown(one)}" for name, one in pairs)

    @property
    def cause(self) -> str:
        """How a plan names it: `data/products.csv:row sku=a17`."""
        return f"{self.source.table.name}:row {self._values or self.number + 1}"

    def gave(self, *path: str | int) -> bool:
        """Return whether the value at a path of the shot, or a part of it, is made of the row."""
        return any(one[: len(path)] == path[: len(one)] for one in self.source.texts)

    def placed(self, problem: Problem) -> Problem:
        """Return a problem of a value that the row gave at the row, with the line that uses it."""
        path = self.source.places.get(problem.place) if problem.place else None
        if path is None:
            return problem
        what = f"{problem.what} (used at {problem.place})"
        return replace(problem, what=what, todo=problem.todo + self._hint(path), place=self.place)

    def _hint(self, path: Path) -> str:
        """Say how a value of the wrong type, or of an empty cell, is written."""
        if path in self.source.mixed:
            return f"; a text is made there: write one expression, such as {_OTHERWISE}"
        text = self.source.texts[path]
        empty = self._empty(text) if path[0] in _MAY_BE_NULL else None
        if empty is None:
            return ""
        plain = _PLAIN.fullmatch(text.strip())
        once = f"{empty} | default(none, true)" if plain else _joined(text, empty)
        return f"; to go without it where the cell is empty, write `{{{{ {once} }}}}`"

    def _empty(self, text: str) -> str | None:
        """Return the first cell that a text names and that is empty, as it is written there."""
        row = self.value
        if not isinstance(row, Mapping):
            return None
        hits = _COLUMN.finditer(text)
        return next((hit[0] for hit in hits if row.get(hit[1] or hit[2]) == ""), None)


def _joined(text: str, needed: str) -> str:
    """Return a text with expressions as one expression, null without a value that it needs."""
    pieces = _EXPRESSION.split(text)  # literal, expression, literal, …
    if "{%" in text or "'" in "".join(pieces[::2]):
        return f"… if {needed} else none"
    said = [f"'{one}'" if at % 2 == 0 else _bracketed(one) for at, one in enumerate(pieces) if one]
    return f"{' ~ '.join(said)} if {needed} else none"


def _bracketed(expression: str) -> str:
    return expression if _COLUMN.fullmatch(expression) else f"({expression})"


def _columns(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit[1] or hit[2] for hit in _COLUMN.finditer(text)))


def _shown(value: Json) -> str:
    return one_line(str(value), _SHOWN)
