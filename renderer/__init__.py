"""A declarative, spec-driven video renderer: storyboards in git, takes on disk."""

__version__ = "0.1.0"
