"""Scenes to tasks: every cell of every shot, with all problems at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from renderer import limits
from renderer.errors import Problem
from renderer.expand.checked import idle_exclude
from renderer.expand.deliverable import beyond_project
from renderer.expand.matrix import LIMIT as CELLS
from renderer.expand.matrix import idle_excludes
from renderer.expand.result import Expansion
from renderer.expand.row_problems import RowProblems
from renderer.expand.shots import ShotTasks
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.task import Task
from renderer.expand.unevaluated import unevaluated

LIMIT = limits.TASKS
COMPARISONS = 2_000_000  # of a cell with an include or exclude


def expand(board: Storyboard) -> Expansion:
    """Expand all scenes of a storyboard."""
    if found := oversized(board):
        return Expansion(problems=tuple(found))
    made = [expand_scene(board, sheet) for sheet in board.sheets]
    tasks = tuple(task for one in made for task in one.tasks)
    problems = [problem for one in made for problem in one.problems]
    problems += scenes_named_twice(board, {})
    warnings = tuple(warning for one in made for warning in one.warnings)
    return Expansion(tasks=tasks, problems=tuple(problems), warnings=warnings)


def expand_scene(board: Storyboard, sheet: Sheet) -> Expansion:
    """Expand the shots of one scene; shots with `skip: true` are left out."""
    tasks: list[Task] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    rows: dict[int, tuple[RowProblems, RowProblems]] = {}
    for at, shot in enumerate(sheet.scene.shots):
        if shot.skip or shot.each:
            continue
        item = sheet.items.get(at)
        of_rows = rows.setdefault(item.source.at, (RowProblems(), RowProblems())) if item else None
        if of_rows and of_rows[0].full:
            continue
        made = ShotTasks(board, sheet, at)
        tasks += made.tasks()
        if of_rows and item:
            of_rows[0].add(item, shot.id, made.problems)
            of_rows[1].add(item, shot.id, made.warnings)
        else:
            problems += made.problems
            warnings += made.warnings
    problems += [one for found, _ in rows.values() for one in found.problems()]
    warnings += [one for _, found in rows.values() for one in found.problems()]
    of_scene = list(_of_scene(board, sheet))
    problems += [one for one in of_scene if one.severity == "error"]
    warnings += [one for one in of_scene if one.severity == "warning"]
    return Expansion(
        tasks=tuple(tasks),
        problems=tuple(dict.fromkeys(problems)),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _of_scene(board: Storyboard, sheet: Sheet) -> Iterator[Problem]:
    """Yield what is wrong or odd with a scene as a whole."""
    yield from _idle_excludes(board, sheet)
    yield from _beyond_project(board, sheet)
    yield from unevaluated(board, sheet)


def _beyond_project(board: Storyboard, sheet: Sheet) -> Iterator[Problem]:
    """Yield a problem for each axis that a scene delivers by and the project does not."""
    for at, what, todo in beyond_project(board.project, sheet.scene):
        yield Problem(what=what, todo=todo, place=sheet.document.place(("deliver", at)))


def undelivered(board: Storyboard, tasks: Iterable[Task]) -> Iterator[Problem]:
    """Yield a problem for each axis of the project's `deliver` that no shot has."""
    project, document = board.project, board.project_document
    if project is None or document is None or not project.deliver:
        return
    there = {axis for task in tasks for axis in task.cell}
    for at, axis in enumerate(project.deliver):
        if axis not in there:
            yield Problem(
                what=f"`deliver` names '{axis}', which is not an axis of any shot",
                todo="add it to a matrix, or remove it from `deliver`",
                place=document.place(("deliver", at)),
            )


def _idle_excludes(board: Storyboard, sheet: Sheet) -> list[Problem]:
    """Return a problem for each exclude of the scene that matches no cell of any of its shots."""
    rules = sheet.scene.matrix.exclude if sheet.scene.matrix else ()
    shots = [at for at, shot in enumerate(sheet.scene.shots) if not shot.skip]
    if not rules or not shots:
        return []
    idle = set(range(len(rules)))
    for at in shots:
        cross = board.layers(sheet, at).cross()
        if cross.count() > CELLS:
            return []
        idle &= set(idle_excludes(replace(cross, exclude=rules)))
        if not idle:
            return []
    cross = board.layers(sheet, shots[0]).cross()
    return [
        idle_exclude(cross, rules[at], sheet.document.place(("matrix", "exclude", at)))
        for at in sorted(idle)
    ]


def oversized(board: Storyboard, known: int = 0) -> list[Problem]:
    """Return a problem if expanding would make more than this program takes: nothing is made.

    `known` is the number of tasks that need no expanding. A single matrix over its own limit
    is reported where it is expanded, with its place.
    """
    tasks, comparisons = known, 0
    for sheet in board.sheets:
        for at, shot in enumerate(sheet.scene.shots):
            if not shot.skip:
                cross = board.layers(sheet, at).cross()
                count = cross.count() or 1
                if count <= CELLS:
                    tasks += count
                    comparisons += count * (len(cross.include) + 3 * len(cross.exclude))
    if tasks > LIMIT:
        what = f"the project has up to {tasks} tasks, the limit is {LIMIT}"
        return [Problem(what=what, todo="shorten its axes, or split it into several projects")]
    if comparisons > COMPARISONS:
        what = "the matrices hold too many includes and excludes for so many cells"
        return [Problem(what=what, todo="write fewer of them, or split the shots")]
    return []


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
