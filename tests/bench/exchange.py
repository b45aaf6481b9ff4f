"""The history as JSON and through a sync folder: how fast, and whether ten times as much takes ten times as long."""

from __future__ import annotations

import asyncio
import random
import time
from statistics import median
from typing import TYPE_CHECKING

from gui.conversation import Conversation, Message, Role, State
from gui.history.exchange import Writer, read
from gui.history.record import Record
from gui.history.store import History
from gui.history.sync import Sync
from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from tests.bench.surroundings import Surroundings

FEW, MANY = 10_000, 100_000  # messages
LONG_IMPORT = 50_000  # messages
TURNS = 20  # messages of a conversation
LENGTH = 400  # characters of a message
RUNS = 3  # of the few, whose time is the more uncertain one
LINEAR = 1.3
PATIENCE = 300  # ms that a message may wait for an import
BETWEEN = 0.02  # seconds
WORDS = 20_000


def measure(around: Surroundings) -> Iterator[Row]:
    """Messages per second by the clock; whether that is linear by the processor's time, which no other program uses."""
    few = [_measure(around.folder / f"exchange-{run}", FEW) for run in range(RUNS)]
    many = _measure(around.folder / "exchange-many", MANY)
    for what, (seconds, busy) in many.items():
        yield Row(f"{what}: messages per second", MANY / seconds, "/s")
        before = median(run[what][1] for run in few) / FEW
        yield Row(f"{what}: a message at {MANY:,} / at {FEW:,}", busy / MANY / before, "×", LINEAR)
    longest = asyncio.run(_wait_meanwhile(around.folder / "exchange-meanwhile"))
    yield Row(f"the longest wait of a message while {LONG_IMPORT:,} come in", longest, "ms", PATIENCE)


def _measure(folder: Path, messages: int) -> dict[str, tuple[float, float]]:
    """Seconds for each thing: by the clock, of the processor."""
    folder.mkdir()
    return asyncio.run(_exchange(folder, messages))


async def _exchange(folder: Path, messages: int) -> dict[str, tuple[float, float]]:
    seconds: dict[str, tuple[float, float]] = {}

    async def timed(what: str, job: Callable[[], Awaitable[object]]) -> None:
        begin, busy = time.perf_counter(), time.process_time()
        await job()
        seconds[what] = time.perf_counter() - begin, time.process_time() - busy

    file, shared = folder / "all.json", folder / "shared"
    shared.mkdir()
    one, other, third = [await History.open(folder / name / "history.sqlite3") for name in ("one", "other", "third")]
    here, there = Sync(one, shared, "here"), Sync(third, shared, "there")
    try:
        await one.take_in(_records(messages))
        await timed("export as JSON", lambda: _export(one, file))
        await timed("import of JSON", lambda: _import(other, file))
        await timed("import of the same again", lambda: _import(other, file))
        await timed("writing to a sync folder", here.round)
        await timed("taking in from a sync folder", there.round)
    finally:
        for sync in (here, there):
            sync.close()
        for history in (one, other, third):
            await history.close()
    return seconds


async def _wait_meanwhile(folder: Path) -> float:
    """Milliseconds until what a person or a reply says is on the disk."""
    history = await History.open(folder / "history.sqlite3")
    chat = Conversation()
    reply = Message(chat.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(reply, chat)
    taking = asyncio.create_task(history.take_in(_records(LONG_IMPORT)))
    longest = 0.0
    try:
        while not taking.done():
            for say in (
                history.add_message(Message(chat.id, Role.USER, "x" * LENGTH)),
                history.append_part(reply.id, "y"),
            ):
                begin = time.perf_counter()
                await say
                longest = max(longest, time.perf_counter() - begin)
            await asyncio.sleep(BETWEEN)
        await taking
    finally:
        await history.close()
    return longest * 1000


async def _export(history: History, file: Path) -> None:
    with file.open("wb") as opened, Writer(opened) as writer:
        for conversation_id in await history.record_ids():
            record = await history.record(conversation_id)
            if record is not None:
                writer.add(record)


async def _import(history: History, file: Path) -> None:
    with file.open("rb") as opened:
        await history.take_in(read(opened))


def _records(messages: int) -> Iterator[Record]:
    """Of words as frequent as in a language: the first is in nearly every message, most are in a few."""
    chance = random.Random(7)
    words = ["".join(chance.choices("eeeettaaoinshrdlcumwfgypbvk", k=chance.randint(2, 9))) for _ in range(WORDS)]
    weights = [1 / rank for rank in range(1, WORDS + 1)]
    stream = " ".join(chance.choices(words, weights, k=LENGTH * 50))
    for number in range(messages // TURNS):
        chat = Conversation(f"Conversation {number}")
        said: list[Message] = []
        for turn in range(TURNS):
            begin = chance.randrange(len(stream) - LENGTH)
            role = Role.ASSISTANT if turn % 2 else Role.USER
            said.append(Message(chat.id, role, stream[begin : begin + LENGTH], said[-1].id if said else None))
        last = said[-1].id
        yield Record(Conversation(chat.title, chat.id, chat.created_at, chat.updated_at, last), tuple(said))
