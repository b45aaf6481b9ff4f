"""Files into the history and out of it: how fast, and whether ten times as much takes ten times as long."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import TYPE_CHECKING, Any

from gui.history.store import History
from gui.transfer.export import Form, Wanted, export
from gui.transfer.job import Job
from gui.transfer.take_in import take_in
from gui.transfer.words import Words
from tests.bench.rows import Row
from tests.history.imports import samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.history.record import Record
    from tests.bench.surroundings import Surroundings

FEW, MANY = 250, 2500  # conversations
TURNS = 20  # messages of a conversation
WORDS = ("async", "await", "`code`", "**bold**", "a", "token", "of", "the", "model,", "which", "replies.", "History,")
LENGTH = 70  # words of a message

FORMS = (Form.JSON, Form.MARKDOWN, Form.HTML)


def measure(around: Surroundings) -> Iterator[Row]:
    few, many = (_measure(around.folder / f"transfer-{count}", count) for count in (FEW, MANY))
    for what, seconds in many.items():
        yield Row(f"{what}, messages a second", MANY * TURNS / seconds, "/s")
        yield Row("the same, time a message / with a tenth", seconds / few[what] * FEW / MANY, "×", 2)


def _measure(folder: Path, count: int) -> dict[str, float]:
    """Seconds for each."""
    folder.mkdir()
    file = folder / "conversations.json"
    file.write_text(json.dumps([_conversation(number) for number in range(count)]))
    return asyncio.run(_measure_all(folder, file))


async def _measure_all(folder: Path, file: Path) -> dict[str, float]:
    seconds = {}
    history = await History.open(folder / "history.sqlite3")
    try:
        begin = time.perf_counter()
        await take_in(history, file, Job())
        seconds["importing ChatGPT’s file"] = time.perf_counter() - begin
        for one in await history.all_conversations():  # what was written is in the memory of neither before
            await history.record(one.id)
        for form in FORMS:
            begin = time.perf_counter()
            await _export(history, folder / f"out.{form}", form)
            seconds[f"exporting {form}"] = time.perf_counter() - begin
    finally:
        await history.close()
    return seconds


async def _export(history: History, file: Path, form: Form) -> None:
    loop = asyncio.get_running_loop()

    def record_of(conversation_id: str) -> Record | None:
        return asyncio.run_coroutine_threadsafe(history.record(conversation_id), loop).result()

    job = Job()
    wanted = Wanted(await history.all_conversations(), form, file)
    await job.run(lambda: export(wanted, Words(), record_of, job))


def _conversation(number: int) -> dict[str, Any]:
    chance = random.Random(number)
    mapping = {}
    for turn in range(TURNS):
        text = " ".join(chance.choices(WORDS, k=LENGTH))
        message = samples.gpt_message(("user", "assistant")[turn % 2], samples.gpt_text(text), number * 100 + turn)
        mapping[str(turn)] = samples.gpt_node(str(turn), str(turn - 1) if turn else None, [], message)
    title = f"Conversation {number}"
    return {"title": title, "mapping": mapping, "current_node": str(TURNS - 1), "conversation_id": title}
