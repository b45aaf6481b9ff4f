"""Copies of the history: from before an update, and of each day."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from gui.conversation import Conversation, Message, Role
from gui.errors import HistoryDamaged
from gui.history.pages import PAGE_SIZE
from gui.history.schema import MIGRATIONS, migrate, version_of
from gui.history.snapshots import DAYS, KEPT, MONTHS, WEEKS, before_migration, daily, to_keep
from gui.history.store import History

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


DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def copies(file: Path) -> list[Path]:
    return sorted(file.parent.glob("snapshots/*.sqlite3"))


def copied(file: Path, moment: datetime) -> Path | None:
    with closing(sqlite3.connect(file)) as connection:
        return daily(connection, file, moment)


def content(file: Path) -> bytes:
    return file.read_bytes()


def touch(file: Path) -> None:
    later = time.time() + 1
    os.utime(file, (later, later))


async def test_a_day_has_one_copy_and_the_next_one_its_own(file: Path) -> None:
    await opened(file)
    first = copied(file, DAY)
    touch(file)
    assert copied(file, DAY + timedelta(hours=11)) is None
    second = copied(file, DAY + timedelta(hours=12))
    assert copies(file) == [first, second]
    assert {one.stat().st_mode & 0o777 for one in copies(file)} == {0o600}
    with closing(sqlite3.connect(copies(file)[0])) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_what_has_not_changed_is_not_copied_again(file: Path) -> None:
    await opened(file)
    assert copied(file, DAY) is not None
    assert copied(file, DAY + timedelta(days=1)) is None


async def test_a_copy_that_another_process_makes_is_not_made_twice(file: Path) -> None:
    await opened(file)
    copied(file, DAY)
    touch(file)
    with FileLock(file.parent / "snapshots" / "making"):
        assert copied(file, DAY + timedelta(days=1)) is None


async def test_copies_from_before_an_update_are_no_days(file: Path) -> None:
    await opened(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        update = before_migration(connection, file, 3)
    touch(file)
    for day in range(40):
        touch(file)
        copied(file, DAY + timedelta(days=day))
    assert update in copies(file)


def test_days_are_kept_sparsely() -> None:
    """A year and a half of a program that is used each day."""
    kept: set[date] = set()
    today = date(2026, 1, 1)
    for _ in range(550):
        today += timedelta(days=1)
        kept = to_keep([*kept, today])
        assert len(kept) <= DAYS + WEEKS + MONTHS
    ages = sorted((today - day).days for day in kept)
    assert ages[:DAYS] == list(range(DAYS))
    assert sum(age < 7 * WEEKS for age in ages) >= DAYS + WEEKS - 2
    assert len({(day.year, day.month) for day in kept}) == MONTHS


def test_days_with_gaps_keep_as_many() -> None:
    days = [date(2026, 1, 1) + timedelta(days=10 * number) for number in range(60)]
    assert to_keep(days) >= set(days[-DAYS:])


async def test_without_room_there_is_no_copy_and_few_where_there_is_little(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(file)
    size = len(content(file))
    usage = shutil.disk_usage(file.parent)
    for day in range(5):
        touch(file)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=9 * size))
        copied(file, DAY + timedelta(days=day))
    assert len(copies(file)) <= 2
    before = copies(file)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=size))
    touch(file)
    assert copied(file, DAY + timedelta(days=9)) is None
    assert copies(file) == before


async def test_writing_does_not_wait_for_a_copy(history: History, chat: Conversation) -> None:
    for _ in range(20):
        await history.add_message(Message(chat.id, Role.USER, "x" * 2_000_000))
    copying = asyncio.create_task(history.snapshot())
    await asyncio.sleep(0.005)
    await history.add_message(Message(chat.id, Role.USER, "meanwhile"))
    assert not copying.done()
    assert await copying is not None


async def test_a_copy_meets_damage_that_nobody_met_yet(file: Path) -> None:
    history = await History.open(file)
    chat = Conversation()
    await history.add_conversation(chat)
    await history.add_message(Message(chat.id, Role.USER, "x" * 200_000))
    await history.close()
    scramble(file)
    history = await History.open(file)
    with pytest.raises(HistoryDamaged):
        await history.snapshot()
    assert isinstance(history.trouble, HistoryDamaged)
    assert copies(file) == []
    assert list(file.parent.glob("snapshots/*.new")) == []
    await history.close()


def scramble(file: Path) -> None:
    """The first page of a chain of text."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT min(pageno) FROM dbstat WHERE name = 'message' AND pagetype = 'overflow'"
        (number,) = connection.execute(query).fetchone()
    with file.open("r+b") as stream:
        stream.seek((number - 1) * PAGE_SIZE)
        stream.write(b"\xff" * PAGE_SIZE)
