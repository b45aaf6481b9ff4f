"""The moment from which nothing keeps the window from being seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

from gui.override import override

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

PATIENCE = 1000
"""Milliseconds after which a window that is not painted (minimised, on another workspace) is not waited for."""


def paint(window: QWidget) -> None:
    """Show `window` and return when all of it is painted. Keys and clicks wait for the event loop that comes next."""
    loop = QEventLoop()
    _FirstPaint(window, loop)
    window.show()
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


class _FirstPaint(QObject):
    """Quits `loop` when `window` has been painted for the first time."""

    def __init__(self, window: QWidget, loop: QEventLoop) -> None:
        super().__init__(loop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(loop.quit)
        self._timer.start(PATIENCE)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._timer.start(0)  # what is inside of the window is painted after it
        return False
