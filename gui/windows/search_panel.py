"""Search over all that was ever said: a field, and below it what is found while it is typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPalette, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.windows.wording import clock, one_line, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.history.search import Hit, Snippet
    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

WIDTH, HEIGHT = 680, 520  # px at the most
HIT = Qt.ItemDataRole.UserRole
FILTERS = ("in:", "from:me", "from:model", "model:", "before:", "after:", "pinned:", "in:archive")
"""words.parse's."""

STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}


class SearchPanel(QFrame):
    """Above the rest of the window, in its middle. What was looked for lately is shown until something is typed.

    Signals: typed(text); chosen(Hit); left() -- without a choice.
    """

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
        self.filters = QFrame()
        chips = QHBoxLayout(self.filters)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(5)
        for name in FILTERS:
            chips.addWidget(self._chip(name))
        chips.addStretch()
        layout.addWidget(self.input)
        layout.addWidget(self.filters)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        self._recent: Sequence[str] = ()
        self._answered = ""  # what the list is the answer to
        self._entered = False  # Enter was pressed before that
        self.input.textChanged.connect(self._changed)
        self.input.installEventFilter(self)
        self.list.clicked.connect(self._choose)
        window.installEventFilter(self)
        self.show_hits([])
        self.hide()

    def _changed(self, text: str) -> None:
        self._entered = False
        self.typed.emit(text)

    def _chip(self, name: str) -> QToolButton:
        chip = QToolButton()
        chip.setObjectName("chip")
        chip.setText(name)
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chip.clicked.connect(lambda: self._add_filter(name))
        return chip

    def _add_filter(self, name: str) -> None:
        before = self.input.text().rstrip()
        self.input.setText(f"{before} {name}".lstrip() + ("" if name.endswith(":") and name != "pinned:" else " "))
        self.input.setFocus()

    def open(self, recent: Sequence[str] = ()) -> None:
        """Show it, what was typed last still there, to be typed over; `recent`: what was looked for, the last first."""
        self._recent = recent
        if not self.input.text():
            self.show_hits([])
        self.redraw()
        self._place()
        self.show()
        self.raise_()
        self.input.selectAll()
        self.input.setFocus()
        if self.input.text():
            self.typed.emit(self.input.text())  # there may be more by now

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Of what is typed, the best first; the first one is chosen."""
        typed = bool(self.input.text().strip())
        self._answered = self.input.text()
        self.hits.show(hits if typed else self._recent)
        if hits:
            self.list.setCurrentIndex(self.hits.index(0))
            self.list.scrollToTop()
            note = self.tr("Enter opens, ↑ ↓ choose, Esc leaves")
        elif typed:
            note = self.tr("Nothing was found.")
        else:
            note = self.tr('Words, "a phrase", -without')
        self._say(note, instead=typed and not hits)
        if self._entered and hits:
            self._choose(self.list.currentIndex())
        self._entered = False

    def show_trouble(self, sentence: str) -> None:
        self.hits.show([])
        self._say(sentence, instead=True)

    def _say(self, note: str, *, instead: bool) -> None:
        """Below the list, or `instead` of it."""
        self.note.setText(note)
        self.list.setHidden(instead)
        middle = Qt.AlignmentFlag.AlignCenter
        self.note.setAlignment(middle if instead else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        tall = QSizePolicy.Policy.Expanding if instead else QSizePolicy.Policy.Maximum
        self.note.setSizePolicy(QSizePolicy.Policy.Preferred, tall)

    def _choose(self, index: QModelIndex) -> None:
        found = index.data(HIT)
        if isinstance(found, str):
            self.input.setText(found)
        else:
            self.chosen.emit(found)

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
            if self._answered != self.input.text():
                self._entered = True  # what is listed is the answer to something else
            elif index.isValid():
                self._choose(index)
            return True
        if key in STEPS and self.hits.rowCount():
            row = min(max(self.list.currentIndex().row() + STEPS[key], 0), self.hits.rowCount() - 1)
            self.list.setCurrentIndex(self.hits.index(row))
            return True
        return False


class _Hits(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._hits: Sequence[Hit | str] = ()

    def show(self, hits: Sequence[Hit | str]) -> None:
        """What was found, or what was looked for before."""
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
            if isinstance(hit, str):
                return hit
            return f"{hit.title}: {''.join(text for text, _found in hit.snippet)}"
        return None


class _Delegate(QStyledItemDelegate):
    """Two lines: the title and when, and what was said around the words, which stand out."""

    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hit: Hit | str = index.data(HIT)
        lines = 2 if not isinstance(hit, str) and hit.message_id else 1
        return QSize(10, QFontMetrics(self._appearance.font()).height() * lines + 16 + 3 * (lines - 1))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: Hit | str = index.data(HIT)
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
        if isinstance(hit, str):
            self._paint_recent(painter, text, hit)
            return
        small = self._appearance.font(0.86)
        painter.setFont(small)
        painter.setPen(colour("muted"))
        when = clock(hit.created_at)
        if hit.archived:
            when = translate("SearchPanel", "Archived · {time}").format(time=when)
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
        self._paint_pieces(painter, ((one_line(hit.title), False),), first, title, "text")
        said = ((translate("SearchPanel", "You: "), False), *hit.snippet) if hit.role == "user" else hit.snippet
        second = QRect(text.left(), first.bottom() + 3, text.width(), first.height())
        self._paint_pieces(painter, said, second, self._appearance.font(0.94), "muted")

    def _paint_recent(self, painter: QPainter, area: QRect, typed: str) -> None:
        side = QFontMetrics(self._appearance.font()).height()
        icon = QRect(area.left(), area.center().y() - side // 2, side, side)
        self._appearance.icon("recent", "muted").paint(painter, icon)
        painter.restore()
        self._paint_pieces(
            painter, ((typed, False),), area.adjusted(side + 9, 0, 0, 0), self._appearance.font(), "text"
        )

    def _paint_pieces(self, painter: QPainter, pieces: Snippet, area: QRect, font: QFont, colour: str) -> None:
        line = "".join(text for text, _found in pieces)
        line = QFontMetrics(font).elidedText(line, Qt.TextElideMode.ElideRight, area.width())
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
