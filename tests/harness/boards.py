"""Storyboards from texts, without a disk: what expanding a project's files gives."""

from collections.abc import Mapping
from typing import Any

from renderer.adapters.disk.resources import model_texts
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.expand.result import Expansion
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.tasks import expand
from renderer.spec.check import parse_project, parse_scene
from renderer.spec.reader import read
from renderer.templates.render import Templates

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
MODEL = "bytedance:seedance@1.5-pro"
HEAD = "version: 1\n"


def board(
    scene: str, project: str = "", templates: Mapping[str, str] | None = None, **more: Any
) -> Storyboard:
    """Return the storyboard of one scene; raise InputError if a text is not sound."""
    whole = more.pop("whole", False)  # both texts are whole files
    document = read(scene if whole else f"{HEAD}scene: pier\n{scene}", "specs/pier.yaml")
    above = read(project if whole else HEAD + project, "renderer.yaml") if project else None
    return Storyboard(
        catalog=CATALOG,
        templates=Templates(templates or {}),
        sheets=[Sheet(document=document, scene=parse_scene(document))],
        project=parse_project(above) if above else None,
        project_document=above,
        digests=more.pop("digests", {"a.png": "a" * 64, "b.png": "b" * 64}),
        **more,
    )


def expanded(scene: str, project: str = "", **more: Any) -> Expansion:
    """Expand one scene under a project."""
    return expand(board(scene, project, **more))


def requests(scene: str, project: str = "", **more: Any) -> list[Mapping[str, Any]]:
    """Return the requests of a scene that has no problem."""
    return [task.request for task in expanded(scene, project, **more).sound()]
