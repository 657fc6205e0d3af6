"""What each layer and each axis says, checked by itself: a nearer value hides no wrong one."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from renderer.catalog.part import part_faults
from renderer.catalog.schema_messages import Fault
from renderer.catalog.video_model import VideoModel
from renderer.errors import Place, Problem
from renderer.expand.layers import (
    Layer,
    Layers,
    axis_layer,
    axis_place,
    axis_value_place,
    cell_place,
)
from renderer.expand.matrix import Cell, Cross, twin
from renderer.expand.matrix_cell import WORDS
from renderer.expand.values import ABSENT, find, put
from renderer.json_types import Json, Scalar
from renderer.spec.scalars import spell

if TYPE_CHECKING:
    from renderer.expand.storyboard import Storyboard


def above_faults(board: "Storyboard", layers: Layers, model: VideoModel) -> list[Problem]:
    """Return what no video model takes, in the layers above a shot; looked at once."""
    key = ("checked", model.air)
    if key not in layers.shared:
        above = layers.stack[:-1]
        found = [one for layer in above for one in _layer_faults(board, layer, model)]
        layers.shared[key] = found
    known: list[Problem] = layers.shared[key]
    return known


def own_faults(
    board: "Storyboard", layers: Layers, cross: Cross, model: VideoModel
) -> Iterator[Problem]:
    """Yield what no video model takes, in a shot's own settings and in the axes of its matrix."""
    yield from _layer_faults(board, layers.shot, model)
    yield from _axis_faults(board, layers, cross, model)


def _layer_faults(board: "Storyboard", layer: Layer, model: VideoModel) -> Iterator[Problem]:
    if not layer.spec.settings:
        return
    for fault in _faults(board, model, layer.spec.settings):
        yield _problem(fault, layer.place("settings", *fault.path))


def _faults(
    board: "Storyboard", model: VideoModel, settings: Mapping[str, Json]
) -> Iterator[Fault]:
    for fault in part_faults(board.catalog.all(), model, settings):
        air = settings.get("model")
        if fault.path != ("model",):
            yield fault
        elif isinstance(air, str):
            what, todo = board.catalog.unknown(air)
            yield replace(fault, what=what, todo=todo)
        else:
            yield replace(fault, todo=board.catalog.known)


def _axis_faults(
    board: "Storyboard", layers: Layers, cross: Cross, model: VideoModel
) -> Iterator[Problem]:
    """Yield the values of axes, and of includes, that no video model takes."""
    for axis, values in cross.axes.items():
        for value in values:
            place = axis_value_place(layers, axis, value)
            for fault in _value_faults(board, axis, value, place, model):
                yield of_axis(layers, fault, axis)
    for cell in cross.include:
        for axis, value in cell.items():
            place = axis_value_place(layers, axis, value)
            yield from _value_faults(board, axis, value, place, model)


def of_axis(layers: Layers, problem: Problem, axis: str) -> Problem:
    """Say of a value of an axis that is in a data file which axis takes it."""
    used = axis_place(layers, axis)
    if problem.place is None or problem.place.file == used.file:
        return problem
    return replace(problem, what=f"{problem.what} (axis '{axis}' at {used})")


def _value_faults(
    board: "Storyboard", axis: str, value: Json, place: Place, model: VideoModel
) -> Iterator[Problem]:
    names = axis.split(".")
    setting = names[0] in board.parameters
    if value is None and (setting or axis in WORDS):
        todo = f"write a value, or `{axis}: null` under matrix to go without the axis"
        yield Problem(what=f"null is not a value of the axis '{axis}'", todo=todo, place=place)
    elif setting:
        for fault in _faults(board, model, put({}, names, value)):
            yield _problem(fault, place)


def _problem(fault: Fault, place: Place) -> Problem:
    return Problem(what=fault.what, todo=fault.todo, place=place)


def idle_exclude(cross: Cross, rule: Cell, place: Place) -> Problem:
    """Return what is to be said of an exclude that matches no cell."""
    found = twin(cross.axes, rule)
    todo = _as_written(*found) if found else "correct its values, or remove it"
    return Problem(what="this exclude matches no cell of the matrix", todo=todo, place=place)


def twin_includes(layers: Layers, cross: Cross) -> Iterator[Problem]:
    """Yield the includes with a value that is another one for the matrix than it is for a person.

    One of all axes and no more is a cell of the address of another, and reported as such.
    """
    for cell in cross.include:
        found = twin(cross.axes, cell) if cell.keys() != cross.axes.keys() else None
        if found:
            axis, value = found
            what = f"`{axis}` is {spell(cell[axis])} here, and {spell(value)} in the axis"
            yield Problem(what=what, todo=_as_written(axis, value), place=cell_place(layers, cell))


def _as_written(axis: str, value: Scalar) -> str:
    text = "text, as every value of a CSV" if isinstance(value, str) else "no text"
    return f"write `{axis}: {spell(value)}`: in the axis it is {text}"


def idle_values(layers: Layers, cross: Cross, every: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for each value that an inherited axis replaces; `every` cell has these."""
    for axis in cross.axes:
        found = axis_layer(layers, axis)
        if found is None or axis not in every:
            continue
        level, path = found
        for layer in layers.stack[level + 1 :]:
            said = _said(layer, axis)
            if said:
                place = layers.stack[level].place(*path, key=True)
                yield Problem(
                    what=f"`{axis}` is never used here: the axis '{axis}' ({place}) gives it",
                    todo=f"remove it, or write `matrix: {{{axis}: null}}` to go without the axis",
                    place=layer.place(*said),
                    severity="warning",
                )


def _said(layer: Layer, axis: str) -> tuple[str, ...] | None:
    """Return where a layer says what an axis gives."""
    if axis in WORDS:
        there = getattr(layer.spec, axis) is not None or axis in layer.spec.unset
        return (axis,) if there else None
    names = axis.split(".")
    for word in ("settings", "vars"):
        if find(getattr(layer.spec, word), names) is not ABSENT:
            return (word, *names)
    return None


def idle_unsets(layers: Layers) -> Iterator[Problem]:
    """Yield a warning for each axis that is taken away and that no farther layer gives."""
    known: set[str] = set()
    for layer in layers.stack:
        matrix = layer.spec.matrix
        for axis in matrix.unset if matrix else ():
            if axis not in known:
                yield Problem(
                    what=f"there is no axis '{axis}' to go without",
                    todo="remove it, or correct its name",
                    place=layer.place("matrix", axis, key=True),
                    severity="warning",
                )
        if matrix:
            known |= {*matrix.axes, *(axis for cell in matrix.include or () for axis in cell)}
