"""One call of the program: the project that it is about, and what the environment says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # `renderer --help` loads none of these
    from renderer.api.environment import Environment
    from renderer.api.project import Project
    from renderer.app.workspace import Workspace
    from renderer.catalog.catalog import Catalog


@dataclass(kw_only=True)
class Session:
    """Where the program was called, how, and in which environment."""

    start: str | None
    verbose: int
    variables: Mapping[str, str]

    @cached_property
    def environment(self) -> "Environment":
        """What the environment says of Runware; with -v, what is in force is printed."""
        from renderer.api.environment import Environment

        return Environment(variables=self.variables, say=self.say, trace=self.trace)

    @cached_property
    def project(self) -> "Project":
        """The project; raise InputError if there is none."""
        from renderer.api.project import Project

        return Project.open(self.start or ".", environment=self.environment)

    def workspace(self, provider: str | None = None, *, held: bool = False) -> "Workspace":
        """Return what a use case works on, for a provider, or for the one in force."""
        return self.project.workspace(provider, held=held)

    def models(self) -> "Catalog":
        """Return the video models that ship with the program; no project is needed."""
        from renderer.app.workspace import shipped_models

        return shipped_models()

    def say(self, words: str) -> None:
        """Say something on stderr with -v."""
        if self.verbose:
            click.echo(words, err=True)

    @property
    def trace(self) -> Callable[[str], None] | None:
        """What reports each request (-vv), or None."""
        return partial(click.echo, err=True) if self.verbose > 1 else None
