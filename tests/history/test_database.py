from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role, State
from gui.errors import HistoryDamaged, HistoryForeign, HistoryFull, HistoryUnavailable
from gui.history.schema import APPLICATION_ID
from gui.history.store import History

if TYPE_CHECKING:
    from collections.abc import Iterator


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def set_mode(path: Path, bits: int) -> None:
    path.chmod(bits)


def make_folder(path: Path) -> None:
    path.mkdir(parents=True)


def scramble(file: Path) -> None:
    """Damage everything but the page with the schema."""
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))


async def first_page(file: Path) -> list[Conversation]:
    history = await History.open(file)
    try:
        return await history.conversations()
    finally:
        await history.close()


@pytest.fixture
def folder_of_a_person() -> Iterator[Path]:
    """An empty folder of an ordinary user, as whom the test runs; permissions mean nothing to root."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid() != 0:
        yield folder
    else:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
async def test_everything_is_for_the_owner_alone(history: History, chat: Conversation, file: Path) -> None:
    assert {mode(path) for path in (file.parent, file.parent / "running")} == {0o700}
    files = [path for path in file.parent.rglob("*") if path.is_file()]
    assert {"history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm"} < {path.name for path in files}
    assert {mode(path) for path in files} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
async def test_a_file_others_could_read_is_closed_to_them_when_it_is_opened(file: Path) -> None:
    await (await History.open(file)).close()
    set_mode(file, 0o644)
    await (await History.open(file)).close()
    assert mode(file) == 0o600


@pytest.mark.parametrize("content", [b"xy", b"Dear diary\n" * 1000, b"\0" * 8192, b"SQLite format 3\0" + b"\7" * 5000])
async def test_what_is_no_database_is_refused_and_not_touched(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "history.sqlite3"
    file.write_bytes(content)
    os.utime(file, (1, 1))
    with pytest.raises(HistoryDamaged) as caught:
        await History.open(file)

    assert str(file) in str(caught.value)
    assert file.read_bytes() == content
    assert file.stat().st_mtime == 1


@pytest.mark.parametrize("owner", [0, 1, APPLICATION_ID + 1])
async def test_the_database_of_another_program_is_refused_and_not_touched(tmp_path: Path, owner: int) -> None:
    file = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"PRAGMA application_id = {owner}; CREATE TABLE song (title)")
    set_mode(file, 0o644)
    before = file.read_bytes()
    with pytest.raises(HistoryForeign, match="another program"):
        await History.open(file)

    assert file.read_bytes() == before
    assert mode(file) == 0o644


async def test_an_empty_file_becomes_a_history(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    file.touch()
    history = await History.open(file)
    assert await history.conversations() == []
    await history.close()


async def test_damage_found_later_is_told(file: Path) -> None:
    history = await History.open(file)
    chat = Conversation(title="x" * 30000)
    await history.add_conversation(chat)
    await history.close()
    scramble(file)

    with pytest.raises(HistoryDamaged):
        await first_page(file)


async def test_a_flipped_bit_in_a_text_does_not_hide_the_rest(history: History, chat: Conversation) -> None:
    await history._write(lambda c: c.execute("UPDATE conversation SET title = CAST(x'48ff69' AS TEXT)"))

    assert [conversation.title for conversation in await history.conversations()] == ["H\ufffdi"]


async def test_a_full_disk_is_told_and_writing_works_when_there_is_room_again(
    history: History, chat: Conversation
) -> None:
    """`max_page_count` gives the error of a full disk, SQLITE_FULL, for the one connection it is set on."""
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply)
    long = Message(chat.id, Role.USER, "x" * 100_000)
    pages = await history._read(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await history._read(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchall())
    with pytest.raises(HistoryFull, match="disk is full"):
        await history.add_message(long)
    with pytest.raises(HistoryFull):
        await history.append_part(reply.id, "y" * 100_000)
    assert await history.branch(chat.id) == [reply]  # reading works, and nothing is there by half

    await history._read(lambda c: c.execute("PRAGMA max_page_count = 1000000").fetchall())
    await history.append_part(reply.id, "y")
    await history.add_message(long)
    assert await history.branch(chat.id) == [long]


async def test_a_locked_file_is_told_and_writing_works_when_it_is_free(
    history: History, chat: Conversation, file: Path
) -> None:
    message = Message(chat.id, Role.USER)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(HistoryUnavailable, match="locked"):
            await history.add_message(message)
        assert await history.conversations() == [chat]

    await history.add_message(message)
    assert await history.branch(chat.id) == [message]


async def test_a_file_locked_at_the_opening_is_told(file: Path) -> None:
    await (await History.open(file)).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(HistoryUnavailable, match="locked"):
            await History.open(file, patience=0.1)

    await (await History.open(file)).close()


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
async def test_a_read_only_folder_is_told(folder_of_a_person: Path) -> None:
    file = folder_of_a_person / "data" / "history.sqlite3"
    set_mode(folder_of_a_person, 0o500)
    with pytest.raises(HistoryUnavailable, match="Permission denied"):
        await History.open(file)

    set_mode(folder_of_a_person, 0o700)
    await (await History.open(file)).close()


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
async def test_a_read_only_file_is_told(folder_of_a_person: Path) -> None:
    file = folder_of_a_person / "history.sqlite3"
    await (await History.open(file)).close()
    set_mode(folder_of_a_person, 0o500)
    with pytest.raises(HistoryUnavailable) as caught:
        await History.open(file)
    assert str(file) in str(caught.value)

    set_mode(folder_of_a_person, 0o700)
    await (await History.open(file)).close()


async def test_a_folder_in_the_files_place_is_told(file: Path) -> None:
    make_folder(file)
    with pytest.raises(HistoryUnavailable, match=str(file)):
        await History.open(file)


async def test_a_message_is_durable_and_a_part_need_not_be(history: History, chat: Conversation) -> None:
    """`synchronous` 2 is FULL: the write-ahead log is synced at each commit; 1 is NORMAL: at checkpoints."""
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply)
    assert await history._read(lambda c: c.execute("PRAGMA synchronous").fetchone()[0]) == 2
    await history.append_part(reply.id, "x")
    assert await history._read(lambda c: c.execute("PRAGMA synchronous").fetchone()[0]) == 1
    await history.add_message(Message(chat.id, Role.USER))
    assert await history._read(lambda c: c.execute("PRAGMA synchronous").fetchone()[0]) == 2


async def test_a_mistake_of_ours_is_not_called_a_trouble_of_the_file(history: History, chat: Conversation) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await history.add_message(Message("nobody", Role.USER))
    assert await history.conversations() == [chat]
