"""Use case: the JSON Schemas of specs, for editors and outside checks, written from the types."""

import json
from collections.abc import Mapping

from renderer.catalog.catalog import Catalog
from renderer.catalog.settings_schema import settings_schema
from renderer.json_types import Json
from renderer.spec.schema import project_schema, scene_schema

KINDS = {"scene": scene_schema, "project": project_schema}


def schema(kind: str, catalog: Catalog) -> dict[str, Json]:
    """Return the schema of a `scene` or of the `project` file, with the catalog's settings."""
    return KINDS[kind](settings_schema(catalog.all()))


def text(kind: str, catalog: Catalog) -> str:
    """Return a schema as it is in `schemas/`."""
    return as_text(schema(kind, catalog))


def as_text(found: Mapping[str, object]) -> str:
    """Return a schema as it is kept in a file."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
