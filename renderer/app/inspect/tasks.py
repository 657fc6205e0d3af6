"""Use case: the expanded matrix, as values, as data, or as wire objects."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.load import expansion
from renderer.catalog.catalog import Catalog
from renderer.expand.images import inspect
from renderer.expand.selection import selected
from renderer.expand.task import Link, Task
from renderer.render.hidden import shown

_LIMIT = 30 * 10**6


def tasks(files: ProjectFiles, catalog: Catalog, only: Sequence[str] = ()) -> tuple[Task, ...]:
    """Return the tasks of a project; raise InputError with all problems if there are any."""
    return selected(expansion(files, catalog).sound(), only)


def as_data(task: Task) -> dict[str, Any]:
    """Return a task as JSON data."""
    return {
        "address": task.address,
        "scene": task.scene,
        "shot": task.shot,
        "title": task.title,
        "matrix": dict(task.cell),
        "takes": task.wanted,
        "fingerprint": task.fingerprint,
        "cost": (task.cost * task.wanted).as_json(),
        "request": shown(task.request),
        "files": dict(task.files),
        **({"frames": {link.at: _link(link) for link in task.links}} if task.links else {}),
    }


def _link(link: Link) -> dict[str, Any]:
    mode = "pin" if link.pinned else "chain"
    return {"shot": link.shot, "frame": link.frame, "mode": mode}


def requests(files: ProjectFiles, chosen: Sequence[Task]) -> list[dict[str, Any]]:
    """Return the wire objects less taskUUID; images of the project stand inline as data URIs."""
    known: dict[str, str] = {}
    return [_wire(task.request, _sent(files, task, known)) for task in chosen]


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


def _wire(value: Any, images: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _wire(inner, images) for key, inner in value.items()}
    if isinstance(value, list):
        return [_wire(inner, images) for inner in value]
    return images.get(value, value) if isinstance(value, str) else value
