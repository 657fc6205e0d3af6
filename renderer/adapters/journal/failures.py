"""What went wrong with the tasks of a project, read from the journal without writing."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_QUERY = """SELECT address, fingerprint, state, code, message FROM tasks
WHERE state IN ('failed', 'unknown') AND code != 'abandoned' ORDER BY rowid"""
_UNKNOWN = "unknown: it may have been made and billed; `renderer status` says what is at risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFailure:
    """The last word on a task that yielded nothing."""

    address: str
    fingerprint: str
    words: str


def troubles(path: Path) -> tuple[JournalFailure, ...]:
    """Return the failures of a journal, oldest first; none if it cannot be read."""
    if not path.is_file():
        return ()
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            rows = database.execute(_QUERY).fetchall()
    except sqlite3.Error:
        return ()
    return tuple(
        JournalFailure(
            address=address,
            fingerprint=fingerprint,
            words=_UNKNOWN if state == "unknown" else f"failed: {message or code}",
        )
        for address, fingerprint, state, code, message in rows
    )
