"""A group of panes in tabs, one in front; and where a tab that is dragged over it will be."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QMimeData, QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QFrame, QTabBar, QTabWidget

from gui.override import override
from gui.windows.pane import Pane
from gui.windows.tab_bar import CloseButton, TabBar
from gui.windows.wording import one_line, plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

    from gui.windows.theme import Appearance

MIME = "application/x-gprochat-pane"
EDGE = 0.3  # of the width or the height: a tab that is dropped there splits the group


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"

    @property
    def is_vertical(self) -> bool:
        return self in {Side.TOP, Side.BOTTOM}

    @property
    def is_before(self) -> bool:
        return self in {Side.LEFT, Side.TOP}


def data_of(pane: Pane) -> QMimeData:
    """What is dragged: it means something in this process alone."""
    data = QMimeData()
    data.setData(MIME, _key(pane).encode())
    return data


def _key(pane: Pane) -> str:
    return f"{os.getpid()} {id(pane)}"


def pane_of(data: QMimeData, panes: list[Pane]) -> Pane | None:
    """The one that is dragged, if it is among `panes`."""
    key = bytes(data.data(MIME).data()).decode("ascii", "replace")
    return next((pane for pane in panes if _key(pane) == key), None)


class Group(QTabWidget):
    """Signals: shown(Pane) -- it is in front now; close_asked(Pane); rename_asked(Pane); menu_asked(Pane, place on the
    screen); dragged(Pane); dropped(QMimeData, where) -- an index among the tabs, or a Side to split to.
    """

    shown = Signal(object)
    close_asked = Signal(object)
    rename_asked = Signal(object)
    menu_asked = Signal(object, QPoint)
    dragged = Signal(object)
    dropped = Signal(object, object)

    def __init__(self, appearance: Appearance, angle: Callable[[], int]) -> None:
        """`angle`: the spinner's."""
        super().__init__()
        self._appearance = appearance
        self._angle = angle
        self._mark: QFrame | None = None
        self.bar = TabBar(appearance)
        self.setTabBar(self.bar)
        self.setDocumentMode(True)
        self.bar.setDrawBase(False)  # the document mode wants it
        self.setAcceptDrops(True)
        self.currentChanged.connect(lambda index: self.shown.emit(self.widget(index)) if index >= 0 else None)
        self.bar.close_asked.connect(lambda index: self.close_asked.emit(self.widget(index)))
        self.bar.rename_asked.connect(lambda index: self.rename_asked.emit(self.widget(index)))
        self.bar.menu_asked.connect(lambda index, place: self.menu_asked.emit(self.widget(index), place))
        self.bar.dragged.connect(lambda index: self.dragged.emit(self.widget(index)))

    # -- what is in it ------------------------------------------------------------------------------------------

    def panes(self) -> list[Pane]:
        return [pane for index in range(self.count()) if isinstance(pane := self.widget(index), Pane)]

    @property
    def pane(self) -> Pane:
        """The one in front."""
        pane = self.currentWidget()
        assert isinstance(pane, Pane)  # noqa: S101 -- the tabs hold nothing else, and never nothing
        return pane

    def add(self, pane: Pane, index: int = -1) -> None:
        """A pane at this place of the tabs, or behind the others."""
        button = CloseButton(self._appearance, self._angle)
        button.clicked.connect(lambda: self.close_asked.emit(pane))
        at = self.insertTab(index, pane, "")
        self.bar.setTabButton(at, QTabBar.ButtonPosition.RightSide, button)
        self.name(pane, running=False)
        pane.redraw()

    def take(self, pane: Pane) -> None:
        """It is no longer here; whoever takes it gives it another place."""
        index = self.indexOf(pane)
        button = self._button(index)
        self.removeTab(index)
        pane.setParent(None)
        if button is not None:
            button.deleteLater()

    def name(self, pane: Pane, *, running: bool) -> None:
        """Say in its tab which conversation is in a pane, and how that does."""
        index = self.indexOf(pane)
        title = one_line(pane.conversation.title)
        text = title.replace("&", "&&")
        if self.tabText(index) != text:
            self.setTabText(index, text)
            self.setTabToolTip(index, plain_tooltip(title))
        unread = pane.conversation.unread
        told = self.tr("a reply is being written") if running else self.tr("not read") if unread else ""
        self.bar.setAccessibleTabName(index, f"{title}, {told}" if told else title)
        button = self._button(index)
        if button is not None:
            button.tell(running=running, unread=unread)

    def turn(self) -> None:
        """The spinner has turned."""
        for index in range(self.count()):
            button = self._button(index)
            if button is not None and button.running:
                button.update()

    def redraw(self) -> None:
        """After the theme or the zoom changed. What is not seen is drawn anew when it is shown."""
        for index, pane in enumerate(self.panes()):
            pane.redraw_when_seen()
            button = self._button(index)
            if button is not None:
                button.redraw()

    def _button(self, index: int) -> CloseButton | None:
        button = self.bar.tabButton(index, QTabBar.ButtonPosition.RightSide)
        return button if isinstance(button, CloseButton) else None

    # -- tabs that are dragged ----------------------------------------------------------------------------------

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()
        place = event.position().toPoint()
        over_tabs = place.y() < self._pages().top()
        target = self.target(place)
        self.bar.show_insertion(target if over_tabs and isinstance(target, int) else None)
        self._show_mark(None if over_tabs else self._room(target))

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_nothing()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._show_nothing()
        self.dropped.emit(event.mimeData(), self.target(event.position().toPoint()))

    def target(self, place: QPoint) -> int | Side:
        """Where a tab goes that is dropped there: before which tab, or into a half of its own."""
        pages = self._pages()
        if place.y() < pages.top():
            return self.bar.insertion_at(self.bar.mapFrom(self, place))
        x, y = (place.x() - pages.left()) / pages.width(), (place.y() - pages.top()) / pages.height()
        distances = {Side.LEFT: x, Side.RIGHT: 1 - x, Side.TOP: y, Side.BOTTOM: 1 - y}
        side = min(distances, key=lambda one: distances[one])
        return side if distances[side] < EDGE else self.count()

    def _pages(self) -> QRect:
        return self.rect().adjusted(0, self.bar.height(), 0, 0)

    def _room(self, target: int | Side) -> QRect:
        """That a tab will have which is dropped there."""
        area = self._pages()
        half = QSize(area.width() // 2, area.height() // 2)
        match target:
            case Side.LEFT:
                area.setWidth(half.width())
            case Side.RIGHT:
                area.setLeft(area.right() - half.width())
            case Side.TOP:
                area.setHeight(half.height())
            case Side.BOTTOM:
                area.setTop(area.bottom() - half.height())
        return area

    def _show_nothing(self) -> None:
        self.bar.show_insertion(None)
        self._show_mark(None)

    def _show_mark(self, area: QRect | None) -> None:
        if area is None:
            if self._mark is not None:
                self._mark.hide()
            return
        if self._mark is None:
            self._mark = QFrame(self)
            self._mark.setObjectName("dropMark")
            self._mark.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mark.setGeometry(area.adjusted(4, 4, -4, -4))
        self._mark.show()
        self._mark.raise_()
