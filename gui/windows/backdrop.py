"""What stands behind the text of a transcript: cards, bars of quotes, rules, and the headers of code.

It is painted from properties of the text's blocks, in the area that is painted anew and nowhere else: a frame around
each message would cost a streaming reply three times as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPen,
    QTextBlock,
    QTextCursor,
    QTextLine,
)

from gui.markdown.document import (
    ALERT,
    BARS,
    BEGINS,
    CARD,
    CARD_KIND,
    CARD_PADDING,
    CELL_PADDING,
    CODE_BACK,
    CODE_FOOT,
    CODE_HEADER,
    FOLD,
    GRID,
    LANGUAGE,
    QUOTES,
    RULE,
    TALL,
)
from gui.windows.copying import tell_copied

if TYPE_CHECKING:
    from gui.windows.sideways import SidewaysEdit
    from gui.windows.theme import Appearance

translate = QCoreApplication.translate

CARD_FOOT = 8.4  # px of a card above and below its text
COPIED = 1500  # ms for which it is said that code is on the clipboard
BAR_WIDTH = 3  # px, of a quote's bar


class Backdrop:
    """Of `edit`, which paints it before its text."""

    def __init__(self, edit: SidewaysEdit, appearance: Appearance) -> None:
        self._edit = edit
        self._appearance = appearance
        self._copy_buttons: list[tuple[QRect, int]] = []  # with the first block's number
        self._copied: QTextCursor | None = None  # in the first line of the code that was copied just now
        self._rest = QTimer(edit)
        self._rest.setSingleShot(True)
        self._rest.setInterval(COPIED)
        self._rest.timeout.connect(self._let_go)

    def paint(self, area: QRect) -> None:
        """Fill `area` of the viewport, all but its text."""
        painter = QPainter(self._edit.viewport())
        painter.fillRect(area, self._appearance.colour("base"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._copy_buttons = [one for one in self._copy_buttons if not area.intersects(one[0])]
        block = self._edit.areas.first_block(area)
        while block.isValid() and self._edit.areas.rectangle(block).top() <= area.bottom() + CODE_HEADER:
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

    def copy(self, block_number: int) -> None:
        """Put the code that begins with this block on the clipboard, and say so for a moment."""
        QGuiApplication.clipboard().setText(self.code_at(block_number))
        self._copied = QTextCursor(self._edit.document().findBlockByNumber(block_number))
        self._rest.start()
        self._edit.viewport().update()
        tell_copied(self._edit)

    def _let_go(self) -> None:
        self._copied = None
        self._edit.viewport().update()

    def code_at(self, block_number: int) -> str:
        """The text of the code card that begins with this block."""
        block = self._edit.document().findBlockByNumber(block_number)
        card = block.blockFormat().intProperty(CARD)
        lines = []
        while block.isValid() and block.blockFormat().intProperty(CARD) == card:
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    def _paint_behind(self, painter: QPainter, block: QTextBlock, bottom: int) -> QTextBlock:
        """Paint what belongs behind `block`, or behind all of its card that is in sight; return the next one."""
        look = block.blockFormat()
        following = block.next()
        if look.hasProperty(GRID):
            following = self._paint_table(painter, block)
        elif look.hasProperty(FOLD):
            self._paint_fold(painter, self._edit.areas.rectangle(block), is_open=look.property(FOLD) == "open")
        elif look.hasProperty(CARD_KIND):
            following = self._paint_card(painter, block, look.intProperty(CARD), bottom + CODE_HEADER)
        elif look.property(RULE):
            margin = self._edit.document().documentMargin()
            middle = self._edit.areas.rectangle(block).center().y()
            painter.setPen(QPen(self._appearance.colour("line_strong"), 1))
            right = self._edit.viewport().width() - margin - look.rightMargin()
            painter.drawLine(QPointF(margin + look.leftMargin(), middle), QPointF(right, middle))
        if look.hasProperty(TALL):
            self._paint_inline_code(painter, block)
        if look.hasProperty(QUOTES):
            self._paint_quotes(painter, block, following.previous())
        return following

    def _paint_inline_code(self, painter: QPainter, block: QTextBlock) -> None:
        """The ground of code that stands beside something higher, as high as its letters."""
        layout = block.layout()
        place = self._edit.areas.rectangle(block).topLeft()
        for run in block.textFormats():
            if not run.format.hasProperty(CODE_BACK):
                continue
            letters = QFontMetricsF(run.format.font())
            for line in (layout.lineAt(number) for number in range(layout.lineCount())):
                begin = max(run.start, line.textStart())
                end = min(run.start + run.length, line.textStart() + line.textLength())
                if begin < end:
                    left, right = (_x_of(line, position) for position in (begin, end))
                    top = line.y() + line.ascent() - letters.ascent()
                    ground = QRectF(left, top, right - left, letters.height()).normalized().translated(place)
                    painter.fillRect(ground, self._appearance.colour("inline_code_back"))

    def _paint_quotes(self, painter: QPainter, first: QTextBlock, last: QTextBlock) -> None:
        """The bars beside what `first` to `last` are; they reach up to what stands before in the same quote."""
        look = first.blockFormat()
        begin, end = self._edit.areas.rectangle(first).top(), self._edit.areas.rectangle(last).bottom()
        if look.hasProperty(CARD_KIND):
            begin, end = begin - CODE_HEADER, end + CODE_FOOT
        elif look.hasProperty(GRID):
            begin, end = begin - CELL_PADDING, end + CELL_PADDING
        before = first.previous()
        around = before.blockFormat().intProperty(QUOTES) if before.isValid() and _side(before) == _side(first) else 0
        if look.hasProperty(BEGINS):
            around = min(around, look.intProperty(BEGINS) - 1)
        margin = self._edit.document().documentMargin()
        painter.setPen(Qt.PenStyle.NoPen)
        alert, kind = look.property(ALERT) or (0, "")
        for level, left in enumerate(look.property(BARS)):
            # A little beyond, or the round ends would show.
            top = self._edit.areas.rectangle(before).bottom() - BAR_WIDTH if level < around else begin
            x = margin + left + 2
            if _side(first) is Qt.LayoutDirection.RightToLeft:
                x = self._edit.viewport().width() - x - BAR_WIDTH
            painter.setBrush(self._appearance.colour(kind if level == alert - 1 else "quote_bar"))
            painter.drawRoundedRect(QRectF(x, top, BAR_WIDTH, end - top), BAR_WIDTH / 2, BAR_WIDTH / 2)

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
        sight = self._edit.areas.sight_of(block)
        painter.save()
        if sight is not None:
            painter.setClipRect(sight.rectangle)
            painter.translate(-sight.offset, 0)
        xs, ys = self._edit.areas.grid(table)
        ys = [round(y) + 0.5 for y in ys]  # in the middle of a pixel
        xs = [*(round(x) + 0.5 for x in xs[:-1]), round(xs[-1]) - 0.5]
        continues = bool(table.format().property(GRID))
        if not continues:
            painter.fillRect(QRectF(xs[0], ys[0], xs[-1] - xs[0], ys[1] - ys[0]), self._appearance.colour("code_back"))
        painter.setPen(QPen(self._appearance.colour("line_strong"), 1))
        for y in ys[continues:]:
            painter.drawLine(QPointF(xs[0], y), QPointF(xs[-1], y))
        for x in xs:
            painter.drawLine(QPointF(x, ys[0]), QPointF(x, ys[-1]))
        painter.restore()
        return QTextCursor(table.lastCursorPosition()).block().next()

    def _paint_card(self, painter: QPainter, block: QTextBlock, card: int, bottom: int) -> QTextBlock:
        first = block
        before = first.previous()
        begins = before.blockFormat().intProperty(CARD) != card
        area = self._edit.areas.rectangle(first)
        last = first
        while last.next().blockFormat().intProperty(CARD) == card and area.bottom() < bottom:
            last = last.next()
            area = area.united(self._edit.areas.rectangle(last))
        ends = last.next().blockFormat().intProperty(CARD) != card
        look = first.blockFormat()
        code = look.property(CARD_KIND) == "code"
        margin = self._edit.document().documentMargin()
        area.setLeft(margin + look.leftMargin() - CARD_PADDING)
        area.setRight(self._edit.viewport().width() - margin)
        # A card that goes on out of sight is drawn beyond the edge, so that its corners do not show.
        area.adjust(
            0,
            -(CODE_HEADER if code else CARD_FOOT) if begins else -CODE_HEADER,
            0,
            (CODE_FOOT if code else CARD_FOOT) if ends else CODE_HEADER,
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
        copied = self._copied is not None and self._copied.block() == first
        text = translate("Backdrop", "Copied") if copied else translate("Backdrop", "Copy")
        width = painter.fontMetrics().horizontalAdvance(text)
        if copied:
            painter.setPen(self._appearance.colour("accent"))
        painter.drawText(header, middle | Qt.AlignmentFlag.AlignRight, text)
        icon = QRectF(header.right() - width - 20, header.center().y() - 8, 16, 16).toRect()
        self._appearance.icon(*(("check", "accent") if copied else ("copy", "muted"))).paint(painter, icon)
        button = QRectF(icon.left() - 4, header.top(), width + 32, header.height()).toRect()
        self._copy_buttons.append((button, first.blockNumber()))


def _side(block: QTextBlock) -> Qt.LayoutDirection:
    """Where the bars of a quote are; what is written from right to left has its margin there."""
    right = block.blockFormat().layoutDirection() is Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight


def _x_of(line: QTextLine, position: int) -> float:
    x, _position = cast("tuple[float, int]", line.cursorToX(position))
    return x
