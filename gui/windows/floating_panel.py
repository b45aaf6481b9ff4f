"""A panel above the rest of a window: a field, below it a list, and a line that says what the keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPalette, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QObject

    from gui.history.search import Snippet
    from gui.windows.theme import Appearance

WIDTH, HEIGHT = 680, 520  # px at the most

STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}


class FloatingPanel(QFrame):
    """In the middle of `window`, seen while its field has the keys. `name` is what the field asks for.

    Signals: entered() -- Enter was pressed; left() -- without a choice.
    """

    entered = Signal()
    left = Signal()

    def __init__(self, appearance: Appearance, window: QWidget, model: QAbstractListModel, name: str) -> None:
        super().__init__(window)
        self.setObjectName("searchPanel")
        self._appearance = appearance
        self._window = window
        self._model = model
        self.input = QLineEdit()
        self.input.setObjectName("searchInput")
        self.input.setAccessibleName(name)
        self.input.setPlaceholderText(name)
        self.input.setClearButtonEnabled(True)
        self.list = QListView()
        self.list.setObjectName("searchHits")
        self.list.setModel(model)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.note = QLabel()
        self.note.setObjectName("searchNote")
        self.note.setWordWrap(True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 12, 12, 10)
        self.column.setSpacing(8)
        self.column.addWidget(self.input)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.note)
        self.input.installEventFilter(self)
        window.installEventFilter(self)
        self.hide()

    def appear(self) -> None:
        """Be seen and have the keys; what was typed last is there to be typed over."""
        self.redraw()
        self._place()
        self.show()
        self.raise_()
        self.input.selectAll()
        self.input.setFocus()

    def say(self, note: str, *, instead: bool) -> None:
        """Below the list, or `instead` of it."""
        self.note.setText(note)
        self.list.setHidden(instead)
        middle = Qt.AlignmentFlag.AlignCenter
        self.note.setAlignment(middle if instead else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        tall = QSizePolicy.Policy.Expanding if instead else QSizePolicy.Policy.Maximum
        self.note.setSizePolicy(QSizePolicy.Policy.Preferred, tall)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.list.setPalette(QPalette(self.palette()))
        self._model.layoutChanged.emit()

    def _place(self) -> None:
        window = self._window
        width = min(WIDTH * self._appearance.zoom // 100, window.width() - 40)
        height = min(HEIGHT * self._appearance.zoom // 100, window.height() - 80)
        self.setGeometry((window.width() - width) // 2, max((window.height() - height) // 4, 30), width, height)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == event.Type.Resize and self.isVisible():
            self._place()
        if watched is self.input and event.type() == event.Type.FocusOut and self._window.isActiveWindow():
            self.hide()  # somebody clicked beside it
        if watched is self.input and event.type() == event.Type.ShortcutOverride:
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            event.setAccepted(escape)  # it leaves the panel, and does not stop the reply
            return escape
        if watched is self.input and isinstance(event, QKeyEvent) and event.type() == event.Type.KeyPress:
            return self._pressed(event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.hide()
            self.left.emit()
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
            return True
        if key in STEPS and self._model.rowCount():
            row = min(max(self.list.currentIndex().row() + STEPS[key], 0), self._model.rowCount() - 1)
            self.list.setCurrentIndex(self._model.index(row))
            return True
        return False


def paint_card(painter: QPainter, appearance: Appearance, area: QRect, state: QStyle.StateFlag) -> QRect:
    """Behind a row of such a list, if it is chosen or pointed at; where its text goes."""
    card = area.adjusted(1, 1, -1, -1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    selected = bool(state & QStyle.StateFlag.State_Selected)
    if selected or state & QStyle.StateFlag.State_MouseOver:
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(appearance.colour("selected" if selected else "hover"))
        painter.drawRoundedRect(card, 8, 8)
        painter.restore()
    return card.adjusted(11, 6, -11, -6)


def paint_pieces(
    painter: QPainter, appearance: Appearance, pieces: Snippet, area: QRect, font: QFont, colour: str
) -> None:
    """A line of text in which what was found stands out."""
    line = "".join(text for text, _found in pieces)
    line = QFontMetrics(font).elidedText(line, Qt.TextElideMode.ElideRight, area.width())
    layout = QTextLayout(line, font)
    marks = []
    place = 0
    for text, found in pieces:
        mark = QTextLayout.FormatRange()
        mark.start, mark.length = place, _units(text)
        look = QTextCharFormat()
        look.setForeground(appearance.colour("text" if found else colour))
        if found:
            look.setBackground(appearance.colour("found"))
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
