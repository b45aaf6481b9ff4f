"""The list of conversations in the sidebar: what is chosen in it, dragged, and asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6 import QtCore
from PySide6.QtCore import QModelIndex, QRect, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gui.history.listing import Kind, View
from gui.override import override
from gui.windows.conversation_rows import RowDelegate
from gui.windows.conversations_model import ENTRY, MIME, ConversationsModel, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QEvent, QPoint
    from PySide6.QtGui import (
        QContextMenuEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QPaintEvent,
        QResizeEvent,
    )

    from gui.conversation import Conversation, Folder
    from gui.history.listing import Section
    from gui.windows.conversation_sections import Span
    from gui.windows.theme import Appearance

NOWHERE = -1
"""The row of what nothing can be dropped on."""

Key: TypeAlias = QtCore.Qt.Key


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person has chosen: conversations, in rows that may not be loaded; or the folder whose heading it is.

    `ids`: of those that are loaded. What is done later is done with these: other rows may stand there by then.
    """

    spans: Sequence[Span] = ()
    count: int = 0
    ids: Sequence[str] = ()
    one: Conversation | None = None
    folder: Folder | None = None


class ConversationList(QTableView):
    """A table of one column: a list would lay out every row again at each change.

    Signals: chosen(id); toggled(folder id); rename_requested(Chosen); delete_requested(Chosen);
    menu_requested(Chosen, QPoint on the screen); moved(Chosen, folder id or "") -- dropped; title_wanted(text, spans)
    -- the first conversation in these whose title begins so, to be told by `title_found`; left() -- the archive or the
    trash.
    """

    chosen = Signal(str)
    toggled = Signal(str)
    rename_requested = Signal(object)
    delete_requested = Signal(object)
    menu_requested = Signal(object, object)
    moved = Signal(object, str)
    left = Signal()
    title_wanted = Signal(str, list)

    def __init__(self, appearance: Appearance, place_of: Callable[[Conversation], str]) -> None:
        super().__init__()
        self.setObjectName("conversations")
        self.setAccessibleName(self.tr("Conversations"))
        self._appearance = appearance
        self._resized: list[int] = []
        self._typed = ""
        self._last_typed = 0.0
        self._looking = 0
        self._opens = False
        self.view = View.MAIN
        self.conversations = ConversationsModel(place_of)
        self.rows = RowDelegate(appearance, self)
        self.setModel(self.conversations)
        self.setItemDelegate(self.rows)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.conversations.modelReset.connect(self._set_heights)
        self.clicked.connect(self._clicked)

    # -- rows -------------------------------------------------------------------------------------------------------

    def _set_heights(self) -> None:
        rows = self.verticalHeader()
        if rows.defaultSectionSize() != self.rows.height:
            rows.setDefaultSectionSize(self.rows.height)
        for row in self._resized:  # they outlive a reset
            rows.resizeSection(row, self.rows.height)
        self._resized = self.conversations.headings()
        for row in self._resized:
            folder = self.conversations.section_of(row).folder is not None
            rows.resizeSection(row, self.rows.heading_height(folder=folder))

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.rows.redraw()
        self._set_heights()
        self.viewport().update()

    def rows_in_sight(self) -> tuple[int, int]:
        """The first and the last, as many as there is room for."""
        first = max(self.rowAt(0), 0)
        return first, first + self.viewport().height() // max(self.rows.height, 1) + 2

    def turn(self, angle: int) -> None:
        """The spinner has turned, where replies are written."""
        self.rows.angle = angle
        self.conversations.turn()

    def mark(self, conversation_id: str) -> None:
        """Show which conversation is before the person."""
        self.conversations.mark(conversation_id)
        row = self.conversations.row_of(conversation_id)
        if row < 0 or self.chosen_now().count > 1:
            return
        index = self.conversations.index(row)
        self.selectionModel().setCurrentIndex(index, QtCore.QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def select(self, conversation_ids: Sequence[str], current: str = "") -> None:
        """Those of them that are loaded; `current` is also a folder's."""
        flag = QtCore.QItemSelectionModel.SelectionFlag
        self.selectionModel().clearSelection()
        for one in conversation_ids:
            if (row := self.conversations.row_of(one)) >= 0:
                self.selectionModel().select(self.conversations.index(row), flag.Select)
        if (row := self.conversations.row_of(current)) >= 0:
            self.selectionModel().setCurrentIndex(self.conversations.index(row), flag.NoUpdate)

    # -- what is chosen ---------------------------------------------------------------------------------------------

    def chosen_now(self) -> Chosen:
        spans = [span for first, last in self._selected() for span in self.conversations.spans(first, last)]
        count = sum(span[2] for span in spans)
        entry = self._current()
        if count == 0:
            return Chosen(folder=entry.section.folder if entry and entry.section and entry.is_folder else None)
        ids = self.chosen_ids()
        return Chosen(spans, count, ids, self.conversations.get(ids[0]) if count == 1 and ids else None)

    def chosen_ids(self) -> list[str]:
        """Of those that are loaded."""
        return [one for first, last in self._selected() for one in self.conversations.ids_between(first, last)]

    def _selected(self) -> list[tuple[int, int]]:
        """The first and last row of each part of the selection."""
        selection = self.selectionModel().selection()
        parts = [selection.at(number) for number in range(selection.count())]
        return [(part.top(), part.bottom()) for part in parts]

    def current_id(self) -> str:
        """Of the conversation or folder that the keys are at; "" if they are at none."""
        entry = self._current()
        one = entry and (entry.conversation or (entry.section and entry.section.folder))
        return one.id if one else ""

    def _current(self) -> Entry | None:
        index = self.currentIndex()
        return index.data(ENTRY) if index.isValid() else None

    def _clicked(self, index: QModelIndex) -> None:
        from PySide6.QtGui import QGuiApplication

        if QGuiApplication.keyboardModifiers() == QtCore.Qt.KeyboardModifier.NoModifier:
            self._activate(index)

    def _activate(self, index: QModelIndex) -> None:
        entry: Entry = index.data(ENTRY)
        if entry.conversation is not None and self.view is not View.TRASH:
            self.chosen.emit(entry.conversation.id)
        elif entry.is_folder and entry.section and entry.section.folder:
            self.toggled.emit(entry.section.folder.id)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == event.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        place = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
        self.menu_requested.emit(self.chosen_now(), place)

    # -- keys -------------------------------------------------------------------------------------------------------

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == event.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # F2 renames what is chosen here, not what is open; Escape leaves a view, and stops no reply.
            leaves = event.key() == Key.Key_Escape and self.view is not View.MAIN
            if leaves or event.key() == Key.Key_F2:
                event.accept()
                return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self._current()
        folder = entry.section.folder if entry and entry.section and entry.is_folder else None
        key = event.key()
        if key == Key.Key_F2:
            self.rename_requested.emit(self.chosen_now())
        elif key == Key.Key_Escape and self.view is not View.MAIN:
            self.left.emit()
        elif key == Key.Key_Delete:
            self.delete_requested.emit(self.chosen_now())
        elif key in {Key.Key_Return, Key.Key_Enter} and self._looking:
            self._opens = True  # what was typed, when it is found
        elif key in {Key.Key_Return, Key.Key_Enter} and self.currentIndex().isValid():
            self._activate(self.currentIndex())
        elif key in {Key.Key_Left, Key.Key_Right} and entry:
            if folder and entry.open == (key == Key.Key_Left):
                self.toggled.emit(folder.id)
            elif key == Key.Key_Left and not folder and entry.section and entry.section.folder:
                self.setCurrentIndex(self.conversations.index(self.conversations.heading_of(self.currentIndex().row())))
        else:
            super().keyPressEvent(event)

    @override
    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: QtCore.Qt.KeyboardModifier
    ) -> QModelIndex:
        """A table's Home and End go along its columns, of which there is one."""
        rows = range(self.conversations.rowCount())
        ends = {QAbstractItemView.CursorAction.MoveHome: rows, QAbstractItemView.CursorAction.MoveEnd: reversed(rows)}
        able = QtCore.Qt.ItemFlag.ItemIsSelectable
        for row in ends.get(cursorAction, ()):
            if self.conversations.flags(index := self.conversations.index(row)) & able:
                return index
        return super().moveCursor(cursorAction, modifiers)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Have the next one found whose title begins with what was typed in a row."""
        import time

        moment = time.monotonic()
        repeated = search == self._typed
        fresh = moment - self._last_typed > 1 or repeated
        self._typed = search if fresh else self._typed + search
        self._last_typed = moment
        self._looking += 1
        self.title_wanted.emit(self._typed, self.conversations.spans_from(max(self.currentIndex().row(), 0) + fresh))

    def title_found(self, section: Section | None, offset: int = 0) -> None:
        """The answer to a `title_wanted`, in their order; no section: there is none."""
        self._looking -= 1
        row = self.conversations.row_at(section, offset) if section else NOWHERE
        if row >= 0:
            self.setCurrentIndex(self.conversations.index(row))
        if self._opens and not self._looking:
            self._opens = False
            if self.currentIndex().isValid():
                self._activate(self.currentIndex())

    # -- dragging ---------------------------------------------------------------------------------------------------

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setAccepted(event.source() is self and event.mimeData().hasFormat(MIME))

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # it scrolls at the edges
        self._show_target(self._target(event.position().toPoint()))
        event.setAccepted(self.rows.dropping != NOWHERE)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._show_target(NOWHERE)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        row = self._target(event.position().toPoint())
        self._show_target(NOWHERE)
        if row == NOWHERE:
            event.ignore()
            return
        # What was dragged is moved by whoever hears of it: nothing is to be removed from here.
        event.setDropAction(QtCore.Qt.DropAction.CopyAction)
        event.accept()
        folder = self.conversations.section_of(row).folder
        self.moved.emit(self.chosen_now(), folder.id if folder else "")

    def _target(self, place: QPoint) -> int:
        """The row of the heading of where what is dropped here would be put."""
        row = self.rowAt(place.y())
        if row < 0 or self.view is not View.MAIN or self.conversations.section_of(row).kind is Kind.PINNED:
            return NOWHERE
        return self.conversations.heading_of(row)

    def _show_target(self, row: int) -> None:
        if row != self.rows.dropping:
            self.rows.dropping = row
            self.viewport().update()

    # -- painting ---------------------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.conversations.rowCount():
            return
        note = {
            View.MAIN: self.tr("Chats will be here."),
            View.ARCHIVE: self.tr("Nothing is archived."),
            View.TRASH: self.tr("The trash is empty."),
        }[self.view]
        painter = QPainter(self.viewport())
        painter.setFont(self._appearance.font(0.94))
        painter.setPen(self._appearance.colour("muted"))
        area = QRect(self.viewport().rect()).adjusted(16, 18, -16, 0)
        wrapped = QtCore.Qt.AlignmentFlag.AlignHCenter | QtCore.Qt.TextFlag.TextWordWrap
        painter.drawText(area, wrapped, note)
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.viewport().update()
