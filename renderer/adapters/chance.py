"""Chance, where a name has to be one that nobody else has."""

import uuid


def new_lineage() -> str:
    """Return a fresh name for a project, to be kept in its lockfile for ever."""
    return str(uuid.uuid4())
