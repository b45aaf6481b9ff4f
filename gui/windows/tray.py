"""The icon in the desktop's notification area: its menu, and a mark while something was not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (16, 22, 24, 32, 48, 64)  # px, as desktops ask for them
MARK = QColor("#e5484d")


class Tray(QObject):
    """Signals: toggled() -- the window is to be shown or hidden; new_requested(); quick_requested(); quit_requested().

    What it was clicked with does not matter on desktops that open the menu for any click.
    """

    toggled = Signal()
    new_requested = Signal()
    quick_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        for text, signal in (
            (self.tr("Show or hide GPROChat"), self.toggled.emit),
            (self.tr("New chat"), self.new_requested.emit),
            (self.tr("Quick question"), self.quick_requested.emit),
            ("", None),
            (self.tr("Quit"), self.quit_requested.emit),
        ):
            self._add(text, signal)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.mark(0)
        self.icon.show()

    def _add(self, text: str, do: Callable[[], object] | None) -> None:
        if do is None:
            self.menu.addSeparator()
        else:
            self.menu.addAction(text).triggered.connect(lambda: do())

    def mark(self, unread: int) -> None:
        """So many conversations have something that was not read."""
        base = QApplication.windowIcon()
        self.icon.setIcon(_marked(base) if unread else base)
        self.icon.setToolTip(self.tr("GPROChat – not read: {count}").format(count=unread) if unread else "GPROChat")

    def end(self) -> None:
        self.icon.hide()
        self.icon.deleteLater()
        self.menu.deleteLater()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.toggled.emit()
        elif reason == QSystemTrayIcon.ActivationReason.MiddleClick:
            self.quick_requested.emit()


def _marked(base: QIcon) -> QIcon:
    """With a dot at its lower right, cut out of what is behind it."""
    icon = QIcon()
    for size in SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, base.pixmap(size, size))
        centre, radius = QPointF(size * 0.76, size * 0.76), size * 0.22
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.setBrush(Qt.GlobalColor.black)
        painter.drawEllipse(centre, radius * 1.3, radius * 1.3)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setBrush(MARK)
        painter.drawEllipse(centre, radius, radius)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
