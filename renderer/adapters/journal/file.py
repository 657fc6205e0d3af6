"""The journal's file, opened so that nothing in it can lead elsewhere, run or take without end."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from renderer.adapters.disk.state_folder import is_own

_BESIDE = ("-wal", "-shm", "-journal")
_STEP = 100_000  # instructions of SQLite between two looks at the count
_STEPS = 1_000  # about a second; 100,000 open tasks take a fourteenth of that
_LONGEST = 32 << 20  # bytes of one value
_REAL = "SELECT name FROM sqlite_master WHERE type='table' AND rootpage>0"
_OTHERS = """
SELECT type, name FROM sqlite_master
WHERE type NOT IN ('table', 'index') OR (type='table' AND rootpage<=0)
"""
_MADE_UP = "SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden<>0"


class _ForeignError(sqlite3.DatabaseError):
    """There is something in the file that no renderer writes."""


def there(path: Path) -> bool:
    """Whether there is a journal; raise JournalError if it, or a file beside it, is a link."""
    for ending in _BESIDE:
        is_own(path.with_name(path.name + ending))
    return is_own(path)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a journal for reading; raise sqlite3.Error for one that is damaged or foreign."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        left = iter(range(_STEPS))
        database.set_progress_handler(lambda: next(left, None) is None, _STEP)
        refuse_foreign(database)
        yield database


def refuse_foreign(database: sqlite3.Connection) -> None:
    """Raise _ForeignError for a view, a trigger, a virtual table or a column that is computed.

    They are programs: they run when they are read or written.
    """
    database.execute("PRAGMA trusted_schema=OFF")
    for kind, name in database.execute(_OTHERS):
        raise _ForeignError(f"it holds a foreign {kind} ({name!r:.60})")
    for (name,) in database.execute(_REAL).fetchall():
        if database.execute(_MADE_UP, (name,)).fetchone():
            raise _ForeignError(f"a column of {name!r:.60} is worked out when it is read")
