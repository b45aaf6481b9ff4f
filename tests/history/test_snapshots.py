"""What an update does not touch."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from gui.history.schema import MIGRATIONS, migrate, version_of
from gui.history.snapshots import KEPT, before_migration
from gui.history.store import History

if TYPE_CHECKING:
    import pytest

OLD = Path(__file__).parent / "files" / "version-1.sqlite3"


async def opened(file: Path) -> None:
    history = await History.open(file)
    await history.close()


async def test_before_an_older_file_is_changed_it_is_copied(file: Path) -> None:
    file.parent.mkdir()
    shutil.copy(OLD, file)
    await opened(file)
    (copy,) = (file.parent / "snapshots").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM message").fetchone() == (3,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700


async def test_a_file_of_today_and_a_new_one_are_not_copied(file: Path) -> None:
    await opened(file)
    await opened(file)
    assert not (file.parent / "snapshots").exists()


def test_the_last_ones_stay(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        (tmp_path / "snapshots").mkdir()
        for year in range(2001, 2001 + KEPT):
            (tmp_path / "snapshots" / f"{year}-01-01-000000-version-1.sqlite3").touch()
        made = before_migration(connection, file, 1)
    kept = sorted((tmp_path / "snapshots").iterdir())
    assert len(kept) == KEPT
    assert kept[-1] == made
    assert kept[0].name.startswith("2002")


def test_without_room_the_update_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        full = shutil.disk_usage(tmp_path)._replace(free=file.stat().st_size)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: full)
        assert before_migration(connection, file, 1) is None
    assert not (tmp_path / "snapshots").exists()
