"""What a prompt is made of, each part with its digest, so that a plan can say through what it changed."""

from collections.abc import Callable, Mapping

from renderer.expand.fingerprint import digest
from renderer.expand.layers import Layers
from renderer.expand.matrix_cell import parts
from renderer.expand.storyboard import Storyboard
from renderer.expand.task import Task
from renderer.expand.task_values import about_task
from renderer.expand.values import get
from renderer.expand.variables import variables_of, with_lines
from renderer.json_types import Json
from renderer.templates.render import PromptError, Use

OWN = "prompt"
_OF_THE_SHOT = frozenset({"scene", "shot", "task", "item", "lines"})


def uses(board: Storyboard, layers: Layers, task: Task) -> dict[str, str]:
    """Return name to digest: `templates/cast.j2:courier`, `vars.look`, `axis weather`, `prompt`."""
    prompt = layers.word("prompt")
    axes = parts(task.cell, board.parameters).variables
    model = board.catalog.get(task.model)
    given = with_lines(layers, {**variables_of(layers), **axes}, model)
    variables = {"task": about_task(model, task.request), **given}
    try:
        if isinstance(prompt, str):
            found = _found(board, prompt, board.templates.uses_text)
            own = {OWN: digest(" ".join(prompt.split()))}
        else:
            found = _found(board, prompt.file, board.templates.uses_file)
            own = {}
    except PromptError:
        return {}
    named = {
        _named(use.name, axes) if use.kind == "variable" else use.via: use.digest
        or digest(get(variables, use.name.split(".")))
        for use in found
    }
    return {**own, **named}


def changed(old: Mapping[str, Json], new: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names whose content differs; a part that came or went is found by what names it."""
    both = [name for name in new if name in old and old[name] != new[name]]
    return tuple(sorted(both or (old.keys() ^ new.keys())))


def _found(
    board: Storyboard, name: str, look: Callable[[str], tuple[Use, ...]]
) -> tuple[Use, ...]:
    if name not in board.used:
        board.used[name] = look(name)
    return board.used[name]


def _named(path: str, axes: Mapping[str, Json]) -> str:
    head = path.split(".", maxsplit=1)[0]
    if head in axes:
        return f"axis {head}"
    return path if head in _OF_THE_SHOT else f"vars.{path}"
