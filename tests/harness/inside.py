"""A look into JSON whose form the test knows."""

from typing import Any


def inside(value: object, *path: str | int) -> Any:
    """Return what is at a path; where there is nothing, the test fails."""
    found: Any = value
    for key in path:
        found = found[key]
    return found
