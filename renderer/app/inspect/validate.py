"""Use case: find every problem of a project's specs."""

from collections.abc import Sequence
from dataclasses import dataclass

from renderer import paths
from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.expand import expansion
from renderer.app.workspace import Workspace
from renderer.errors import InputError, Problem
from renderer.expand.result import Expansion
from renderer.sanitize import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """What validation found; counts are of what could be expanded."""

    scenes: int
    tasks: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    elsewhere: int = 0  # problems of files that were not asked about


def validate(workspace: Workspace, specs: Sequence[str] = ()) -> ValidationReport:
    """Check the whole project; with `specs`, keep what these files have to do with."""
    from renderer.expand.unused import unused

    files = workspace.files
    made = expansion(
        files, workspace.catalog, look=lambda board, whole: unused(board, whole=whole)
    )
    problems, warnings = made.problems, made.warnings
    if specs:
        named = _Named({_name(files, spec) for spec in specs}, made)
        problems, warnings = (tuple(filter(named.concerns, one)) for one in (problems, warnings))
    return ValidationReport(
        scenes=len({task.scene for task in made.tasks}),
        tasks=len(made.tasks),
        problems=problems,
        warnings=warnings,
        elsewhere=len(made.problems) - len(problems),
    )


class _Named:
    """Files that were asked about: what is in them, and what their scenes depend on."""

    def __init__(self, names: set[str], made: Expansion) -> None:
        linked = {made.specs.get(scene, "") for scene in _followed(names, made)}
        self.files = names | linked | {paths.PROJECT_FILE}
        self.found = {one for name in self.files for one in made.found.get(name, ())}
        self.of_scenes = {one for found in made.found.values() for one in found}

    def concerns(self, problem: Problem) -> bool:
        """Return whether a problem keeps one of the files from being planned."""
        if problem in self.found or problem.place is None or problem.place.file in self.files:
            return True
        # For example an unreadable template: the scenes that use it are unknown.
        return problem not in self.of_scenes and not problem.place.file.endswith(
            paths.SPEC_ENDINGS
        )


def _followed(names: set[str], made: Expansion) -> set[str]:
    """Return the scenes that those of these files take frames from, over any number of steps."""
    steps: dict[str, set[str]] = {}
    for task in made.tasks:
        linked = {link.shot.partition("/")[0] for link in task.links}
        steps.setdefault(task.scene, set()).update(linked)
    found: set[str] = set()
    ahead = [scene for scene, file in made.specs.items() if file in names]
    while ahead:
        fresh = steps.get(ahead.pop(), set()) - found
        found |= fresh
        ahead += fresh
    return found


def annotation(problem: Problem) -> str:
    """Write a problem as a workflow command; foreign text cannot end or start one."""
    place = problem.place
    where = f"file={_property(place.file)}" if place else ""
    if place and place.line:
        where += f",line={place.line},col={max(place.column, 1)}"
    text = visible(problem.what + (f"; {problem.todo}" if problem.todo else ""))
    return f"::{problem.severity} {where}::{_data(text)}"


def _name(files: ProjectFiles, spec: str) -> str:
    name = spec.removeprefix("./")
    if not files.exists(name):
        raise InputError(f"there is no file {spec} in this project", "check its name")
    return name


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
