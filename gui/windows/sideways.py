"""A read-only QTextEdit in which what is wider than the page, code or a table, is moved sideways for itself.

The page has no place but its left edge. Text whose lines do not break, and tables, are areas with an offset of their
own: each is drawn moved by it and clipped to its rectangle, and the mouse over it is told to Qt moved back. While
nothing is wide, all of this is one comparison.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QHelpEvent,
    QKeySequence,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPalette,
    QTextBlock,
    QTextCursor,
    QTextTable,
)
from PySide6.QtWidgets import QTextEdit, QToolTip
from typing_extensions import override

from gui.markdown.document import CARD, CARD_KIND, CARD_PADDING, CELL_PADDING, CODE_HEADER, GRID, fit_tables
from gui.windows.wording import plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from gui.windows.theme import Appearance

EDGE = 24  # px that fade where there is more, and that stay between the caret and the edge
BAR, BAR_GAP = 4, 3  # px, height of the bar and its distance from the area above it
BAR_ROOM = 9  # px below an area in which the bar can be taken hold of
SHORTEST = 36  # px of the bar's handle
STEP = 60  # px for one step of a wheel
NOTCH = 120  # Qt's units of such a step
PULL = 50  # ms between two moves of an area while the pointer is held at its edge


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


class SidewaysEdit(QTextEdit):
    """What does not fit can be moved by a wheel, by the bar below it, by selecting and by the keyboard."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._areas: dict[int, _Area] = {}  # by the numbers of their blocks
        self._held: tuple[Sight, int] | None = None  # the bar that is dragged, and where its handle was taken
        self._pull = QTimer(self)
        self._pull.setInterval(PULL)
        self._pull.timeout.connect(self._pull_again)
        self._pulling: QMouseEvent | None = None
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self.horizontalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: bar.setRange(0, 0) if high else None)

    # -- where things are ---------------------------------------------------------------------------------------

    def forget_areas(self) -> None:
        """Another text is shown from now on."""
        self._areas.clear()

    def rectangle(self, block: QTextBlock) -> QRectF:
        """The block's text in the viewport, where it would be if nothing were moved sideways."""
        offset = QPointF(0, self.verticalScrollBar().value())
        return self.document().documentLayout().blockBoundingRect(block).translated(-offset)

    def first_block(self, area: QRect) -> QTextBlock:
        """One before the first in `area`: margins belong to no block, and a card that begins above may show."""
        bar = self.verticalScrollBar()
        if bar.maximum() - bar.value() < area.height():  # Qt would look from the beginning of a long document
            block = self.document().lastBlock()
            while block.previous().isValid() and self.rectangle(block).top() > area.top():
                block = block.previous()
        else:
            block = super().cursorForPosition(area.topLeft()).block()
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

    def caret(self, cursor: QTextCursor) -> QRect:
        """Where `cursor` is seen in the viewport; empty if its area is moved so that it is not."""
        place, sight = self.cursorRect(cursor), self.sight_of(cursor.block())
        return place if sight is None else place.translated(-sight.offset, 0) & sight.rectangle

    def on_bar(self, place: QPoint) -> bool:
        """Whether the bar of an area is there."""
        return self._held is not None or any(sight.holds(place) for sight in self._sights_near(place))

    @override
    def anchorAt(self, pos: QPoint) -> str:
        return super().anchorAt(self._told(pos))

    @override
    def cursorForPosition(self, pos: QPoint) -> QTextCursor:
        return super().cursorForPosition(self._told(pos))

    def _told(self, place: QPoint) -> QPoint:
        """What Qt has to be told for `place`."""
        sight = self._sight_beside(place.y())
        return place if sight is None else place + QPoint(sight.offset, 0)

    def _any_wide(self) -> bool:
        return self.document().size().width() > self.viewport().width()

    def _sights(self, area: QRect) -> Iterator[Sight]:
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

    def _sights_near(self, place: QPoint) -> Iterator[Sight]:
        return self._sights(QRect(place, place))

    def _sight_beside(self, y: int) -> Sight | None:
        """Of what stands at this height."""
        sights = self._sights_near(QPoint(0, y))
        return next((sight for sight in sights if sight.rectangle.top() <= y <= sight.rectangle.bottom()), None)

    def _sight_at(self, place: QPoint) -> Sight | None:
        """Of what a wheel over `place` moves: the header of code and the bar are parts of it."""
        for sight in self._sights(QRect(place, place + QPoint(0, CODE_HEADER))):
            around = sight.rectangle.adjusted(0, 0 if sight.table else -CODE_HEADER, 0, BAR_ROOM)
            if around.contains(place):
                return sight
        return None

    def _sight(self, block: QTextBlock, number: int, bottom: float) -> tuple[Sight, QTextBlock]:
        """Of an area from `block` to its end, or to beyond `bottom`; with the last block in it."""
        area = self._areas.setdefault(number, _Area())
        margin = self.document().documentMargin()
        look = block.blockFormat()
        table = not look.hasProperty(CARD_KIND)
        rectangle = QRectF()
        left = margin + look.leftMargin() - (0 if table else CARD_PADDING)
        room = self.viewport().width() - margin
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
        shown = QRect(0, round(rectangle.top()), 0, 0)
        shown.setBottom(round(rectangle.bottom()) - 1)
        shown.setLeft(round(left) + (0 if table else 1))
        shown.setRight(round(room) - 2)
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
        block = self.document().findBlockByNumber(area.first.blockNumber() + area.measured)
        left = self.document().documentMargin() + block.blockFormat().leftMargin()
        while _number(block) == number:
            area.right = max(area.right, left + block.layout().maximumWidth())
            area.measured += 1
            block = block.next()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fit_tables(self.document(), self._appearance.look())

    # -- painting -----------------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        area = event.rect()
        sights = list(self._sights(area))
        if not sights:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        context = self._paint_context()
        between = QRect(area)
        for sight in sights:
            between.setBottom(sight.rectangle.top() - 1)
            self._draw_moved(painter, context, between, 0)
            self._draw_moved(painter, context, sight.rectangle & area, sight.offset)
            self._paint_edges(painter, sight)
            between.setTop(sight.rectangle.bottom() + 1)
        between.setBottom(area.bottom())
        self._draw_moved(painter, context, between, 0)
        self._paint_bars(painter, sights)
        painter.end()

    def _paint_context(self) -> QAbstractTextDocumentLayout.PaintContext:
        """With the selections that QTextEdit would draw."""
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette = self.palette()
        selections = []
        for extra in self.extraSelections():
            selection = QAbstractTextDocumentLayout.Selection()
            selection.cursor, selection.format = extra.cursor, extra.format
            selections.append(selection)
        if self.textCursor().hasSelection():
            selection = QAbstractTextDocumentLayout.Selection()
            selection.cursor = self.textCursor()
            group = QPalette.ColorGroup.Active if self.hasFocus() else QPalette.ColorGroup.Inactive
            selection.format.setBackground(self.palette().brush(group, QPalette.ColorRole.Highlight))
            selection.format.setForeground(self.palette().brush(group, QPalette.ColorRole.HighlightedText))
            selections.append(selection)
        context.selections = selections
        return context

    def _draw_moved(
        self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext, area: QRect, offset: int
    ) -> None:
        """What is seen in `area` of the document moved to the left by `offset`."""
        if area.isEmpty():
            return
        above = self.verticalScrollBar().value()
        painter.save()
        painter.setClipRect(area)
        painter.translate(-offset, -above)
        context.clip = QRectF(area.translated(offset, above))
        self.document().documentLayout().draw(painter, context)
        painter.restore()

    def _paint_edges(self, painter: QPainter, sight: Sight) -> None:
        """Text fades where it goes on."""
        faded = (sight.offset > 0, sight.offset < sight.overflow)
        if faded != sight.area.faded:  # a line that streams has become too wide: this part alone is painted now
            sight.area.faded = faded
            self.viewport().update()
        ground = self._appearance.colour("base" if sight.table else "code_back")
        nothing = QColor(ground)
        nothing.setAlpha(0)
        place = sight.rectangle
        for edge, shown in zip((place.left(), place.right() + 1), faded, strict=True):
            if shown:
                inner = edge + EDGE if edge == place.left() else edge - EDGE
                gradient = QLinearGradient(edge, 0, inner, 0)
                gradient.setColorAt(0, ground)
                gradient.setColorAt(1, nothing)
                painter.fillRect(QRect(min(edge, inner), place.top(), EDGE, place.height()), gradient)

    def _paint_bars(self, painter: QPainter, sights: list[Sight]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for sight in sights:
            if sight.ends:
                held = self._held is not None and self._held[0].area is sight.area
                painter.setBrush(self._appearance.colour("scroll_hover" if held else "scroll"))
                painter.drawRoundedRect(sight.handle, BAR / 2, BAR / 2)

    # -- moving -------------------------------------------------------------------------------------------------

    def reveal(self, cursor: QTextCursor) -> bool:
        """Move the area that `cursor` is in so that it is seen; whether that was needed."""
        sight = self.sight_of(cursor.block())
        if sight is None:
            return False
        x = self.cursorRect(cursor).left()
        least = x - sight.rectangle.right() + EDGE
        most = x - sight.rectangle.left() - EDGE
        return self._move(sight, max(min(sight.offset, most), least))

    def _move(self, sight: Sight, offset: int) -> bool:
        offset = max(0, min(offset, sight.overflow))
        if offset == sight.offset:
            return False
        sight.area.offset = offset
        self.viewport().update()
        return True

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        pixels = e.pixelDelta()
        step = QPointF(pixels) if not pixels.isNull() else QPointF(e.angleDelta()) * STEP / NOTCH
        across = step.x()
        if e.modifiers() & Qt.KeyboardModifier.ShiftModifier and not across:
            across = step.y()
        elif abs(across) <= abs(step.y()):
            across = 0
        sight = self._sight_at(e.position().toPoint()) if across else None
        if sight is None:
            super().wheelEvent(e)
            return
        self._move(sight, sight.offset - round(across))
        e.accept()

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        before = self.textCursor().position()
        super().keyPressEvent(e)
        if self.textCursor().position() != before and not e.matches(QKeySequence.StandardKey.SelectAll):
            self.reveal(self.textCursor())

    @override
    def mousePressEvent(self, e: QMouseEvent) -> None:
        place = e.position().toPoint()
        sight = next((sight for sight in self._sights_near(place) if sight.holds(place)), None)
        if sight is None or e.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(self._retold(e))
            return
        handle = sight.handle
        inside = handle.left() <= place.x() <= handle.right()
        self._held = (sight, place.x() - handle.left() if inside else handle.width() // 2)
        self._drag(place)
        self.viewport().update()

    @override
    def mouseMoveEvent(self, e: QMouseEvent) -> None:
        if self._held is not None:
            self._drag(e.position().toPoint())
            return
        super().mouseMoveEvent(self._retold(e))
        if e.buttons() & Qt.MouseButton.LeftButton and (self.textCursor().hasSelection() or self._pull.isActive()):
            self._pull_on(e)

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        self._pull.stop()
        if self._held is not None:
            self._held = None
            self.viewport().update()
            return
        super().mouseReleaseEvent(self._retold(e))

    @override
    def mouseDoubleClickEvent(self, e: QMouseEvent) -> None:
        if not self.on_bar(e.position().toPoint()):
            super().mouseDoubleClickEvent(self._retold(e))

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().viewportEvent(event)
        # Qt's own of a link knows neither of areas nor of the viewport's margins.
        place = QPointF(self._told(event.pos()) + QPoint(0, self.verticalScrollBar().value()))
        tip = self.document().documentLayout().formatAt(place).toCharFormat().toolTip()
        QToolTip.showText(event.globalPos(), plain_tooltip(tip) if tip else "", self.viewport())
        return True

    def _drag(self, place: QPoint) -> None:
        assert self._held is not None  # noqa: S101 -- it is called while a bar is held
        sight, grip = self._held
        free = sight.bar.width() - sight.handle.width()
        self._move(sight, (place.x() - grip - sight.bar.left()) * sight.overflow // max(free, 1))

    def _pull_on(self, e: QMouseEvent) -> None:
        """Go on while the pointer selects at the edge of an area, even if it does not move."""
        if not self.reveal(self.textCursor()):
            self._pull.stop()
            return
        self._pulling = e.clone()
        self._pull.start()

    def _pull_again(self) -> None:
        if self._pulling is not None:
            QCoreApplication.sendEvent(self.viewport(), self._pulling)

    def _retold(self, e: QMouseEvent) -> QMouseEvent:
        """The event as Qt has to be told of it."""
        place = e.position().toPoint()
        told = self._told(place)
        if told == place:
            return e
        moved = e.position() + QPointF(told - place)
        return QMouseEvent(
            e.type(),
            moved,
            e.scenePosition(),
            e.globalPosition(),
            e.button(),
            e.buttons(),
            e.modifiers(),
            e.pointingDevice(),
        )


def _number(block: QTextBlock) -> int:
    """Of the area that a block is in; 0 for none."""
    look = block.blockFormat()
    return look.intProperty(CARD) if look.nonBreakableLines() or look.hasProperty(GRID) else 0


def _cell(table: QTextTable, row: int, column: int) -> QTextBlock:
    return table.cellAt(row, column).firstCursorPosition().block()
