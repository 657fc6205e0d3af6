"""Variables that no prompt uses: they change nothing, and are often another one misspelled."""

from collections.abc import Iterator

from renderer.errors import Problem
from renderer.expand.layers import Layer
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.spec.values import Shot
from renderer.templates.errors import PromptError

_Names = set[str] | None  # None: unknown


def unused(board: Storyboard, *, whole: bool) -> Iterator[Problem]:
    """Yield a warning for each; those of the project only if the board has `whole` all scenes."""
    everywhere: _Names = set() if whole else None
    for sheet in board.sheets:
        used = [_used(board, shot) for shot in sheet.scene.shots]
        in_scene = _together(used)
        everywhere = _together([everywhere, in_scene])
        yield from _of_shots(board, sheet, used)
        yield from _in(board.layers(sheet, 0).stack[-2], in_scene, "shot of the scene")
    if board.sheets and board.project is not None:
        yield from _in(board.layers(board.sheets[0], 0).stack[0], everywhere, "shot")


def _of_shots(board: Storyboard, sheet: Sheet, used: list[_Names]) -> Iterator[Problem]:
    written: dict[int, list[int]] = {}  # a shot that stands for many is written once
    for at in range(len(used)):
        written.setdefault(sheet.written(at), []).append(at)
    for many in written.values():
        names = _together([used[at] for at in many])
        yield from _in(board.layers(sheet, many[0]).shot, names, "prompt of the shot")


def _in(layer: Layer, names: _Names, who: str) -> Iterator[Problem]:
    for name, value in layer.spec.vars.items():
        if names is not None and name not in names and value is not None:
            yield Problem(
                what=f"no {who} uses the variable '{name}'",
                todo="use it, remove it, or correct its name",
                place=layer.place("vars", name, key=True),
                severity="warning",
            )


def _used(board: Storyboard, shot: Shot) -> _Names:
    """Return the variables that can reach a shot's prompt; None if the prompt is not sound.

    Lines use `locale`: which text is said, and how quickly it is read.
    """
    prompt, templates = shot.prompt, board.templates
    try:
        if isinstance(prompt, str):
            found = templates.uses_text(prompt)
        else:
            found = templates.uses_file(prompt.file)
    except PromptError:
        return None
    names = {use.name.partition(".")[0] for use in found if use.kind == "variable"}
    return names | {"locale"} if shot.lines else names


def _together(parts: list[_Names]) -> _Names:
    known = [part for part in parts if part is not None]
    return set().union(*known) if len(known) == len(parts) else None
