"""What is taken in comes all at once, and whoever writes meanwhile does not wait for it."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from gui.conversation import Conversation, Folder, Message, Role, State
from gui.errors import HistoryUnavailable
from gui.history import incoming
from gui.history.listing import Order, View
from gui.history.record import FolderRecord, Purged, Record
from gui.history.records import Taken
from gui.history.store import History
from gui.history.sync import Sync
from tests.history.writer import several

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEN = several(10)


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "PORTION", 0)
    monkeypatch.setattr(incoming, "AT_ONCE", 3)


class Stopped(Exception):
    """Somebody does not want it any more."""


def stopping(records: list[Record]) -> Iterator[Record]:
    yield from records
    raise Stopped


async def seen(history: History) -> set[str]:
    """The ids of all conversations that anybody gets to see."""
    found = set(await history.record_ids(trash=True)) | {one.conversation_id for one in await history.search("import")}
    for view in View:
        for section in await history.sections(view, Order.CHANGED):
            found |= {one.id for one in await history.part(section, 0, 1000)}
    return found


def left(file: Path) -> tuple[int, int, int]:
    """How many conversations, messages and words there are in the bytes of the file that are in use."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, message_words, row)")
        counts = ("conversation", "message", "words")
        conversations, messages, words = (
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in counts
        )
        return conversations, messages, words


async def test_meanwhile_others_write_and_nobody_sees_a_part_of_it(history: History, chat: Conversation) -> None:
    taking = asyncio.create_task(history.take_in(several(40)))
    sent = 0
    while not taking.done():
        there = await seen(history)
        assert there in ({chat.id}, {chat.id} | {f"chat-{number}" for number in range(40)})
        await history.add_message(Message(chat.id, Role.USER, "meanwhile"))
        sent += 1

    assert await taking == Taken(added=40, messages=400)
    assert sent > 10
    assert len(await seen(history)) == 41
    assert {one.title for one in await history.search("imported words 9", limit=1000)} > {"Imported 0", "Imported 39"}
    assert await history.record("chat-7") == several(8)[7]


async def test_a_running_reply_waits_for_a_portion_at_the_most(
    history: History, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "PORTION", 0.02)
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply)
    began = time.perf_counter()
    taking = asyncio.create_task(history.take_in(several(500)))
    longest = 0.0
    while not taking.done():
        begin = time.perf_counter()
        await history.append_part(reply.id, "a part ")
        longest = max(longest, time.perf_counter() - begin)
        await asyncio.sleep(0.005)

    assert longest < (time.perf_counter() - began) / 3


async def test_what_came_to_no_end_is_not_there_and_can_be_taken_in_again(history: History, file: Path) -> None:
    with pytest.raises(Stopped):
        await history.take_in(stopping(TEN))
    assert await seen(history) == set()
    assert left(file) > (5, 50, 2)

    await history.take_out_rest()

    assert left(file) == (0, 0, 0)
    with pytest.raises(Stopped):
        await history.take_in(stopping(TEN))
    assert await history.take_in(TEN) == Taken(added=10, messages=100)
    assert await history.take_in(TEN) == Taken(unchanged=10)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("at", [1, 150, 399])
async def test_killed_in_the_middle_nothing_is_half_there(
    history: History, file: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    arguments = [sys.executable, "-m", "tests.history.writer", str(file), "import"]
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    while int(await process.stdout.readline()) < at:
        pass
    process.kill()
    await process.wait()

    assert await seen(history) in (set(), {one.conversation.id for one in several()} if at == 399 else set())
    await history.remove_expired()
    assert left(file)[:2] in ((0, 0), (400, 4000))
    assert (await history.take_in(several())).added in (0, 400)
    assert await history.record("chat-150") == several()[150]


async def test_another_process_that_takes_in_something_is_waited_for(history: History, file: Path) -> None:
    with FileLock(file.parent / "running" / "taking"):
        with pytest.raises(HistoryUnavailable, match="another process imports"):
            await history.take_in(TEN)
        await history.remove_expired()
    assert await history.take_in(TEN) == Taken(added=10, messages=100)


async def test_two_at_once_come_one_after_the_other(history: History) -> None:
    taken = await asyncio.gather(history.take_in(TEN), history.take_in(TEN))
    assert list(taken) == [Taken(added=10, messages=100), Taken(unchanged=10)]


async def test_what_is_in_folders_is_in_them_when_it_is_seen(history: History) -> None:
    with_it, without = FolderRecord(Folder("Work", "f", 1)), Folder("Play", "g", 1)
    inside = [
        Record(Conversation(f"In {one}", one, 1, 1, folder_id=one), (), folder=without if one == "g" else None)
        for one in ("f", "g")
    ]
    taking = asyncio.create_task(history.take_in([with_it, *inside, *TEN]))
    while not taking.done():
        assert len(await history.folders()) in (0, 2)

    assert await taking == Taken(added=13, messages=100)
    assert [one.name for one in await history.folders()] == ["Play", "Work"]
    for one in ("f", "g"):
        assert await history.record_ids([one]) == [one]


async def test_of_what_is_here_already_only_the_news_is_taken(history: History) -> None:
    await history.take_in(TEN)
    more = Message("chat-3", Role.ASSISTANT, "An answer", "3-9", id="3-a", created_at=3)
    grown = Record(several(4)[3].conversation, (*several(4)[3].messages, more))
    assert await history.take_in([*TEN[:3], grown]) == Taken(changed=1, unchanged=3, messages=1)
    assert await history.message("3-a") == more


@pytest.mark.parametrize("first", [True, False])
async def test_what_is_removed_in_the_same_file_is_not_there_in_the_end(history: History, first: bool) -> None:
    gone = Purged("chat-0", 5)
    await history.take_in([gone, *TEN] if first else [*TEN, gone])
    assert await seen(history) == {f"chat-{number}" for number in range(1, 10)}


async def test_what_others_say_of_it_meanwhile_waits_and_all_of_it_is_told_to_them(
    history: History, file: Path, tmp_path: Path
) -> None:
    other = await History.open(tmp_path / "other" / "history.sqlite3")
    here, there = Sync(history, tmp_path, "here"), Sync(other, tmp_path, "there")
    await here.round()
    await other.take_in(several(12))
    await other.update_conversation("chat-0", title="Renamed there")
    await there.round()
    taking = asyncio.create_task(history.take_in(TEN))
    while not await history.run(incoming.is_left, write=False):
        await asyncio.sleep(0)
    rounds = 0
    while not taking.done():
        await here.round()
        rounds += 1
    assert rounds > 1
    assert (await taking).added > 0

    await here.round()
    await there.round()

    assert here.unread == 0
    assert await history.record("chat-0") == await other.record("chat-0")
    assert (await history.conversation("chat-0")) == (await other.conversation("chat-0"))
    third = await History.open(tmp_path / "third" / "history.sqlite3")
    elsewhere = Sync(third, tmp_path, "elsewhere")
    await elsewhere.round()
    assert await seen(third) == await seen(history)
    for sync in (here, there, elsewhere):
        sync.close()
    await other.close()
    await third.close()


async def test_a_repair_leaves_nothing_of_what_came_to_no_end(history: History, file: Path) -> None:
    with pytest.raises(Stopped):
        await history.take_in(stopping(TEN))
    await history.repair()
    assert await seen(history) == set()
    assert left(file)[:2] == (0, 0)


async def test_what_came_to_no_end_is_never_taken_for_what_was_removed(history: History) -> None:
    with pytest.raises(Stopped):
        await history.take_in(stopping(TEN))
    await history.empty_trash()
    await history.remove([one.conversation.id for one in TEN])
    assert await history.purged() == []
    assert await history.take_in(TEN) == Taken(added=10, messages=100)
