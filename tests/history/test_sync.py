"""Histories that meet in a folder, which something else carries from one machine to the other."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.conversation import LATEST, Conversation, Folder, Message, Role, State, new_id
from gui.errors import SyncFolderUnusable
from gui.history.listing import Kind, Order, View
from gui.history.pages import PAGE_SIZE
from gui.history.record import FolderRecord, Purged, Record
from gui.history.store import History
from gui.history.sync import SUBFOLDER, Sync
from gui.history.trash import cut_log
from tests.history.copies import EDITS, Edit, contents, edit, finish, histories

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def syncing(history: History, folder: Path, computer: str = "here") -> AsyncIterator[Sync]:
    sync = Sync(history, folder, computer)
    yield sync
    sync.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[History]:
    history = await History.open(tmp_path / "other" / "history.sqlite3", patience=0.2)
    yield history
    await history.close()


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{SUBFOLDER}/*/*.json"))


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def names_in(folder: Path) -> list[str]:
    return [one.name for one in folder.rglob("*") if one.is_file()]


def overwrite_leaves(file: Path, table: str) -> None:
    """All pages of a table but the last one and those above."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND path <> '/' AND pagetype = 'leaf' ORDER BY path"
        leaves = [number for (number,) in connection.execute(query, (table,))]
    with file.open("r+b") as stream:
        for number in leaves[:-1]:
            stream.seek((number - 1) * PAGE_SIZE)
            stream.write(b"\x5a" * PAGE_SIZE)


async def talk(history: History, chat: Conversation, *texts: str) -> list[Message]:
    said = []
    for text in texts:
        parent = (await history.branch_ids(chat.id))[-1:]
        said.append(Message(chat.id, Role.USER, text, parent[0] if parent else None))
        await history.add_message(said[-1])
    return said


@settings(max_examples=15, deadline=None)
@given(
    edits=st.lists(st.tuples(st.integers(0, 2), EDITS, st.booleans()), max_size=6),
    lost=st.lists(st.integers(0, 50), max_size=4),
)
async def test_copies_become_equal_whatever_was_done_and_in_whatever_order_files_come(
    edits: list[tuple[int, list[Edit], bool]], lost: list[int]
) -> None:
    with (
        TemporaryDirectory() as place,
        patch("gui.history.sync.JOINED", ((3, 300),)),
        patch("gui.history.sync.LARGEST", 600),
        patch("gui.history.outbox.MOST_MESSAGES", 2),
        patch("gui.history.outbox.AT_ONCE", 3),
    ):
        shared = Path(place)
        async with histories(3) as copies:
            syncs = [Sync(copy, shared, str(number)) for number, copy in enumerate(copies)]
            for number, some, also_syncs in edits:
                await edit(copies[number], some)
                if also_syncs:
                    await syncs[number].round()
            for copy in copies:
                await finish(copy)
            for sync in syncs:
                await sync.round()
            # Some of what was written comes later than the rest.
            late = [files(shared)[number] for number in lost if number < len(files(shared))]
            hidden = [file.rename(file.with_suffix(".late")) for file in dict.fromkeys(late)]
            for sync in syncs:
                await sync.receive()
            for file in hidden:
                file.rename(file.with_suffix(".json"))
            for _ in range(2):
                for sync in syncs:
                    await sync.round()
            whole = await contents(copies[0])
            assert await contents(copies[1]) == whole
            assert await contents(copies[2]) == whole
            assert [sync.unread for sync in syncs] == [0, 0, 0]

            there = files(shared)
            for sync in syncs:
                assert await sync.round() == frozenset()
                sync.close()
            assert files(shared) == there

        async with histories(1) as (late_comer,), syncing(late_comer, shared) as sync:
            await sync.round()
            assert await contents(late_comer) == whole


async def test_what_was_said_before_and_after_comes_over_and_is_named(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    await talk(history, chat, "Before")
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        assert await here.round() == frozenset()
        assert await there.round() == {chat.id}
        await talk(other, chat, "After")
        await there.round()
        assert await here.round() == {chat.id}

        assert [one.text for one in await history.branch(chat.id)] == ["Before", "After"]
        assert await there.round() == frozenset()


async def test_one_message_writes_one_message(history: History, chat: Conversation, folder: Path) -> None:
    async with syncing(history, folder) as sync:
        await talk(history, chat, *["A long conversation. " * 50] * 30)
        await sync.round()
        before = set(files(folder))
        await talk(history, chat, "One more")
        await sync.round()

    (new,) = set(files(folder)) - before
    assert new.stat().st_size < 1000


async def test_many_small_files_become_one(history: History, chat: Conversation, folder: Path) -> None:
    async with syncing(history, folder) as sync:
        for number in range(70):
            await talk(history, chat, f"Message {number}")
            await sync.round()

    assert len(files(folder)) < 32
    assert not [name for name in names_in(folder) if name.endswith(".new")]


async def test_a_file_is_not_much_larger_than_its_limit(history: History, chat: Conversation, folder: Path) -> None:
    with patch("gui.history.sync.LARGEST", 20_000), patch("gui.history.outbox.MOST_LETTERS", 5_000):
        async with syncing(history, folder) as sync:
            await talk(history, chat, *["x" * 1000] * 100)
            await sync.round()

    assert len(files(folder)) > 4
    assert max(file.stat().st_size for file in files(folder)) < 30_000


async def test_a_running_reply_is_written_when_it_has_ended(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    (asked,) = await talk(history, chat, "Question")
    reply = Message(chat.id, Role.ASSISTANT, parent_id=asked.id, state=State.RUNNING)
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        await history.add_message(reply)
        await history.append_part(reply.id, "Half")
        await here.round()
        assert await there.round() == frozenset()
        await history.finish_message(replace(reply, state=State.COMPLETE, text="Whole"))
        await here.round()
        await there.round()

    assert [one.text for one in await other.branch(chat.id)] == ["Question", "Whole"]


async def test_a_removal_waits_for_a_reply_that_runs(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        await here.round()
        await there.round()
        reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
        await history.add_message(reply)
        await other.take_in([Purged(chat.id, 5)])
        await there.round()
        await here.round()
        assert await history.conversation(chat.id) is not None
        assert here.unread == 1

        await history.finish_message(replace(reply, state=State.COMPLETE, text="Whole"))
        assert await here.round() == {chat.id}
        assert await history.conversation(chat.id) is None


async def test_what_is_removed_for_good_leaves_every_machines_files(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        await talk(history, chat, "Secret plans of mine")
        await here.round()
        await there.round()
        await talk(other, chat, "Secret plans of yours")
        await there.round()
        await here.round()
        assert everything_in(folder).count(b"Secret") == 2

        await history.take_in([Purged(chat.id, 5)])
        await here.round()
        await there.round()
        assert b"Secret" not in everything_in(folder)
        assert await other.conversation(chat.id) is None


async def test_what_is_half_there_foreign_or_in_conflict_is_left_alone(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    await talk(history, chat, "Hello")
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        await here.round()
        (file,) = files(folder)
        whole = file.read_bytes()
        conflict = file.with_name(f"{file.stem}.sync-conflict-20260101-101010-ABCDEFG.json")
        conflict.write_bytes(whole[:50])
        (file.parent / ".stfolder").mkdir()
        (file.parent / f".syncthing.{file.name}.tmp").write_bytes(whole[:9])
        (folder / "holiday.jpg").write_bytes(b"\xff\xd8")
        (folder / SUBFOLDER / "notes.txt").write_text("mine", "utf-8")
        stranger = folder / SUBFOLDER / new_id() / f"{new_id()}.json"
        stranger.parent.mkdir()
        stranger.write_text('{"a recipe": "for cake"}', "utf-8")
        file.write_bytes(whole[: len(whole) // 2])
        assert await there.round() == frozenset()
        assert there.unread == 2
        assert await there.round() == frozenset()

        file.write_bytes(whole)
        assert await there.round() == {chat.id}
        assert there.unread == 1
        assert conflict.read_bytes() == whole[:50]
        assert stranger.exists()


async def test_a_clock_at_the_end_of_all_time_spoils_nothing(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    stamps = {"title": LATEST, "pinned": LATEST}
    late = replace(chat, title="of the year 9999", updated_at=LATEST)
    kept = Folder("kept", created_at=LATEST)
    said = Message(chat.id, Role.USER, "late", created_at=LATEST)
    await other.take_in([FolderRecord(kept), Record(replace(late, folder_id=None), (said,), stamps)])
    async with syncing(other, folder, "other") as there, syncing(history, folder) as here:
        await there.round()
        await here.round()
        assert [one.title for one in await history.conversations()] == ["of the year 9999"]
        await history.update_conversation(chat.id, title="said later")
        await history.rename_folder(kept.id, "renamed")
        await history.add_conversation(fresh := Conversation("new"))
        await here.round()
        await there.round()
        assert there.unread == 0
    assert await other.conversation(fresh.id) is not None
    assert [one.name for one in await other.folders()] == ["renamed"]


async def test_a_time_beyond_all_calendars_is_refused(history: History, chat: Conversation, folder: Path) -> None:
    foreign = folder / SUBFOLDER / new_id()
    foreign.mkdir(parents=True)
    said = {"id": "one", "created_at": 1, "updated_at": LATEST + 1}
    content = {"format": "gprochat-history", "version": 1, "items": [{"conversation": said}]}
    (foreign / f"{new_id()}.json").write_text(json.dumps(content))
    async with syncing(history, folder) as sync:
        await sync.round()
        assert sync.unread == 1
    assert await history.conversations() == [chat]


async def test_a_file_that_cannot_be_opened_holds_up_no_other(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    foreign = folder / SUBFOLDER / new_id()
    foreign.mkdir(parents=True)
    (foreign / f"{new_id()}.json").symlink_to(foreign / "loop")
    (foreign / "loop").symlink_to(foreign / "loop")
    closed = foreign / f"{new_id()}.json"
    closed.write_text("{}")
    opened = Path.open

    def refuse(self: Path, *args: Any, **options: Any) -> Any:
        if self == closed:
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **options)

    with patch.object(Path, "open", refuse):
        async with syncing(history, folder) as here:
            await here.round()
            assert here.unread == 1
    async with syncing(other, folder, "other") as there:
        await there.round()
    assert await other.conversation(chat.id) is not None


async def test_what_was_put_in_a_folder_that_another_machine_deletes_stays_in_sight(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    await history.add_folder(work := Folder("Work"))
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        await here.round()
        await there.round()
        await history.delete_folder(work.id)
        await other.put_in_folders({chat.id: work.id})
        for sync in (here, there, here):
            await sync.round()
    for one in (history, other):
        seen = await one.sections(View.MAIN, Order.CHANGED)
        assert [(each.kind, each.count) for each in seen] == [(Kind.FOLDER, 1)]
    await history.delete_folder(work.id)
    assert await history.folders() == []
    assert [each.count for each in await history.sections(View.MAIN, Order.CHANGED)] == [1]


async def test_a_folder_that_is_not_there_is_told_and_used_when_it_comes(
    history: History, chat: Conversation, folder: Path
) -> None:
    folder.rmdir()
    async with syncing(history, folder) as sync:
        with pytest.raises(SyncFolderUnusable, match="shared cannot be used"):
            await sync.round()
        assert not folder.exists()

        folder.mkdir()
        await sync.round()
        assert len(files(folder)) == 1
        shutil.rmtree(folder)
        with pytest.raises(SyncFolderUnusable):
            await sync.round()


async def test_a_full_disk_is_told_and_nothing_half_stays(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        with (
            patch("gui.history.sync.os.fsync", side_effect=OSError(28, "No space left on device")),
            pytest.raises(SyncFolderUnusable, match="No space left"),
        ):
            await here.round()
        assert names_in(folder) == []

        await here.round()
        assert await there.round() == {chat.id}


async def test_files_of_ours_that_somebody_removed_are_written_anew_at_the_next_start(
    history: History, other: History, chat: Conversation, folder: Path
) -> None:
    await talk(history, chat, "Hello")
    async with syncing(history, folder) as sync:
        await sync.round()
    for file in files(folder):
        file.unlink()
    async with syncing(history, folder) as sync, syncing(other, folder, "there") as there:
        await sync.round()
        assert await there.round() == {chat.id}

    assert [one.text for one in await other.branch(chat.id)] == ["Hello"]


async def test_an_earlier_copy_of_the_history_takes_in_what_it_lacks_from_its_own_files(
    file: Path, chat: Conversation, history: History, folder: Path, tmp_path: Path
) -> None:
    async with syncing(history, folder) as sync:
        await sync.round()
        await history.run(lambda connection: None, write=True)
        earlier = tmp_path / "earlier"
        await history._do(lambda c: shutil.copytree(file.parent, earlier), write=False)
        await talk(history, chat, "Said later")
        await sync.round()
    restored = await History.open(earlier / file.name)
    async with syncing(restored, folder) as sync:
        assert await sync.round() == {chat.id}
    texts = [one.text for one in await restored.branch(chat.id)]
    await restored.close()

    assert texts == ["Said later"]


async def test_after_a_repair_the_folder_gives_back_what_damage_cost(
    history: History, other: History, chat: Conversation, file: Path, folder: Path
) -> None:
    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        said = await talk(history, chat, *("Said here. " * 500 for _ in range(20)))
        await here.round()
        await there.round()
        await talk(history, chat, "Not sent yet")
    await history.run(lambda connection: connection.execute("DELETE FROM unsent"), write=True)  # as damage would
    await history._do(cut_log, write=True, alone=True)
    overwrite_leaves(file, "message")
    await history.repair()
    assert len(await history.branch_ids(chat.id)) < len(said)

    async with syncing(history, folder) as here, syncing(other, folder, "there") as there:
        assert await here.round() == {chat.id}
        assert [one.id for one in await history.branch(chat.id)][:20] == [one.id for one in said]
        await talk(history, chat, "Said later")
        await here.round()
        await there.round()
        assert await contents(other) == await contents(history)
    assert len(list((folder / SUBFOLDER).iterdir())) == 1, "it is the same machine"


async def test_a_copy_on_another_computer_writes_into_a_folder_of_its_own(
    history: History, chat: Conversation, folder: Path
) -> None:
    async with syncing(history, folder) as sync:
        await sync.round()
    async with syncing(history, folder, "the new computer") as sync:
        await sync.round()

    assert len(list((folder / SUBFOLDER).iterdir())) == 2


@pytest.mark.skipif(os.name == "nt", reason="permissions are other ones there")
async def test_the_files_are_for_their_owner_alone(history: History, chat: Conversation, folder: Path) -> None:
    async with syncing(history, folder) as sync:
        await sync.round()

    (file,) = files(folder)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
