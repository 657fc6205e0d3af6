"""What expanding gives: tasks, and what is wrong."""

from dataclasses import dataclass

from renderer.errors import InputError, Problem
from renderer.expand.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """The tasks of a storyboard in the order written, and what is wrong with it."""

    tasks: tuple[Task, ...] = ()
    problems: tuple[Problem, ...] = ()

    def sound(self) -> tuple[Task, ...]:
        """Return the tasks; raise InputError if there is any problem."""
        if self.problems:
            raise InputError(self.problems)
        return self.tasks
