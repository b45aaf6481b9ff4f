"""The conversations, newest first, in groups by date; pages are loaded as they come into sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyledItemDelegate,
)

from gui.override import override
from gui.windows.wording import period, plain_tooltip, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.conversation import Conversation
    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

DISPLAY, ENTRY = 0, 0x100  # Qt.ItemDataRole.DisplayRole, UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: a group's heading (`conversation` is None), or a conversation and where it is answered."""

    text: str
    conversation: Conversation | None = None
    place: str = ""
    running: bool = False


class ConversationsModel(QAbstractListModel):
    """Rows of Entry. Signals: more_wanted() -- the end of what is loaded came into sight."""

    more_wanted = Signal()

    def __init__(self, place_of: Callable[[Conversation], str]) -> None:
        super().__init__()
        self._place_of = place_of
        self._conversations: dict[str, Conversation] = {}
        self._running: set[str] = set()
        self._entries: list[Entry] = []
        self.complete = False

    def put(self, conversations: Sequence[Conversation]) -> None:
        """Add these, or show how they are now."""
        self._conversations.update({one.id: one for one in conversations})
        self._arrange()

    def drop(self, *conversation_ids: str) -> None:
        for conversation_id in conversation_ids:
            self._conversations.pop(conversation_id, None)
        self._arrange()

    def set_running(self, conversation_id: str, *, running: bool) -> None:
        if running:
            self._running.add(conversation_id)
        else:
            self._running.discard(conversation_id)
        self._arrange()

    def get(self, conversation_id: str) -> Conversation | None:
        return self._conversations.get(conversation_id)

    def oldest(self) -> Conversation | None:
        """The last one that is loaded and not pinned."""
        return min(
            (one for one in self._conversations.values() if not one.pinned),
            key=lambda one: (one.updated_at, one.id),
            default=None,
        )

    def row_of(self, conversation_id: str) -> int:
        return next(
            (
                row
                for row, entry in enumerate(self._entries)
                if entry.conversation and entry.conversation.id == conversation_id
            ),
            -1,
        )

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    def _arrange(self) -> None:
        from datetime import datetime

        today = datetime.now().astimezone().date()
        ordered = sorted(
            self._conversations.values(), key=lambda one: (one.pinned, one.updated_at, one.id), reverse=True
        )
        entries: list[Entry] = []
        group = ""
        for one in ordered:
            heading = translate("sidebar", "Pinned") if one.pinned else period(one.updated_at, today)
            if heading != group:
                group = heading
                entries.append(Entry(heading))
            title = one.title or translate("sidebar", "New chat")
            entries.append(Entry(title, one, self._place_of(one), one.id in self._running))
        if len(entries) == len(self._entries):
            changed = [row for row, entry in enumerate(entries) if entry != self._entries[row]]
            self._entries = entries
            for row in changed:
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    @override
    def data(self, index: Index, role: int = DISPLAY) -> Any:
        entry = self._entries[index.row()]
        if role == ENTRY:
            return entry
        if role in {DISPLAY, QtCore.Qt.ItemDataRole.AccessibleTextRole}:
            return entry.text
        if role == QtCore.Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(entry.text)
        return None

    @override
    def flags(self, index: Index) -> QtCore.Qt.ItemFlag:
        if index.isValid() and self._entries[index.row()].conversation is None:
            return QtCore.Qt.ItemFlag.NoItemFlags
        return QtCore.Qt.ItemFlag.ItemIsEnabled | QtCore.Qt.ItemFlag.ItemIsSelectable

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return not self.complete and not parent.isValid() and bool(self._entries)

    @override
    def fetchMore(self, parent: Index) -> None:
        self.more_wanted.emit()


class _Delegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        heading = self._appearance.font(0.82)
        heading.setWeight(QFont.Weight.DemiBold)
        return heading, self._appearance.font(), self._appearance.font(0.84)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        heading, title, place = (QFontMetrics(font) for font in self._fonts())
        if index.data(ENTRY).conversation is None:
            return QSize(10, heading.height() + 20)
        return QSize(10, title.height() + place.height() + 15)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        from PySide6.QtWidgets import QStyle  # 7 ms of enumerations, which the first paint does not wait for

        entry: Entry = index.data(ENTRY)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        heading, title, place = self._fonts()
        colour = self._appearance.colour
        left = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.conversation is None:
            painter.setFont(heading)
            painter.setPen(colour("muted"))
            painter.drawText(area.adjusted(12, 10, -8, 0), left, entry.text)
            painter.restore()
            return
        card = area.adjusted(2, 1, -2, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(colour("selected" if selected else "hover"))
            painter.drawRoundedRect(card, 8, 8)
        text = card.adjusted(10, 5, -10, -6)
        dot = entry.conversation.unread or entry.running
        width = text.width() - (18 if dot else 0)
        metrics = QFontMetrics(title)
        if entry.conversation.unread:
            title.setWeight(QFont.Weight.DemiBold)
        painter.setFont(title)
        painter.setPen(colour("text"))
        line = QRect(text.left(), text.top(), width, metrics.height())
        painter.drawText(
            line, left, QFontMetrics(title).elidedText(entry.text, QtCore.Qt.TextElideMode.ElideRight, width)
        )
        painter.setFont(place)
        painter.setPen(colour("muted"))
        below = QRect(text.left(), line.bottom() + 2, width, QFontMetrics(place).height())
        painter.drawText(
            below, left, QFontMetrics(place).elidedText(entry.place, QtCore.Qt.TextElideMode.ElideRight, width)
        )
        if dot:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            middle = QPoint(text.right() - 4, line.center().y())
            if entry.running:
                painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
                pen = painter.pen()
                pen.setStyle(QtCore.Qt.PenStyle.SolidLine)
                pen.setColor(colour("accent"))
                pen.setWidthF(1.8)
                painter.setPen(pen)
                painter.drawEllipse(middle, 4, 4)
            else:
                painter.drawEllipse(middle, 4, 4)
        painter.restore()


class ConversationList(QListView):
    """Signals: chosen(id); rename_requested(id); pin_requested(id, on); export_requested(id); delete_requested(id)."""

    chosen = Signal(str)
    rename_requested = Signal(str)
    pin_requested = Signal(str, bool)
    export_requested = Signal(str)
    delete_requested = Signal(str)

    def __init__(self, appearance: Appearance, place_of: Callable[[Conversation], str]) -> None:
        super().__init__()
        self.setObjectName("conversations")
        self.setAccessibleName(self.tr("Conversations"))
        self.conversations = ConversationsModel(place_of)
        self.setModel(self.conversations)
        self.setItemDelegate(_Delegate(appearance, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def mark(self, conversation_id: str) -> None:
        """Show which conversation is before the person."""
        row = self.conversations.row_of(conversation_id)
        if row < 0:
            self.clearSelection()
            return
        index = self.conversations.index(row)
        self.selectionModel().setCurrentIndex(index, QtCore.QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def _choose(self, index: QModelIndex) -> None:
        entry: Entry = index.data(ENTRY)
        if entry.conversation is not None:
            self.chosen.emit(entry.conversation.id)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
        conversation = index.data(ENTRY).conversation if index.isValid() else None
        if conversation is None:
            return
        menu = QMenu(self)
        menu.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Rename…"), lambda: self.rename_requested.emit(conversation.id))
        pin = self.tr("Unpin") if conversation.pinned else self.tr("Pin")
        menu.addAction(pin, lambda: self.pin_requested.emit(conversation.id, not conversation.pinned))
        menu.addAction(self.tr("Export…"), lambda: self.export_requested.emit(conversation.id))
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), lambda: self.delete_requested.emit(conversation.id))
        menu.popup(event.globalPos())
