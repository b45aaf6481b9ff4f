"""What of a damaged file is still there, is kept."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gui.conversation import Attachment, Conversation, Message, Role, State
from gui.errors import HistoryDamaged, HistoryError, HistoryTooNew, HistoryUnavailable
from gui.history.pages import FORMER_PAGE_SIZE, PAGE_SIZE, cells
from gui.history.schema import SEARCH_TABLES, migrate
from gui.history.snapshots import before_migration
from gui.history.store import History
from gui.history.tables import table_of, tables

if TYPE_CHECKING:
    from gui.history.recovery import Repaired

TEXTS = ("short", "a middling text " * 20, "longer than its page " * 900, "чужие письма 日本語 🙂 " * 30)


async def furnish(file: Path, conversations: int = 6, messages: int = 8) -> dict[str, Message]:
    """A history with texts of every length; its messages by id."""
    kept = {}
    history = await History.open(file)
    for number in range(conversations):
        chat = Conversation(f"Chat {number}")
        await history.add_conversation(chat)
        parent = None
        for turn in range(messages):
            role = Role.ASSISTANT if turn % 2 else Role.USER
            message = Message(chat.id, role, f"{TEXTS[(number + turn) % 4]} {number}-{turn}", parent, model="m" * turn)
            if turn == 0:
                message = replace(message, attachments=(Attachment("a.png", "image/png", bytes(range(256)) * 40),))
            await history.add_message(message)
            kept[message.id] = message
            parent = message.id
    await history.close()
    return kept


async def everything(file: Path) -> dict[str, Message]:
    """Every message that is reached from its conversation, as a person reaches it; the file is looked through too."""
    history = await History.open(file)
    try:
        chats = await history.conversations(limit=1000)
        await history.search("short")
        found = {one.id: one for chat in chats for one in await history.branch(chat.id, limit=1000)}
        assert await history._read(lambda c: c.execute("PRAGMA integrity_check").fetchall()[0][0]) == "ok"
        assert await history._read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall()) == []
        return found
    finally:
        await history.close()


async def mended(file: Path) -> Repaired:
    history = History.begin(file)
    try:
        return await history.repair()
    finally:
        await history.close()


def overwrite(file: Path, place: int, content: bytes) -> None:
    with file.open("r+b") as stream:
        stream.seek(place)
        stream.write(content)


def content(file: Path) -> bytes:
    return file.read_bytes()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def inode_of(file: Path) -> int:
    return file.stat().st_ino


def pages_of(file: Path, *names: str) -> list[int]:
    """The numbers of the pages of these tables, without the roots."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND path <> '/' AND pagetype = 'leaf'"
        return [number for name in names for (number,) in connection.execute(query, (name,))]


async def test_the_reader_finds_in_a_sound_file_what_sqlite_finds(file: Path) -> None:
    await furnish(file)
    with closing(sqlite3.connect(file)) as connection:
        found = {
            name: set(connection.execute(f"SELECT * FROM {name}"))
            for name in ("attachment", "conversation", "message", "visit")
        }
        known = tables(connection)
    read: dict[str, set[tuple[object, ...]]] = {name: set() for name in found}
    for cell in cells(file):
        table, faults = table_of(cell, known)
        if table is not None:
            assert faults == 0
            read[table.name].add(tuple(table.row(cell)))
    assert read == found


async def test_the_reader_takes_what_the_write_ahead_log_holds(file: Path) -> None:
    await (await History.open(file)).close()
    history = await History.open(file)
    await history.add_conversation(Conversation("In the log alone"))
    found = [cell for cell in cells(file) if "In the log alone" in cell.values]
    await history.close()
    assert len(found) == 1


def test_no_two_tables_have_rows_that_look_the_same() -> None:
    """A new table whose rows could be those of another one needs a column that tells them apart."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        kinds = [tuple((one.kind, one.is_rowid) for one in table.columns) for table in tables(connection)]
    assert len(set(kinds)) == len(kinds)


async def test_a_page_that_is_gone_costs_the_messages_on_it_and_no_other(file: Path) -> None:
    kept = await furnish(file)
    lost = pages_of(file, "message")[1]
    overwrite(file, (lost - 1) * PAGE_SIZE, b"\x5a" * PAGE_SIZE)
    repaired = await mended(file)
    found = await everything(file)
    assert len(kept) - 16 <= len(found) < len(kept)
    assert repaired.messages == len(found)
    assert {one.text for one in found.values()} <= {one.text for one in kept.values()}


@pytest.mark.parametrize("size", [PAGE_SIZE, FORMER_PAGE_SIZE])
async def test_without_its_first_page_all_messages_are_found(
    file: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.history.database.PAGE_SIZE", size)
    kept = await furnish(file)
    overwrite(file, 0, b"\xff" * size)
    with pytest.raises(HistoryDamaged):
        await everything(file)
    await mended(file)
    assert await everything(file) == kept


async def test_the_damaged_file_is_kept_as_it_was_for_the_owner_alone(file: Path) -> None:
    await furnish(file)
    overwrite(file, 0, b"\xff" * PAGE_SIZE)
    damaged = content(file)
    repaired = await mended(file)
    kept = Path(repaired.kept)
    assert content(kept) == damaged
    assert kept.parent == file.parent
    assert kept.name.startswith("history-damaged-20")
    assert {one.stat().st_mode & 0o777 for one in (kept, file)} == {0o600}


async def test_a_message_cut_in_the_middle_is_kept_as_far_as_it_goes(file: Path) -> None:
    kept = await furnish(file, 1, 3)
    (long,) = (one for one in kept.values() if one.text.startswith("longer"))
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT max(pageno) FROM dbstat WHERE name = 'message' AND pagetype = 'overflow'"
        (last,) = connection.execute(query).fetchone()
    overwrite(file, (last - 1) * PAGE_SIZE, b"\xff" * PAGE_SIZE)
    overwrite(file, 0, b"\xff" * PAGE_SIZE)
    await mended(file)
    found = (await everything(file))[long.id]
    assert long.text.startswith(found.text)
    assert len(found.text) > 3000
    assert (found.role, found.parent_id) == (long.role, long.parent_id)


async def test_what_is_lost_comes_back_from_the_snapshot(file: Path) -> None:
    kept = await furnish(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        before_migration(connection, file, 3)
    for lost in pages_of(file, "message", "conversation"):
        overwrite(file, (lost - 1) * PAGE_SIZE, b"\x5a" * PAGE_SIZE)
    repaired = await mended(file)
    assert await everything(file) == kept
    assert repaired.from_snapshot > 0


async def test_an_empty_file_beside_snapshots_is_damage(file: Path) -> None:
    kept = await furnish(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        before_migration(connection, file, 3)
    empty(file)
    with pytest.raises(HistoryDamaged, match="empty"):
        await everything(file)
    await mended(file)
    assert await everything(file) == kept


async def test_of_a_damaged_index_of_words_the_index_alone_is_made_anew(file: Path) -> None:
    kept = await furnish(file)
    lost = pages_of(file, *(f"{name}_data" for name in SEARCH_TABLES))
    for number in lost:
        overwrite(file, (number - 1) * PAGE_SIZE, b"\x5a" * PAGE_SIZE)
    inode = inode_of(file)
    history = await History.open(file)
    with pytest.raises(HistoryDamaged):
        await history.search("middling")
    repaired = await history.repair()
    hits = await history.search("middling")
    await history.close()
    assert repaired.kept == ""
    assert inode_of(file) == inode
    assert len(hits) == sum("middling" in one.text for one in kept.values())
    assert await everything(file) == kept


async def test_a_conversation_that_is_lost_is_made_again_around_its_messages(file: Path) -> None:
    kept = await furnish(file, 2, 4)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM conversation WHERE title = 'Chat 1'")
        connection.commit()
    await mended(file)
    assert await everything(file) == kept


async def test_a_value_that_nobody_wrote_is_damage_and_is_mended(file: Path) -> None:
    kept = await furnish(file, 1, 4)
    first = min(kept)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE message SET role = 'usor', created_at = -5 WHERE id = ?", (first,))
        connection.commit()
    with pytest.raises(HistoryDamaged):
        await everything(file)
    await mended(file)
    assert (await everything(file))[first] == replace(
        kept[first], created_at=(await everything(file))[first].created_at
    )


async def test_a_file_that_another_process_uses_is_not_exchanged(file: Path) -> None:
    await furnish(file, 1, 1)
    other = await History.open(file)
    history = await History.open(file)
    with pytest.raises(HistoryUnavailable, match="another process"):
        await history.repair()
    await other.close()
    await history.repair()
    await history.close()


async def test_a_reply_that_grows_while_the_file_is_mended_goes_on(history: History, chat: Conversation) -> None:
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply)
    await history.append_part(reply.id, "one ")
    await history.repair()
    await history.append_part(reply.id, "two")
    found = await history.message(reply.id)
    assert found is not None
    assert (found.text, found.state) == ("one two", State.RUNNING)


async def written(file: Path, word: str) -> None:
    """A message in the newest conversation, as one that a person sends."""
    history = await History.open(file)
    try:
        chat = (await history.conversations(limit=1) or [Conversation()])[0]
        message = Message(chat.id, Role.USER, f"{word} words", chat.leaf_id)
        await history.add_message(message, chat)
        assert await history.message(message.id) == message
        assert [one.message_id for one in await history.search(word)] == [message.id]
    finally:
        await history.close()


async def survives(file: Path, kept: dict[str, Message], most: int) -> int:
    """However `file` was damaged: it opens, or says why it does not, and after a repair all but `most` are there."""
    try:
        found = await everything(file)
        await written(file, "newest")
    except HistoryTooNew:
        return 0  # the very bytes of its version: it can be read
    except (HistoryError, AssertionError):
        await mended(file)
        found = await everything(file)
        await written(file, "latest")  # the newest may be there: it may be the search alone that did not find it
    lost = len(kept.keys() - found.keys())
    assert lost <= most
    return lost


class Whole:
    """A file before it is damaged. No dataclass: hypothesis would write all of it down."""

    def __init__(self, content: bytes, kept: dict[str, Message]) -> None:
        self.content, self.kept = content, kept


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    file = tmp_path_factory.mktemp("whole") / "data" / "history.sqlite3"
    kept = asyncio.run(furnish(file))
    return Whole(file.read_bytes(), kept)


@given(seed=st.integers(0, 2**32), flips=st.integers(1, 6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_flipped_bits_cost_little(
    seed: int, flips: int, whole: Whole, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance = random.Random(seed)
    folder = tmp_path_factory.mktemp("flipped")
    file = folder / "history.sqlite3"
    flipped = bytearray(whole.content)
    for _ in range(flips):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    file.write_bytes(flipped)
    asyncio.run(survives(file, whole.kept, most=12 * flips))
    shutil.rmtree(folder)


@given(part=st.floats(0, 1))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_was_cut_keeps_what_is_left(
    part: float, whole: Whole, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    file = folder / "history.sqlite3"
    uncut = whole.content
    file.write_bytes(uncut[: int(len(uncut) * part)])
    asyncio.run(survives(file, whole.kept, most=len(whole.kept)))
    shutil.rmtree(folder)
