"""The lockfile as planning sees it: how many takes of which picture each address has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

from renderer.json_types import JsonObject
from renderer.lock.model import Lock

_EACH = 3  # values of a take


class IndexData(TypedDict):
    """An index as it is kept: for each address its name, and what `Known` has."""

    drafts: bool
    rows: Sequence[tuple[str, str, bool, Sequence[str | int]]]


class Known(NamedTuple):  # made for each address at every plan: a tuple is made quickest
    """One address: the picture in force, and its takes.

    `takes` has three values for each: its picture, its number, and the SHA-256 of its bytes.
    """

    fingerprint: str
    retired: bool
    takes: Sequence[str | int]

    @property
    def total(self) -> int:
        """How many takes there are, of any picture."""
        return len(self.takes) // _EACH

    @property
    def pictures(self) -> Sequence[str | int]:
        """The picture of each take."""
        return self.takes[::_EACH]

    def has(self, picture: str) -> int:
        """How many takes there are of a picture."""
        return self.takes.count(picture)

    def files(self, picture: str) -> list[tuple[int, str]]:
        """Return the number and the SHA-256 of each take of a picture."""
        takes = self.takes
        if len(takes) == _EACH:  # most have one
            return [(int(takes[1]), str(takes[2]))] if takes[0] == picture else []
        found = (at for at in range(0, len(takes), _EACH) if takes[at] == picture)
        return [(int(takes[at + 1]), str(takes[at + 2])) for at in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """All addresses; `fields` returns those of one, which may mean reading the whole lockfile."""

    entries: Mapping[str, Known]
    fields: Callable[[str], JsonObject]
    drafts: bool = False  # whether any take is a draft

    @classmethod
    def of(cls, lock: Lock) -> "Index":
        """Return the index of a lock."""
        entries = {}
        drafts = False
        for address, entry in lock.entries.items():
            takes: list[str | int] = []
            gone = entry.replaced
            for take in entry.takes:
                if take.sha256 in gone:
                    continue
                takes += (take.fingerprint, take.number, take.sha256)
                drafts = drafts or bool(take.draft_id)
            entries[address] = Known(entry.fingerprint, entry.retired, takes)
        return cls(
            entries=entries,
            fields=lambda address: lock.entries[address].fields,
            drafts=drafts,
        )

    def as_data(self) -> IndexData:
        """Return the index as JSON data."""
        rows = [(address, *known) for address, known in self.entries.items()]
        return {"drafts": self.drafts, "rows": rows}

    @classmethod
    def of_data(cls, data: IndexData, fields: Callable[[str], JsonObject]) -> "Index":
        """Return what `as_data` wrote."""
        entries = {
            address: Known(fingerprint, retired, takes)
            for address, fingerprint, retired, takes in data["rows"]
        }
        return cls(entries=entries, fields=fields, drafts=data["drafts"])
