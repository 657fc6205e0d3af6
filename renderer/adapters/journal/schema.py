"""The tables of the journal, by the version of its format; an older one is read for ever."""

import sqlite3
from collections.abc import Iterable
from decimal import Decimal

from renderer.render.stage import Stage

VERSION = "2"
UNIT = Decimal("0.00001")  # USD; amounts are kept as whole numbers of it, rounded up
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
  uuid TEXT NOT NULL, intent TEXT NOT NULL, address TEXT NOT NULL,
  fingerprint TEXT NOT NULL, take INTEGER NOT NULL, attempt INTEGER NOT NULL,
  state TEXT NOT NULL, acked INTEGER NOT NULL, doubt INTEGER NOT NULL,
  spec TEXT NOT NULL, risk INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,
  sent REAL NOT NULL, endpoint TEXT NOT NULL, counted INTEGER NOT NULL, engine INTEGER NOT NULL,
  PRIMARY KEY (uuid, endpoint));
CREATE INDEX IF NOT EXISTS tasks_by_intent ON tasks (intent);
CREATE INDEX IF NOT EXISTS tasks_by_state ON tasks (state);
CREATE INDEX IF NOT EXISTS tasks_by_take ON tasks (fingerprint, take);
CREATE TABLE IF NOT EXISTS results (
  uuid TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, state TEXT NOT NULL,
  url TEXT NOT NULL, seed TEXT, cost TEXT, draft TEXT NOT NULL, unsafe INTEGER NOT NULL,
  take TEXT NOT NULL DEFAULT '', endpoint TEXT NOT NULL, PRIMARY KEY (uuid, endpoint, key));
CREATE TABLE IF NOT EXISTS media (sha256 TEXT PRIMARY KEY, uuid TEXT NOT NULL);
"""
# Version 1 knew no endpoints. Its rows are taken for those of whoever asks: their ids are derived,
# so whoever had them refuses to take them twice.
_FROM_1 = """
ALTER TABLE tasks RENAME TO tasks_1;
ALTER TABLE results RENAME TO results_1;
DROP INDEX IF EXISTS tasks_by_intent;
DROP INDEX IF EXISTS tasks_by_state;
DROP INDEX IF EXISTS tasks_by_take;
"""
_FILL_FROM_1 = """
INSERT INTO tasks SELECT *, '', acked, 0 FROM tasks_1;
INSERT INTO results SELECT *, '' FROM results_1;
DROP TABLE tasks_1;
DROP TABLE results_1;
"""
READ = frozenset({"", "1", VERSION})  # the versions that can be opened; empty is a new file


def among(stages: Iterable[Stage]) -> str:
    """Return stages as SQL has them after IN."""
    return "(" + ", ".join(f"'{stage}'" for stage in sorted(stages)) + ")"


def version_of(database: sqlite3.Connection) -> str:
    """Return the version of a journal's format; empty for a new file."""
    tables = "SELECT COUNT(*) FROM sqlite_master WHERE type='table' AND name='meta'"
    if not database.execute(tables).fetchone()[0]:
        return ""
    row = database.execute("SELECT value FROM meta WHERE name='version'").fetchone()
    return str(row[0]) if row else ""


def lay_tables(database: sqlite3.Connection, before: str, lineage: str) -> None:
    """Make the tables, or bring those of version `before` to this one, in the open transaction."""
    old = before == "1"
    for statement in ";".join([_FROM_1 * old, _SCHEMA, _FILL_FROM_1 * old]).split(";"):
        database.execute(statement)
    database.execute("INSERT OR REPLACE INTO meta VALUES ('version', ?)", (VERSION,))
    database.execute("INSERT OR IGNORE INTO meta VALUES ('lineage', ?)", (lineage,))
