"""Search over all that was ever said: a field, and below it what is found while it is typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from gui.windows.floating_panel import FloatingPanel, paint_card, paint_pieces
from gui.windows.wording import clock, one_line, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.history.search import Hit, Snippet
    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

HIT = Qt.ItemDataRole.UserRole
FILTERS = ("in:", "from:me", "from:model", "model:", "before:", "after:", "pinned:", "in:archive")
"""words.parse's."""


class SearchPanel(FloatingPanel):
    """What was looked for lately is shown until something is typed.

    Signals: typed(text); chosen(Hit).
    """

    typed = Signal(str)
    chosen = Signal(object)

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        self.hits = _Hits()
        super().__init__(appearance, window, self.hits, translate("SearchPanel", "Search all chats"))
        self.list.setAccessibleName(self.tr("What was found"))
        self.list.setItemDelegate(_Delegate(appearance, self.list))
        self.filters = QFrame()
        chips = QHBoxLayout(self.filters)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(5)
        for name in FILTERS:
            chips.addWidget(self._chip(name))
        chips.addStretch()
        self.column.insertWidget(1, self.filters)
        self._recent: Sequence[str] = ()
        self._answered = ""  # what the list is the answer to
        self._entered = False  # Enter was pressed before that
        self.input.textChanged.connect(self._changed)
        self.list.clicked.connect(self._choose)
        self.entered.connect(self._enter)
        self.show_hits([])

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
        self.appear()
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
        self.say(note, instead=typed and not hits)
        if self._entered and hits:
            self._choose(self.list.currentIndex())
        self._entered = False

    def show_trouble(self, sentence: str) -> None:
        self.hits.show([])
        self.say(sentence, instead=True)

    def _choose(self, index: QModelIndex) -> None:
        found = index.data(HIT)
        if isinstance(found, str):
            self.input.setText(found)
        else:
            self.chosen.emit(found)

    def _enter(self) -> None:
        index = self.list.currentIndex()
        if self._answered != self.input.text():
            self._entered = True  # what is listed is the answer to something else
        elif index.isValid():
            self._choose(index)


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
        painter.save()
        text = paint_card(painter, self._appearance, QRect(option.rect), option.state)
        if isinstance(hit, str):
            self._paint_recent(painter, text, hit)
            return
        small = self._appearance.font(0.86)
        painter.setFont(small)
        painter.setPen(self._appearance.colour("muted"))
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
        paint_pieces(painter, self._appearance, pieces, area, font, colour)
