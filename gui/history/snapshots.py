"""Copies of the whole history beside it, whole at any moment: what a mistake of the program could cost is a day."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from pathlib import Path

KEPT = 3
"""Copies from before an update that stay; the oldest goes first."""

DAYS, WEEKS, MONTHS = 7, 4, 12
"""Daily copies that stay: of the last days, and the last one of each of the last weeks and months."""

SHARE = 4
"""All of them together take one of so many parts of what is free at the most; the newest one stays in any case."""

MOMENT = "%Y-%m-%d-%H%M%S"

ROOM = 2
"""How many times the size of the history has to be free for one."""


def snapshots(file: Path) -> list[Path]:
    """Those there are of the history in `file`, the newest last."""
    return sorted((file.parent / "snapshots").glob(f"????-??-??-??????-*{file.suffix}"))


def before_migration(connection: sqlite3.Connection, file: Path, version: int) -> Path | None:
    """Copy `file`, which has `version`, as it is before it is changed. None where the disk has no room for it.

    Raises sqlite3.Error and OSError; then nothing half done stays.
    """
    if not _has_room(file):
        return None
    folder = _folder(file)
    copy = folder / f"{datetime.now(UTC):{MOMENT}}-version-{version}{file.suffix}"
    _copy(connection, copy)
    for old in sorted(folder.glob(f"*-version-*{file.suffix}"))[:-KEPT]:
        _remove(old)
    return copy


def daily(connection: sqlite3.Connection, file: Path, moment: datetime | None = None) -> Path | None:
    """Make the copy of this day; older ones go that are none of those to be kept. `moment` is UTC, and now.

    None where this day has one, another process is making it, nothing has changed since the last one, or the disk has
    no room for it. Raises sqlite3.Error and OSError; then nothing half done stays, and no older one is gone.
    """
    moment = moment or datetime.now(UTC)
    folder = _folder(file)
    try:
        with FileLock(folder / "making", blocking=False, mode=0o600):
            made = _dailies(file)
            if any(_day(one) == moment.date() for one in made) or not (_has_changed(file) and _has_room(file)):
                return None
            copy = folder / f"{moment:{MOMENT}}-daily{file.suffix}"
            _copy(connection, copy)
    except Timeout:
        return None
    made = [*made, copy]
    kept = to_keep([_day(one) for one in made])
    for old in made:
        if _day(old) not in kept:
            _remove(old)
    _make_small(file)
    return copy


def to_keep(days: Iterable[date]) -> set[date]:
    """Of the days there are copies of: the last ones, and the last one of each of the last weeks and months."""
    kept: set[date] = set()
    periods: tuple[tuple[int, Callable[[date], object]], ...] = (
        (DAYS, lambda day: day),
        (WEEKS, lambda day: day.isocalendar()[:2]),
        (MONTHS, lambda day: (day.year, day.month)),
    )
    for count, period_of in periods:
        newest: dict[object, date] = {}
        for day in sorted(days, reverse=True):
            newest.setdefault(period_of(day), day)
        kept.update(list(newest.values())[:count])
    return kept


def _folder(file: Path) -> Path:
    folder = file.parent / "snapshots"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _copy(connection: sqlite3.Connection, copy: Path) -> None:
    half = copy.with_suffix(".new")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    began = time.time()
    try:
        connection.execute("VACUUM INTO ?", (str(half),))
        os.utime(half, (began, began))  # what is written from then on is not in it
        half.replace(copy)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _dailies(file: Path) -> list[Path]:
    return [one for one in snapshots(file) if one.stem.endswith("-daily")]


def _day(copy: Path) -> date:
    return datetime.strptime(copy.name[:10], "%Y-%m-%d").replace(tzinfo=UTC).date()


def _has_changed(file: Path) -> bool:
    """Since the last copy of any kind."""
    made = snapshots(file)
    log = file.with_name(f"{file.name}-wal")
    last = max(one.stat().st_mtime for one in (file, log) if one.exists())
    return not made or last > made[-1].stat().st_mtime


def _has_room(file: Path) -> bool:
    return shutil.disk_usage(file.parent).free >= ROOM * file.stat().st_size


def _make_small(file: Path) -> None:
    """What is kept for a bad day must not take the room that is needed on a good one."""
    sizes = {one: one.stat().st_size for one in _dailies(file)}
    room = shutil.disk_usage(file.parent).free / SHARE
    for old in list(sizes)[:-1]:
        if sum(sizes.values()) <= room:
            break
        del sizes[old]
        _remove(old)


def _remove(copy: Path) -> None:
    with suppress(OSError):  # the next one tries again
        copy.unlink()
