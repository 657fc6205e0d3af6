"""The lockfile as planning sees it: how many takes of which picture each address has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renderer.lock.model import Lock

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One address: the picture in force, and the files of its takes by picture.

    `files` are pairs of a take's number and the SHA-256 of its bytes.
    """

    fingerprint: str
    files: Mapping[str, Sequence[tuple[int, str]]]
    retired: bool = False

    @property
    def count(self) -> int:
        """How many takes there are, of any picture."""
        return sum(map(len, self.files.values()))

    def has(self, picture: str) -> int:
        """How many takes there are of a picture."""
        return len(self.files.get(picture, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """All addresses; `fields` returns those of one, which may mean reading the whole lockfile."""

    entries: Mapping[str, Known]
    fields: Callable[[str], Mapping[str, Json]]
    drafts: bool = False  # whether any take is a draft

    @classmethod
    def of(cls, lock: Lock) -> "Index":
        """Return the index of a lock."""
        entries = {}
        drafts = False
        for address, entry in lock.entries.items():
            files: dict[str, list[tuple[int, str]]] = {}
            for take in entry.takes:
                files.setdefault(take.fingerprint, []).append((take.number, take.sha256))
                drafts = drafts or bool(take.draft_id)
            entries[address] = Known(
                fingerprint=entry.fingerprint, files=files, retired=entry.retired
            )
        return cls(
            entries=entries,
            fields=lambda address: lock.entries[address].fields,
            drafts=drafts,
        )

    def rows(self) -> list[Json]:
        """Return the index as JSON data."""
        rows = [
            [address, known.fingerprint, known.files, known.retired]
            for address, known in self.entries.items()
        ]
        return [self.drafts, *rows]

    @classmethod
    def from_rows(cls, rows: list[Json], fields: Callable[[str], Mapping[str, Json]]) -> "Index":
        """Return what `rows` wrote."""
        entries = {
            address: Known(fingerprint=fingerprint, files=files, retired=retired)
            for address, fingerprint, files, retired in rows[1:]
        }
        return cls(entries=entries, fields=fields, drafts=rows[0])
