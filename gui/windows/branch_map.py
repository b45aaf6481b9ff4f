"""An overview of a conversation's branches: a row for each message, walked by keys, the branch on show marked."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.conversation import Role, State
from gui.markdown.plain import plain_text
from gui.windows.wording import clock, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.history.outline import Node, Twig
    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

WIDTH, HEIGHT = 760, 620  # px at the most
TWIG = Qt.ItemDataRole.UserRole
STEP = 18  # px from one depth to the next
DEEPEST = 12  # depths that are told apart: what is further aside stands no further to the right
DOT = 4  # px from the middle of a dot to its edge
PAD = 12  # px
AUTHOR = 0.28  # of the room, at the most


class BranchMap(QFrame):
    """Above the rest of the window, in its middle, until it is left.

    Signals: chosen(message id); left() -- without a choice. `author` says who wrote a message.
    """

    chosen = Signal(str)
    left = Signal()

    def __init__(self, appearance: Appearance, window: QWidget, author: Callable[[Node], str]) -> None:
        super().__init__(window)
        self.setObjectName("searchPanel")
        self._appearance = appearance
        self._window = window
        self._title = QLabel()
        self._title.setObjectName("mapTitle")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._hint = QLabel(
            self.tr("Enter shows a branch · ← to what was answered · → to the first reply · Esc closes")
        )
        self._hint.setObjectName("searchNote")
        self._hint.setWordWrap(True)
        self.rows = _Rows(author)
        self.list = QListView()
        self.list.setObjectName("searchHits")
        self.list.setAccessibleName(self.tr("Branches of this chat"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(_Delegate(appearance, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._choose)
        self.list.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAD, PAD, PAD, 10)
        layout.setSpacing(8)
        for part in (self._title, self.list, self._hint):
            layout.addWidget(part)
        layout.setStretch(1, 1)
        window.installEventFilter(self)
        self.hide()

    def open(self, twigs: Sequence[Twig], at: str) -> None:
        """Show these, the message of the id `at` chosen."""
        self.rows.show(twigs)
        font = self._appearance.font(1.08)
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        followed = {twig.node.parent_id for twig in twigs}
        ends = sum(twig.node.id not in followed for twig in twigs)
        self._title.setText(
            self.tr("Branches of this chat: {branches} · messages: {messages}").format(
                branches=ends, messages=len(twigs)
            )
        )
        self._place()
        self.show()
        self.raise_()
        self.list.setFocus()
        self._go_to(self.rows.place(at))

    def leave(self) -> None:
        """Close it without a choice."""
        self._close()
        self.left.emit()

    def _close(self) -> None:
        self.hide()
        self.deleteLater()

    def _go_to(self, place: int) -> None:
        if place >= 0:
            index = self.rows.index(place)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _choose(self, index: Index) -> None:
        if index.isValid():
            self._close()
            twig: Twig = index.data(TWIG)
            self.chosen.emit(twig.node.id)

    def _place(self) -> None:
        zoom, window = self._appearance.zoom, self._window
        width = min(WIDTH * zoom // 100, window.width() - 24)
        height = min(HEIGHT * zoom // 100, window.height() - 48)
        self.setGeometry((window.width() - width) // 2, max((window.height() - height) // 3, 12), width, height)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is not self.list:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut and self._window.isActiveWindow():
            self._close()  # somebody clicked beside it
        if event.type() == QEvent.Type.ShortcutOverride:
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            event.setAccepted(escape)  # it leaves the panel, and does not stop the reply
            return escape
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        index = self.list.currentIndex()
        match event.key():
            case Qt.Key.Key_Escape:
                self.leave()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._choose(index)
            case Qt.Key.Key_Left if index.isValid():
                twig: Twig = index.data(TWIG)
                self._go_to(self.rows.place(twig.node.parent_id or ""))
            case Qt.Key.Key_Right if index.isValid():
                self._go_to(self.rows.first_below(index.row()))
            case _:
                return False
        return True


class _Rows(QAbstractListModel):
    def __init__(self, author: Callable[[Node], str]) -> None:
        super().__init__()
        self.author = author
        self.all: Sequence[Twig] = ()
        self._places: dict[str, int] = {}

    def show(self, twigs: Sequence[Twig]) -> None:
        self.beginResetModel()
        self.all = twigs
        self._places = {twig.node.id: place for place, twig in enumerate(twigs)}
        self.endResetModel()

    def place(self, message_id: str) -> int:
        """-1 if it is not there."""
        return self._places.get(message_id, -1)

    def first_below(self, place: int) -> int:
        """Of what answers the message there; -1 if nothing does."""
        below = place + 1
        answers = below < len(self.all) and self.all[below].node.parent_id == self.all[place].node.id
        return below if answers else -1

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self.all)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        twig = self.all[index.row()]
        if role == TWIG:
            return twig
        if role == Qt.ItemDataRole.DisplayRole:
            return text_of(twig.node)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (self.author(twig.node), text_of(twig.node), clock(twig.node.created_at))
            return ", ".join((*said, translate("BranchMap", "on show")) if twig.on_show else said)
        return None


def text_of(node: Node) -> str:
    """What its row says."""
    line = _line(node.beginning, is_markdown=node.role is Role.ASSISTANT)
    if line:
        return line
    if node.state is State.RUNNING:
        return translate("BranchMap", "(being written)")
    return translate("BranchMap", "(no text)")


@lru_cache(maxsize=500)
def _line(beginning: str, *, is_markdown: bool) -> str:
    return " ".join((plain_text(beginning) if is_markdown else beginning).split())


class _Delegate(QStyledItemDelegate):
    """Lines at the left say what goes on from where; then who it was, how it begins, and when that was."""

    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(10, QFontMetrics(self._appearance.font()).height() + 12)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rows = index.model()
        assert isinstance(rows, _Rows)  # noqa: S101 -- ours, set above
        twig = rows.all[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("selected" if selected else "hover"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 7, 7)
        self._paint_lines(painter, area, rows, index.row())
        left = area.left() + PAD + (min(twig.depth, DEEPEST) + 1) * STEP
        self._paint_words(painter, area.adjusted(left - area.left(), 0, -PAD, 0), twig, rows.author(twig.node))
        painter.restore()

    def _paint_lines(self, painter: QPainter, area: QRect, rows: _Rows, place: int) -> None:
        twig = rows.all[place]
        middle, depth = area.center().y() + 0.5, min(twig.depth, DEEPEST)

        def x_of(level: int) -> float:
            return area.left() + PAD + level * STEP + DOT

        for level in range(depth + 1):
            on_show = level == 0 and (twig.on_show or depth > 0)
            colour = self._appearance.colour("accent" if on_show else "line_strong")
            painter.setPen(QPen(colour, 2 if on_show else 1.2))
            comes = place > 0 and (level < depth or not twig.begins)
            goes = level < depth or twig.goes_on
            top, bottom = area.top() if comes else middle, area.bottom() + 1 if goes else middle
            if top < bottom:
                painter.drawLine(QPointF(x_of(level), top), QPointF(x_of(level), bottom))
        if twig.begins and depth:
            painter.setPen(QPen(self._appearance.colour("line_strong"), 1.2))
            painter.drawLine(QPointF(x_of(depth - 1), middle), QPointF(x_of(depth), middle))
        accent = self._appearance.colour("accent" if twig.on_show else "line_strong")
        painter.setPen(QPen(accent, 1.6))
        painter.setBrush(accent if twig.on_show else self._appearance.colour("raised"))
        painter.drawEllipse(QPointF(x_of(depth), middle), DOT, DOT)

    def _paint_words(self, painter: QPainter, area: QRect, twig: Twig, author: str) -> None:
        small, font = self._appearance.font(0.86), self._appearance.font()
        middle = Qt.AlignmentFlag.AlignVCenter
        when = clock(twig.node.created_at)
        painter.setFont(small)
        painter.setPen(self._appearance.colour("muted"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, when)
        area.setRight(area.right() - QFontMetrics(small).horizontalAdvance(when) - PAD)
        for icon, there in (("pin", twig.node.pinned), ("edit", bool(twig.node.note))):
            if there:
                place = QRect(area.right() - 16, area.center().y() - 8, 16, 16)
                self._appearance.icon(icon, "accent").paint(painter, place)
                area.setRight(area.right() - 22)
        small.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(small)
        name = metrics.elidedText(author, Qt.TextElideMode.ElideMiddle, round(area.width() * AUTHOR))
        painter.setFont(small)
        painter.setPen(self._appearance.colour("text" if twig.on_show else "muted"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, name)
        area.setLeft(area.left() + metrics.horizontalAdvance(name) + 10)
        painter.setFont(font)
        text = QFontMetrics(font).elidedText(text_of(twig.node), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, text)
