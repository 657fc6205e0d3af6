"""The lockfile as values: which takes exist for which task."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renderer.json_types import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One video that a task yielded; immutable. `cost` and `estimate` are USD, `size` bytes.

    `number` is its name within the address (`address#2`) and is never used again. `draft` is the
    SHA-256 of the draft that a final was made from. `unsafe`: the provider's check flagged it. `replaces` are the SHA-256 of lost takes that
    this one was bought in place of: they stay in the record, and nothing asks for them any more.
    """

    number: int
    fingerprint: str
    sha256: str
    size: int
    format: str
    seed: int | None = None
    cost: Decimal | None = None
    estimate: Decimal | None = None
    task_uuid: str = ""
    video_uuid: str = ""
    draft_id: str = ""
    draft: str = ""
    unsafe: bool = False
    replaces: tuple[str, ...] = ()

    @property
    def root(self) -> str:
        """The bytes that a choice of this take is known by: a final replaces its draft."""
        return self.draft or self.sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A frame of another shot (`scene/shot`) that a picture depends on.

    `frame` is what the spec asks for, `take` the SHA-256 of the video that it led to, `moment`
    which frame of it: another than asked where the pick cuts the take.
    """

    shot: str
    frame: str
    take: str
    moment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one address: the picture last rendered, and all takes ever made.

    `frames` are those of other shots that the picture depends on, by position. An entry that no
    spec names any more is `retired`: its takes are kept, should it come back.
    """

    fingerprint: str
    fields: Mapping[str, Json] = field(default_factory=dict)
    frames: Mapping[str, Frame] = field(default_factory=dict)
    takes: tuple[Take, ...] = ()
    retired: bool = False

    def of(self, fingerprint: str) -> tuple[Take, ...]:
        """Return the takes of one picture, in the order of their numbers, less those replaced."""
        found = tuple(take for take in self.takes if take.fingerprint == fingerprint)
        gone = self.replaced
        return tuple(take for take in found if take.sha256 not in gone) if gone else found

    @property
    def replaced(self) -> frozenset[str]:
        """The bytes of lost takes that others were bought in place of."""
        return replaced(self.takes)

    @property
    def next_number(self) -> int:
        """The first number that no take has."""
        return max((take.number for take in self.takes), default=0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """All entries by address; `lineage` is made once and goes into every new taskUUID.

    `joined` are the lineages of other lockfiles that were merged into this one.
    """

    lineage: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    joined: tuple[str, ...] = ()

    @property
    def lineages(self) -> tuple[str, ...]:
        """All lineages; the first is that of new taskUUIDs, in every clone the same."""
        return tuple(sorted({self.lineage, *self.joined} - {""}))

    def of_lineages(self, names: Iterable[str]) -> "Lock":
        """Return the same entries under these lineages."""
        first, *rest = sorted({*names} - {""}) or [""]
        return replace(self, lineage=first, joined=tuple(rest))

    def takes(self) -> Iterator[tuple[str, Take]]:
        """Yield every take with its address."""
        for address, entry in self.entries.items():
            for take in entry.takes:
                yield address, take


def replaced(takes: Iterable[Take]) -> frozenset[str]:
    """Return the bytes of lost takes that others were bought in place of.

    What was bought together may have the very bytes that were lost: those are here again.
    """
    bought: dict[tuple[str, ...], set[str]] = {}
    for take in takes:
        if take.replaces:
            bought.setdefault(take.replaces, set()).add(take.sha256)
    return frozenset(one for lost, made in bought.items() for one in lost if one not in made)


def with_take(lock: Lock, address: str, picture: Entry, take: Take) -> Lock:
    """Record a take under an address; `picture` carries the task's fingerprint and fields.

    A take that is there already (same video) changes nothing but the picture in force. It keeps
    the number that it was ordered under, whichever of its siblings came first, unless that is
    taken.
    """
    entry = lock.entries.get(address, picture)
    takes = entry.takes
    if all(_identity(old) != _identity(take) for old in takes):
        taken = any(old.number == take.number for old in takes)
        numbered = replace(take, number=entry.next_number) if taken else take
        takes = tuple(sorted((*takes, numbered), key=lambda one: one.number))
    entry = replace(picture, takes=takes, retired=False)
    return replace(lock, entries={**lock.entries, address: entry})


def without(lock: Lock, names: Collection[str]) -> Lock:
    """Return the lock without takes that are given up, by their names `address#number`.

    Their bytes are lost under every address, and so are those of what they were bought in place of.
    """
    gone: set[str] = set()
    for address in {name.rpartition("#")[0] for name in names} & lock.entries.keys():
        entry = lock.entries[address]
        gone |= entry.replaced
        gone |= {one.sha256 for one in entry.takes if f"{address}#{one.number}" in names}
    entries = {
        address: replace(entry, takes=tuple(one for one in entry.takes if one.sha256 not in gone))
        for address, entry in lock.entries.items()
    }
    return replace(lock, entries=entries)


def with_other_bytes(lock: Lock, others: Mapping[str, Take]) -> Lock:
    """Return the lock with takes that were made again, by the bytes of the old ones, wherever named."""
    if not others:
        return lock
    names = {old: take.sha256 for old, take in others.items()}
    entries = {
        address: replace(
            entry,
            takes=tuple(_renewed(take, others, names) for take in entry.takes),
            frames={
                at: replace(one, take=names.get(one.take, one.take))
                for at, one in entry.frames.items()
            },
        )
        for address, entry in lock.entries.items()
    }
    return replace(lock, entries=entries)


def _renewed(take: Take, others: Mapping[str, Take], names: Mapping[str, str]) -> Take:
    new = others.get(take.sha256)
    draft = names.get(take.draft, take.draft)
    if new is None:
        return replace(take, draft=draft)
    return replace(new, number=take.number, fingerprint=take.fingerprint, draft=draft)


def _identity(take: Take) -> str:
    return take.video_uuid or take.sha256
