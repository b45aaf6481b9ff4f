from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role, State
from gui.errors import HistoryUnavailable
from gui.history.running import opening
from gui.history.store import History

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path


@asynccontextmanager
async def another_process(file: Path, what: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.history.writer", str(file), what, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line_of(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


def counted(parts: int) -> str:
    return "".join(f"{number} " for number in range(parts))


async def test_a_reply_cut_by_kill_9_is_interrupted_with_every_part_that_was_taken(file: Path) -> None:
    async with another_process(file, "reply") as process:
        reply_id = await line_of(process)
        taken = 0
        while taken < 10:
            taken = int(await line_of(process)) + 1
        process.kill()
        rest, _ = await process.communicate()
        taken += len(rest.split())

    history = await History.open(file)
    reply = await history.message(reply_id)
    check = await history._read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0])
    await history.close()
    assert reply is not None
    assert reply.state is State.INTERRUPTED
    # The last one may have been taken and not yet told.
    assert reply.text in {counted(taken), counted(taken + 1)}
    assert reply.reasoning.startswith("(0)(1)")
    assert check == "ok"


async def test_the_reply_of_another_living_process_is_left_alone(file: Path) -> None:
    async with another_process(file, "reply") as process:
        reply_id = await line_of(process)
        await line_of(process)
        history = await History.open(file)
        first = await history.message(reply_id)
        seen = int(await line_of(process))
        while int(await line_of(process)) < seen + 5:
            pass
        second = await history.message(reply_id)
        await history.close()

    assert first is not None
    assert second is not None
    assert first.state is second.state is State.RUNNING
    assert len(second.text) > len(first.text)


async def test_the_reply_of_a_history_that_is_still_open_here_is_left_alone(
    file: Path, history: History, chat: Conversation
) -> None:
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply)
    second = await History.open(file)
    assert await second.message(reply.id) == reply
    await second.close()


async def test_a_reply_left_running_by_close_is_interrupted_and_its_conversation_keeps_its_time(file: Path) -> None:
    history = await History.open(file)
    chat = Conversation(created_at=1, updated_at=1)
    await history.add_conversation(chat)
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING, created_at=5)
    await history.add_message(reply)
    await history.close()

    history = await History.open(file)
    kept = await history.message(reply.id)
    conversation = await history.conversation(chat.id)
    await history.close()
    assert kept is not None
    assert kept.state is State.INTERRUPTED
    assert conversation is not None
    assert conversation.updated_at == 5


async def test_lock_files_of_the_dead_are_removed(file: Path) -> None:
    async with another_process(file, "reply") as process:
        await line_of(process)
    assert len(list(file.parent.glob("running/*.lock"))) == 1

    history = await History.open(file)
    await history.close()
    assert list(file.parent.glob("running/*.lock")) == []


async def test_only_one_process_opens_at_a_time(file: Path, history: History) -> None:
    with opening(file.parent / "running", 1), pytest.raises(HistoryUnavailable, match="another process"):
        await History.open(file, patience=0.1)


async def test_several_processes_make_and_fill_one_file_at_once(file: Path) -> None:
    async def one() -> str:
        async with another_process(file, "messages") as process:
            conversation_id = await line_of(process)
            assert await process.wait() == 0
            return conversation_id

    ids = await asyncio.gather(one(), one(), one())

    history = await History.open(file)
    branches = [await history.branch(conversation_id, limit=1000) for conversation_id in ids]
    await history.close()
    assert [[message.text for message in branch] for branch in branches] == [[str(n) for n in range(100)]] * 3
