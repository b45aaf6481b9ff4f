"""What is removed for good is in no file of the folder any more."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role
from gui.history import leftovers, trash
from gui.history.snapshots import daily, snapshots
from gui.history.store import History

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "xyzzyplugh"
FILES = Path(__file__).parent / "files"
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def traces(file: Path, word: str = SECRET) -> list[str]:
    """The names of the files beside the history, and of itself, in which the word is."""
    there = [one for one in file.parent.rglob("*") if one.is_file()]
    return sorted(one.name for one in there if word.encode() in one.read_bytes().lower())


def copied(file: Path, *days: int) -> list[Path]:
    """Copies of these days of March."""
    for day in days:
        os.utime(file)
        with closing(sqlite3.connect(file)) as connection:
            assert daily(connection, file, DAY.replace(day=day))
    return snapshots(file)


async def filled(file: Path) -> tuple[Conversation, Conversation]:
    """One that stays, and one for the trash."""
    history = await History.open(file)
    kept, chat = Conversation("Kept"), Conversation(f"About {SECRET}")
    for one, word in ((kept, "ordinary"), (chat, SECRET)):
        await history.add_conversation(one)
        for number in range(30):
            await history.add_message(Message(one.id, Role.USER, f"{word} {number} " * (5 + number * 9)))
    await history.delete_conversation(chat.id)
    await history.close()
    return kept, chat


async def emptied(file: Path, *, damaged_too: bool = False) -> None:
    history = await History.open(file)
    await history.empty_trash()
    await history.clear_copies(damaged_too=damaged_too)
    await history.close()


def set_aside(file: Path, age: float = 0) -> list[Path]:
    damaged = file.with_name(f"{file.stem}-damaged-2026-03-01-000000{file.suffix}")
    there = [damaged, damaged.with_name(f"{damaged.name}-wal")]
    for one in there:
        one.write_bytes(SECRET.encode())
        moment = time.time() - age - 1
        os.utime(one, (moment, moment))
    return there


def status(file: Path) -> tuple[int, int]:
    return file.stat().st_mtime_ns, file.stat().st_mode & 0o777


def damage(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


async def test_nothing_of_it_is_in_the_copies_and_the_rest_of_them_is_as_it_was(file: Path) -> None:
    kept, _chat = await filled(file)
    copies = copied(file, 1, 2)
    before = [status(one) for one in copies]
    assert len(traces(file)) == 3

    await emptied(file)

    assert traces(file) == []
    assert [one.name for one in copies[0].parent.iterdir() if one.suffix != ".sqlite3"] == ["making"]
    assert [status(one) for one in copies] == before
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        restored = await History.open(copy)
        assert [one.id for one in await restored.conversations()] == [kept.id]
        assert len(await restored.search("ordinary")) == 30
        await restored.close()


@pytest.mark.parametrize("version", range(1, 7))
async def test_a_copy_from_before_an_update_loses_it_too_and_stays_of_its_version(file: Path, version: int) -> None:
    file.parent.mkdir()
    shutil.copy(FILES / f"version-{version}.sqlite3", file)
    history = await History.open(file)
    texts = [
        message.text
        for one in await history.record_ids(trash=True)
        for message in (await history.record(one)).messages  # type: ignore[union-attr]
        if len(message.text) > 4
    ]
    assert len(texts) >= 2
    await history.delete_conversations(await history.record_ids())
    await history.close()

    await emptied(file)

    (copy,) = snapshots(file)
    assert [text for text in texts if traces(file, text.lower())] == []
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_what_is_cut_off_has_changed_no_copy_and_is_done_at_the_next_start(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(BaseException):
        """As if the program had ended."""

    def end(connection: sqlite3.Connection, half: Path) -> None:
        connection.execute("VACUUM")
        shutil.copy(half, half.with_name(f"left{leftovers.CLEANING}"))
        raise Cut

    await filled(file)
    (copy,) = copied(file, 1)
    content = copy.read_bytes()
    history = await History.open(file)
    await history.empty_trash()
    monkeypatch.setattr(trash, "write_anew", end)
    with pytest.raises(Cut):
        await history.clear_copies(damaged_too=False)
    monkeypatch.undo()
    assert copy.read_bytes() == content
    assert len(list(copy.parent.iterdir())) == 3

    await history.remove_expired()
    await history.close()

    assert traces(file) == []
    assert sorted(one.name for one in copy.parent.iterdir()) == [copy.name, "making"]


async def test_what_a_killed_program_left_of_a_copy_goes(file: Path) -> None:
    await filled(file)
    (copy,) = copied(file, 1)
    old, young = (copy.with_name(f"2026-03-0{day}-000000-daily.new") for day in (2, 3))
    for one in (old, young):
        one.write_text("half")
    os.utime(old, (1, 1))
    await emptied(file)
    assert (old.exists(), young.exists()) == (False, True)


def no_room(_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)


def cut_short(copy: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    damage(copy)


def without_a_table(copy: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("ALTER TABLE message RENAME TO massage")


@pytest.mark.parametrize("spoil", [no_room, cut_short, without_a_table])
async def test_a_copy_that_cannot_be_cleaned_is_deleted(
    file: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    await filled(file)
    (copy,) = copied(file, 1)
    spoil(copy, monkeypatch)
    await emptied(file)
    assert not copy.exists()
    assert traces(file) == []


async def test_a_mistake_of_ours_deletes_no_copy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await filled(file)
    (copy,) = copied(file, 1)
    monkeypatch.setattr(trash, "forget", lambda connection, _one: connection.execute("SELECT 1 FROM nowhere"))
    history = await History.open(file)
    await history._write(lambda connection: connection.execute("INSERT INTO purged SELECT id, 1 FROM conversation"))
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await history.clear_copies(damaged_too=False)
    await history.close()
    assert copy.exists()


async def test_damaged_files_go_when_that_is_wished_or_when_they_are_as_old_as_what_the_trash_keeps(file: Path) -> None:
    await filled(file)
    young, old = set_aside(file), set_aside(file.with_name("history-damaged-2026-01-01-000000.sqlite3"), 31 * 86_400)
    history = await History.open(file)
    assert len(await history.damaged_files()) == 4
    await history.remove_expired()
    assert all(one.exists() for one in (*young, *old)), "nothing was removed yet"
    await history.close()

    await emptied(file)
    assert [one.exists() for one in (*young, *old)] == [True, True, False, False]
    await emptied(file, damaged_too=True)
    assert traces(file) == []
