"""Template marks in texts of specs that are no templates: they would be sent as they are written."""

import re
from collections.abc import Iterator, Mapping, Sequence

from renderer.errors import Problem
from renderer.expand.item import Path
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.json_types import Json
from renderer.spec.reader import Document

_MARKED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ITEM = re.compile(r"\{[{%](?:(?!\}\}|%\}).)*\bitem\b", re.DOTALL)
_LAYER = ("title", "settings", "vars", "matrix")
_ALL = (*_LAYER, "lines")
# Frames refuse marks by themselves; of a shot with `each` all the others are evaluated.
_WORDS = {False: _ALL, True: ("matrix",)}


def unevaluated(board: Storyboard, sheet: Sheet) -> Iterator[Problem]:
    """Yield a problem for each text of a scene, and of the project, that looks like a template.

    An error is what asks for a row where rows are; else it may be meant, and is a warning. Data is
    text as it is.
    """
    scene = sheet.document.value
    shots = scene.get("shots") if isinstance(scene, dict) else None
    listed = shots if isinstance(shots, list) else []
    rows = any(isinstance(shot, dict) and "each" in shot for shot in listed)
    yield from _in(sheet.document, (), scene, _LAYER, rows=rows)
    if not _may_be_marked([*map(_unevaluated_parts, listed)]):
        listed = []  # most scenes, at one look
    for at, shot in enumerate(listed):
        if isinstance(shot, dict):
            words = _WORDS["each" in shot]
            yield from _in(sheet.document, ("shots", at), shot, words, rows=rows)
    if board.project_document is not None:
        project = board.project_document
        yield from _in(project, (), project.value, _LAYER, rows=False)


def _in(
    document: Document, base: Path, layer: Json, words: Sequence[str], *, rows: bool
) -> Iterator[Problem]:
    if not isinstance(layer, dict):
        return
    for word in words:
        if word in layer and _may_be_marked(layer[word]):
            for path, text in _marked(layer[word], (*base, word)):
                error = rows and _ITEM.search(text) is not None
                yield Problem(
                    what="a template is not evaluated here: `{{ … }}` is text as it is written",
                    todo=_todo(word, each="matrix" in words and len(words) == 1),
                    place=document.place(path),
                    severity="error" if error else "warning",
                )


def _unevaluated_parts(shot: Json) -> list[Json]:
    """Return the parts of a shot that no template is evaluated in."""
    return [shot[word] for word in _ALL if word in shot] if isinstance(shot, dict) else []


def _may_be_marked(value: Json) -> bool:
    """Tell at one look what most layers are: without any mark."""
    text = value if isinstance(value, str) else str(value)
    return "{{" in text or "{%" in text


def _marked(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each text that holds a template, with where it is."""
    if isinstance(value, str):
        if "{" in value and _MARKED.search(value):
            yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _marked(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _marked(inner, (*path, at))


def _todo(word: str, *, each: bool) -> str:
    if each:
        return (
            "an axis has the same values for all rows: use `vars:` or the prompt for a row's own"
        )
    if word == "lines":
        return "write the words themselves; a shot with `each` takes `{{ item.COLUMN }}` here"
    return "put it into the prompt, which is a template, or into a shot with `each`"
