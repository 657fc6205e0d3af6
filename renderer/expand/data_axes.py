"""Axes of a matrix whose values are a column of a data file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TypeGuard

from renderer.catalog.part import part_faults
from renderer.catalog.video_model import VideoModel
from renderer.errors import Place, Problem
from renderer.expand.typed import typed
from renderer.expand.values import put
from renderer.json_types import Json, Scalar
from renderer.spec.data_files import Table
from renderer.spec.faults import MOST, show
from renderer.spec.scalars import reading
from renderer.spec.values import ASPECTS, MAX_ITEMS, DataFile, Matrix

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Axes:
    """Fills the axes of matrices; `tables` reads a file for whoever names it at a place.

    `lost` are the axes that could not be filled.
    """

    models: Sequence[VideoModel]
    wanted: Callable[[Path], frozenset[str]]
    tables: Callable[[str, Place], Table | None]
    problems: list[Problem] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def filled(self, matrix: Matrix, place: Callable[[Path], Place]) -> Matrix:
        """Return a matrix with the values of all its axes; `place` is of a path below it."""
        found = {name: self._values(name, file, place) for name, file in matrix.files.items()}
        self.lost |= {name for name, values in found.items() if not values}
        axes = {name: found.get(name, values) for name, values in matrix.axes.items()}
        kept = {name: values for name, values in axes.items() if values}
        return replace(matrix, axes=kept, files={})

    def _values(
        self, axis: str, file: DataFile, place: Callable[[Path], Place]
    ) -> tuple[Scalar, ...]:
        table = self.tables(file.file, place((axis, "file")))
        if table is None:
            return ()
        column = _Column(axis=axis, table=table, name=file.column, axes=self)
        fault = column.fault()
        if fault:
            self.problems.append(replace(fault, place=place((axis, "column"))))
            return ()
        found = list(column.problems(place((axis,))))[:MOST]
        self.problems += found
        if found:
            return ()
        values = map(column.value, range(len(table.rows)))
        return tuple(value for value in values if is_scalar(value))


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

    def problems(self, used: Place) -> Iterator[Problem]:
        """Yield what is wrong with the values, each at its row."""
        if len(self.table.rows) > MAX_ITEMS:
            what = f"the axis has {len(self.table.rows)} values, the limit is {MAX_ITEMS}"
            yield Problem(what=what, todo="use a shorter list", place=used)
            return
        seen: dict[str, int] = {}
        for at in range(len(self.table.rows)):
            value = self.value(at)
            for what, todo in self._faults(value, at, seen):
                full = f"{what} (axis '{self.axis}' at {used})"
                yield Problem(what=full, todo=todo, place=self.table.place(at))

    def _faults(self, value: Json, at: int, seen: dict[str, int]) -> Iterator[tuple[str, str]]:
        row = self.table.rows[at]
        if isinstance(row, Mapping) and self.name and self.name not in row:
            yield f"the row has no '{show(self.name)}'", "add it"
        elif not is_scalar(value):
            yield "a value of an axis is text, a number, true or false", "write one plain value"
        elif value == "":
            yield "the value is empty", "write one, or remove the row"
        elif seen.setdefault(reading(value), at) != at:
            first = self.table.place(seen[reading(value)])
            yield f"the value '{show(str(value))}' is there twice, first at {first}", "remove one"
        else:
            yield from self._unfit(value)

    def _unfit(self, value: Json) -> Iterator[tuple[str, str]]:
        if self.axis == "aspect" and value not in ASPECTS:
            yield f"'{show(str(value))}' is not an aspect", f"use one of {', '.join(ASPECTS)}"
        elif self.axis == "draft" and not isinstance(value, bool):
            yield f"'{show(str(value))}' is neither true nor false", "write true or false"
        elif self.axes.wanted(tuple(self.axis.split("."))):
            models = self.axes.models
            part = put({}, self.axis.split("."), value)
            for fault in part_faults(models, models[0], part):
                yield fault.what, fault.todo
