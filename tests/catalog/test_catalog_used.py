"""Nothing is read from the catalog that no part of the program looks at."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from renderer.catalog import video_model

ROOT = Path(__file__).parents[2] / "renderer"
OWN = {ROOT / "catalog" / "load.py"}
KINDS = (
    video_model.VideoModel,
    video_model.DraftRule,
    video_model.ImageLimits,
    video_model.TokenPrice,
    video_model.SecondPrice,
)


def looked_at() -> set[str]:
    """Return the names of all attributes that the program reads, outside where the catalog is made."""
    trees = (ast.parse(path.read_text()) for path in ROOT.rglob("*.py") if path not in OWN)
    return {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_fact_of_a_model_is_used(kind: type) -> None:
    assert {one.name for one in fields(kind)} - looked_at() == set()
