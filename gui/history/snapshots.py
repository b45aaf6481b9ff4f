"""Copies of the whole history beside it, whole at any moment: what a mistake of the program could cost is a day."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

KEPT = 3
"""Copies from before an update that stay; the oldest goes first."""

ROOM = 2
"""How many times the size of the history has to be free for one."""


def snapshots(file: Path) -> list[Path]:
    """Those there are of the history in `file`, the newest last."""
    return sorted((file.parent / "snapshots").glob(f"????-??-??-??????-*{file.suffix}"))


def before_migration(connection: sqlite3.Connection, file: Path, version: int) -> Path | None:
    """Copy `file`, which has `version`, as it is before it is changed. None where the disk has no room for it.

    Raises sqlite3.Error and OSError; then nothing half done stays.
    """
    folder = file.parent / "snapshots"
    if shutil.disk_usage(file.parent).free < ROOM * file.stat().st_size:
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    copy = folder / f"{moment}-version-{version}{file.suffix}"
    half = copy.with_suffix(".new")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        connection.execute("VACUUM INTO ?", (str(half),))
        half.replace(copy)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    for old in sorted(folder.glob(f"*-version-*{file.suffix}"))[:-KEPT]:
        with suppress(OSError):  # the next one tries again
            old.unlink()
    return copy
