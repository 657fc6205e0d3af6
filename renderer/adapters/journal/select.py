"""Reads one query from a journal without writing: its rows as values of known kinds."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from renderer.adapters.journal.file import reading, there
from renderer.errors import JournalError

Row = Sequence[Any]  # columns of SQLite, of the types in `schema`
_TABLES = "SELECT COUNT(*) FROM sqlite_master"
_MOST = 1_000_000  # rows of an answer
_LATEST = 253_402_300_799  # the end of the year 9999, in seconds since 1970
# A journal of version 1 knew no endpoints, and of no engine.
_OLD = {"t.endpoint=r.endpoint": "1", "endpoint=t.endpoint": "1", "NOT t.engine": "1"}


def rows(path: Path, kinds: Sequence[type], query: str, *values: str) -> list[Row]:
    """Return what a query answers, as values of these kinds; JournalError for anything else."""
    if not there(path):
        return []
    try:
        with reading(path) as database:
            if not database.execute(_TABLES).fetchone()[0]:
                return []  # killed before its tables were there: nothing was ever written
            found = database.execute(_for(database, query), values).fetchmany(_MOST + 1)
            if len(found) > _MOST:
                raise sqlite3.DataError(f"it holds more than {_MOST} tasks")
            return [_sound(row, kinds) for row in found]
    except sqlite3.Error as error:
        raise damaged(path, error) from None


def _for(database: sqlite3.Connection, query: str) -> str:
    """Return a query as the tables of a journal's version know it."""
    columns = {row[1] for row in database.execute("PRAGMA table_info(tasks)")}
    if not columns or "endpoint" in columns:
        return query
    for new, old in _OLD.items():
        query = query.replace(new, old)
    return query.replace("  endpoint, engine\n", "  '', 0\n")


def damaged(path: Path, error: Exception) -> JournalError:
    """Return the error of a journal that cannot be read."""
    return JournalError(
        f"{path} is damaged: {error}",
        "keep it, and restore a copy; nothing is sent while it cannot be read",
    )


def _sound(row: Row, kinds: Sequence[type]) -> Row:
    """Return a row whose values are what was written: SQLite takes any value in any column."""
    for value, kind in zip(row, kinds, strict=True):
        number = type(value) in (int, float)
        if not (number if kind is float else type(value) is kind):
            raise sqlite3.DataError(f"a {type(value).__name__} is where {kind.__name__} belongs")
        if number and not 0 <= value <= (_LATEST if kind is float else value):
            raise sqlite3.DataError("a number is out of bounds")
    return row
