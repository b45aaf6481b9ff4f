"""The file itself: opening it without harm to what it may be, and SQLite's errors as ours."""

from __future__ import annotations

import errno
import functools
import os
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING

from gui.errors import HistoryDamaged, HistoryForeign, HistoryFull, HistoryTooNew, HistoryUnavailable
from gui.history.pages import PAGE_SIZE, has_sound_header
from gui.history.schema import APPLICATION_ID, MIGRATIONS, migrate, version_of
from gui.history.snapshots import before_migration, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.errors import HistoryError

WAL_BYTES = 16 * 2**20
"""What the write-ahead log is cut back to when it grew beyond it."""

FEW = 10_000
"""Versions that there may be one day; a higher number was not written by any."""

# The memory the processes share is a file beside the database, and it could not grow.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
# A text longer than SQLite's limit was not written by anybody.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}
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
_AWAY = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


# One flipped bit must not keep the rest of a conversation from being read.
_lenient = functools.partial(str, encoding="utf-8", errors="replace")


class DamagedRow(Exception):
    """What SQLite reads without complaint and can be no row of ours."""


def open_database(file: Path, patience: float) -> sqlite3.Connection:
    """A connection in autocommit mode to today's schema, rows as sqlite3.Row; for the thread that opens it alone.

    Makes the file where there is none, for its owner alone. A file that is not ours is not changed. Waits `patience`
    seconds for whoever has it locked, now and later. Raises HistoryTooNew, HistoryDamaged and SQLite's own errors.
    """
    with suppress(FileExistsError):
        file.touch(mode=0o600, exist_ok=False)
    _check_header(file)
    with _nonsense_told(file), closing(connect_for_reading(file, patience)) as connection:
        _check(connection, file)
    connection = sqlite3.connect(file, timeout=patience, isolation_level=None)
    try:
        with _nonsense_told(file):
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


def open_protected(file: Path, patience: float) -> sqlite3.Connection:
    """A connection to a file that cannot be written, and is of today's schema. Raises as `open_database` does."""
    _check_header(file)
    with ExitStack() as opened:
        connection = opened.enter_context(closing(connect_for_reading(file, patience)))
        with _nonsense_told(file):
            _check(connection, file)
        if version_of(connection) < len(MIGRATIONS):
            raise HistoryUnavailable(file=str(file), reason="it is of an older version, and cannot be written")
        opened.pop_all()
    return connection


def is_protected(file: Path) -> bool:
    """Whether it is there, and neither it nor anything beside it can be written by this user."""
    return file.exists() and not os.access(file.parent, os.W_OK)


def connect_for_reading(file: Path, patience: float, *, one_thread: bool = True) -> sqlite3.Connection:
    """A connection by which not a byte of the file is changed; `one_thread`: no other one ends what it does."""
    # SQLite would make its shared memory beside the file; where it cannot, nobody else changes the file either.
    is_alone = is_protected(file) and not file.with_name(f"{file.name}-shm").exists()
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if is_alone else ''}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=one_thread,
    )
    connection.row_factory = sqlite3.Row
    connection.text_factory = _lenient
    return connection


def identity_of(file: Path) -> tuple[int, int]:
    """Another one for another file of the same name. Raises OSError."""
    found = file.stat()
    return found.st_dev, found.st_ino


def _check_header(file: Path) -> None:
    if file.stat().st_size:
        if not has_sound_header(file):
            raise HistoryDamaged(file=str(file), reason="it does not begin as a database does")
    elif snapshots(file):
        raise HistoryDamaged(file=str(file), reason="it is empty")


def _check(connection: sqlite3.Connection, file: Path) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if owner != APPLICATION_ID and not (not tables and owner == 0 and version_of(connection) == 0):
        if {"conversation", "message", "part"} <= tables:
            raise HistoryDamaged(file=str(file), reason="it does not say whose it is")
        raise HistoryForeign(file=str(file))
    if version_of(connection) > FEW:
        raise HistoryDamaged(file=str(file), reason=f"its version is {version_of(connection)}")
    if version_of(connection) > len(MIGRATIONS):
        raise HistoryTooNew(file=str(file))


@contextmanager
def _nonsense_told(file: Path) -> Iterator[None]:
    """Our statements are right: SQLite does not understand them where the file's schema is not what it says."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise HistoryDamaged(file=str(file), reason=str(error)) from error


def _set_up(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.text_factory = _lenient
    for pragma in (
        f"page_size = {PAGE_SIZE}",
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
    except DamagedRow as error:
        raise HistoryDamaged(file=str(file), reason=str(error)) from error
    except UnicodeDecodeError as error:  # SQLite's own words about the schema, in which are the file's
        raise HistoryDamaged(file=str(file), reason="its schema cannot be read") from error
    except TimeoutError as error:
        raise HistoryUnavailable(file=str(file), reason="another process keeps it to itself") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise HistoryFull(file=str(file)) from error
        raise HistoryUnavailable(file=str(file), reason=error.strerror or type(error).__name__) from error


def is_away(error: sqlite3.Error) -> bool:
    """Whether the file may be had again only by opening it anew."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _AWAY


def _told(error: sqlite3.Error, file: Path) -> HistoryError | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    kind = code & 0xFF  # the rest is SQLite's finer distinction
    if code in _FULL:
        return HistoryFull(file=str(file))
    if code == sqlite3.SQLITE_ERROR:  # it does not understand our statement
        return _misunderstood(error, file)
    # Constraints of our tables say which one of theirs; the index of words has none that could be broken.
    if kind in _DAMAGED or code == sqlite3.SQLITE_CONSTRAINT:
        return HistoryDamaged(file=str(file), reason=str(error))
    if kind in _UNAVAILABLE:
        return HistoryUnavailable(file=str(file), reason=str(error))
    return None


def _misunderstood(error: sqlite3.Error, file: Path) -> HistoryError | None:
    """Whether it is the file's fault: its schema is not ours, or its index of words is none. None: it is ours."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            if version_of(connection) > len(MIGRATIONS):
                return HistoryTooNew(file=str(file))
            is_ours = has_our_schema(connection)
    except (sqlite3.Error, UnicodeDecodeError):
        is_ours = False
    if is_ours and "fts5 file format" not in str(error):
        return None
    return HistoryDamaged(file=str(file), reason=str(error))


def has_our_schema(connection: sqlite3.Connection, version: int = len(MIGRATIONS)) -> bool:
    """Whether the file says of its tables what a new one of this version says."""
    query = "SELECT name, sql FROM sqlite_schema ORDER BY name"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh, MIGRATIONS[:version])
        return bool(connection.execute(query).fetchall() == fresh.execute(query).fetchall())
