"""What is wider than the page: where it is in the viewport, and how far it has been moved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QTextBlock, QTextCursor, QTextTable
from PySide6.QtWidgets import QTextEdit

from gui.markdown.document import CARD, CARD_KIND, CARD_PADDING, CELL_PADDING, CODE_HEADER, GRID

if TYPE_CHECKING:
    from collections.abc import Iterator

BAR, BAR_GAP = 4, 5  # px, height of the bar and its distance from the area above it
BAR_ROOM = 12  # px below an area in which the bar can be taken hold of
SHORTEST = 36  # px of the bar's handle


@dataclass(slots=True)
class _Area:
    """Its lines, or a table with all of its parts, have one offset."""

    first: QTextCursor | None = None  # of code: where it begins
    measured: int = 0  # of its lines
    right: float = 0  # px, of the widest of them in the document
    offset: int = 0
    faded: tuple[bool, bool] = (False, False)  # as it was painted last, left and right


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of an area in a part of the viewport. `overflow`: pixels that there is no room for."""

    area: _Area
    rectangle: QRect  # in the viewport
    overflow: int
    ends: bool  # the bar follows
    table: bool

    @property
    def offset(self) -> int:
        return min(self.area.offset, self.overflow)

    @property
    def bar(self) -> QRect:
        """Where the handle moves."""
        top = self.rectangle.bottom() + BAR_GAP
        return QRect(self.rectangle.left() + 6, top, self.rectangle.width() - 12, BAR)

    @property
    def handle(self) -> QRect:
        bar = self.bar
        whole = self.rectangle.width() + self.overflow
        width = max(bar.width() * self.rectangle.width() // whole, min(SHORTEST, bar.width()))
        return QRect(bar.left() + (bar.width() - width) * self.offset // self.overflow, bar.top(), width, BAR)

    def holds(self, place: QPoint) -> bool:
        """Whether the bar can be taken hold of at `place`."""
        return self.ends and self.bar.adjusted(0, -2, 0, BAR_ROOM - BAR - 2).contains(place)


class Areas:
    """Of `edit`: the lines of each code, and each table with all of its parts, are one that is moved for itself.

    While nothing is too wide, all that is asked of them is one comparison.
    """

    def __init__(self, edit: QTextEdit) -> None:
        self._edit = edit
        self._areas: dict[int, _Area] = {}  # by the numbers of their blocks

    def forget(self) -> None:
        """Another text is shown from now on."""
        self._areas.clear()

    def rectangle(self, block: QTextBlock) -> QRectF:
        """The block's text in the viewport, where it would be if nothing were moved sideways."""
        offset = QPointF(0, self._edit.verticalScrollBar().value())
        return self._edit.document().documentLayout().blockBoundingRect(block).translated(-offset)

    def first_block(self, area: QRect) -> QTextBlock:
        """One before the first in `area`: margins belong to no block, and a card that begins above may show."""
        bar = self._edit.verticalScrollBar()
        if bar.maximum() - bar.value() < area.height():  # Qt would look from the beginning of a long document
            block = self._edit.document().lastBlock()
            while block.previous().isValid() and self.rectangle(block).top() > area.top():
                block = block.previous()
        else:
            block = QTextEdit.cursorForPosition(self._edit, area.topLeft()).block()
        for _ in range(2):  # before a table stands an empty one
            block = block.previous() if block.previous().isValid() else block
        return block

    def sight_of(self, block: QTextBlock) -> Sight | None:
        """Of the line of code, or the part of a table, that `block` is in; None where nothing is too wide."""
        number = _number(block)
        if not number or not self._any_wide():
            return None
        sight, _last = self._sight(block, number, self.rectangle(block).bottom())
        return sight if sight.overflow else None

    def _any_wide(self) -> bool:
        return self._edit.document().size().width() > self._edit.viewport().width()

    def within(self, area: QRect) -> Iterator[Sight]:
        """Of what is too wide in `area`, from the top down; the bars above it among them."""
        if not self._any_wide():
            return
        block = self.first_block(area)
        while block.isValid() and self.rectangle(block).top() <= area.bottom():
            number = _number(block)
            if number:
                sight, block = self._sight(block, number, area.bottom())
                if sight.overflow:
                    yield sight
            block = block.next()

    def near(self, place: QPoint) -> Iterator[Sight]:
        return self.within(QRect(place, place))

    def beside(self, y: int) -> Sight | None:
        """Of what stands at this height."""
        sights = self.near(QPoint(0, y))
        return next((sight for sight in sights if sight.rectangle.top() <= y <= sight.rectangle.bottom()), None)

    def under(self, place: QPoint) -> Sight | None:
        """Of what a wheel over `place` moves: the header of code and the bar are parts of it."""
        for sight in self.within(QRect(place, place + QPoint(0, CODE_HEADER))):
            around = sight.rectangle.adjusted(0, 0 if sight.table else -CODE_HEADER, 0, BAR_ROOM)
            if around.contains(place):
                return sight
        return None

    def _sight(self, block: QTextBlock, number: int, bottom: float) -> tuple[Sight, QTextBlock]:
        """Of an area from `block` to its end, or to beyond `bottom`; with the last block in it."""
        area = self._areas.setdefault(number, _Area())
        margin = self._edit.document().documentMargin()
        look = block.blockFormat()
        table = not look.hasProperty(CARD_KIND)
        rectangle = QRectF()
        left = margin + look.leftMargin() - (0 if table else CARD_PADDING)
        room = self._edit.viewport().width() - margin
        while True:
            if block.blockFormat().hasProperty(GRID):
                frame = QTextCursor(block).currentTable()
                xs, ys = self.grid(frame)
                left, area.right = xs[0], xs[-1]
                place = QRectF(left, ys[0], area.right - left, ys[-1] - ys[0] + 1)
                block = frame.lastCursorPosition().block()
            else:
                place = self.rectangle(block)
            rectangle = place if rectangle.isNull() else rectangle.united(place)
            following = block.next()
            ends = _number(following) != number
            if ends or rectangle.bottom() > bottom:
                break
            block = following
        if not table:
            self._measure(area, block, number)
        shown = QRect(
            QPoint(round(left) + (0 if table else 1), round(rectangle.top())),
            QPoint(round(room) - 2, round(rectangle.bottom()) - 1),
        )
        overflow = math.ceil(area.right - room + (0 if table else CARD_PADDING))
        return Sight(area, shown, max(overflow, 0), ends, table), block

    def grid(self, table: QTextTable) -> tuple[list[float], list[float]]:
        """Where the lines of a table are in the viewport, across and down; Qt's own rectangle of it is another one."""
        first = [self.rectangle(_cell(table, 0, column)) for column in range(table.columns())]
        last = [self.rectangle(_cell(table, table.rows() - 1, column)) for column in range(table.columns())]
        xs = [cell.left() - CELL_PADDING for cell in first]
        ys = [self.rectangle(_cell(table, row, 0)).top() - CELL_PADDING for row in range(table.rows())]
        right = xs[-1] + 2 * CELL_PADDING + _cell(table, 0, table.columns() - 1).layout().lineAt(0).width()
        return [*xs, right], [*ys, max(cell.bottom() for cell in last) + CELL_PADDING]

    def _measure(self, area: _Area, block: QTextBlock, number: int) -> None:
        """The widest line of the code around `block`. What has been measured is so once, but for the last lines."""
        if area.first is None or _number(area.first.block()) != number:
            while _number(block.previous()) == number:
                block = block.previous()
            area.first, area.measured, area.right = QTextCursor(block), 0, 0
        area.measured = max(area.measured - 2, 0)
        block = self._edit.document().findBlockByNumber(area.first.blockNumber() + area.measured)
        left = self._edit.document().documentMargin() + block.blockFormat().leftMargin()
        while _number(block) == number:
            area.right = max(area.right, left + block.layout().maximumWidth())
            area.measured += 1
            block = block.next()


def _number(block: QTextBlock) -> int:
    """Of the area that a block is in; 0 for none."""
    look = block.blockFormat()
    return look.intProperty(CARD) if look.nonBreakableLines() or look.hasProperty(GRID) else 0


def _cell(table: QTextTable, row: int, column: int) -> QTextBlock:
    return table.cellAt(row, column).firstCursorPosition().block()
