"""Search over all that was ever said: a field, and below it what is found while it is typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPalette, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.windows.wording import clock, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.history.search import Hit, Snippet
    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

WIDTH, HEIGHT = 680, 520  # px at the most
DELAY = 30  # ms from a key to its search: of keys that come together, the last one counts
HIT = Qt.ItemDataRole.UserRole
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}


class SearchPanel(QFrame):
    """Above the rest of the window, in its middle. Signals: typed(text); chosen(Hit); left() -- without a choice."""

    typed = Signal(str)
    chosen = Signal(object)
    left = Signal()

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("searchPanel")
        self._appearance = appearance
        self._window = window
        self.input = QLineEdit()
        self.input.setObjectName("searchInput")
        self.input.setAccessibleName(self.tr("Search all chats"))
        self.input.setPlaceholderText(self.tr("Search all chats"))
        self.input.setClearButtonEnabled(True)
        self.hits = _Hits()
        self.list = QListView()
        self.list.setObjectName("searchHits")
        self.list.setAccessibleName(self.tr("What was found"))
        self.list.setModel(self.hits)
        self.list.setItemDelegate(_Delegate(appearance, self.list))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.note = QLabel()
        self.note.setObjectName("searchNote")
        self.note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.input)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.typed.emit(self.input.text()))
        self.input.textChanged.connect(lambda: self._timer.start(DELAY))
        self.input.installEventFilter(self)
        self.list.clicked.connect(lambda index: self.chosen.emit(index.data(HIT)))
        window.installEventFilter(self)
        self.show_hits([])
        self.hide()

    def open(self) -> None:
        """Show it, what was typed last still there, to be typed over."""
        self.redraw()
        self._place()
        self.show()
        self.raise_()
        self.input.selectAll()
        self.input.setFocus()
        if self.input.text():
            self.typed.emit(self.input.text())  # there may be more by now

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """The best first; the first one is chosen."""
        self.hits.show(hits)
        if hits:
            self.list.setCurrentIndex(self.hits.index(0))
            self.list.scrollToTop()
            note = self.tr("Enter opens, ↑ ↓ choose, Esc leaves")
        elif self.input.text().strip():
            note = self.tr("Nothing was found.")
        else:
            note = self.tr(
                'Words, "a phrase", -without; also from:me, from:model, model:name, before:2026-01-31, pinned:'
            )
        self.note.setText(note)

    def show_trouble(self, sentence: str) -> None:
        self.hits.show([])
        self.note.setText(sentence)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.list.setPalette(QPalette(self.palette()))
        self.hits.layoutChanged.emit()

    def _place(self) -> None:
        window = self._window
        width = min(WIDTH * self._appearance.zoom // 100, window.width() - 40)
        height = min(HEIGHT * self._appearance.zoom // 100, window.height() - 80)
        self.setGeometry((window.width() - width) // 2, max((window.height() - height) // 4, 30), width, height)

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == event.Type.Resize and self.isVisible():
            self._place()
        if watched is self.input and event.type() == event.Type.FocusOut and self._window.isActiveWindow():
            self.hide()  # somebody clicked beside it
        if watched is self.input and event.type() == event.Type.ShortcutOverride:
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            event.setAccepted(escape)  # it leaves the search, and does not stop the reply
            return escape
        if watched is self.input and isinstance(event, QKeyEvent) and event.type() == event.Type.KeyPress:
            return self._pressed(event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._leave()
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            index = self.list.currentIndex()
            if index.isValid():
                self.chosen.emit(index.data(HIT))
            return True
        if key in STEPS and self.hits.rowCount():
            row = min(max(self.list.currentIndex().row() + STEPS[key], 0), self.hits.rowCount() - 1)
            self.list.setCurrentIndex(self.hits.index(row))
            return True
        return False


class _Hits(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._hits: Sequence[Hit] = ()

    def show(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self._hits)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        hit = self._hits[index.row()]
        if role == HIT:
            return hit
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{hit.title}: {''.join(text for text, _found in hit.snippet)}"
        return None


class _Delegate(QStyledItemDelegate):
    """Two lines: the title and when, and what was said around the words, which stand out."""

    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = 2 if index.data(HIT).message_id else 1
        return QSize(10, QFontMetrics(self._appearance.font()).height() * lines + 16 + 3 * (lines - 1))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: Hit = index.data(HIT)
        state: QStyle.StateFlag = option.state
        colour = self._appearance.colour
        card = QRect(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("selected" if selected else "hover"))
            painter.drawRoundedRect(card, 8, 8)
        text = card.adjusted(11, 6, -11, -6)
        small = self._appearance.font(0.86)
        painter.setFont(small)
        painter.setPen(colour("muted"))
        when = clock(hit.created_at)
        middle = Qt.AlignmentFlag.AlignVCenter
        first = QRect(text.left(), text.top(), text.width(), QFontMetrics(self._appearance.font()).height())
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | middle, when)
        painter.restore()
        title = self._appearance.font()
        title.setWeight(QFont.Weight.DemiBold)
        first.setRight(first.right() - QFontMetrics(small).horizontalAdvance(when) - 16)
        if not hit.message_id:
            self._paint_pieces(painter, hit.snippet, first, title, "text")
            return
        name = hit.title or translate("sidebar", "New chat")
        self._paint_pieces(painter, ((name, False),), first, title, "text")
        said = ((translate("SearchPanel", "You: "), False), *hit.snippet) if hit.role == "user" else hit.snippet
        second = QRect(text.left(), first.bottom() + 3, text.width(), first.height())
        self._paint_pieces(painter, said, second, self._appearance.font(0.94), "muted")

    def _paint_pieces(self, painter: QPainter, pieces: Snippet, area: QRect, font: QFont, colour: str) -> None:
        line = "".join(text for text, _found in pieces)
        layout = QTextLayout(line, font)
        marks = []
        place = 0
        for text, found in pieces:
            mark = QTextLayout.FormatRange()
            mark.start, mark.length = place, _units(text)
            look = QTextCharFormat()
            look.setForeground(self._appearance.colour("text" if found else colour))
            if found:
                look.setBackground(self._appearance.colour("found"))
            mark.format = look
            marks.append(mark)
            place += mark.length
        layout.setFormats(marks)
        layout.beginLayout()
        layout.createLine().setLineWidth(1e6)
        layout.endLayout()
        painter.save()
        painter.setClipRect(area)
        layout.draw(painter, QPoint(area.left(), area.top()))
        painter.restore()


def _units(text: str) -> int:
    """Qt counts in UTF-16."""
    return len(text.encode("utf-16-le")) // 2
