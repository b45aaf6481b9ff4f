"""Keys typed into the composer of the program's window, from the key until its glyph is on the screen.

`python -m tests.bench.programs.typed_beside_replies DATA_DIR PANES PACE`: PANES replies stream at once, half of them in
panes of a second window, PACE tokens a second each, and some more in tabs behind; with 0 panes nothing does. Seconds
from key to glyph, the median and the 95th percentile, by the clock and by what the GUI thread worked meanwhile, which
other programs do not lengthen; how often something was drawn in the tabs behind, and in sight.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from gui.app import run_window
from gui.override import override
from gui.settings.connections import Connection
from gui.windows.group import Side
from tests.bench.programs.report import say_and_leave
from tests.bench.programs.serving import replying

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

PANES, PACE = map(int, sys.argv[2:])
BEHIND = 2
LENGTH = 40_000
KEYS = 200
BETWEEN = 0.0473
"""Seconds between two keys: it meets the frames at no one phase."""


class Paints(QObject):
    """When the input was painted and that was flushed, and how much was in it."""

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self.seen: list[tuple[float, float, int]] = []
        self._pane = pane
        pane.composer.input.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            length = len(self._pane.composer.text)
            QTimer.singleShot(0, lambda: self.seen.append((time.perf_counter(), time.thread_time(), length)))
        return False


class Drawn(QObject):
    """How often something is drawn in panes: painted, or put into the document."""

    def __init__(self, panes: list[Pane]) -> None:
        super().__init__()
        self.count = 0
        for pane in panes:
            for widget in (pane, pane.transcript.viewport()):
                widget.installEventFilter(self)
            pane.transcript.document().contentsChange.connect(self._changed)

    def _changed(self, _position: int, _removed: int, _added: int) -> None:
        self.count += 1

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


def new_pane(window: MainWindow) -> Pane:
    pane = window.workspace.add(window.workspace.group)
    pane.start_new(window.workspace.new_conversation())
    window.workspace.show(pane)
    return pane


async def have_written(window: MainWindow) -> tuple[list[Pane], list[Pane]]:
    """The panes in sight and those behind, a reply in each."""
    behind = [new_pane(window) for _ in range(BEHIND)]
    for pane in behind:
        window.workspace.show(pane)
        await ask(pane)
    seen = []
    for number in range(PANES):
        if number == PANES // 2:
            window.arranging.move_to_window(new_pane(window))
            window.workspace.windows[0].setGeometry(0, 0, 1500, 1100)
        elif number:
            window.arranging.split(Side.RIGHT if number % 2 else Side.BOTTOM)
            window.pane.start_new(window.workspace.new_conversation())
        else:
            new_pane(window)
        seen.append(window.pane)
    for pane in seen:
        await ask(pane)
    assert [pane.isVisible() for pane in (*behind, *seen)] == [False] * BEHIND + [True] * PANES
    return seen, behind


async def ask(pane: Pane) -> None:
    await pane.choose("bench", "bench")
    await pane.send("Write.")


def type_keys(pane: Pane, pressed: list[tuple[float, float]]) -> None:
    """From outside of the GUI thread, as keys come; each press by the clock, and by that thread's."""
    clock = time.pthread_getcpuclockid(threading.main_thread().ident or 0)
    begin = time.perf_counter()
    for number in range(KEYS):
        time.sleep(max(begin + number * BETWEEN - time.perf_counter(), 0))
        pressed.append((time.perf_counter(), time.clock_gettime(clock)))
        letter = "abcdefgh"[number % 8]
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, ord(letter.upper()), Qt.KeyboardModifier.NoModifier, letter)
            QCoreApplication.postEvent(pane.composer.input, key)


async def visit(window: MainWindow, parts: Parts) -> None:
    window.setGeometry(0, 0, 1500, 1100)
    async with replying(LENGTH, max(PACE, 1)) as url:
        parts.connections.save(Connection("bench", "Bench", "openai", url, "bench"))
        seen, behind = await have_written(window) if PANES else ([], [])
        pane = seen[0] if seen else window.pane
        window.workspace.show(pane)
        await asyncio.sleep(1.0)
        drawn_behind, drawn, paints = Drawn(behind), Drawn(seen), Paints(pane)
        pressed: list[tuple[float, float]] = []
        typing = threading.Thread(target=type_keys, args=[pane, pressed])
        typing.start()
        while typing.is_alive() or len(pane.composer.text) < KEYS:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)
        running = len(window.replies)
    assert running == (PANES + BEHIND if PANES else 0), running
    shown = [next(one for one in paints.seen if one[2] > number) for number in range(KEYS)]
    taken = sorted(there[0] - here[0] for here, there in zip(pressed, shown, strict=True))
    worked = sorted(there[1] - here[1] for here, there in zip(pressed, shown, strict=True))
    say_and_leave(
        {
            "median": taken[KEYS // 2],
            "p95": taken[KEYS * 95 // 100],
            "worked": worked[KEYS // 2],
            "worked p95": worked[KEYS * 95 // 100],
            "behind": drawn_behind.count,
            "seen": drawn.count,
        }
    )


run_window(Path(sys.argv[1]), f"GPROChat {sys.argv[1]}", visit)
