"""Axes of a matrix whose values are a column of a data file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import islice
from typing import TypeGuard

from renderer.errors import Place, Problem
from renderer.expand.typed import typed
from renderer.json_types import Json, Scalar
from renderer.spec.data_files import Table
from renderer.spec.faults import MOST, show
from renderer.spec.scalars import reading, spell
from renderer.spec.values import ASPECTS, MAX_ITEMS, DataFile, Matrix

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Axes:
    """Fills the axes of matrices; `tables` reads a file for whoever names it at a place.

    `lost` are the axes that could not be filled.
    """

    wanted: Callable[[Path], frozenset[str]]
    tables: Callable[[str, Place], Table | None]
    problems: list[Problem] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def filled(self, matrix: Matrix, place: Callable[[Path], Place]) -> Matrix:
        """Return a matrix with the values of all its axes; `place` is of a path below it."""
        found = {name: self._column(name, file, place) for name, file in matrix.files.items()}
        self.lost |= {name for name, column in found.items() if not column.values}
        axes = {
            name: found[name].values if name in found else values
            for name, values in matrix.axes.items()
        }
        kept = {name: values for name, values in axes.items() if values}
        rows = {name: column.place for name, column in found.items()}
        return replace(matrix, axes=kept, files={}, rows=rows)

    def _column(self, axis: str, file: DataFile, place: Callable[[Path], Place]) -> "_Found":
        table = self.tables(file.file, place((axis, "file")))
        if table is None:
            return _Found()
        column = _Column(axis=axis, table=table, name=file.column, axes=self)
        fault = column.fault()
        if fault:
            self.problems.append(replace(fault, place=place((axis, "column"))))
            return _Found()
        rows: dict[str, int] = {}
        found = list(islice(column.problems(place((axis,)), rows), MOST))
        self.problems += found
        return _Found() if found else _Found(column=column, rows=tuple(rows.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The rows of a column that give its axis a value; none if the column is not sound."""

    column: "_Column | None" = None
    rows: tuple[int, ...] = ()

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The values, each once, in the order of the rows."""
        found = map(self.column.value, self.rows) if self.column else ()
        return tuple(value for value in found if is_scalar(value))

    def place(self, at: int) -> Place:
        """Return where a value is written."""
        return self.column.table.place(self.rows[at]) if self.column else Place(file="")


def is_scalar(value: Json) -> TypeGuard[Scalar]:
    """Return whether a value may be one of an axis."""
    return value is None or isinstance(value, str | int | float)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """The values of one axis in a table."""

    axis: str
    table: Table
    name: str
    axes: Axes

    def fault(self) -> Problem | None:
        """Return what is wrong with the name of the column."""
        first = self.table.rows[0]
        if not isinstance(first, Mapping):
            what = f"{self.table.name} has plain values, and no columns"
            return Problem(what=what, todo="remove column:") if self.name else None
        known = ", ".join(show(name, 40) for name in list(first)[:12])
        if not self.name and not (self.table.text and len(first) == 1):
            todo = f"write column: with one of {known}"
            return Problem(what=f"which column of {self.table.name} is not said", todo=todo)
        if self.name and self.table.text and self.name not in first:
            near = get_close_matches(self.name, list(first), n=1)
            todo = f"did you mean '{show(near[0])}'?" if near else f"there are {known}"
            what = f"{self.table.name} has no column '{show(self.name)}'"
            return Problem(what=what, todo=todo)
        return None

    def value(self, at: int) -> Json:
        """Return the value in one row, in the type that the axis takes."""
        row = self.table.rows[at]
        if isinstance(row, Mapping):
            row = row.get(self.name or next(iter(row)))
        if not self.table.text or not isinstance(row, str):
            return row
        if self.axis == "draft":
            return typed(row, frozenset({"boolean"}))
        return typed(row, self.axes.wanted(tuple(self.axis.split("."))))

    def problems(self, used: Place, rows: dict[str, int]) -> Iterator[Problem]:
        """Yield what is wrong with the values, each at its row; note the first row of each value."""
        for at in range(len(self.table.rows)):
            for what, todo in self._faults(at, rows):
                full = f"{what} (axis '{self.axis}' at {used})"
                yield Problem(what=full, todo=todo, place=self.table.place(at))
        if len(rows) > MAX_ITEMS:
            what = f"the axis has {len(rows)} values, the limit is {MAX_ITEMS}"
            yield Problem(what=what, todo="use a shorter list", place=used)

    def _faults(self, at: int, rows: dict[str, int]) -> Iterator[tuple[str, str]]:
        row, value = self.table.rows[at], self.value(at)
        if isinstance(row, Mapping) and self.name and self.name not in row:
            yield f"the row has no '{show(self.name)}'", "add it"
        elif not is_scalar(value):
            yield "a value of an axis is text, a number, true or false", "write one plain value"
        elif value == "":
            yield "the value is empty", "write one, or remove the row"
        else:
            first = rows.setdefault(reading(value), at)
            if type(self.value(first)) is not type(value):
                twin = f"{spell(self.value(first))} at {self.table.place(first)}"
                yield f"the value {spell(value)} is there beside {twin}, its twin", "remove one"
            elif first == at:
                yield from self._unfit(value)

    def _unfit(self, value: Scalar) -> Iterator[tuple[str, str]]:
        if self.axis == "aspect" and value not in ASPECTS:
            yield f"'{show(str(value))}' is not an aspect", f"use one of {', '.join(ASPECTS)}"
        elif self.axis == "draft" and not isinstance(value, bool):
            yield f"'{show(str(value))}' is neither true nor false", "write true or false"
