"""What was removed for good, taken out of the files beside the history too: its copies, and damaged files set aside.

A copy is cleaned in a file of another name, which then takes its place: it is whole at any moment, and goes on being of
use where the history is damaged. One that cannot be cleaned is deleted, and so is a damaged file: nobody can tell what
is in it.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from filelock import FileLock

from gui.history import trash
from gui.history.database import has_our_schema
from gui.history.schema import version_of
from gui.history.snapshots import snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CLEANING = ".cleaning"

HOUR = 3600
"""Seconds after which nobody is making a copy any more."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def clean(file: Path, purged: Sequence[str]) -> None:
    """Take these conversations out of every copy of the history in `file`.

    Waits for another process that makes or cleans one. Raises sqlite3.Error and OSError; it can be called again.
    """
    folder = file.parent / "snapshots"
    if not folder.is_dir() or not purged:
        return
    with FileLock(folder / "making", mode=0o600):
        _remove_halves(folder)
        for copy in snapshots(file):
            try:
                if found := _in(copy, purged):
                    _clean(copy, found)
            except (sqlite3.Error, OSError) as error:
                if not _is_hopeless(copy, error):
                    raise
                copy.unlink()


def _remove_halves(folder: Path) -> None:
    """What a program has left that was ended meanwhile."""
    for half in folder.glob(f"*{CLEANING}"):
        half.unlink()
    for half in folder.glob("*.new"):
        if half.stat().st_mtime < time.time() - HOUR:
            half.unlink()


def _is_hopeless(copy: Path, error: sqlite3.Error | OSError) -> bool:
    """Whether a copy is damaged, or there is no room to clean it."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if kind != sqlite3.SQLITE_ERROR:
        return kind in _DAMAGED or kind == sqlite3.SQLITE_FULL
    with closing(_opened(copy)) as connection:  # it does not understand us: it may be its own fault
        return not has_our_schema(connection, version_of(connection))


def damaged(file: Path, before: float) -> list[Path]:
    """The damaged files that were set aside before this moment, in seconds since the epoch, with their logs."""
    found = file.parent.glob(f"{file.stem}-damaged-*{file.suffix}*")
    return sorted(one for one in found if one.stat().st_mtime < before)


def _in(copy: Path, purged: Sequence[str]) -> list[str]:
    query = "SELECT id FROM conversation WHERE id IN (SELECT value FROM json_each(?))"
    with closing(_opened(copy)) as connection:
        return [one for (one,) in connection.execute(query, (json.dumps(list(purged)),))]


def _opened(copy: Path) -> sqlite3.Connection:
    """For reading, without a file beside it."""
    return sqlite3.connect(f"{copy.absolute().as_uri()}?immutable=1", uri=True)


def _clean(copy: Path, conversation_ids: Sequence[str]) -> None:
    half = copy.with_suffix(CLEANING)
    half.touch(mode=0o600)
    try:
        shutil.copyfile(copy, half)
        with closing(sqlite3.connect(half, isolation_level=None)) as connection:
            _take_out(connection, half, conversation_ids)
        times = copy.stat()
        with half.open("rb") as written:
            os.fsync(written.fileno())
        os.utime(half, ns=(times.st_atime_ns, times.st_mtime_ns))
        half.replace(copy)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _take_out(connection: sqlite3.Connection, half: Path, conversation_ids: Sequence[str]) -> None:
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("BEGIN")
    with connection:
        for one in conversation_ids:
            trash.forget(connection, one)
        trash.begin_merging(connection)
    while trash.merge_step(connection, begin=False):
        pass
    trash.write_anew(connection, half)
