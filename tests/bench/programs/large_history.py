"""The program with a history of any size.

`python -m tests.bench.programs.large_history search DATA_DIR COUNT`: milliseconds from a key in the search panel to the
hits in its list, and of the bare SQL, for COUNT searches of each kind. `… sidebar DATA_DIR`: milliseconds until the
first rows are painted, until the last ones are after a pull at the scroll bar, and of the GUI thread for a change of
one conversation. `… store DATA_DIR`: milliseconds of the GUI thread for each message that is stored, the longest turn.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from gui.app import run_window
from gui.conversation import Message, Role, now
from gui.history import search
from gui.history.words import parse
from gui.windows.conversation_sections import Sections
from tests.bench.programs.report import IDLE, say_and_leave

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QAbstractItemModel

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

FILE = "history.sqlite3"
STORED = 300
CHANGES = 50
BETWEEN_KEYS = 0.05
"""Seconds: what the key before had drawn is drawn."""
FIRST_CHINESE = 0x3000  # kana and what follows


class Arrival:
    """When a model got its next rows: by itself, since a task that waits for them goes on after they are painted."""

    def __init__(self, model: QAbstractItemModel, paint: Callable[[], object] = lambda: None) -> None:
        self._event = asyncio.Event()
        self._moment = 0.0
        self._paint = paint
        model.modelReset.connect(self._arrived)

    def clear(self) -> None:
        self._event.clear()

    async def wait(self) -> float:
        """By time.perf_counter()."""
        await self._event.wait()
        return self._moment

    def _arrived(self) -> None:
        if not self._event.is_set():
            self._paint()
            self._moment = time.perf_counter()
            self._event.set()


class Queries:
    """What a person might type, taken out of what was said: as frequent as it is there."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._chance = random.Random(11)
        (self._last,) = connection.execute("SELECT max(number) FROM message").fetchone()
        self.kinds: dict[str, Callable[[], str]] = {
            "1 word": self._word,
            "2 words": lambda: f"{self._word()} {self._word()}",
            "prefix": lambda: self._word()[: self._chance.randint(2, 4)],
            "CJK": self._letters,
        }

    def _text(self, *, spaced: bool) -> str:
        while True:
            number = self._chance.randint(1, self._last)
            (text,) = self._connection.execute("SELECT text FROM message WHERE number = ?", (number,)).fetchone()
            if (ord(text[LENGTH // 2]) < FIRST_CHINESE) == spaced:
                return str(text)

    def _word(self) -> str:
        return self._chance.choice(self._text(spaced=True).split(" ")[1:-1])

    def _letters(self) -> str:
        begin = self._chance.randint(0, LENGTH - 7)
        return self._text(spaced=False)[begin : begin + self._chance.randint(1, 6)]


LENGTH = 400


async def search_it(window: MainWindow, parts: Parts) -> None:
    await asyncio.sleep(IDLE)
    connection = sqlite3.connect(parts.data_dir / FILE)
    queries = Queries(connection)
    panel = window.searching.panel
    panel.open()
    arrived = Arrival(panel.hits)

    def bare(typed: str) -> float:
        values = parse(typed).values | {"folders": "[]", "other_folders": "[]"}
        began = time.perf_counter()
        for statement in (search._TITLES, search._MESSAGES):
            connection.execute(statement, values).fetchall()
        return (time.perf_counter() - began) * 1000

    async def type_last_letter(typed: str) -> float:
        arrived.clear()
        panel.input.setText(typed[:-1])
        await arrived.wait()
        await asyncio.sleep(BETWEEN_KEYS)
        arrived.clear()
        key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, typed[-1])
        began = time.perf_counter()
        QCoreApplication.sendEvent(panel.input, key)
        return (await arrived.wait() - began) * 1000

    report: dict[str, object] = {}
    for kind, make in queries.kinds.items():
        ours, theirs = [], []
        for number in range(int(sys.argv[3])):
            typed = make()
            if number % 2:  # whoever comes second finds the pages of the file in memory
                theirs.append(bare(typed))
            ours.append(await type_last_letter(typed))
            if not number % 2:
                theirs.append(bare(typed))
        report[kind] = {"ours": ours, "bare": theirs}
    say_and_leave(report)


async def show_sidebar(window: MainWindow, parts: Parts) -> None:
    await asyncio.sleep(IDLE)
    shown = window.sidebar.list
    model, bar = shown.conversations, shown.verticalScrollBar()

    def paint() -> None:
        QCoreApplication.sendPostedEvents()
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))

    listed = Arrival(model, shown.viewport().repaint)
    first = []
    for _ in range(CHANGES):
        model.show(Sections(), {})
        paint()
        await asyncio.sleep(BETWEEN_KEYS)
        listed.clear()
        began = time.perf_counter()
        listing = asyncio.ensure_future(window.browsing.list_all())
        first.append(await listed.wait() - began)
        await listing
    last = []
    for _ in range(CHANGES):
        bar.setValue(0)
        await window.browsing.list_all()
        began = time.perf_counter()
        bar.setValue(bar.maximum())
        paint()
        while not model.entry(model.rowCount() - 1).conversation:
            await asyncio.sleep(0)
        paint()
        last.append(time.perf_counter() - began)
    bar.setValue(0)
    await window.browsing.list_all()
    row = next(row for row in range(model.rowCount()) if model.entry(row).conversation)
    changed = []
    for number in range(CHANGES):
        conversation = model.entry(row).conversation
        assert conversation
        began = time.thread_time()
        model.put([replace(conversation, updated_at=now() + number)])
        changed.append(time.thread_time() - began)
        await window.browsing.list_all()
    report: dict[str, object] = {"rows": model.rowCount()}
    for name, seconds in {"first": first, "last": last, "changed": changed}.items():
        report[name] = median(seconds) * 1000
    say_and_leave(report)


async def store(window: MainWindow, parts: Parts) -> None:
    await asyncio.sleep(IDLE)
    history = await parts.history
    conversation = (await history.conversations(limit=1))[0]
    turns = []
    parent = conversation.leaf_id
    text = "What is stored, with words enough to be a message of four hundred characters. " * 5
    for _ in range(STORED):
        message = Message(conversation.id, Role.USER, text, parent)
        before = time.thread_time()
        task = asyncio.ensure_future(history.add_message(message))
        longest = 0.0
        while not task.done():
            await asyncio.sleep(0)
            moment = time.thread_time()
            longest, before = max(longest, moment - before), moment
        turns.append(longest * 1000)
        parent = message.id
    turns.sort()
    say_and_leave({"median": turns[len(turns) // 2], "p99": turns[len(turns) * 99 // 100]})


visit = {"search": search_it, "sidebar": show_sidebar, "store": store}[sys.argv[1]]
run_window(Path(sys.argv[2]), f"GPROChat {sys.argv[2]}", visit)
