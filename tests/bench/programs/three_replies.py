"""The program's window with three panes, in each of which one reply after the other is written, until it is killed.

`python -m tests.bench.programs.three_replies DATA_DIR URL`
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gui.app import run_window
from gui.conversation import new_id
from gui.settings.connections import Connection
from gui.settings.preferences import Preferences

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

PANES = 3


async def talk(window: MainWindow, pane: Pane) -> None:
    while True:
        await pane.send(f"question {new_id()}")
        while window.replies.of(pane.conversation.id):
            await asyncio.sleep(0.002)


async def visit(window: MainWindow, parts: Parts) -> None:
    parts.preferences.set("titles_by_model", False)  # what is asked is what is measured
    parts.connections.save(Connection("test", "Test", "gprochat", sys.argv[2]))
    talking = []
    for _ in range(PANES):
        window.new_chat()
        pane = window.pane
        await pane.choose("test", "")
        talking.append(asyncio.create_task(talk(window, pane)))
        while pane.is_empty:
            await asyncio.sleep(0.002)
    await asyncio.gather(*talking)


data_dir = Path(sys.argv[1])
data_dir.mkdir(exist_ok=True)
# What was open at the start before would be three panes more each time.
Preferences(data_dir / "preferences.json").set("layout", {})
run_window(data_dir, f"GPROChat {data_dir}", visit)
