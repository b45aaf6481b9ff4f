"""Two data folders that a real Syncthing keeps equal over loopback, with edits on both sides at the same time."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role
from gui.history.record import Purged
from gui.history.store import History
from gui.history.sync import Sync
from tests.history.copies import contents
from tests.servers.syncthing import Syncthing

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 45.0  # seconds until both are equal


async def say(history: History, conversation_id: str, text: str) -> None:
    leaf = (await history.branch_ids(conversation_id))[-1:]
    await history.add_message(Message(conversation_id, Role.USER, text, leaf[0] if leaf else None))


async def until_equal(histories: list[History], syncs: list[Sync], chats: int, engines: list[Syncthing]) -> None:
    end = time.monotonic() + LIMIT
    while True:
        for sync in syncs:
            await sync.round()
        one, other = [await contents(history) for history in histories]
        counts = [len(await history.record_ids(trash=True)) for history in histories]
        if one == other and counts == [chats, chats]:
            return
        assert time.monotonic() < end, "\n".join(engine.log for engine in engines)
        await asyncio.sleep(0.2)


@pytest.mark.timeout(150)
@pytest.mark.skipif(shutil.which("syncthing") is None, reason="there is no Syncthing on this system")
async def test_what_is_done_on_both_sides_at_once_is_on_both_sides(tmp_path: Path) -> None:
    engines = []
    for name in ("laptop", "desktop"):
        (tmp_path / name).mkdir()
        engines.append(Syncthing(tmp_path / f"{name}-syncthing", tmp_path / name))
    for engine in engines:
        engine.know(engines)
    laptop, desktop = [await History.open(tmp_path / f"{one.shared.name}-data" / "h") for one in engines]
    histories = [laptop, desktop]
    syncs = [Sync(history, one.shared, one.shared.name) for history, one in zip(histories, engines, strict=True)]
    renamed, answered, thrown, burned = chats = [Conversation(name) for name in ("One", "Two", "Three", "Four")]
    for chat in chats:
        await laptop.add_conversation(chat)
        await say(laptop, chat.id, f"The first word of {chat.title}. いろは 👩🏽‍💻")
    with ExitStack() as running:
        for engine in engines:
            running.enter_context(engine)
        await until_equal(histories, syncs, 4, engines)

    # Nobody carries anything now, and both sides go on.
    for number, history in enumerate(histories):
        await history.update_conversation(renamed.id, title=f"Renamed by {number}")
        await say(history, answered.id, f"Said by {number}")
        await history.add_conversation(Conversation(f"New by {number}"))
    await laptop.delete_conversation(thrown.id)
    await say(desktop, thrown.id, "Said into what is in the trash")
    await desktop.take_in([Purged(burned.id, 5)])
    await say(laptop, burned.id, "Said into what is no more")
    for sync in syncs:
        await sync.round()

    with ExitStack() as running:
        for engine in engines:
            running.enter_context(engine)
        await until_equal(histories, syncs, 5, engines)
        for history in histories:
            kept = await history.record(answered.id)
            assert kept is not None
            assert {one.text for one in kept.messages} >= {"Said by 0", "Said by 1"}
            chat_now = await history.conversation(renamed.id)
            assert chat_now is not None
            assert chat_now.title == "Renamed by 1"
            assert await history.conversation(thrown.id) is None
            assert await history.record(burned.id) is None
        # What was burned is in no file any more, on neither side.
        end = time.monotonic() + LIMIT
        while any(b"of Four" in file.read_bytes() for one in engines for file in one.shared.rglob("*.json")):
            assert time.monotonic() < end
            await asyncio.sleep(0.2)
    assert not [file for one in engines for file in one.shared.rglob("*sync-conflict*")]
    for sync, history in zip(syncs, histories, strict=True):
        sync.close()
        await history.close()
