"""Use case: the expanded matrix, as values, as data, or as wire objects."""

import base64
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.expand import expansion
from renderer.app.workspace import Workspace
from renderer.catalog.money import Money
from renderer.expand.images import inspect
from renderer.expand.selection import selected
from renderer.expand.task import Link, Task
from renderer.json_types import Json
from renderer.render.hidden import shown

_LIMIT = 30 * 10**6


class LinkData(TypedDict):
    """A frame of another shot that a picture depends on."""

    shot: str
    frame: str
    mode: str


class TaskData(TypedDict):
    """One task; `request` is in the words of the API, `cost` is for all takes that are wanted.

    `files` says which file of the project each `sha256:` reference of the request stands for.
    """

    address: str
    scene: str
    shot: str
    title: str
    matrix: dict[str, Json]
    takes: int
    fingerprint: str
    cost: Money
    request: dict[str, Json]
    files: dict[str, str]
    frames: NotRequired[dict[str, LinkData]]


class TasksData(TypedDict):
    """The expanded matrix, in the order of the specs."""

    version: int
    tasks: list[TaskData]


def tasks(workspace: Workspace, only: Sequence[str] = ()) -> tuple[Task, ...]:
    """Return the tasks of a project; raise InputError with all problems if there are any."""
    return selected(expansion(workspace.files, workspace.catalog).sound(), only)


def as_data(task: Task) -> TaskData:
    """Return a task as JSON data."""
    data: TaskData = {
        "address": task.address,
        "scene": task.scene,
        "shot": task.shot,
        "title": task.title,
        "matrix": dict(task.cell),
        "takes": task.wanted,
        "fingerprint": task.fingerprint,
        "cost": (task.cost * task.wanted).as_json(),
        "request": dict(shown(task.request)),
        "files": dict(task.files),
    }
    if task.links:
        data["frames"] = {link.at: _link(link) for link in task.links}
    return data


def all_as_data(found: Sequence[Task]) -> TasksData:
    """Return tasks as one JSON document."""
    return {"version": 1, "tasks": [as_data(task) for task in found]}


def _link(link: Link) -> LinkData:
    mode = "pin" if link.pinned else "chain"
    return {"shot": link.shot, "frame": link.frame, "mode": mode}


def requests(files: ProjectFiles, chosen: Sequence[Task]) -> list[dict[str, Json]]:
    """Return the wire objects less taskUUID; images of the project are inline as data URIs."""
    known: dict[str, str] = {}
    found: list[dict[str, Json]] = []
    for task in chosen:
        images = _sent(files, task, known)
        found.append({name: _wire(value, images) for name, value in task.request.items()})
    return found


def _sent(files: ProjectFiles, task: Task, known: dict[str, str]) -> Mapping[str, str]:
    for reference, source in task.files.items():
        if reference not in known:
            inline = source.startswith("data:")
            known[reference] = "".join(source.split()) if inline else data_uri(files, source)
    return known


def data_uri(files: ProjectFiles, path: str) -> str:
    """Return an image file as a data URI."""
    content = files.read(path, limit=_LIMIT)
    kind = inspect(content[:65536], path).type
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _wire(value: Json, images: Mapping[str, str]) -> Json:
    if isinstance(value, Mapping):
        return {key: _wire(inner, images) for key, inner in value.items()}
    if isinstance(value, list):
        return [_wire(inner, images) for inner in value]
    return images.get(value, value) if isinstance(value, str) else value
