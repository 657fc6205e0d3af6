"""Two lockfiles that grew from one, joined: no take of either side is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from renderer.errors import LockfileError
from renderer.lock.model import Entry, Lock, Take

Spots = Mapping[str, Mapping[str, Take]]  # a video -> the address it is at -> the take


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbered:
    """A take of theirs that has another number now, because ours had used it already."""

    address: str
    old: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came out; `two_lineages`: the sides had no lineage in common, and both are kept."""

    lock: Lock
    renumbered: tuple[Renumbered, ...] = ()
    two_lineages: bool = False


def identity(take: Take) -> str:
    """Return what distinguishes one video from another: the provider's name for it, else its bytes."""
    return take.video_uuid or take.sha256


def merge(base: Lock | None, ours: Lock, theirs: Lock) -> Merged:
    """Join two lockfiles by address, then by take; `base` is None where there was none.

    An entry that one side left alone is as the other side has it, gone included. Where both
    changed one, the takes of both stay, and the picture in force is that of the side that
    changed it (ours, if both did). All lineages are kept. LockfileError when a side has none of
    those of the base: then they are of two projects.
    """
    _check_origin(base, ours, theirs)
    known = base.entries if base else {}
    entries: dict[str, Entry] = {}
    renumbered: list[Renumbered] = []
    for address in sorted(known.keys() | ours.entries.keys() | theirs.entries.keys()):
        sides = (known.get(address), ours.entries.get(address), theirs.entries.get(address))
        entry = _entry(address, sides, renumbered)
        if entry is not None:
            entries[address] = entry
    _restore(entries, ours, theirs)
    lock = Lock(lineage="", entries=entries).of_lineages((*ours.lineages, *theirs.lineages))
    return Merged(lock=lock, renumbered=tuple(renumbered), two_lineages=_apart(ours, theirs))


def _check_origin(base: Lock | None, ours: Lock, theirs: Lock) -> None:
    if base is not None and (_apart(base, ours) or _apart(base, theirs)):
        raise LockfileError(
            "the two lockfiles are of different projects (their lineage differs)",
            "keep one with `git checkout --ours` or `--theirs`; neither file was changed",
        )


def _apart(one: Lock, other: Lock) -> bool:
    """Whether both have lineages, and none in common."""
    mine, theirs = set(one.lineages), set(other.lineages)
    return bool(mine and theirs) and not mine & theirs


def _entry(
    address: str,
    sides: tuple[Entry | None, Entry | None, Entry | None],
    renumbered: list[Renumbered],
) -> Entry | None:
    base, ours, theirs = sides
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    if ours is None or theirs is None:
        return ours or theirs
    picture = theirs if base and _picture(ours) == _picture(base) else ours
    return replace(
        picture,
        takes=_takes(address, base, ours, theirs, renumbered),
        retired=ours.retired and theirs.retired,
    )


def _picture(entry: Entry) -> Entry:
    return replace(entry, takes=(), retired=False)


def _takes(
    address: str,
    base: Entry | None,
    ours: Entry,
    theirs: Entry,
    renumbered: list[Renumbered],
) -> tuple[Take, ...]:
    """Unite the takes; ours keep their numbers, theirs give way where one is used twice."""
    before = _by_identity(base.takes if base else ())
    other = _by_identity(theirs.takes)
    takes = [_newer(before, take, other) for take in ours.takes]
    known = {identity(take) for take in ours.takes}
    used = {take.number for take in ours.takes}
    rest = (*theirs.takes, *before.values())
    free = max((*used, *(take.number for take in rest)), default=0)
    for take in theirs.takes:
        if identity(take) in known:
            continue
        if take.number in used:
            free += 1
            renumbered.append(Renumbered(address=address, old=take.number, new=free))
            take = replace(take, number=free)  # noqa: PLW2901 - the same take, by its new number
        takes.append(take)
    return tuple(sorted(takes, key=lambda take: take.number))


def _by_identity(takes: Iterable[Take]) -> dict[str, Take]:
    return {identity(take): take for take in takes}


def _newer(base: Mapping[str, Take], ours: Take, theirs: Mapping[str, Take]) -> Take:
    """Return theirs, by our number, where only they completed a take."""
    other = theirs.get(identity(ours), ours)
    return replace(other, number=ours.number) if base.get(identity(ours)) == ours else ours


def _restore(entries: dict[str, Entry], ours: Lock, theirs: Lock) -> None:
    """Put back what both sides have, and each took out where the other had left it."""
    kept = {identity(take) for entry in entries.values() for take in entry.takes}
    mine, other = _spots(ours), _spots(theirs)
    for video in sorted(mine.keys() & other.keys() - kept):
        for address, take in {**other[video], **mine[video]}.items():
            entry = entries.get(address)
            if entry is None:
                source = ours.entries.get(address) or theirs.entries[address]
                entries[address] = replace(source, takes=(take,))
            else:
                entries[address] = _with(entry, take)


def _spots(lock: Lock) -> Spots:
    spots: dict[str, dict[str, Take]] = {}
    for address, take in lock.takes():
        spots.setdefault(identity(take), {})[address] = take
    return spots


def _with(entry: Entry, take: Take) -> Entry:
    used = {one.number for one in entry.takes}
    number = entry.next_number if take.number in used else take.number
    takes = (*entry.takes, replace(take, number=number))
    return replace(entry, takes=tuple(sorted(takes, key=lambda one: one.number)))
