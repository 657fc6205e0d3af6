"""Scenes to tasks: every cell of every shot, with all problems at once."""

from collections.abc import Mapping, Sequence

from renderer.errors import Problem
from renderer.expand.expansion import Expansion
from renderer.expand.shots import ShotTasks
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.task import Task

LIMIT = 100_000


def expand(board: Storyboard) -> Expansion:
    """Expand all scenes of a storyboard."""
    made = [expand_scene(board, sheet) for sheet in board.sheets]
    tasks = tuple(task for one in made for task in one.tasks)
    problems = [problem for one in made for problem in one.problems]
    problems += scenes_named_twice(board, {})
    problems += too_many(tasks)
    return Expansion(tasks=tasks, problems=tuple(problems))


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


def too_many(tasks: Sequence[Task]) -> list[Problem]:
    """Return a problem if a project has more tasks than this program takes."""
    if len(tasks) <= LIMIT:
        return []
    what = f"the project has {len(tasks)} tasks, the limit is {LIMIT}"
    return [Problem(what=what, todo="split it into several projects")]


def scenes_named_twice(board: Storyboard, taken: Mapping[str, str]) -> list[Problem]:
    """Return a problem for every scene whose id another file has; `taken` is id to file."""
    names = dict(taken)
    found = []
    for sheet in board.sheets:
        other = names.setdefault(sheet.scene.scene, sheet.document.name)
        if other != sheet.document.name:
            found.append(
                Problem(
                    place=sheet.document.place(("scene",)),
                    what=f"scene '{sheet.scene.scene}' is already in {other}",
                    todo="give each scene an id of its own",
                )
            )
    return found
