"""What a person names, `ADDRESS#N` or `ADDRESS#N:IN-OUT`, to a pick that can be recorded."""

import re
from collections.abc import Sequence

from renderer.errors import InputError, RefusedError
from renderer.expand.deliverable import slot_of
from renderer.expand.selection import one_task
from renderer.expand.slots import Slots, shot_of
from renderer.expand.task import Task
from renderer.film.picks import Part, Pick, Point
from renderer.film.plain_text import plain
from renderer.film.read import MAX_WHY
from renderer.film.timecode import ordered, point
from renderer.lock.model import Lock, Take
from renderer.spec.faults import SlipError, show

_FPS = 24  # of all video models that are known: whether out is after in, where one is in frames
_NAMED = re.compile(r"([^#]+)#([1-9][0-9]{0,8})(?::([^\s:-]*)-([^\s:-]*))?\Z")


def chosen(
    names: Sequence[str],
    why: str,
    tasks: Sequence[Task],
    lock: Lock,
    drafts: frozenset[str] = frozenset(),
) -> Pick:
    """Return the pick of one take, or of several in sequence; each as `ADDRESS#N[:IN-OUT]`.

    `drafts` are the bytes of drafts that may become finals of these tasks. Raise InputError for what
    is not there, RefusedError for a take of an older picture.
    """
    parts = tuple(_part(name, tasks, lock, drafts) for name in names)
    slots = Slots(tasks)
    found = dict.fromkeys(slots.of(part.address) for part in parts)
    if len(found) != 1:
        several = "shots" if len(set(map(shot_of, found))) > 1 else "deliverables"
        what = f"these takes are of several {several}: {', '.join(found)}"
        raise InputError(what, f"pick for one of the {several} at a time")
    return Pick(slot=next(iter(found)), why=plain(why, MAX_WHY, "reason"), parts=parts)


def confirmed(
    pick: Pick, tasks: Sequence[Task], lock: Lock, drafts: frozenset[str] = frozenset()
) -> None:
    """Check a pick that was made elsewhere, on a page, against the takes that are there now.

    Raise InputError for a take that is not there, RefusedError for one of an older picture.
    """
    for part in pick.parts:
        take = taken(part.take, lock)
        if (take.sha256, take.fingerprint) != (part.sha256, part.fingerprint):
            raise RefusedError(
                f"{part.take} is not the take that was reviewed",
                "review it again with `renderer review`",
            )
        if take.sha256 not in drafts:
            _in_force(part.take, take, [task for task in tasks if slot_of(task) == pick.slot])


def taken(name: str, lock: Lock) -> Take:
    """Return the take of a full name `address#number`; raise InputError with what there is."""
    address, _, number = name.rpartition("#")
    entry = lock.entries.get(address)
    takes = entry.takes if entry else ()
    found = next((take for take in takes if str(take.number) == number), None)
    if found is None:
        there = ", ".join(f"#{take.number}" for take in takes)
        todo = f"{address} has {there}" if there else "see `renderer takes SHOT`, or render it"
        raise InputError(f"there is no take {show(name, 200)}", todo)
    return found


def named_number(text: str) -> tuple[str, int]:
    """Return the address, or the shot, and the number of a take's name; InputError for no name."""
    named = _NAMED.match(text)
    if named is None or ":" in text.rpartition("#")[2]:
        raise _no_take(text)
    return named[1], int(named[2])


def _no_take(text: str, more: str = "") -> InputError:
    what = f"'{show(text, 200)}' is not the name of a take"
    return InputError(what, f"write ADDRESS#NUMBER, such as harbour/quay#2{more}")


def _part(text: str, tasks: Sequence[Task], lock: Lock, drafts: frozenset[str]) -> Part:
    named = _NAMED.match(text)
    if named is None:
        raise _no_take(text, ", or with a range: harbour/quay#2:0.5-3")
    address = address_of(named[1], tasks, lock)
    name = f"{address}#{named[2]}"
    take = taken(name, lock)
    if take.sha256 not in drafts:
        slots = Slots(tasks)
        _in_force(name, take, slots.tasks.get(slots.of(address), ()))
    start, end = _range(name, (named[3], named[4]), _FPS)
    return Part(take=name, sha256=take.sha256, fingerprint=take.fingerprint, start=start, end=end)


def _range(
    name: str, words: tuple[str | None, str | None], fps: int
) -> tuple[Point | None, Point | None]:
    try:
        start, end = (point(word) if word else None for word in words)
        ordered(start, end, fps)
    except SlipError as slip:
        raise InputError(f"{name}: {slip.what}", slip.todo) from None
    return start, end


def address_of(text: str, tasks: Sequence[Task], lock: Lock) -> str:
    """Return the address that is meant; also one that no task has any more."""
    of_shot = any(_of(task) == text for task in tasks)
    return text if text in lock.entries and not of_shot else one_task(tasks, text).address


def _in_force(name: str, take: Take, tasks: Sequence[Task]) -> None:
    if take.fingerprint not in {task.fingerprint for task in tasks}:
        raise RefusedError(
            f"{name} shows an older picture: the inputs changed since it was made",
            "pick a take of the current one, or restore the spec: that costs nothing",
        )


def _of(task: Task) -> str:
    return f"{task.scene}/{task.shot}"
