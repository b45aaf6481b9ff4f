"""The moment from which nothing keeps the window from being seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow

PATIENCE = 1000
"""Milliseconds after which a window that is not painted (minimised, on another workspace) is not waited for."""


def paint(window: MainWindow) -> None:
    """Show `window` and return when all of it is painted. Keys and clicks wait for the event loop that comes next."""
    loop = QEventLoop()
    timer = QTimer(loop)
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    timer.start(PATIENCE)
    # What is inside of the window is painted after it.
    watching = window.painted.connect(lambda: timer.start(0))
    window.show()
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    window.painted.disconnect(watching)
