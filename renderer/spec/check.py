"""A document to a scene or a project, or all that is wrong with it at once."""

from renderer.fast_paths import FAST
from renderer.spec.fast import build
from renderer.spec.reader import Document
from renderer.spec.rest import Rest
from renderer.spec.values import Project, Scene


def parse_scene(document: Document) -> Scene:
    """Return the scene of a file in specs/; raise InputError with every problem."""
    quick = build.scene(document.value) if FAST.on else None
    return quick or _judged_scene(document)


def parse_project(document: Document) -> Project:
    """Return the project's defaults from renderer.yaml; raise InputError with every problem."""
    quick = build.project(document.value) if FAST.on else None
    return quick or _judged_project(document)


def rest_of_scene(document: Document) -> Rest | None:
    """Return what can still be read of a scene with problems."""
    from renderer.spec import validate  # noqa: PLC0415

    return validate.rest_of(document, scene=True)


def rest_of_project(document: Document) -> Rest | None:
    """Return what can still be read of a renderer.yaml with problems."""
    from renderer.spec import validate  # noqa: PLC0415

    return validate.rest_of(document, scene=False)


# Late: the types of pydantic take 0.1 s to load, and most specs are plainly right.


def _judged_scene(document: Document) -> Scene:
    from renderer.spec import validate  # noqa: PLC0415

    return validate.scene(document)


def _judged_project(document: Document) -> Project:
    from renderer.spec import validate  # noqa: PLC0415

    return validate.project(document)
