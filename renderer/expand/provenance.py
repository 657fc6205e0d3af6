"""Who gave each value of a request: a layer, one of our words, an axis, the catalog."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderer import paths
from renderer.catalog.defaults import effective
from renderer.errors import Place
from renderer.expand.item import Item
from renderer.expand.layers import Layers, axis_place
from renderer.expand.matrix_cell import parts
from renderer.expand.storyboard import Storyboard
from renderer.expand.task import Task
from renderer.expand.values import leaves
from renderer.json_types import Json

_OURS = {"width": "aspect", "height": "aspect", "inputs.frameImages": "frames"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One value of a request by its dotted name.

    `layer` is shot, scene, project, matrix, catalog default or built in; `word` is the word of
    ours, or the axis, that gives the value; `row` is the row that the shot was made of, if that does.
    """

    field: str
    value: Json
    layer: str
    word: str = ""
    place: Place | None = None
    row: Item | None = None

    @property
    def cause(self) -> str:
        """How a plan names it; what is at the shot itself is direct, and has no cause."""
        if self.row is not None:
            return self.row.cause
        if self.layer == "matrix":
            return f"axis {self.word}"
        where = {"scene": "scene ", "project": f"{paths.PROJECT_FILE} "}.get(self.layer)
        if where is None:
            return self.word if self.layer == "shot" else ""
        return where + (self.word or f"settings.{self.field}")


def layers_of(board: Storyboard, task: Task) -> Layers:
    """Return the layers above a task's shot."""
    sheet = next(sheet for sheet in board.sheets if sheet.scene.scene == task.scene)
    return board.layers(sheet, sheet.ids[task.shot])


def origins(
    board: Storyboard, layers: Layers, task: Task, *, placed: bool = True
) -> Iterator[Origin]:
    """Yield the origin of every value in force but the prompt; with its place if that is wanted."""
    layers = board.settled(layers, task.cell).layers
    cell = parts(task.cell, board.parameters)
    given = dict(leaves(task.request))
    for name, value in leaves(effective(board.catalog.get(task.model), task.request)):
        if name == "positivePrompt":
            continue
        if name in cell.settings:
            yield _axis(layers, name, name, value, placed=placed)
        elif name in given:
            yield _written(layers, name, value, task, placed=placed)
        else:
            yield Origin(field=name, value=value, layer="catalog default")


def _axis(layers: Layers, name: str, axis: str, value: Json, *, placed: bool) -> Origin:
    place = axis_place(layers, axis) if placed else None
    return Origin(field=name, value=value, layer="matrix", word=axis, place=place)


def _written(layers: Layers, name: str, value: Json, task: Task, *, placed: bool) -> Origin:
    for word, path in _tries(name):
        if word in task.cell:
            return _axis(layers, name, word, value, placed=placed)
        found = layers.origin(word, *path)
        if found:
            layer, where = found
            return Origin(
                field=name,
                value=value,
                layer=layer.label,
                word="" if word == "settings" else word,
                place=layer.place(*where) if placed else None,
                row=layer.item if layer.item and layer.item.gave(*where) else None,
            )
    return Origin(field=name, value=value, layer="built in")


def _tries(name: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return where a field may be written: as itself, or through one of our words."""
    draft = [("draft", ())] if name.endswith(".draft") else []
    word = [(_OURS[name], ())] if name in _OURS else []
    return [("settings", tuple(name.split("."))), *word, *draft]
