"""A tab taken away by the mouse: onto a group of any window, or out of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDrag, QKeyEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from gui.windows.group import data_of

if TYPE_CHECKING:
    from gui.windows.group import Group
    from gui.windows.pane import Pane


class _Escape(QObject):
    """Notices whether Esc ends a drag, which Qt tells as if it had ended beside all windows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pressed = False
        # Qt's own filter, which keeps the keys to itself, comes with the drag: the one that came last is asked first.
        QTimer.singleShot(0, self, self._watch)

    def _watch(self) -> None:
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.pressed = True
        return False


def drag_out(group: Group, pane: Pane) -> bool:
    """Drag the tab of `pane`; whether it was dropped beside all windows that take it.

    A drag has a loop of its own; a mouse that moves comes from Qt's loop and from no task, so all tasks go on.
    """
    area = group.bar.tabRect(group.indexOf(pane))
    drag = QDrag(group.bar)
    drag.setMimeData(data_of(pane))
    drag.setPixmap(group.bar.grab(area))
    drag.setHotSpot(area.center() - area.topLeft())
    escape = _Escape(drag)
    taken = drag.exec(Qt.DropAction.MoveAction)
    return taken is Qt.DropAction.IgnoreAction and not escape.pressed
