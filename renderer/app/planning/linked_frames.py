"""The tasks of a project with the frames that they take from each other's takes."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from renderer.adapters.today import now
from renderer.app.planning.picked_takes import picked_takes
from renderer.app.project.reviews import rejecting
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.expand.frame_links import shot_of
from renderer.expand.task import Task
from renderer.lock.model import Lock
from renderer.plan import frame_links
from renderer.plan.finals import DraftRules
from renderer.plan.upgrade import current


def drafting(workspace: Workspace, *, all_finals: bool = False) -> DraftRules:
    """Return what deciding about drafts needs of a project."""
    return DraftRules(
        model=workspace.catalog.get,
        picks=cache(partial(picked_takes, workspace.files)),
        now=now(),
        perishable=workspace.row.drafts_expire,
        all_finals=all_finals,
        rejected=rejecting(workspace.files),
    )


def followed(
    tasks: Sequence[Task],
    lock: Callable[[], Lock],
    drafts: DraftRules,
    picked: Callable[[], Mapping[str, tuple[frame_links.Cut, ...]]],
) -> tuple[Task, ...]:
    """Return tasks linked with the takes of a lockfile, the picked ones where there are picks."""
    studio = frame_links.LinkSources(picked=picked, drafts=drafts)
    return frame_links.linked(tasks, lock, studio)


def recognised(
    catalog: Catalog,
    tasks: Sequence[Task],
    recorded: Lock,
    rules: DraftRules,
    picked: Callable[[], Mapping[str, tuple[frame_links.Cut, ...]]],
) -> tuple[tuple[Task, ...], Lock]:
    """Return tasks linked with the takes that exist, and the lockfile with all named as now.

    What a take is called now may say which frame another shot gets, and so on along a chain.
    """
    lock = current(recorded, tasks, catalog)
    linked = followed(tasks, lambda: lock, rules, picked)
    for _ in {shot_of(task) for task in tasks if task.links}:
        after = current(recorded, linked, catalog)
        if after == lock:
            break
        lock = after
        linked = followed(tasks, lambda: lock, rules, picked)  # noqa: B023 - called at once
    return linked, lock
