"""How the rows of the sidebar are painted: headings, folders, and conversations in two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from gui.override import override
from gui.windows.conversations_model import ENTRY
from gui.windows.spinner import paint_spinner

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from gui.windows.conversations_model import Entry
    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

SCROLL_BAR = 9  # px at the right that it may cover
INDENT = 14  # px of what is in a folder
CHEVRON = 14  # px
SPINNER = 12  # px


class RowDelegate(QStyledItemDelegate):
    """`dropping`: the row that what is dragged would go to; -1 for none. `angle`: the spinner's."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.dropping = -1
        self.angle = 0
        self.redraw()

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        font = self._appearance.font
        self._heading, self._title, self._place = font(0.82), font(), font(0.84)
        self._heading.setWeight(QFont.Weight.DemiBold)
        self._folder, self._unread = font(), font()
        self._folder.setWeight(QFont.Weight.Medium)
        self._unread.setWeight(QFont.Weight.DemiBold)
        self._metrics = {
            name: QFontMetrics(getattr(self, name)) for name in ("_heading", "_title", "_place", "_folder", "_unread")
        }

    @property
    def height(self) -> int:
        """Pixels of a conversation's row."""
        return self._metrics["_title"].height() + self._metrics["_place"].height() + 15

    def heading_height(self, *, folder: bool) -> int:
        return self._metrics["_folder"].height() + 14 if folder else self._metrics["_heading"].height() + 20

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        state: QStyle.StateFlag = option.state
        area = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.row() == self.dropping:
            self._paint_card(painter, area, "selected", "accent")
        elif not entry.is_heading or entry.is_folder:
            selected = entry.marked or bool(state & QStyle.StateFlag.State_Selected)
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            if selected or hovered:
                self._paint_card(painter, area, "selected" if selected else "hover")
        if entry.is_folder:
            self._paint_folder(painter, area, entry)
        elif entry.is_heading:
            self._write(painter, "_heading", "muted", area.adjusted(12, 10, -8, 0), entry.text)
        elif entry.conversation is None:
            self._paint_blank(painter, area)
        else:
            self._paint_conversation(painter, area, entry)
        painter.restore()

    def _paint_card(self, painter: QPainter, area: QRect, colour: str, border: str = "") -> None:
        painter.setPen(self._appearance.colour(border) if border else QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.colour(colour))
        painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), 8, 8)

    def _paint_folder(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        assert entry.section is not None  # noqa: S101 -- a folder's heading has one
        inside = area.adjusted(10, 0, -12, 0)
        chevron = QRect(inside.left(), inside.center().y() - CHEVRON // 2, CHEVRON, CHEVRON)
        right_to_left = painter.layoutDirection() == QtCore.Qt.LayoutDirection.RightToLeft
        closed = "chevron-left" if right_to_left else "chevron-right"
        self._appearance.icon("chevron-down" if entry.open else closed, "muted").paint(painter, chevron)
        icon = QRect(chevron.right() + 5, inside.center().y() - 8, 17, 17)
        self._appearance.icon("folder", "muted").paint(painter, icon)
        count = str(entry.section.count) if entry.section.count else ""
        width = self._metrics["_heading"].horizontalAdvance(count)
        number = inside.adjusted(inside.width() - width, 0, 0, 0)
        self._write(painter, "_heading", "faint", number, count)
        name = QRect(icon.right() + 7, inside.top(), number.left() - icon.right() - 13, inside.height())
        self._write(painter, "_folder", "text", name, entry.text)

    def _paint_blank(self, painter: QPainter, area: QRect) -> None:
        """One that is on its way: a grey line where its title will be."""
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.colour("hover"))
        painter.drawRoundedRect(QRect(area.left() + 12, area.center().y() - 4, area.width() * 2 // 3, 8), 4, 4)

    def _paint_conversation(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        conversation = entry.conversation
        assert conversation is not None and entry.section is not None  # noqa: S101, PT018 -- it is loaded
        text = area.adjusted(12 + (INDENT if entry.section.folder else 0), 6, -12, -7)
        dot = conversation.unread or entry.running
        width = text.width() - (18 if dot else 0)
        # Where nothing stands below it, in the middle: nobody knows who answered in what was imported.
        height = self._metrics["_title"].height() if entry.place else text.height()
        line = QRect(text.left(), text.top(), width, height)
        self._write(painter, "_unread" if conversation.unread else "_title", "text", line, entry.text)
        below = QRect(text.left(), line.bottom() + 2, width, self._metrics["_place"].height())
        self._write(painter, "_place", "muted", below, entry.place)
        if dot:
            self._paint_dot(painter, QPoint(text.right() - 4, line.center().y()), running=entry.running)

    def _paint_dot(self, painter: QPainter, middle: QPoint, *, running: bool) -> None:
        accent = self._appearance.colour("accent")
        if running:
            side = SPINNER / 2
            area = QRectF(middle.x() - side, middle.y() - side, SPINNER, SPINNER)
            paint_spinner(painter, area, accent, self.angle)
            return
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(middle, 4, 4)

    def _write(self, painter: QPainter, font: str, colour: str, area: QRect, text: str) -> None:
        painter.setFont(getattr(self, font))
        painter.setPen(self._appearance.colour(colour))
        elided = self._metrics[font].elidedText(text, QtCore.Qt.TextElideMode.ElideRight, area.width())
        middle = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, middle, elided)
