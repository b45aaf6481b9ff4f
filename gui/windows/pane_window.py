"""A window of its own for panes: groups as in the main window, the same menus, no sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Signal
from PySide6.QtWidgets import QMainWindow

from gui.override import override

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QMoveEvent, QResizeEvent
    from PySide6.QtWidgets import QMenu

    from gui.windows.file_drops import FileDrops
    from gui.windows.group_tree import GroupTree


class PaneWindow(QMainWindow):
    """Signals: closed() -- by the person: what is in it is to be closed; placed() -- it was moved or resized."""

    closed = Signal()
    placed = Signal()

    def __init__(self, tree: GroupTree) -> None:
        super().__init__()
        self.tree = tree
        self._file_drops: FileDrops | None = None
        self.setCentralWidget(tree)
        self.resize(760, 680)

    def share(self, menus: Iterable[QMenu], actions: Iterable[QAction], file_drops: FileDrops) -> None:
        """Have the main window's menus and keys here as well; they mean the pane that is before the person."""
        for menu in menus:
            self.menuBar().addAction(menu.menuAction())  # addMenu would have it end with this window
        self.addActions(list(actions))
        self._file_drops = file_drops
        self.setAcceptDrops(True)

    @property
    def geometry_text(self) -> str:
        return self.saveGeometry().toBase64().toStdString()

    def place(self, geometry: str) -> None:
        """Stand where it stood; what is no geometry changes nothing."""
        self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._file_drops is not None:
            self._file_drops.enter(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if self._file_drops is not None:
            self._file_drops.drop(event)

    @override
    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.placed.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.placed.emit()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit()
