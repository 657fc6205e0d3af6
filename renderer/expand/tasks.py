"""Scenes to tasks: every cell of every shot, with all problems at once."""

from dataclasses import dataclass

from renderer.errors import InputError, Problem
from renderer.expand.shots import ShotTasks
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.task import Task

LIMIT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """The tasks of a storyboard in the order written, and what is wrong with it."""

    tasks: tuple[Task, ...]
    problems: tuple[Problem, ...]

    def sound(self) -> tuple[Task, ...]:
        """Return the tasks; raise InputError if there is any problem."""
        if self.problems:
            raise InputError(self.problems)
        return self.tasks


def expand(board: Storyboard) -> Expansion:
    """Expand all scenes of a storyboard."""
    tasks: list[Task] = []
    problems: list[Problem] = list(_scenes_named_twice(board))
    for sheet in board.sheets:
        made = expand_scene(board, sheet)
        tasks += made.tasks
        problems += made.problems
        if len(tasks) > LIMIT:
            problems.append(
                Problem(
                    what=f"the project has more than {LIMIT} tasks",
                    todo="split it into several projects",
                )
            )
            break
    return Expansion(tasks=tuple(tasks), problems=tuple(problems))


def expand_scene(board: Storyboard, sheet: Sheet) -> Expansion:
    """Expand the shots of one scene; shots with `skip: true` are left out."""
    tasks: list[Task] = []
    problems: list[Problem] = []
    for at, shot in enumerate(sheet.scene.shots):
        if shot.skip:
            continue
        made = ShotTasks(board, sheet, at)
        tasks += made.tasks()
        problems += made.problems
    return Expansion(tasks=tuple(tasks), problems=tuple(dict.fromkeys(problems)))


def _scenes_named_twice(board: Storyboard) -> list[Problem]:
    first: dict[str, Sheet] = {}
    found = []
    for sheet in board.sheets:
        other = first.setdefault(sheet.scene.scene, sheet)
        if other is not sheet:
            found.append(
                Problem(
                    place=sheet.document.place(("scene",)),
                    what=f"scene '{sheet.scene.scene}' is already in {other.document.name}",
                    todo="give each scene an id of its own",
                )
            )
    return found
