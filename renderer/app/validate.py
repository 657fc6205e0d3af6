"""Use case: find every problem of a project's specs."""

from collections.abc import Sequence
from dataclasses import dataclass

from renderer.adapters.project import ProjectFiles
from renderer.app.gather import expansion
from renderer.catalog.model import Catalog
from renderer.errors import InputError, Problem
from renderer.safe import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What validation found; counts are of what could be expanded."""

    scenes: int
    tasks: int
    problems: tuple[Problem, ...]


def validate(files: ProjectFiles, catalog: Catalog, specs: Sequence[str]) -> Report:
    """Check the whole project; with `specs`, keep the problems of these files only."""
    made = expansion(files, catalog)
    problems = made.problems
    if specs:
        names = {_name(files, spec) for spec in specs}
        problems = tuple(one for one in problems if one.place and one.place.file in names)
    scenes = len({task.scene for task in made.tasks})
    return Report(scenes=scenes, tasks=len(made.tasks), problems=problems)


def annotation(problem: Problem) -> str:
    """Write a problem as a workflow command; foreign text cannot end or start one."""
    place = problem.place
    where = f"file={_property(place.file)}" if place else ""
    if place and place.line:
        where += f",line={place.line},col={max(place.column, 1)}"
    text = visible(problem.what + (f"; {problem.todo}" if problem.todo else ""))
    return f"::error {where}::{_data(text)}"


def _name(files: ProjectFiles, spec: str) -> str:
    name = spec.removeprefix("./")
    if not files.exists(name):
        raise InputError(f"there is no file {spec} in this project", "check its name")
    return name


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
