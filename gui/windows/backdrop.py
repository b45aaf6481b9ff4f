"""What stands behind the text of a transcript: cards, bars of quotes, rules, and the headers of code.

It is painted from properties of the text's blocks, in the area that is painted anew and nowhere else: a frame around
each message would cost a streaming reply three times as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QTextBlock, QTextCursor, QTextTable

from gui.markdown.document import (
    CARD,
    CARD_KIND,
    CARD_PADDING,
    CELL_PADDING,
    CODE_HEADER,
    FOLD,
    GRID,
    LANGUAGE,
    QUOTE_INDENT,
    QUOTES,
    RULE,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTextEdit

    from gui.windows.theme import Appearance

translate = QCoreApplication.translate


class Backdrop:
    """Of `edit`, which paints it before its text."""

    def __init__(self, edit: QTextEdit, appearance: Appearance) -> None:
        self._edit = edit
        self._appearance = appearance
        self._copy_buttons: list[tuple[QRect, int]] = []  # with the first block's number

    def paint(self, area: QRect) -> None:
        """Fill `area` of the viewport, all but its text."""
        painter = QPainter(self._edit.viewport())
        painter.fillRect(area, self._appearance.colour("base"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._copy_buttons = [one for one in self._copy_buttons if not area.intersects(one[0])]
        block = self._first_block(area)
        while block.isValid() and self._rectangle(block).top() <= area.bottom() + CODE_HEADER:
            block = self._paint_behind(painter, block, area.bottom())
        painter.end()

    def move(self, dx: int, dy: int) -> None:
        """The viewport is scrolled: what is moved by its pixels is not painted again."""
        sight = self._edit.viewport().rect()
        moved = ((area.translated(dx, dy), number) for area, number in self._copy_buttons)
        self._copy_buttons = [one for one in moved if sight.intersects(one[0])]

    def forget(self) -> None:
        """All of it will be painted anew."""
        self._copy_buttons.clear()

    def copy_button(self, place: QPoint) -> int | None:
        """The number of the first block of the code whose Copy is at this place of the viewport."""
        return next((number for area, number in self._copy_buttons if area.contains(place)), None)

    def code_at(self, block_number: int) -> str:
        """The text of the code card that begins with this block."""
        block = self._edit.document().findBlockByNumber(block_number)
        card = block.blockFormat().intProperty(CARD)
        lines = []
        while block.isValid() and block.blockFormat().intProperty(CARD) == card:
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    def _first_block(self, area: QRect) -> QTextBlock:
        """The one before the first in `area`: margins belong to no block, and a card that begins above may show."""
        bar = self._edit.verticalScrollBar()
        if bar.maximum() - bar.value() < area.height():  # Qt would look from the beginning of a long document
            block = self._edit.document().lastBlock()
            while block.previous().isValid() and self._rectangle(block).top() > area.top():
                block = block.previous()
        else:
            block = self._edit.cursorForPosition(area.topLeft()).block()
        return block.previous() if block.previous().isValid() else block

    def _rectangle(self, block: QTextBlock) -> QRectF:
        """The block's text in the viewport."""
        offset = QPointF(0, self._edit.verticalScrollBar().value())
        return self._edit.document().documentLayout().blockBoundingRect(block).translated(-offset)

    def _paint_behind(self, painter: QPainter, block: QTextBlock, bottom: int) -> QTextBlock:
        """Paint what belongs behind `block`, or behind all of its card that is in sight; return the next one."""
        look = block.blockFormat()
        card = look.intProperty(CARD)
        if card:
            return self._paint_card(painter, block, card, bottom + CODE_HEADER)
        if look.hasProperty(GRID):
            return self._paint_table(painter, block)
        if look.hasProperty(FOLD):
            self._paint_fold(painter, self._rectangle(block), is_open=look.property(FOLD) == "open")
            return block.next()
        if not look.hasProperty(RULE) and not look.hasProperty(QUOTES):
            return block.next()
        rectangle = self._rectangle(block)
        right = self._edit.viewport().width() - self._edit.document().documentMargin()
        left = self._edit.document().documentMargin()
        if look.property(RULE):
            painter.setPen(QPen(self._appearance.colour("line_strong"), 1))
            middle = rectangle.center().y()
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        quotes = look.intProperty(QUOTES)
        if quotes:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("quote_bar"))
            follows = block.previous().blockFormat().intProperty(QUOTES) >= 1
            top = rectangle.top() - (look.topMargin() if follows else 0)
            for level in range(quotes):
                bar = QRectF(left + level * QUOTE_INDENT + 2, top, 3, rectangle.bottom() - top)
                painter.drawRoundedRect(bar, 1.5, 1.5)
        return block.next()

    def _paint_fold(self, painter: QPainter, line: QRectF, *, is_open: bool) -> None:
        side = QFontMetrics(self._appearance.font()).ascent()
        place = QPointF(self._edit.document().documentMargin() + side / 2, line.center().y())
        painter.save()
        painter.translate(place)
        painter.rotate(0 if is_open else -90)
        icon = QRectF(-side / 2, -side / 2, side, side).toRect()
        self._appearance.icon("chevron-down", "muted").paint(painter, icon)
        painter.restore()

    def _paint_table(self, painter: QPainter, block: QTextBlock) -> QTextBlock:
        """The lines of the table around `block`, and the ground of its header; the block after it."""
        table = QTextCursor(block).currentTable()
        columns = [_cell(table, 0, column) for column in range(table.columns())]
        bottoms = [self._rectangle(_cell(table, table.rows() - 1, column)).bottom() for column in range(len(columns))]
        ys = [self._rectangle(_cell(table, row, 0)).top() - CELL_PADDING for row in range(table.rows())]
        xs = [self._rectangle(cell).left() - CELL_PADDING for cell in columns]
        right = xs[-1] + 2 * CELL_PADDING + columns[-1].layout().lineAt(0).width()
        ys = [round(y) + 0.5 for y in (*ys, max(bottoms) + CELL_PADDING)]  # in the middle of a pixel
        xs = [round(x) + 0.5 for x in (*xs, right - 1)]
        continues = bool(table.format().property(GRID))
        if not continues:
            painter.fillRect(QRectF(xs[0], ys[0], xs[-1] - xs[0], ys[1] - ys[0]), self._appearance.colour("code_back"))
        painter.setPen(QPen(self._appearance.colour("line_strong"), 1))
        for y in ys[continues:]:
            painter.drawLine(QPointF(xs[0], y), QPointF(xs[-1], y))
        for x in xs:
            painter.drawLine(QPointF(x, ys[0]), QPointF(x, ys[-1]))
        return QTextCursor(table.lastCursorPosition()).block().next()

    def _paint_card(self, painter: QPainter, block: QTextBlock, card: int, bottom: int) -> QTextBlock:
        first = block
        before = first.previous()
        begins = before.blockFormat().intProperty(CARD) != card
        area = self._rectangle(first)
        last = first
        while last.next().blockFormat().intProperty(CARD) == card and area.bottom() < bottom:
            last = last.next()
            area = area.united(self._rectangle(last))
        ends = last.next().blockFormat().intProperty(CARD) != card
        look = first.blockFormat()
        code = look.property(CARD_KIND) == "code"
        margin = self._edit.document().documentMargin()
        area.setLeft(margin + look.leftMargin() - CARD_PADDING)
        area.setRight(self._edit.viewport().width() - margin)
        # A card that goes on out of sight is drawn beyond the edge, so that its corners do not show.
        padding = CARD_PADDING * 0.6
        area.adjust(
            0,
            -(CODE_HEADER if code else padding) if begins else -CODE_HEADER,
            0,
            padding if ends else CODE_HEADER,
        )
        if code:
            painter.setPen(QPen(self._appearance.colour("code_line"), 1))
            painter.setBrush(self._appearance.colour("code_back"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("bubble"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        if code and begins:
            self._paint_code_header(painter, area, first)
        return last.next()

    def _paint_code_header(self, painter: QPainter, area: QRectF, first: QTextBlock) -> None:
        painter.setFont(self._appearance.font(0.84))
        painter.setPen(self._appearance.colour("muted"))
        header = QRectF(area.left() + CARD_PADDING, area.top(), area.width() - 2 * CARD_PADDING, CODE_HEADER - 3)
        middle = Qt.AlignmentFlag.AlignVCenter
        language = str(first.blockFormat().property(LANGUAGE) or "")
        painter.drawText(header, middle | Qt.AlignmentFlag.AlignLeft, language)
        copy = translate("Backdrop", "Copy")
        width = painter.fontMetrics().horizontalAdvance(copy)
        painter.drawText(header, middle | Qt.AlignmentFlag.AlignRight, copy)
        icon = QRectF(header.right() - width - 20, header.center().y() - 8, 16, 16).toRect()
        self._appearance.icon("copy", "muted").paint(painter, icon)
        button = QRectF(icon.left() - 4, header.top(), width + 32, header.height()).toRect()
        self._copy_buttons.append((button, first.blockNumber()))


def _cell(table: QTextTable, row: int, column: int) -> QTextBlock:
    return table.cellAt(row, column).firstCursorPosition().block()
