"""Use case: prove without media, key or network that all that is wanted is made and recorded."""

from dataclasses import dataclass

from renderer.app.planning.plan import plan
from renderer.app.project.lockfile import LockFile
from renderer.app.workspace import Workspace
from renderer.plan.model import Action, Step
from renderer.plan.output.text import choice_words

_STALE = (Action.MOVE, Action.REMOVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockfileReport:
    """What the lockfile lacks; `stale` steps only tidy it, and send nothing.

    `there` is whether this checkout has the lockfile at all.
    """

    provider: str
    lockfile: str
    there: bool
    tasks: int
    missing: tuple[Step, ...]
    stale: tuple[Step, ...]


def check(workspace: Workspace) -> LockfileReport:
    """Compare specs and lockfile; raise InputError if either is not sound."""
    path = LockFile.of(workspace.root, workspace.provider).path
    planned = plan(workspace)
    steps = planned.plan.changes
    return LockfileReport(
        provider=workspace.provider,
        lockfile=path.name,
        there=path.exists(),
        tasks=len(planned.tasks),
        missing=tuple(step for step in steps if step.action not in _STALE),
        stale=tuple(step for step in steps if step.action in _STALE),
    )


def said(step: Step) -> str:
    """Say what is wrong with a task."""
    if step.action is Action.REMOVE:
        return f"{step.address}: in the lockfile, but no longer in a spec"
    if step.action is Action.MOVE:
        return f"{step.address}: recorded under its old name {step.moved_from}"
    if step.action is Action.CHOOSE:
        return f"{step.address}: not made; {choice_words(step)}"
    if not step.takes:
        return f"{step.address}: not made; it shows the same picture as {step.same_as}"
    takes = "1 take is" if step.takes == 1 else f"{step.takes} takes are"
    why = "; the request changed since" if step.action is Action.CHANGE else ""
    have = f" ({step.have} of {step.have + step.takes} there)" if step.have else ""
    return f"{step.address}: {takes} not made{have}{why}"
