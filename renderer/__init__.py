"""A declarative, spec-driven video renderer: storyboards in git, takes on disk."""

from typing import TYPE_CHECKING

from renderer.version import VERSION

__version__ = VERSION
__all__ = ["Project", "__version__"]

if TYPE_CHECKING:
    from renderer.api.project import Project as Project


def __getattr__(name: str) -> object:
    """Load the API when it is asked for: the command line starts without it."""
    if name == "Project":
        from renderer.api.project import Project

        return Project
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
