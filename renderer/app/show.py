"""Use case: one task in full, with the layer that each of its values came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from renderer.adapters.project import ProjectFiles
from renderer.app.gather import gather
from renderer.app.locks import LockFile
from renderer.app.select import one_task
from renderer.catalog.effective import effective
from renderer.catalog.model import Catalog
from renderer.errors import Place
from renderer.expand.cell import parameters, parts
from renderer.expand.layers import Layers, axis_place
from renderer.expand.storyboard import Storyboard
from renderer.expand.task import Task
from renderer.expand.tasks import expand
from renderer.expand.values import leaves
from renderer.lock.model import Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One value of a request: its dotted name, and who gave it."""

    field: str
    value: Any
    layer: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A task with the origin of each value and the takes of its picture."""

    task: Task
    origins: tuple[Origin, ...]
    takes: tuple[Take, ...]


def show(files: ProjectFiles, catalog: Catalog, provider: str, address: str) -> Shown:
    """Return one task; raise InputError if the specs have problems or no such task."""
    gathered = gather(files, catalog)
    board = gathered.board()
    made = expand(board)
    tasks = type(made)(tasks=made.tasks, problems=(*gathered.problems, *made.problems)).sound()
    task = one_task(tasks, address)
    entry = LockFile.of(files.root, provider).read().entries.get(task.address)
    return Shown(
        task=task,
        origins=tuple(_origins(board, _layers(board, task), task)),
        takes=entry.of(task.fingerprint) if entry else (),
    )


def _layers(board: Storyboard, task: Task) -> Layers:
    sheet = next(sheet for sheet in board.sheets if sheet.scene.scene == task.scene)
    ids = [shot.id for shot in sheet.scene.shots]
    return board.layers(sheet, ids.index(task.shot))


def _origins(board: Storyboard, layers: Layers, task: Task) -> Iterator[Origin]:
    cell = parts(task.cell, parameters(board.catalog))
    given = dict(leaves(task.request))
    for name, value in leaves(effective(board.catalog.get(task.model), task.request)):
        if name == "positivePrompt":
            continue
        if name in cell.settings:
            yield Origin(field=name, value=value, layer="matrix", place=axis_place(layers, name))
        elif name in given:
            yield _written(layers, name, value, task)
        else:
            yield Origin(field=name, value=value, layer="catalog default")


def _written(layers: Layers, name: str, value: Any, task: Task) -> Origin:
    for word, path in _tries(name):
        if word in task.cell:
            return Origin(field=name, value=value, layer="matrix", place=axis_place(layers, word))
        found = layers.origin(word, *path)
        if found:
            layer, where = found
            label = layer.label if word == "settings" else f"{layer.label} ({word})"
            return Origin(field=name, value=value, layer=label, place=layer.place(*where))
    return Origin(field=name, value=value, layer="built in")


def _tries(name: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return where a field may be written: as itself, or through one of our words."""
    ours = {"width": "aspect", "height": "aspect", "inputs.frameImages": "frames"}
    draft = [("draft", ())] if name.endswith(".draft") else []
    word = [(ours[name], ())] if name in ours else []
    return [("settings", tuple(name.split("."))), *word, *draft]
