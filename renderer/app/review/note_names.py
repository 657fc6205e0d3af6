"""What people name at a command line or on a page: takes, notes, and themselves."""

from collections.abc import Sequence

from renderer.app.project.expand import expansion
from renderer.app.project.fast.task_cache import TaskCache
from renderer.app.workspace import Workspace
from renderer.errors import InputError, MachineError, Problem, RefusedError
from renderer.film.choose import address_of, named_number, taken
from renderer.film.plain_text import plain
from renderer.film.reviews import Note, Reviews, TakeVerdict
from renderer.film.reviews_read import MAX_WHO
from renderer.lock.model import Lock
from renderer.lock.takes import Named
from renderer.spec.faults import show

_LEAST = 4  # characters of an id that stand for the whole of it


def person(workspace: Workspace, name: str = "") -> str:
    """Return who says something: as named, else as git knows this person."""
    return plain(name, MAX_WHO, "name") or plain(_of_git(workspace), MAX_WHO, "name") or _nobody()


def named_take(workspace: Workspace, name: str, lock: Lock, seen: str = "") -> Named:
    """Return the take that a name means, an old one too; raise InputError if there is none."""
    address, number = named_number(name)
    exact = lock.entries.get(address)
    if exact is None or all(take.number != number for take in exact.takes):
        found = expansion(workspace.files, workspace.catalog, TaskCache.of(workspace)).sound()
        address = address_of(address, found, lock)
    take = taken(f"{address}#{number}", lock)
    if seen and seen != take.sha256:
        raise RefusedError(
            f"{address}#{number} is not the take that was seen", "reload the page, and look again"
        )
    return Named(address=address, take=take)


def bytes_of(workspace: Workspace, name: str, reviews: Reviews, lock: Lock) -> frozenset[str]:
    """Return the bytes of the takes that a name means; one that left has the name it was written by."""
    said: tuple[Note | TakeVerdict, ...]
    said = (*reviews.notes.values(), *reviews.verdicts.values())
    left = frozenset(one.sha256 for one in said if one.take == name)
    try:
        return frozenset({named_take(workspace, name, lock).take.sha256})
    except InputError:
        if not left:
            raise
        return left


def named_notes(reviews: Reviews, ids: Sequence[str]) -> tuple[Note, ...]:
    """Return the notes of these ids, or of what begins them; raise InputError with all slips."""
    problems: list[Problem] = []
    found: dict[str, Note] = {}
    for name in ids:
        meant = [one for one in reviews.notes if _means(name, one)]
        if name in reviews.notes or len(meant) == 1:
            key = name if name in reviews.notes else meant[0]
            found[key] = reviews.notes[key]
        else:
            what = f"{len(meant)} notes have ids that begin with" if meant else "there is no note"
            todo = "write more of the id" if meant else "`renderer notes` lists them"
            problems.append(Problem(what=f"{what} {show(name)}", todo=todo))
    if problems:
        raise InputError(problems)
    return tuple(found.values())


def _means(name: str, key: str) -> bool:
    return len(name) >= _LEAST and key.startswith(name)


def _of_git(workspace: Workspace) -> str:
    try:
        return workspace.git().run("config", "user.name").text
    except MachineError:
        return ""


def _nobody() -> str:
    raise InputError(
        "nobody is named who says this", "add --who NAME, or `git config --global user.name NAME`"
    )
