"""The file itself: opening it without harm to what it may be, and SQLite's errors as ours."""

from __future__ import annotations

import errno
import functools
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from gui.errors import HistoryDamaged, HistoryFull, HistoryTooNew, HistoryUnavailable
from gui.history.schema import APPLICATION_ID, MIGRATIONS, migrate, version_of
from gui.history.snapshots import before_migration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.errors import HistoryError

WAL_BYTES = 16 * 2**20
"""What the write-ahead log is cut back to when it grew beyond it."""

PAGE_BYTES = 8192
"""Of a new file. A message with its ids takes about a kilobyte: in pages of half the size, a sixth of each is empty."""

# The memory the processes share is a file beside the database, and it could not grow.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


def open_database(file: Path, patience: float) -> sqlite3.Connection:
    """A connection in autocommit mode to today's schema, rows as sqlite3.Row; for the thread that opens it alone.

    Makes the file where there is none, for its owner alone. A file that is not ours is not changed. Waits `patience`
    seconds for whoever has it locked, now and later. Raises HistoryTooNew, HistoryDamaged and SQLite's own errors.
    """
    with suppress(FileExistsError):
        file.touch(mode=0o600, exist_ok=False)
    connection = sqlite3.connect(file, timeout=patience, isolation_level=None)
    try:
        _check(connection, file)
        with suppress(PermissionError):  # somebody else's file that we may use, or a drive without permissions
            file.chmod(0o600)
        _set_up(connection)
        if 0 < version_of(connection) < len(MIGRATIONS):
            before_migration(connection, file, version_of(connection))
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, file: Path) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if owner != APPLICATION_ID and not (empty and owner == 0 and version_of(connection) == 0):
        raise HistoryDamaged(file=str(file), reason="it is another program’s database")
    if version_of(connection) > len(MIGRATIONS):
        raise HistoryTooNew(file=str(file))


def _set_up(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    # One flipped bit must not keep the rest of a conversation from being read.
    connection.text_factory = functools.partial(str, encoding="utf-8", errors="replace")
    for pragma in (
        f"page_size = {PAGE_BYTES}",
        "journal_mode = WAL",
        f"journal_size_limit = {WAL_BYTES}",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def transaction(connection: sqlite3.Connection, *, write: bool, durable: bool = True) -> Iterator[None]:
    """One consistent view of the file, or one change of it that happens as a whole or not at all.

    A `durable` one is on the disk when it ends; any other survives the end of the process, not a power cut.
    """
    if write:  # set each time: whatever failed before, it is right now
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
    with connection:
        yield


@contextmanager
def errors_told(file: Path) -> Iterator[None]:
    """What the world does to the file becomes a HistoryError; a bug (SQL, constraints) stays what it is."""
    try:
        yield
    except sqlite3.Error as error:
        told = _told(error, file)
        if told is None:
            raise
        raise told from error
    except TimeoutError as error:
        raise HistoryUnavailable(file=str(file), reason="another process keeps it to itself") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise HistoryFull(file=str(file)) from error
        raise HistoryUnavailable(file=str(file), reason=error.strerror or type(error).__name__) from error


def _told(error: sqlite3.Error, file: Path) -> HistoryError | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    kind = code & 0xFF  # the rest is SQLite's finer distinction
    if code in _FULL:
        return HistoryFull(file=str(file))
    if kind in _DAMAGED:
        return HistoryDamaged(file=str(file), reason=str(error))
    if kind in _UNAVAILABLE:
        return HistoryUnavailable(file=str(file), reason=str(error))
    return None
