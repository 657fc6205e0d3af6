"""`renderer lock`: join lockfiles, check them in CI, show them in a diff."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from renderer.cli.options import json_option, provider_option
from renderer.cli.output import error_data, write_json
from renderer.cli.wiring import Session
from renderer.errors import LockfileError, Place, Problem, RefusedError, RendererError
from renderer.paths import LOCKFILE
from renderer.plan.model import Action, Step
from renderer.providers import PROVIDERS, option
from renderer.sanitize import counted, visible

if TYPE_CHECKING:
    from renderer.app.git.check_lockfile import LockfileReport
    from renderer.lock.merge import Merged

CONFLICT = 1


class LackData(TypedDict):
    """A task that the lockfile lacks, or one under an old name."""

    address: str
    action: Action
    takes: int
    have: int
    message: str


class LockCheckData(TypedDict):
    """Whether all that is wanted is made and recorded."""

    version: int
    provider: str
    lockfile: str
    in_sync: bool
    tasks: int
    missing: list[LackData]
    stale: list[LackData]
    hint: str


class RenumberedData(TypedDict):
    """A take of theirs whose number was used by ours."""

    address: str
    old: int
    new: int


class LockMergeData(TypedDict):
    """What became of a conflict in the lockfile; without one nothing is joined."""

    version: int
    lockfile: str
    joined: bool
    tasks: int
    takes: int
    renumbered: list[RenumberedData]
    two_lineages: bool


@click.group("lock")
def command() -> None:
    """Merge, check and show the lockfile."""


@command.command("merge")
@click.argument("files", nargs=-1, metavar="[BASE OURS THEIRS [LOCKFILE]]")
@json_option
@click.pass_obj
def merge(session: Session, files: tuple[str, ...], form: str) -> int:
    """Merge the lockfiles of two branches: no take of either is lost.

    With three files this is git's merge driver: the result is written over OURS. Without, it
    resolves a conflict in the project's lockfile.
    """
    from renderer.adapters.disk.disk import Disk
    from renderer.app.git.merge_lockfiles import merge_files, merge_stages

    if len(files) not in (0, 3, 4):
        raise click.UsageError("give it BASE OURS THEIRS, or nothing at all in a conflict")
    if files:
        base, ours, theirs, name = (*files, LOCKFILE)[:4]
        try:
            merged = merge_files(Path(base), Path(ours), Path(theirs), name, Disk())
        except RendererError as error:
            return _in_conflict(error, form)
        if form == "json":
            write_json(_merge_data(merged, name))
        else:
            _report(merged, name)
        return 0
    workspace = session.workspace()
    with workspace.mutex("renderer lock merge"):
        found = merge_stages(workspace)
    if form == "json":
        write_json(_merge_data(found, LOCKFILE))
    elif found is None:
        click.echo(f"{LOCKFILE} has no merge conflict: nothing to do")
    else:
        _report(found, LOCKFILE)
        click.echo(f"next: `git add {LOCKFILE}`")
    return 0


@command.command("check")
@provider_option
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.pass_obj
def check(session: Session, provider: str | None, form: str) -> int:
    """Prove that all takes of the specs are made and recorded; exit 4 if not.

    Needs no media, no key and no network.
    """
    from renderer.app.git.check_lockfile import check

    found = check(session.workspace(provider))
    if form == "json":
        write_json(_data(found))
    elif form == "github":
        _annotate(found)
    else:
        _list(found)
    return RefusedError.exit_code if found.missing else 0


@command.command("textconv")
@click.argument("path", metavar="FILE")
def textconv(path: str) -> None:
    """Print a lockfile with one line a task, for `git diff`; damage is printed as it is."""
    from renderer.app.git.merge_lockfiles import read_lock
    from renderer.lock.summary import lines

    try:
        for line in lines(read_lock(Path(path))):
            click.echo(line)
    except LockfileError:
        sys.stdout.write(visible(Path(path).read_bytes().decode("utf-8", "replace"), lines=True))


def _in_conflict(error: RendererError, form: str) -> int:
    """Say why git has to leave a conflict, and return the exit code for it."""
    if form == "json":
        write_json(error_data(error.problems, CONFLICT))
    else:
        for problem in error.problems:
            click.echo(f"renderer lock merge: {visible(str(problem))}", err=True)
    return CONFLICT


def _merge_data(merged: "Merged | None", name: str) -> LockMergeData:
    lock = merged.lock if merged else None
    return {
        "version": 1,
        "lockfile": name,
        "joined": merged is not None,
        "tasks": len(lock.entries) if lock else 0,
        "takes": sum(1 for _ in lock.takes()) if lock else 0,
        "renumbered": [
            {"address": one.address, "old": one.old, "new": one.new}
            for one in (merged.renumbered if merged else ())
        ],
        "two_lineages": merged is not None and merged.two_lineages,
    }


def _report(merged: "Merged", name: str) -> None:
    shown = visible(name)
    count = sum(1 for _ in merged.lock.takes())
    found = f"{counted(len(merged.lock.entries), 'task')} with {counted(count, 'take')}"
    click.echo(f"{shown}: merged, {found}", err=True)
    for one in merged.renumbered:
        click.echo(
            f"{shown}: {visible(one.address)}#{one.old} of theirs is #{one.new} now; "
            "if picks.yaml names it, pick it again",
            err=True,
        )
    if merged.two_lineages:
        click.echo(
            f"{shown}: both branches had begun a lockfile; both lineages are kept, and every "
            "clone continues with it",
            err=True,
        )


def _hint(found: "LockfileReport") -> str:
    if not found.there and not PROVIDERS[found.provider].committed:
        return f"{found.lockfile} is never committed: in CI, name --provider runware"
    if not found.there:
        return f"there is no {found.lockfile} here: render, and commit it"
    flag = option(found.provider)
    if all(step.action is Action.CHOOSE for step in found.missing):
        return f"`renderer pick ADDRESS#N{flag}`, then `renderer render{flag}`: commit both files"
    return f"run `renderer render{flag}`, then commit {found.lockfile}"


def _list(found: "LockfileReport") -> None:
    from renderer.app.git.check_lockfile import said

    for step in (*found.missing, *found.stale):
        click.echo(visible(said(step)))
    if found.missing:
        click.echo(
            f"{len(found.missing)} of {counted(found.tasks, 'task')} not in sync; {_hint(found)}"
        )
    else:
        all_ = f"all {found.tasks} tasks are" if found.tasks != 1 else "the one task is"
        click.echo(f"OK: {all_} made and recorded in {found.lockfile}")


def _annotate(found: "LockfileReport") -> None:
    from renderer.app.git.check_lockfile import said
    from renderer.app.inspect.validate import annotation

    place = Place(file=found.lockfile)
    for step in found.missing:
        click.echo(annotation(Problem(what=said(step), todo=_hint(found), place=place)))


def _data(found: "LockfileReport") -> LockCheckData:
    return {
        "version": 1,
        "provider": found.provider,
        "lockfile": found.lockfile,
        "in_sync": not found.missing,
        "tasks": found.tasks,
        "missing": [_row(step) for step in found.missing],
        "stale": [_row(step) for step in found.stale],
        "hint": _hint(found) if found.missing else "",
    }


def _row(step: "Step") -> LackData:
    from renderer.app.git.check_lockfile import said

    return {
        "address": step.address,
        "action": step.action,
        "takes": step.takes,
        "have": step.have,
        "message": said(step),
    }
