"""What can still be read of a document with faults: its sound parts, so that they are judged too."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass

from renderer.json_types import Json, JsonObject, mapping
from renderer.spec.reader import Document
from renderer.spec.values import Project, Scene

Path = tuple[str | int, ...]
Build = Callable[[Json], Scene | Project | None]  # None for a document that has faults still

# What stands in for a word that is wrong, where going without it would be a fault of its own.
_STAND_IN: JsonObject = {"aspect": "16:9", "draft": False}
_OPEN = frozenset({"settings", "vars", "matrix", "keyframes", "frames"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A scene or a project without its faults; `lost` are names that prompts may miss now."""

    spec: Scene | Project
    lost: frozenset[str]


def rest_of_scene(document: Document, faults: Iterable[Path], build: Build) -> Rest | None:
    """Return the sound parts of a scene; shots with a fault are skipped. None if too little is left."""
    value = _cleared(document.value, faults)
    if value is None or not isinstance(value.get("shots"), list):
        return None
    value = {**value, "version": 1, "scene": _id(value.get("scene"))}
    made = build(value)
    return None if made is None else Rest(spec=made, lost=_lost(document, value))


def rest_of_project(document: Document, faults: Iterable[Path], build: Build) -> Rest | None:
    """Return the sound parts of renderer.yaml; None if too little is left."""
    value = _cleared(document.value, faults)
    made = None if value is None else build({**value, "version": 1})
    return None if made is None else Rest(spec=made, lost=_lost(document, value or {}))


def _cleared(value: Json, faults: Iterable[Path]) -> dict[str, Json] | None:
    if not isinstance(value, dict):
        return None
    kept: dict[str, Json] = deepcopy(value)
    for path in sorted(set(faults), key=lambda path: tuple(map(str, path)), reverse=True):
        if not _clear(kept, path):
            return None
    return kept


def _clear(value: dict[str, Json], path: Path) -> bool:
    """Take a fault out of a document; return whether anything is worth reading then."""
    if not path:
        return True  # something is missing, and is filled in
    head = str(path[0])
    inside = value.get(head) if len(path) > 1 else None
    if head == "shots" and isinstance(inside, list) and isinstance(path[1], int):
        inside[path[1]] = {"id": f"lost-{path[1]}", "prompt": "lost", "skip": True}
        return True
    if head in _OPEN and isinstance(inside, dict):
        inside.pop(str(path[1]), None)
        if not inside:
            value.pop(head)
        return True
    if head in _STAND_IN:
        value[head] = _STAND_IN[head]
        return True
    value.pop(head, None)
    return head not in ("settings", "shots")  # without these the rest would be all noise


def _id(given: Json) -> str:
    return given if isinstance(given, str) else "lost"


def _lost(document: Document, after: JsonObject) -> frozenset[str]:
    """Return the variables and axes that were there and are not any more."""
    return frozenset(_names(mapping(document.value) or {}) - _names(after))


def _names(value: JsonObject) -> set[str]:
    parts = (value.get(word) for word in ("vars", "matrix"))
    return {str(name) for part in parts if isinstance(part, dict) for name in part}
