"""What keeps the history from being read or written is told, and everything works again when it is over."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role, State
from gui.errors import HistoryFull, HistoryProtected, HistoryTooNew, HistoryUnavailable
from gui.history.schema import MIGRATIONS
from gui.history.store import History
from tests.drives import LimitedFiles, SmallDrive, small_drive, write_protected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.errors import HistoryError


@pytest.fixture(params=["drive", "limit"])
def drive(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmallDrive]:
    if request.param == "limit":
        yield LimitedFiles(tmp_path)
        return
    with small_drive(tmp_path / "drive") as made:
        yield made


@pytest.mark.skipif(os.name != "posix", reason="mounting and limits")
async def test_a_full_disk_costs_nothing_that_was_there(drive: SmallDrive) -> None:
    history = await History.open(drive.folder / "history.sqlite3")
    chat = Conversation("Kept")
    await history.add_conversation(chat)
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply)
    await history.append_part(reply.id, "begun ")
    drive.fill()
    try:
        with pytest.raises((HistoryFull, HistoryUnavailable)):
            await history.add_message(Message(chat.id, Role.USER, "x" * 100_000))
        found = await history.message(reply.id)
    finally:
        drive.make_room()
    assert found is not None
    assert found.text == "begun "
    await history.append_part(reply.id, "and gone on")
    await history.add_message(Message(chat.id, Role.USER, "x" * 100_000))
    found = await history.message(reply.id)
    assert found is not None
    assert (found.text, found.state) == ("begun and gone on", State.RUNNING)
    assert await history._read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
    await history.close()


async def test_a_folder_that_was_moved_away_is_missed_and_found_again(file: Path) -> None:
    history = await History.open(file)
    chat = Conversation("Kept")
    await history.add_conversation(chat)
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply)
    move(file.parent, file.parent.with_name("elsewhere"))
    with pytest.raises(HistoryUnavailable, match="No such file"):
        await history.append_part(reply.id, "x")
    with pytest.raises(HistoryUnavailable):
        await history.conversations()
    assert not exists(file.parent), "nothing is begun anew where the history was"
    move(file.parent.with_name("elsewhere"), file.parent)
    await history.append_part(reply.id, "the reply is still its own")
    (found,) = await history.conversations()
    assert found.leaf_id == reply.id
    await history.close()


async def test_a_file_exchanged_for_another_one_is_opened_anew(file: Path, tmp_path: Path) -> None:
    history = await History.open(file)
    await history.add_conversation(Conversation("first"))
    assert len(await history.search("first")) == 1
    move(file.parent, tmp_path / "elsewhere")
    second = await History.open(file)
    await second.add_conversation(Conversation("second"))
    await second.close()
    assert [one.title for one in await history.conversations()] == ["second"]
    assert len(await history.search("second")) == 1
    await history.close()


async def test_what_could_not_be_opened_at_first_is_opened_later(file: Path) -> None:
    make_file(file.parent)
    history = History.begin(file)
    with pytest.raises(HistoryUnavailable):
        await history.conversations()
    file.parent.unlink()
    assert await history.conversations() == []
    await history.close()


async def test_trouble_is_told_once_and_its_end_too(history: History, file: Path) -> None:
    told: list[HistoryError | None] = []
    history.watch(told.append)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(HistoryUnavailable):
                await history.check()
        assert history.trouble is not None
        other.execute("ROLLBACK")
    await history.check()
    assert [type(one) for one in told] == [HistoryUnavailable, type(None)]
    assert history.trouble is None


async def test_who_waits_to_write_tries_again_as_soon_as_anything_was_written(history: History, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryUnavailable):
            await history.check()
        other.execute("ROLLBACK")
    waiting = asyncio.create_task(history.again(failures=10))
    await asyncio.sleep(0)
    assert history.waiting == 1
    await history.check()
    await asyncio.wait_for(waiting, 1)
    assert history.waiting == 0


async def test_a_message_and_its_new_conversation_are_kept_both_or_none(history: History) -> None:
    chat = Conversation("First words")
    bad = Message(chat.id, Role.USER, parent_id="nobody")
    with pytest.raises(sqlite3.IntegrityError):
        await history.add_message(bad, chat)
    assert await history.conversations() == []
    await history.add_message(Message(chat.id, Role.USER), chat)
    await history.add_message(Message(chat.id, Role.USER), chat)
    assert [one.title for one in await history.conversations()] == ["First words"]


async def newer(file: Path, *statements: str) -> bytes:
    """Make `file` one of the next version of the program, with these changes; its content."""
    history = await History.open(file)
    chat = Conversation("Of the future")
    await history.add_conversation(chat)
    await history.add_message(Message(chat.id, Role.USER, "readable words"))
    await history.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"PRAGMA user_version = {len(MIGRATIONS) + 1}; {'; '.join(statements)}")
    return content(file)


async def test_a_newer_versions_file_is_read_and_searched_and_not_written(file: Path) -> None:
    before = await newer(file, "ALTER TABLE message ADD COLUMN mood TEXT")
    history = await History.open(file)
    (chat,) = await history.conversations()
    (message,) = await history.branch(chat.id)
    assert message.text == "readable words"
    assert len(await history.search("readable")) == 1
    assert isinstance(history.read_only, HistoryTooNew)
    with pytest.raises(HistoryTooNew, match="newer version"):
        await history.add_message(Message(chat.id, Role.USER))
    with pytest.raises(HistoryTooNew):
        await history.repair()
    await history.close()
    assert content(file) == before


async def test_the_log_of_a_newer_version_that_was_killed_stays_as_it_is(file: Path, tmp_path: Path) -> None:
    await newer(file)
    with closing(sqlite3.connect(file)) as killed:
        killed.execute("UPDATE message SET text = 'in the log'")
        killed.commit()
        copy = tmp_path / "copy" / file.name
        copy_folder(file.parent, copy.parent)
    before = [content(copy), content(copy.with_name(f"{copy.name}-wal"))]
    history = await History.open(copy)
    (chat,) = await history.conversations()
    assert [one.text for one in await history.branch(chat.id)] == ["in the log"]
    await history.search("readable")
    await history.close()
    assert [content(copy), content(copy.with_name(f"{copy.name}-wal"))] == before


async def test_a_write_protected_history_is_read_and_searched_and_written_once_it_can_be(file: Path) -> None:
    history = await History.open(file)
    chat = Conversation("On a disc")
    await history.add_conversation(chat)
    await history.add_message(Message(chat.id, Role.USER, "readable words"))
    await history.close()
    before = content(file)
    with write_protected(file.parent):
        history = await History.open(file)
        (found,) = await history.conversations()
        assert [one.text for one in await history.branch(found.id)] == ["readable words"]
        assert len(await history.search("readable")) == 1
        with pytest.raises(HistoryProtected, match="write-protected"):
            await history.add_message(Message(chat.id, Role.USER))
        assert content(file) == before
    await history.add_message(Message(chat.id, Role.USER, "written again"))
    assert history.read_only is None
    await history.close()


async def test_a_write_protected_file_of_an_older_version_says_that_it_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "old" / "history.sqlite3"
    file.parent.mkdir()
    file.write_bytes((Path(__file__).parent / "files" / "version-1.sqlite3").read_bytes())
    with write_protected(file.parent), pytest.raises(HistoryUnavailable, match="older version"):
        await History.open(file)


async def test_a_file_so_new_that_nothing_in_it_is_known_says_so(file: Path) -> None:
    await newer(file, "ALTER TABLE message RENAME TO utterance", "DROP TABLE message_words")
    history = await History.open(file)
    for reading in (history.message("x"), history.search("readable")):
        with pytest.raises(HistoryTooNew):
            await reading
    await history.close()


def move(one: Path, other: Path) -> None:
    one.rename(other)


def exists(path: Path) -> bool:
    return path.exists()


def copy_folder(one: Path, other: Path) -> None:
    shutil.copytree(one, other)


def make_file(path: Path) -> None:
    path.touch()


def content(file: Path) -> bytes:
    return file.read_bytes()
