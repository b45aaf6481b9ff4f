"""A read-only QTextEdit in which what is wider than the page, code or a table, is moved sideways for itself.

The page has no place but its left edge. Text whose lines do not break, and tables, are areas with an offset of their
own: each is drawn moved by it and clipped to its rectangle, and the mouse over it is told to Qt moved back. While
nothing is wide, all of this is one comparison.
"""

from __future__ import annotations

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
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QToolTip
from typing_extensions import override

from gui.markdown.document import fit_tables
from gui.windows.areas import BAR, Areas, Sight
from gui.windows.wording import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from gui.windows.theme import Appearance

EDGE = 24  # px that fade where there is more, and that stay between the caret and the edge
STEP = 60  # px for one step of a wheel
NOTCH = 120  # Qt's units of such a step
PULL = 50  # ms between two moves of an area while the pointer is held at its edge


class SidewaysEdit(QTextEdit):
    """What does not fit can be moved by a wheel, by the bar below it, by selecting and by the keyboard."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.areas = Areas(self)
        self._held: tuple[Sight, int] | None = None  # the bar that is dragged, and where its handle was taken
        self._pull = QTimer(self)
        self._pull.setInterval(PULL)
        self._pull.timeout.connect(self._pull_again)
        self._pulling: QMouseEvent | None = None
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self.horizontalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: bar.setRange(0, 0) if high else None)

    # -- where things are ---------------------------------------------------------------------------------------

    def caret(self, cursor: QTextCursor) -> QRect:
        """Where `cursor` is seen in the viewport; empty if its area is moved so that it is not."""
        place, sight = self.cursorRect(cursor), self.areas.sight_of(cursor.block())
        return place if sight is None else place.translated(-sight.offset, 0) & sight.rectangle

    def on_bar(self, place: QPoint) -> bool:
        """Whether the bar of an area is there."""
        return self._held is not None or any(sight.holds(place) for sight in self.areas.near(place))

    @override
    def anchorAt(self, pos: QPoint) -> str:
        return super().anchorAt(self._told(pos))

    @override
    def cursorForPosition(self, pos: QPoint) -> QTextCursor:
        return super().cursorForPosition(self._told(pos))

    def _told(self, place: QPoint) -> QPoint:
        """What Qt has to be told for `place`."""
        sight = self.areas.beside(place.y())
        return place if sight is None else place + QPoint(sight.offset, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fit_tables(self.document(), self._appearance.look())

    # -- painting -----------------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        area = event.rect()
        sights = list(self.areas.within(area))
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
        sight = self.areas.sight_of(cursor.block())
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
        sight = self.areas.under(e.position().toPoint()) if across else None
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
        sight = next((sight for sight in self.areas.near(place) if sight.holds(place)), None)
        if sight is None or e.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(self._retold(e))
            return
        handle = sight.handle
        inside = handle.left() <= place.x() <= handle.right()
        self._held = (sight, place.x() - handle.left() if inside else handle.width() // 2)
        self._drag(*self._held, place)
        self.viewport().update()

    @override
    def mouseMoveEvent(self, e: QMouseEvent) -> None:
        if self._held is not None:
            self._drag(*self._held, e.position().toPoint())
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

    def _drag(self, sight: Sight, grip: int, place: QPoint) -> None:
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
