"""Use case: one task in full, with the layer that each of its values came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from renderer.app.planning.linked_frames import drafting, recognised
from renderer.app.planning.picked_takes import picked_cuts
from renderer.app.project.load import gather
from renderer.app.project.lockfile import LockFile
from renderer.app.project.shared_problems import seed_problems
from renderer.app.workspace import Workspace
from renderer.expand.deliverable import slot_of
from renderer.expand.link_graph import problems as broken_links
from renderer.expand.provenance import Origin, layers_of, origins
from renderer.expand.selection import one_task
from renderer.expand.task import Task
from renderer.expand.tasks import expand
from renderer.film.versions import Stacks, Version
from renderer.lock.model import Entry, Lock
from renderer.lock.takes import Takes
from renderer.plan.finals import Finals, Verdict
from renderer.plan.frame_names import frame_words, take_names
from renderer.plan.seed_ranges import overlaps
from renderer.render.hidden import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A task with the origin of each value and its takes, the newest that is valid first.

    `frames` are those of other shots that it depends on, in words, by position. `tasks` and
    `lock` are those of the whole project.
    """

    task: Task
    origins: tuple[Origin, ...]
    takes: tuple[Version, ...]
    wanted: int
    frames: Mapping[str, str]
    tasks: tuple[Task, ...]
    lock: Lock


def _wanted(task: Task, entry: Entry | None, verdict: Verdict | None) -> int:
    """Return how many takes are wanted: of a draft, one final, and none where another is chosen."""
    made = entry.of(task.fingerprint) if entry else ()
    if verdict is None or not (verdict.wanted or verdict.made or verdict.options or not made):
        return task.wanted
    return len(made) + len(verdict.wanted)


def _versions(
    task: Task, tasks: tuple[Task, ...], lock: Lock, finals: Finals
) -> Iterator[Version]:
    """Yield the takes of a task as they are in the stack of its shot."""
    home = slot_of(task)
    place = [one for one in tasks if slot_of(one) == home]
    for version in Stacks(lock, finals.candidates(place)).of(place):
        if version.named.address == task.address:
            yield version


def show(workspace: Workspace, address: str) -> Shown:
    """Return one task; raise InputError if the specs have problems or no such task."""
    files, catalog = workspace.files, workspace.catalog
    gathered = gather(files, catalog)
    board = gathered.board()
    made = expand(board)
    shared = seed_problems(board, overlaps(made.tasks))
    broken = broken_links(board, made.tasks)
    problems = (*gathered.problems, *made.problems, *broken, *shared)
    expanded = type(made)(tasks=made.tasks, problems=problems).sound()
    recorded = LockFile.of(workspace.root, workspace.provider).read()
    rules = drafting(workspace)
    tasks, lock = recognised(catalog, expanded, recorded, rules, partial(picked_cuts, files))
    task = one_task(tasks, address)
    finals = Finals(Takes(lock), rules)
    verdict = finals.all(tasks).get(task.address)
    entry = lock.entries.get(task.address)
    found = origins(board, layers_of(board, task), task)
    return Shown(
        task=task,
        origins=tuple(replace(one, value=seen(one.field, one.value)) for one in found),
        takes=tuple(_versions(task, tasks, lock, finals)),
        wanted=_wanted(task, entry, verdict),
        tasks=tasks,
        lock=lock,
        frames=frame_words(task, take_names(lock, {one.address for one in tasks})),
    )
