"""A damaged history becomes a sound one of all that can be read; the damaged file stays beside it.

What no page holds any more is taken from the newest snapshot; a row that is there in part is taken last of all. What is
in neither comes back from the sync folder, if there is one: it is read from its beginning again.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gui.history import outbox
from gui.history.database import has_our_schema
from gui.history.mending import mend_rows
from gui.history.pages import PAGE_SIZE, cells
from gui.history.schema import SEARCH_TABLES, index_everything, migrate
from gui.history.snapshots import snapshots
from gui.history.tables import names_of_tables, table_of, tables

if TYPE_CHECKING:
    from pathlib import Path

    from gui.history.pages import Cell
    from gui.history.tables import Table


@dataclass(frozen=True, slots=True)
class Repaired:
    """What became of a damaged history. `kept`: where the damaged file is; "" where it could be mended in its place.

    `conversations`, `messages`: how many there are now; of these messages, `from_snapshot` are a snapshot's.
    """

    kept: str = ""
    conversations: int = 0
    messages: int = 0
    from_snapshot: int = 0


def repair(file: Path) -> Repaired:
    """Make `file` a sound history again. Nobody else may have it open. Raises sqlite3.Error and OSError; then it is as
    it was.
    """
    if _mend_in_place(file):
        with closing(sqlite3.connect(file)) as connection:
            return Repaired("", *_counts(connection))
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            from_snapshot = _fill(connection, file)
            counts = _counts(connection)
        kept = _set_aside(file)
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return Repaired(str(kept), *counts, from_snapshot)


def _counts(connection: sqlite3.Connection) -> tuple[int, int]:
    query = "SELECT (SELECT count(*) FROM conversation WHERE deleted_at IS NULL), (SELECT count(*) FROM message)"
    conversations, messages = connection.execute(query).fetchone()
    return conversations, messages


def _mend_in_place(file: Path) -> bool:
    """Make the index of words anew, and what a row says of others right, if nothing else is damaged."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            if not has_our_schema(connection) or not all(
                _is_sound(connection, f"({name})") for name in names_of_tables(connection)
            ):
                return False
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                mend_rows(connection)
                _make_search_anew(connection)
            connection.execute("VACUUM")  # the pages of the old index are nobody's
            return _is_sound(connection)
    except (sqlite3.Error, TypeError, ValueError, OverflowError):  # what damaged rows are read as is anything
        return False


def _make_search_anew(connection: sqlite3.Connection) -> None:
    parts = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow')"
    made = [
        connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        for name in SEARCH_TABLES
    ]
    # Not DROP TABLE: it reads what it removes.
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(f"DELETE FROM sqlite_schema WHERE tbl_name IN ({parts})")  # noqa: S608 -- ours
    connection.execute("PRAGMA writable_schema = RESET")
    for sql in made:
        connection.execute(sql)
    index_everything(connection)


def _is_sound(connection: sqlite3.Connection, table: str = "") -> bool:
    return bool(connection.execute(f"PRAGMA integrity_check{table}").fetchall() == [("ok",)])


def _fill(connection: sqlite3.Connection, damaged: Path) -> int:
    """Bring what can be had into an empty file; how many of the messages are a snapshot's."""
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    migrate(connection)
    connection.execute("PRAGMA synchronous = OFF")  # until the end nobody needs it
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    known = tables(connection)
    connection.execute("BEGIN")
    with connection:
        in_part: list[tuple[Table, Cell]] = []
        for cell in cells(damaged):
            table, faults = table_of(cell, known)
            if table is None:
                continue
            if faults or cell.cut is not None:
                in_part.append((table, cell))
            else:
                _take(connection, table, cell)
        (before,) = connection.execute("SELECT count(*) FROM message").fetchone()
        lasting = [table for table in known if table.name != "part"]
        for snapshot in snapshots(damaged)[-1:]:
            with suppress(OSError):
                for cell in cells(snapshot):
                    table, faults = table_of(cell, lasting)
                    if table is not None and not faults and cell.cut is None:
                        _take(connection, table, cell)
        (after,) = connection.execute("SELECT count(*) FROM message").fetchone()
        for table, cell in in_part:
            _take(connection, table, cell)
        mend_rows(connection)
        outbox.begin_anew(connection)
        index_everything(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_mode = WAL")  # writes, and so syncs, the file once more
    return int(after - before)


def _take(connection: sqlite3.Connection, table: Table, cell: Cell) -> None:
    """Insert a row unless there is one of its id."""
    row = table.row(cell)
    sql = f"INSERT OR IGNORE INTO {table.name} ({', '.join(table.names)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608
    if connection.execute(sql, row).rowcount == 0 and "id" in table.names:
        # It may be its number alone that somebody else has.
        free = [None if column.is_rowid else value for column, value in zip(table.columns, row, strict=True)]
        connection.execute(sql, free)


def _set_aside(file: Path) -> Path:
    """Give `file` and its write-ahead log a second name; the log then loses its first."""
    kept = _free_name(file)
    try:
        os.link(file, kept)
    except OSError:  # a drive that knows no second names
        shutil.copyfile(file, kept)
    kept.chmod(0o600)
    log = file.with_name(f"{file.name}-wal")
    if log.exists():
        log.replace(kept.with_name(f"{kept.name}-wal"))
    file.with_name(f"{file.name}-shm").unlink(missing_ok=True)
    return kept


def _free_name(file: Path) -> Path:
    moment = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    names = (f"{file.stem}-damaged-{moment}{again}{file.suffix}" for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(kept for name in names if not (kept := file.with_name(name)).exists())
