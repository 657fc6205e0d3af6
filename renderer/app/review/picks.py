"""Use case: choose takes, take a choice back, and return the state of every shot."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renderer import limits
from renderer.adapters.disk.project import ProjectFiles
from renderer.app.planning.linked_frames import drafting, recognised
from renderer.app.planning.picked_takes import picked_cuts
from renderer.app.project.expand import expansion
from renderer.app.project.fast.task_cache import TaskCache
from renderer.app.project.lockfile import LockFile
from renderer.app.project.own_yaml import text_of
from renderer.app.project.reviews import written_reviews
from renderer.app.project.settings import why_required
from renderer.app.review.cut_checks import check_cuts
from renderer.app.review.take_checks import Checks
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.errors import InputError, Problem, RefusedError
from renderer.expand.deliverable import slot_of
from renderer.expand.selection import covered
from renderer.expand.task import Task
from renderer.film.choose import chosen, confirmed
from renderer.film.pick_status import Named, ShotStatus, current, renewed, standings
from renderer.film.picks import Pick, Picks
from renderer.film.read import reading
from renderer.film.reviews import Reviews
from renderer.film.write import edited
from renderer.lock.model import Lock, Take
from renderer.lock.takes import Takes
from renderer.paths import PICKS, PROJECT_FILE
from renderer.plan.finals import Finals
from renderer.spec.reader import Document

_PATIENCE = 5.0  # seconds to wait for another `renderer pick`


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What choosing needs: the tasks, the takes that exist, and the picks so far, as written."""

    tasks: tuple[Task, ...]
    lock: Lock
    picks: Picks
    document: Document | None
    drafts: frozenset[str]  # the bytes of those that may become finals
    reviews: Reviews

    def standings(self, flagged: frozenset[str] = frozenset()) -> tuple[ShotStatus, ...]:
        """Return the state of each shot; `flagged` takes are never defaults, nor rejected ones."""
        rejected = self.reviews.rejected(self.lock)
        return standings(self.tasks, self.lock, self.picks, flagged, self.drafts, rejected)

    def current(self) -> tuple[Named, ...]:
        """Return the takes that may be chosen."""
        return tuple(current(self.tasks, self.lock, self.drafts))


def table(workspace: Workspace, *, whys: bool = False) -> Table:
    """Read a project; raise InputError with all problems of specs, lockfile, picks or reviews.

    With `whys` a pick without a reason is one, where the project requires reasons.
    """
    files, catalog = workspace.files, workspace.catalog
    expanded = expansion(files, catalog, TaskCache.of(workspace)).sound()
    recorded = LockFile.of(workspace.root, workspace.provider).read()
    rules = drafting(workspace)
    tasks, lock = recognised(catalog, expanded, recorded, rules, partial(picked_cuts, files))
    picks, document = written_picks(files, whys=whys)
    return Table(
        tasks=tasks,
        lock=lock,
        picks=renewed(picks, tasks, lock),
        document=document,
        drafts=Finals(Takes(lock), rules).candidates(tasks),
        reviews=written_reviews(files)[0],
    )


def written_picks(files: ProjectFiles, *, whys: bool = False) -> tuple[Picks, Document | None]:
    """Return the picks of a project and the document that they are in; none without a file."""
    text = text_of(files, PICKS)
    if text is None:
        return Picks(), None
    return reading(text, PICKS, require_why=whys and why_required(files))


def read_picks(files: ProjectFiles) -> Picks:
    """Return the picks of a project; none if there is no file."""
    return written_picks(files)[0]


def pick(workspace: Workspace, names: Sequence[str], why: str = "") -> Pick:
    """Choose a take, or several in sequence, for their shot, and write it down."""
    if not why.strip() and why_required(workspace.files):
        raise InputError(
            f"--why is required in this project (`require_why` in {PROJECT_FILE})",
            "add --why TEXT",
        )
    with changing(workspace):
        found = table(workspace)
        choice = chosen(names, why, found.tasks, found.lock, found.drafts)
        check_cuts(Picks().having(choice), found.lock, workspace.store)
        write_picks(workspace, found, (choice,))
    return choice


def apply(workspace: Workspace, path: Path) -> tuple[Pick, ...]:
    """Write down the picks that a file holds, as the review page saves them: all, or none."""
    name = path.name
    wanted, document = reading(_saved(path), name, require_why=why_required(workspace.files))
    with changing(workspace):
        found = table(workspace)
        wanted = renewed(wanted, found.tasks, found.lock)
        problems: list[Problem] = []
        refused = False
        for shot, choice in wanted.by_slot.items():
            try:
                confirmed(choice, found.tasks, found.lock, found.drafts)
            except (InputError, RefusedError) as error:
                refused = refused or isinstance(error, RefusedError)
                where = document.place(("picks", shot), key=True)
                problems += [
                    Problem(what=one.what, todo=one.todo, place=where) for one in error.problems
                ]
        if problems:
            raise (RefusedError if refused else InputError)(problems)
        check_cuts(wanted, found.lock, workspace.store, document)
        write_picks(workspace, found, tuple(wanted.by_slot.values()))
    return tuple(wanted.by_slot.values())


def _saved(path: Path) -> bytes:
    """Return the bytes of a file that a page saved; bounded, whatever is there."""
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is not a regular file", "name the file that the page saved")
    try:
        with path.open("rb") as file:
            content = file.read(limits.YAML + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", "check its name") from None
    if len(content) > limits.YAML:
        raise InputError(f"{path.name} is over {limits.YAML} bytes", "save fewer picks at once")
    return content


def undo(workspace: Workspace, shot: str) -> Pick:
    """Take a shot's pick back; return what it was. Raise InputError if there is none."""
    with changing(workspace):
        found = table(workspace)
        slot = _slot(found, shot)
        rows = found.standings()
        was = next((row.was for row in rows if row.slot == slot and row.was), slot)
        old = found.picks.by_slot.get(was)
        if old is None:
            known = ", ".join(found.picks.by_slot) or "none"
            raise InputError(f"{slot} has no pick", f"the picks are of: {known}")
        _write(workspace, found.picks.without(was))
    return old


def _slot(found: Table, name: str) -> str:
    """Return the slot that a name means: of several, the only one that has a pick.

    The name itself if it means none, InputError if it means several that have picks.
    """
    if name in found.picks.by_slot:
        return name
    slots = dict.fromkeys(map(slot_of, covered(found.tasks, name)))
    picked = [slot for slot in slots if slot in found.picks.by_slot]
    if len(picked) > 1:
        raise InputError(
            f"{name} has {len(picked)} picks, one for each deliverable",
            f"name one of them: {', '.join(picked[:6])}",
        )
    return next(iter(picked or slots), name) if len(picked or slots) == 1 else name


def where_all_stand(workspace: Workspace, *, look: bool = True) -> tuple[ShotStatus, ...]:
    """Return the state of each shot; with `look`, flagged takes are never defaults."""
    found = table(workspace, whys=True)
    check_cuts(found.picks, found.lock, workspace.store, found.document)
    flagged = (
        flagged_takes(found, Checks.of(workspace), workspace.catalog) if look else frozenset()
    )
    return found.standings(flagged)


def flagged_takes(found: Table, checks: Checks, catalog: Catalog) -> frozenset[str]:
    """Return the digests of the current takes with which something is wrong."""
    takes = found.current()
    checks.facts(named.take for named in takes)
    tasks = {task.address: task for task in found.tasks}
    return frozenset(
        named.take.sha256
        for named in takes
        if _is_flagged(checks, named.take, tasks[named.address], catalog)
    )


def _is_flagged(checks: Checks, take: Take, task: Task, catalog: Catalog) -> bool:
    """Whether something is wrong with a take; a draft is not held against what its final is to be."""
    facts = checks.of_take(take)
    if take.fingerprint != task.fingerprint:
        return facts.probed is None
    return bool(facts.flags(task.request, catalog.get(task.model)))


def write_picks(workspace: Workspace, found: Table, choices: Sequence[Pick]) -> bool:
    """Write choices into picks.yaml, with picks of renamed shots under their new names."""
    rows = found.standings()
    renamed = [row for row in rows if row.was and row.pick]
    moved = [
        Pick(slot=row.slot, why=row.pick.why, parts=row.pick.parts) for row in renamed if row.pick
    ]
    kept = found.picks.without(*(row.was for row in renamed)).having(*moved)
    return _write(workspace, kept.having(*choices))


def changing(workspace: Workspace) -> AbstractContextManager[None]:
    """Be the only one to change picks.yaml; a render may go on meanwhile."""
    return workspace.picking(_PATIENCE)


def _write(workspace: Workspace, after: Picks) -> bool:
    text = text_of(workspace.files, PICKS)
    written = edited(text, after)
    if written == text:
        return False
    workspace.disk.write(workspace.root / PICKS, written.encode())
    return True
