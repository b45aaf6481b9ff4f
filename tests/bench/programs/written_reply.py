"""A reply of 100,000 characters at 1,000 tokens a second, over HTTP.

`python -m tests.bench.programs.written_reply program DATA_DIR`: seconds of the program's CPU from the question to the
end of the reply, seconds from the last byte on the socket until all is painted, and bytes of memory then.
`… reader`: the CPU of an aiohttp client that reads the same bytes and does nothing with them.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.programs.report import IDLE, memory, say_and_leave
from tests.bench.programs.serving import prepare, serving

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

REPLY = ("text", "100000", "1000")
PATIENCE = 60.0
"""Seconds for the whole reply."""

REST = 1.0
"""Seconds until what is done after a reply is done."""


async def read() -> None:
    import aiohttp

    async with serving(*REPLY) as server, aiohttp.ClientSession() as session:
        began = time.process_time()
        async with session.post(f"{server.url}/chat/completions", json={"stream": True}) as response:
            async for _data in response.content.iter_any():
                pass
        cpu = time.process_time() - began
        await server.written()
        say_and_leave({"cpu": cpu})


async def visit(window: MainWindow, parts: Parts) -> None:
    from PySide6.QtCore import QEvent, QObject, QTimer
    from typing_extensions import override

    from gui.conversation import State

    class Paints(QObject):
        """When the viewport was painted, and how much there was in the document."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: list[tuple[float, int]] = []

        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                characters = pane.transcript.document().characterCount()
                QTimer.singleShot(0, lambda: self.seen.append((time.perf_counter(), characters)))
            return False

    async with serving(*REPLY) as server:
        await asyncio.sleep(IDLE)
        pane = await prepare(window, parts, server.url)
        paints = Paints()
        pane.transcript.viewport().installEventFilter(paints)
        began = time.process_time()
        async with asyncio.timeout(PATIENCE):
            pane.composer.button.click()
            while not (reply := pane.last_reply()) or reply.state is State.RUNNING:
                await asyncio.sleep(0.05)
            cpu = time.process_time() - began
            last = (await server.written())["last"]
    assert reply.state is State.COMPLETE
    await asyncio.sleep(REST)
    whole = pane.transcript.document().characterCount()
    drawn = next(moment for moment, characters in paints.seen if characters == whole)
    say_and_leave({"cpu": cpu, "drawn": drawn - last, "bytes": memory()})


if sys.argv[1] == "reader":
    asyncio.run(read())
else:
    from gui.app import run_window

    run_window(Path(sys.argv[2]), f"GPROChat {sys.argv[2]}", visit)
