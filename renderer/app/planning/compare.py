"""Use case: what the working tree changes against a git revision, and what that costs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from renderer.adapters.git.revision import GitFiles
from renderer.app.planning.causes import Reasons
from renderer.app.planning.plan import Planned, Wishes, plan
from renderer.app.planning.request_records import RequestRecord, record_of
from renderer.app.project.expand import expansion
from renderer.app.project.fast.task_cache import CachedScene, TaskCache
from renderer.app.workspace import Workspace
from renderer.errors import InputError, Place, Problem
from renderer.expand.result import Expansion
from renderer.expand.selection import chosen
from renderer.expand.task import Task
from renderer.plan.comparison import Base, Comparison, caused, compare
from renderer.plan.frame_links import traced
from renderer.sanitize import one_line


class BaseTaskCache(TaskCache):
    """Finds scenes that are as they are now; it keeps nothing, for the base is not on disk."""

    def scene(
        self, name: str, content: bytes, work_out: Callable[[], Sequence[Task]]
    ) -> CachedScene | None:
        """Return a scene's tasks, unless they depend on images: those may have been others."""
        found = TaskCache.scene(self, name, content, work_out)
        return None if found is None or found.images else found

    def keep(self, name: str, content: bytes, made: CachedScene) -> None:
        """Keep nothing."""

    def finish(self, names: Iterable[str]) -> None:
        """Keep nothing."""


def against(
    workspace: Workspace,
    revision: str,
    only: Sequence[str] = (),
) -> Comparison:
    """Compare a project with a revision of it; raise InputError if either is not sound."""
    there = workspace.at_revision(revision)
    planned = plan(workspace, Wishes(only=tuple(only)))
    made = _expanded(there, workspace)
    old, new = traced(made.tasks), traced(planned.expanded)
    if only:
        old, new = tuple(chosen(old, only)), tuple(chosen(new, only))
    base = Base(revision=revision, commit=there.commit, empty=there.empty)
    found = compare(old, new, planned.plan, base)
    before = replace(planned.reasons, files=there, specs=made.specs)
    return _explained(found, {task.address: task for task in old}, planned, before)


def _explained(
    found: Comparison, old: Mapping[str, Task], planned: Planned, before: Reasons
) -> Comparison:
    """Say for each field that differs through what: the base is asked what its prompts used."""
    changed = [one for one in found.differences if one.reasons]
    if not changed:
        return found
    known = [one for one in changed if (one.moved_from or one.address) in old]
    sources = {one.address: old[one.moved_from or one.address] for one in known}
    uses = {task.address: used for task, used in before.uses_of(list(sources.values()))}
    records = {address: record_of(task, uses[task.address]) for address, task in sources.items()}
    records |= {one.address: RequestRecord() for one in changed if one.address not in records}
    tasks = [task for task in planned.tasks if task.address in records]
    return caused(found, planned.reasons.causes_of(tasks, records))


def _expanded(there: GitFiles, workspace: Workspace) -> Expansion:
    if there.empty:
        return Expansion()
    recall = BaseTaskCache.of(workspace)
    made = expansion(there, workspace.catalog, recall, seeds=False)
    if made.problems:
        name = one_line(there.revision, 80)
        head = Problem(
            what=f"the specs at {name} have errors, so there is nothing to compare with",
            todo="name another revision with --base; the specs here have no errors",
        )
        raise InputError([head, *(_at(name, problem) for problem in made.problems)])
    return made


def _at(revision: str, problem: Problem) -> Problem:
    place = problem.place or Place(file="")
    return replace(problem, place=replace(place, file=f"{revision}:{place.file}"))
