"""Through what the fields of a task came to their values, seen against an older request."""

import json
from collections.abc import Collection, Mapping, Sequence

from renderer.expand.frame_links import own_files
from renderer.expand.item import Item
from renderer.expand.prompt_dependencies import OWN, changed, uses
from renderer.expand.provenance import layers_of, origins
from renderer.expand.storyboard import Storyboard
from renderer.expand.task import Task
from renderer.json_types import Json


def causes(
    board: Storyboard,
    task: Task,
    old_uses: Mapping[str, Json],
    old_request: Mapping[str, Json],
    old_files: Collection[str] | None = None,
) -> dict[str, str]:
    """Return field to cause; a field changed at the shot itself has none.

    `old_files` are the images that the older request named, None if that is unknown.
    """
    layers = layers_of(board, task)
    found = {origin.field: origin.cause for origin in origins(board, layers, task, placed=False)}
    found["positivePrompt"] = _prompt(old_uses, uses(board, layers, task), layers.shot.item)
    fresh = _fresh(task, old_request)
    if fresh:
        field = "inputs.frameImages"
        found[field] = _images(fresh, found.get(field, ""), old_files)
    found |= {f"frames.{link.at}": link.shot for link in task.links}
    return {name: cause for name, cause in found.items() if cause}


def _prompt(old: Mapping[str, Json], new: Mapping[str, str], item: Item | None) -> str:
    names = changed(old, new) if old else ()
    said = (_through(name, item) if item else name for name in names if name != OWN)
    return ", ".join(dict.fromkeys(said))


def _through(name: str, item: Item) -> str:
    """Name the row for what it gives to a prompt, itself or as another value of the shot."""
    path = name.split(".")
    return item.cause if path[0] == "item" or item.gave(*path) else name


def _fresh(task: Task, old: Mapping[str, Json]) -> list[str]:
    """Return the files whose bytes the older request did not have."""
    before = json.dumps(old, default=dict)
    fresh = [path for reference, path in task.files.items() if reference not in before]
    return own_files(fresh)


def _images(fresh: Sequence[str], origin: str, old: Collection[str] | None) -> str:
    """Name the files that were edited, and who names one that the older request did not."""
    edited = [path for path in fresh if old is None or path in old]
    said = edited if len(edited) == len(fresh) else [*edited, origin]
    return ", ".join(one for one in said if one)
