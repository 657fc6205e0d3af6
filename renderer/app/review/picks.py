"""Use case: choose takes, take a choice back, and return the state of every shot."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renderer import limits
from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.mutex import held
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.store import Store
from renderer.app.planning.linked_frames import drafting, recognised
from renderer.app.planning.picked_takes import picked_cuts
from renderer.app.planning.plan import STATE
from renderer.app.project.expand import expansion
from renderer.app.project.fast.task_cache import TaskCache
from renderer.app.project.lockfile import LockFile
from renderer.app.project.settings import PROJECT_FILE, why_required
from renderer.app.review.cut_checks import check_cuts
from renderer.app.review.take_checks import Checks
from renderer.catalog.catalog import Catalog
from renderer.errors import InputError, Problem, RefusedError
from renderer.expand.selection import covered
from renderer.expand.task import Task
from renderer.film.choose import chosen, confirmed
from renderer.film.pick_status import Named, ShotStatus, current, renewed, standings
from renderer.film.picks import FILE, Pick, Picks, shot_of
from renderer.film.read import reading
from renderer.film.write import edited
from renderer.lock.model import Lock, Take
from renderer.lock.takes import Takes
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

    def standings(self, flagged: frozenset[str] = frozenset()) -> tuple[ShotStatus, ...]:
        """Return the state of each shot; `flagged` takes are never defaults."""
        return standings(self.tasks, self.lock, self.picks, flagged, self.drafts)

    def current(self) -> tuple[Named, ...]:
        """Return the takes that may be chosen."""
        return tuple(current(self.tasks, self.lock, self.drafts))


def table(files: ProjectFiles, catalog: Catalog, provider: str, *, whys: bool = False) -> Table:
    """Read a project; raise InputError with all problems of specs, lockfile and picks.

    With `whys` a pick without a reason is one, where the project requires reasons.
    """
    recall = TaskCache(cache=Cache(files.root / STATE), root=files.root)
    expanded = expansion(files, catalog, recall).sound()
    recorded = LockFile.of(files.root, provider).read()
    rules = drafting(files, catalog, provider)
    tasks, lock = recognised(catalog, expanded, recorded, rules, partial(picked_cuts, files))
    picks, document = written_picks(files, whys=whys)
    return Table(
        tasks=tasks,
        lock=lock,
        picks=renewed(picks, tasks, lock),
        document=document,
        drafts=Finals(Takes(lock), rules).candidates(tasks),
    )


def written_picks(files: ProjectFiles, *, whys: bool = False) -> tuple[Picks, Document | None]:
    """Return the picks of a project and the document that they are in; none without a file."""
    text = _text(files)
    if text is None:
        return Picks(), None
    return reading(text, FILE, require_why=whys and why_required(files))


def read_picks(files: ProjectFiles) -> Picks:
    """Return the picks of a project; none if there is no file."""
    return written_picks(files)[0]


def pick(
    files: ProjectFiles, catalog: Catalog, provider: str, names: Sequence[str], why: str = ""
) -> Pick:
    """Choose a take, or several in sequence, for their shot, and write it down."""
    if not why.strip() and why_required(files):
        raise InputError(
            f"--why is required in this project (`require_why` in {PROJECT_FILE})",
            "add --why TEXT",
        )
    with changing(files.root):
        found = table(files, catalog, provider)
        choice = chosen(names, why, found.tasks, found.lock, found.drafts)
        check_cuts(Picks().having(choice), found.lock, _store(files))
        write_picks(files, found, (choice,))
    return choice


def apply(files: ProjectFiles, catalog: Catalog, provider: str, path: Path) -> tuple[Pick, ...]:
    """Write down the picks that a file holds, as the review page saves them: all, or none."""
    name = path.name
    try:
        if path.stat().st_size > limits.YAML:
            raise InputError(f"{name} is over {limits.YAML} bytes", "save fewer picks at once")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", "check its name") from None
    wanted, document = reading(content, name, require_why=why_required(files))
    with changing(files.root):
        found = table(files, catalog, provider)
        wanted = renewed(wanted, found.tasks, found.lock)
        problems: list[Problem] = []
        refused = False
        for shot, choice in wanted.by_shot.items():
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
        check_cuts(wanted, found.lock, _store(files), document)
        write_picks(files, found, tuple(wanted.by_shot.values()))
    return tuple(wanted.by_shot.values())


def undo(files: ProjectFiles, catalog: Catalog, provider: str, shot: str) -> Pick:
    """Take a shot's pick back; return what it was. Raise InputError if there is none."""
    with changing(files.root):
        found = table(files, catalog, provider)
        rows = found.standings()
        shot = _shot(found, shot)
        was = next((row.was for row in rows if row.shot == shot and row.was), shot)
        old = found.picks.by_shot.get(was)
        if old is None:
            known = ", ".join(found.picks.by_shot) or "none"
            raise InputError(f"{shot} has no pick", f"the picks are of: {known}")
        _write(files, found.picks.without(was))
    return old


def _shot(found: Table, name: str) -> str:
    """Return the shot, `scene/shot`, that a name means, or the name itself."""
    if name in found.picks.by_shot:
        return name
    shots = {shot_of(task.address) for task in covered(found.tasks, name)}
    return shots.pop() if len(shots) == 1 else name


def where_all_stand(
    files: ProjectFiles, catalog: Catalog, provider: str, *, look: bool = True
) -> tuple[ShotStatus, ...]:
    """Return the state of each shot; with `look`, flagged takes are never defaults."""
    found = table(files, catalog, provider, whys=True)
    store = _store(files)
    check_cuts(found.picks, found.lock, store, found.document)
    flagged = flagged_takes(found, Checks.of(store), catalog) if look else frozenset()
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


def write_picks(files: ProjectFiles, found: Table, choices: Sequence[Pick]) -> bool:
    """Write choices into picks.yaml, with picks of renamed shots under their new names."""
    rows = found.standings()
    renamed = [row for row in rows if row.was and row.pick]
    moved = [
        Pick(shot=row.shot, why=row.pick.why, parts=row.pick.parts) for row in renamed if row.pick
    ]
    kept = found.picks.without(*(row.was for row in renamed)).having(*moved)
    return _write(files, kept.having(*choices))


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """Be the only one to change picks.yaml; a render may go on meanwhile."""
    folder = root / STATE
    folder.mkdir(exist_ok=True)
    with held(folder / "picks.mutex", "pick", timeout=_PATIENCE):
        yield


def _write(files: ProjectFiles, after: Picks) -> bool:
    text = _text(files)
    written = edited(text, after)
    if written == text:
        return False
    Disk().write(files.root / FILE, written.encode())
    return True


def _store(files: ProjectFiles) -> Store:
    return Store(files.root / STATE, Disk())


def _text(files: ProjectFiles) -> str | None:
    if not files.exists(FILE):
        return None
    content = files.read(FILE, limit=limits.YAML)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{FILE} is not UTF-8 at byte {error.start}", "save it as UTF-8"
        ) from None
