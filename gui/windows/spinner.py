"""What turns while a reply is written: one for all windows, so that all of them turn alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

STEP = 30  # degrees
PACE = 90  # ms for one
ARC = 270  # degrees that are drawn
WIDTH = 1.8  # px
SIXTEENTHS = 16  # Qt's units of a degree


class Spinner(QObject):
    """Signals: turned(). `angle` in degrees."""

    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(PACE)
        self._timer.timeout.connect(self._turn)

    def set_running(self, *, running: bool) -> None:
        if running != self._timer.isActive():
            (self._timer.start if running else self._timer.stop)()

    def _turn(self) -> None:
        self.angle = (self.angle - STEP) % 360
        self.turned.emit()


def paint_spinner(painter: QPainter, area: QRectF, colour: QColor, angle: int) -> None:
    """In a square, which it touches from inside."""
    pen = QPen(colour)
    pen.setWidthF(WIDTH)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
    half = WIDTH / 2
    painter.drawArc(area.adjusted(half, half, -half, -half), angle * SIXTEENTHS, ARC * SIXTEENTHS)
    painter.restore()
