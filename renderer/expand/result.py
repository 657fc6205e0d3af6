"""What expanding gives: tasks, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from renderer.errors import InputError, Problem
from renderer.expand.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """The tasks of a storyboard in the order written, and what is wrong with it.

    `warnings` keep nobody from planning. `specs` names the file of each scene, `found` what is
    wrong with the scene of each file, also where the place is elsewhere. `images` are the files
    that were looked at, used or not.
    """

    tasks: tuple[Task, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    specs: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    images: tuple[str, ...] = ()

    def sound(self) -> tuple[Task, ...]:
        """Return the tasks; raise InputError if there is any problem."""
        if self.problems:
            raise InputError(self.problems)
        return self.tasks
