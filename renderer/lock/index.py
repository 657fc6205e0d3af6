"""The lockfile as planning sees it: how many takes of which picture each address has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from renderer.lock.model import Lock

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One address: the picture in force, and the number of its takes by picture."""

    fingerprint: str
    takes: Mapping[str, int]
    retired: bool = False

    @property
    def count(self) -> int:
        """How many takes there are, of any picture."""
        return sum(self.takes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """All addresses; `fields` returns those of one, which may mean reading the whole lockfile."""

    entries: Mapping[str, Known]
    fields: Callable[[str], Mapping[str, Json]]
    drafts: bool = False  # whether any take is a draft
    media: frozenset[str] = frozenset()  # the bytes of all takes

    @classmethod
    def of(cls, lock: Lock) -> "Index":
        """Return the index of a lock."""
        entries = {}
        drafts = False
        media: set[str] = set()
        for address, entry in lock.entries.items():
            takes: dict[str, int] = {}
            for take in entry.takes:
                takes[take.fingerprint] = takes.get(take.fingerprint, 0) + 1
                drafts = drafts or bool(take.draft_id)
                media.add(take.sha256)
            entries[address] = Known(
                fingerprint=entry.fingerprint, takes=takes, retired=entry.retired
            )
        return cls(
            entries=entries,
            fields=lambda address: lock.entries[address].fields,
            drafts=drafts,
            media=frozenset(media),
        )

    def rows(self) -> list[Json]:
        """Return the index as JSON data."""
        rows = [
            [address, known.fingerprint, known.takes, known.retired]
            for address, known in self.entries.items()
        ]
        return [self.drafts, sorted(self.media), *rows]

    @classmethod
    def from_rows(cls, rows: list[Json], fields: Callable[[str], Mapping[str, Json]]) -> "Index":
        """Return what `rows` wrote."""
        entries = {
            address: Known(fingerprint=fingerprint, takes=takes, retired=retired)
            for address, fingerprint, takes, retired in rows[2:]
        }
        drafts, media = rows[:2]
        return cls(entries=entries, fields=fields, drafts=drafts, media=frozenset(media))
