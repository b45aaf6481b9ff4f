"""The program with a conversation of any length in its history.

`python -m tests.bench.programs.long_conversation make DATA_DIR MESSAGES`: writes one. `… open DATA_DIR`: seconds to
open it, the median of OPENINGS, and bytes of memory then. `… prepend DATA_DIR`: the GUI thread's longest turn of the
loop while older messages are loaded above, and how many pixels the reader's place moved. `… theme DATA_DIR`: seconds
of the GUI thread for a change between light and dark, until it is painted.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent

from gui.app import run_window
from gui.conversation import Conversation, Message, Role
from gui.history.store import History
from gui.windows.pages import PAGE
from tests.bench.programs.report import IDLE, memory, say_and_leave
from tests.bench.sample import mixed_markdown

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

OPENINGS = 9
CHANGES = 6
REPLY = 400
"""Characters, about what replies have on average."""


async def make(folder: Path, count: int) -> None:
    history = await History.open(folder / "history.sqlite3")
    text = mixed_markdown(40 * REPLY)
    long, short = Conversation("Long", updated_at=1), Conversation("Short")
    try:
        for conversation, messages in ((long, count), (short, 4)):
            await history.add_conversation(conversation)
            parent = None
            for number in range(messages):
                begin = number % 40 * REPLY
                role = Role.ASSISTANT if number % 2 else Role.USER
                said = text[begin : begin + REPLY] if number % 2 else f"Question {number}, and what I know of it."
                message = Message(conversation.id, role, said, parent)
                await history.add_message(message)
                parent = message.id
    finally:
        await history.close()


def paint(window: MainWindow) -> None:
    QCoreApplication.sendPostedEvents()
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))


async def ids(parts: Parts) -> dict[str, str]:
    """Of the conversations, by their titles."""
    history = await parts.history
    return {one.title: one.id for one in await history.conversations()}


async def open_it(window: MainWindow, parts: Parts) -> None:
    await asyncio.sleep(IDLE)
    known = await ids(parts)
    times = []
    for _ in range(OPENINGS + 1):
        await window.open(known["Short"])
        paint(window)
        await asyncio.sleep(0.1)
        began = time.perf_counter()
        await window.open(known["Long"])
        paint(window)
        times.append(time.perf_counter() - began)
    await asyncio.sleep(1)
    say_and_leave({"seconds": median(times[1:]), "bytes": memory()})


async def prepend(window: MainWindow, parts: Parts) -> None:
    await asyncio.sleep(IDLE)
    await window.open((await ids(parts))["Long"])
    await asyncio.sleep(0.5)
    transcript = window.pane.transcript
    transcript.verticalScrollBar().setValue(100)
    place = transcript.cursorForPosition(transcript.viewport().rect().center())
    top = transcript.cursorRect(place).top()
    turns, drift = [], 0
    before = time.thread_time()
    while len(window.pane.pages.window) < 2 * PAGE:
        await asyncio.sleep(0)
        now = time.thread_time()
        turns.append(now - before)
        drift = max(drift, abs(transcript.cursorRect(place).top() - top))
        before = time.thread_time()
    say_and_leave({"longest": max(turns), "drift": drift})


async def theme(window: MainWindow, parts: Parts) -> None:
    await asyncio.sleep(IDLE)
    await window.open((await ids(parts))["Long"])
    times = []
    for number in range(CHANGES + 2):  # each theme's icons are drawn once
        await asyncio.sleep(0.2)
        began = time.thread_time()
        parts.preferences.set("theme", ("dark", "light")[number % 2])
        paint(window)
        times.append(time.thread_time() - began)
    say_and_leave({"seconds": median(times[2:])})


if sys.argv[1] == "make":
    asyncio.run(make(Path(sys.argv[2]), int(sys.argv[3])))
    say_and_leave({})
else:
    visit = {"open": open_it, "prepend": prepend, "theme": theme}[sys.argv[1]]
    run_window(Path(sys.argv[2]), f"GPROChat {sys.argv[2]}", visit)
