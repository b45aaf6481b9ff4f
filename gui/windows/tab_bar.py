"""The tabs of a group: which of them is in front, what each says of its pane, and how they are taken with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTabBar, QToolButton

from gui.override import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from gui.windows.theme import Appearance

LINE = 2  # px of the accent at the active group's tab, and of the mark where a tab will stand
MARK = 13  # px of the spinner
DOT = 8  # px of what tells of something unread
DRAG = 10  # px that the mouse moves with a tab before the tab moves


class CloseButton(QToolButton):
    """Closes its tab. While nobody points at it, it tells whether a reply runs, or something was not read."""

    def __init__(self, appearance: Appearance, angle: Callable[[], int]) -> None:
        """`angle`: the spinner's."""
        super().__init__()
        self._appearance = appearance
        self._angle = angle
        self.running = False
        self.unread = False
        self.setObjectName("closeTab")
        self.setIconSize(QSize(14, 14))
        self.setToolTip(self.tr("Close pane"))
        self.setAccessibleName(self.tr("Close pane"))
        self.redraw()

    def tell(self, *, running: bool, unread: bool) -> None:
        if (running, unread) != (self.running, self.unread):
            self.running, self.unread = running, unread
            self.update()

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.setIcon(self._appearance.icon("close", "muted"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse() or not (self.running or self.unread):
            super().paintEvent(event)
            return
        size = MARK if self.running else DOT
        area = QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)
        accent = self._appearance.colour("accent")
        painter = QPainter(self)
        if self.running:
            from gui.windows.spinner import paint_spinner

            paint_spinner(painter, area, accent, self._angle())
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(area)
        painter.end()


class TabBar(QTabBar):
    """Signals: close_asked(index); rename_asked(index); menu_asked(index, place on the screen); dragged(index)."""

    close_asked = Signal(int)
    rename_asked = Signal(int)
    menu_asked = Signal(int, QPoint)
    dragged = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._pressed: tuple[int, QPoint] | None = None
        self._active = False
        self._insertion: int | None = None
        self.setExpanding(False)

    def set_active(self, *, active: bool) -> None:
        """Whether it is the group that has the keys."""
        if active != self._active:
            self._active = active
            self.update()

    def show_insertion(self, index: int | None) -> None:
        """Mark where a tab that is dragged will stand; None for nowhere."""
        if index != self._insertion:
            self._insertion = index
            self.update()

    def insertion_at(self, place: QPoint) -> int:
        """Before which tab one will stand that is dropped there."""
        return sum(place.x() > self.tabRect(index).center().x() for index in range(self.count()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        accent = self._appearance.colour("accent")
        if self._active and self.count():
            front = self.tabRect(self.currentIndex())
            painter.fillRect(QRect(front.left(), front.top(), front.width() - 1, LINE), accent)
        if self._insertion is not None:
            last = self._insertion == self.count()
            edge = self.tabRect(self.count() - 1).right() if last else self.tabRect(self._insertion).left()
            painter.fillRect(QRect(max(edge - LINE // 2, 0), 0, LINE, self.height()), accent)
        painter.end()

    # -- the mouse ----------------------------------------------------------------------------------------------

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        self._pressed = (self.tabAt(place), place) if self.tabAt(place) >= 0 else None
        if event.button() is not QtCore.Qt.MouseButton.MiddleButton:
            super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        left = bool(event.buttons() & QtCore.Qt.MouseButton.LeftButton)
        if self._pressed is None or not left:
            super().mouseMoveEvent(event)
            return
        index, place = self._pressed
        if (event.position().toPoint() - place).manhattanLength() >= DRAG:
            self._pressed = None
            self.dragged.emit(index)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if event.button() is not QtCore.Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)
        elif pressed is not None and self.tabAt(event.position().toPoint()) == pressed[0]:
            self.close_asked.emit(pressed[0])

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.tabAt(event.position().toPoint())
        if index >= 0 and event.button() is QtCore.Qt.MouseButton.LeftButton:
            self.rename_asked.emit(index)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # By the key it is asked for the tab in front.
        by_key = event.reason() is event.Reason.Keyboard
        index = self.currentIndex() if by_key else self.tabAt(event.pos())
        place = self.mapToGlobal(self.tabRect(index).bottomLeft()) if by_key else event.globalPos()
        if index >= 0:
            self.menu_asked.emit(index, place)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Show those that have no room, and leave the one in front there."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        name = "ScrollLeftButton" if turned > 0 else "ScrollRightButton"
        button = self.findChild(QToolButton, name)
        if turned and button is not None and button.isVisible() and button.isEnabled():
            button.click()
        event.accept()
