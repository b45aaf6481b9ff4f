"""The program's window while a server in a process of its own writes a reply.

`python -m tests.bench.programs.answered_window DATA_DIR`: seconds from a token's being written to the socket to its
being in the document, the median and the 99th percentile.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

from gui.app import run_window
from gui.conversation import State
from tests.bench.programs.report import say_and_leave
from tests.bench.programs.serving import prepare, serving

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

PATIENCE = 60.0
"""Seconds for the whole reply."""


class Arrivals:
    """When each token came to be in the document. Tokens are numbered words: w0 w1 w2 …"""

    def __init__(self, document: QTextDocument) -> None:
        self.times: list[float] = []
        self._document = document
        document.contentsChange.connect(self._changed)

    def _changed(self, _position: int, _removed: int, _added: int) -> None:
        arrived = time.perf_counter()
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        words = re.findall(r"\bw(\d+)\b", cursor.block().text())
        if words:
            self.times.extend([arrived] * (int(words[-1]) + 1 - len(self.times)))


async def visit(window: MainWindow, parts: Parts) -> None:
    async with serving("words") as server:
        pane = await prepare(window, parts, server.url)
        arrivals = Arrivals(pane.transcript.document())
        async with asyncio.timeout(PATIENCE):
            pane.composer.button.click()
            written = (await server.written())["tokens"]
            while not (reply := pane.last_reply()) or reply.state is State.RUNNING:
                await asyncio.sleep(0.05)
    assert len(arrivals.times) == len(written), (len(arrivals.times), len(written), reply)
    taken = sorted(there - here for here, there in zip(written, arrivals.times, strict=True))
    say_and_leave({"median": taken[len(taken) // 2], "p99": taken[len(taken) * 99 // 100]})


run_window(Path(sys.argv[1]), f"GPROChat {sys.argv[1]}", visit)
