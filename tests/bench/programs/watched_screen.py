"""Waits until the screen shows something: `python -m tests.bench.programs.watched_screen`.

Says "ready" when it watches, and then when the middle of the screen was another colour than before, by this machine's
clock. A program of another kind than ours can so be measured from without.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtGui import QGuiApplication

from tests.bench.programs.report import say_and_leave

PAUSE = 0.002  # s
PLACE = 200  # pixels from the corner: within any window, and far from its edge

application = QGuiApplication([])
screen = QGuiApplication.primaryScreen()


def colour() -> int:
    """Of one pixel."""
    return screen.grabWindow(0, PLACE, PLACE, 1, 1).toImage().pixel(0, 0)


before = colour()
sys.stdout.write("ready\n")
sys.stdout.flush()
while colour() == before:
    time.sleep(PAUSE)
say_and_leave({"seconds": time.perf_counter()})
