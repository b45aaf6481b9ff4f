"""A message on paper: drawn as in the window, in the light theme, and laid out as long as it is."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPalette,
    QPen,
    QPyTextObject,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLength,
    QTextTable,
)
from typing_extensions import override

from gui.conversation import Message, Role
from gui.markdown.blocks import Kind, Span, Style
from gui.markdown.document import (
    ALERT,
    BARS,
    BEGINS,
    CARD,
    CARD_KIND,
    CARD_PADDING,
    CELL_PADDING,
    CODE_HEADER,
    COLUMNS,
    GAP,
    GRID,
    LANGUAGE,
    MESSAGE,
    QUOTES,
    RULE,
    Look,
    Writer,
    fit,
)
from gui.markdown.objects import ADDRESS, ALTERNATIVE, IMAGE, OBJECT, format_image, is_web, room
from gui.markdown.stream import parse
from gui.windows.paging import Piece
from gui.windows.theme import load_theme
from gui.windows.wording import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtCore import QRect

    from gui.markdown.blocks import Block
    from gui.windows.images import Images

POINT_SIZE, CODE_POINT_SIZE, SMALL = 10.0, 8.6, 8.0
HIGHEST = 0.6  # of a page, that a picture takes
BAR_WIDTH = 3  # px, of a quote's bar
LINES = 50  # of code, that are written at once
SLICE = 0.008  # seconds after which whoever else waits has a turn
THREAD = 20_000  # characters that are not parsed before the window has had its turn


def paper_look() -> Look:
    """Fonts and colours for paper, whatever the window's are."""
    theme = load_theme("light")
    font, code = QFont(QGuiApplication.font()), QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(POINT_SIZE)
    code.setPointSizeF(CODE_POINT_SIZE)
    return Look(font, code, theme.palette, theme.code, wrap_code=True)


def small_font(look: Look) -> QFont:
    font = QFont(look.font)
    font.setPointSizeF(SMALL)
    return _in_pixels(font)


class Turn:
    """Of the loop, that ends after SLICE seconds, where the work asks whether it is over."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + SLICE

    async def over(self) -> None:
        if time.perf_counter() > self._until:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + SLICE


@dataclass(slots=True)
class _Ground:
    """What stands behind some blocks: a "code" or "user" card, the bar of a "quote" in a colour, a "rule"."""

    kind: str
    area: QRectF
    number: int = 0  # of the card
    language: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines of a table, across and down; the first row is its header."""

    xs: Sequence[float]
    ys: Sequence[float]


class Paper:
    """One message as it is laid out: `pieces` and `grids` from the top down, and a way to paint any part of it."""

    def __init__(self, document: QTextDocument, look: Look, width: float) -> None:
        self._document = document
        self._look = look
        self._width = width
        self._small = small_font(look)
        self._grounds: list[_Ground] = []
        self.grids: list[Grid] = []
        self.pieces: list[Piece] = []

    async def measure(self, height: float) -> None:
        """See where everything is; `height` is a page's."""
        block, turn = self._document.firstBlock(), Turn()
        while block.isValid():
            table = QTextCursor(block).currentTable() if block.blockFormat().hasProperty(GRID) else None
            if table is not None:
                self._measure_table(table, height)
            else:
                self._measure_lines(block)
            last = table.lastCursorPosition().block() if table is not None else block
            while True:
                self._measure_ground(block)
                if block == last:
                    break
                block = block.next()
            block = block.next()
            await turn.over()

    def _measure_lines(self, block: QTextBlock) -> None:
        """A heading stands on the page of what it is a heading of, and no line of a paragraph alone."""
        area, look = self._area(block), block.blockFormat()
        if not area.height():  # before a table stands an empty one
            return
        lines = [block.layout().lineAt(number) for number in range(block.layout().lineCount())]
        spans = [(area.top() + line.y(), area.top() + line.y() + line.height()) for line in lines]
        above, below = _around(block)
        spans[0] = (spans[0][0] - above, spans[0][1])
        spans[-1] = (spans[-1][0], spans[-1][1] + below)
        heading = look.headingLevel() > 0 or look.hasProperty(MESSAGE)
        first_of_card = above > 0 and look.intProperty(CARD) == block.next().blockFormat().intProperty(CARD)
        for number, (top, bottom) in enumerate(spans):
            alone = len(spans) > 1 and number in {0, len(spans) - 2}
            self.pieces.append(Piece(top, bottom, keep=heading or alone or (first_of_card and number == 0)))

    def _measure_table(self, table: QTextTable, height: float) -> None:
        rows, columns = range(table.rows()), range(table.columns())
        cells = [[table.cellAt(row, column).firstCursorPosition().block() for column in columns] for row in rows]
        ys = [self._area(row[0]).top() - CELL_PADDING for row in cells]
        ys.append(max(self._area(cell).bottom() for cell in cells[-1]) + CELL_PADDING)
        xs = [self._area(cell).left() - CELL_PADDING for cell in cells[0]]
        xs.append(xs[-1] + table.format().columnWidthConstraints()[-1].rawValue())
        self.grids.append(Grid(xs, ys))
        head = (ys[0], ys[1])
        for row, (top, bottom) in enumerate(pairwise(ys)):
            above = head if row else None
            if bottom - top <= height - (ys[1] - ys[0]):
                self.pieces.append(Piece(top, bottom, keep=row == 0 and len(cells) > 1, head=above))
            else:
                self.pieces += [Piece(*one, head=above) for one in self._lines_of_row(cells[row], top, bottom)]

    def _lines_of_row(self, cells: Sequence[QTextBlock], top: float, bottom: float) -> list[tuple[float, float]]:
        """Of a row that is higher than a page: parts of it between which no line of any cell is cut."""
        lines: list[tuple[float, float]] = []
        for cell in cells:
            begin = self._area(cell).top()
            for number in range(cell.layout().lineCount()):
                line = cell.layout().lineAt(number)
                lines.append((begin + line.y(), begin + line.y() + line.height()))
        parts: list[tuple[float, float]] = []
        for begin, end in sorted(lines):
            if parts and begin < parts[-1][1] - 1:
                parts[-1] = (parts[-1][0], max(parts[-1][1], end))
            else:
                parts.append((begin, end))
        parts[0] = (top, parts[0][1])
        parts[-1] = (parts[-1][0], bottom)
        return parts

    def _measure_ground(self, block: QTextBlock) -> None:
        look, area, grounds = block.blockFormat(), self._area(block), self._grounds
        self._measure_quotes(block, area)
        card = look.intProperty(CARD)
        kind = str(look.property(CARD_KIND) or "")
        area.setLeft(look.leftMargin() - CARD_PADDING)
        area.setRight(self._width)
        if kind:
            above, below = _around(block)
            area.adjust(0, -above, 0, below)
            before = next((one for one in reversed(grounds) if one.kind != "quote"), None)
            if before is not None and before.number == card:
                before.area = before.area.united(area)
            else:
                grounds.append(_Ground(kind, area, card, str(look.property(LANGUAGE) or "")))
        elif look.hasProperty(RULE):
            grounds.append(_Ground("rule", area))

    def _measure_quotes(self, block: QTextBlock, area: QRectF) -> None:
        """The bars beside a block; they reach up to what stands before in the same quote."""
        look, before = block.blockFormat(), block.previous()
        rtl = _is_right_to_left(block)
        around = (
            before.blockFormat().intProperty(QUOTES) if before.isValid() and _is_right_to_left(before) is rtl else 0
        )
        if look.hasProperty(BEGINS):
            around = min(around, look.intProperty(BEGINS) - 1)
        alert, kind = look.property(ALERT) or (0, "")
        for level, indent in enumerate(look.property(BARS) or ()):
            x = indent + 2
            top = self._area(before).bottom() if level < around else area.top() - GAP / 2
            left = self._width - x - BAR_WIDTH if rtl else x
            bar = QRectF(left, top, BAR_WIDTH, area.bottom() + GAP / 2 - top)
            self._grounds.append(_Ground("quote", bar, colour=kind if level == alert - 1 else "quote_bar"))

    def _area(self, block: QTextBlock) -> QRectF:
        return self._document.documentLayout().blockBoundingRect(block)

    # -- painting -----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, top: float, bottom: float) -> None:
        """What is between these heights of it, where it is."""
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, self._colour("text"))
        context.clip = QRectF(0, top, self._width, bottom - top)
        painter.save()
        painter.setClipRect(context.clip.adjusted(-1, -1, 1, 1))  # the lines of tables are as wide
        for grid in self.grids:
            if grid.ys[0] <= bottom and grid.ys[-1] >= top:
                self._paint_grid(painter, grid, top, bottom)
        painter.setClipRect(context.clip)
        for ground in self._grounds:
            if ground.area.intersects(context.clip):
                self._paint_ground(painter, ground)
        self._document.documentLayout().draw(painter, context)
        painter.restore()

    def _paint_grid(self, painter: QPainter, grid: Grid, top: float, bottom: float) -> None:
        xs, ys = grid.xs, [y for y in grid.ys if top - 0.5 <= y <= bottom + 0.5]
        if top - 0.5 <= grid.ys[0]:
            head = QRectF(xs[0], grid.ys[0], xs[-1] - xs[0], grid.ys[1] - grid.ys[0])
            painter.fillRect(head, self._colour("code_back"))
        painter.setPen(QPen(self._colour("line_strong"), 1))
        for y in ys:
            painter.drawLine(QPointF(xs[0], y), QPointF(xs[-1], y))
        begin, end = max(top, grid.ys[0]), min(bottom, grid.ys[-1])
        for x in xs:
            painter.drawLine(QPointF(x, begin), QPointF(x, end))

    def _paint_ground(self, painter: QPainter, ground: _Ground) -> None:
        area = ground.area
        painter.setPen(Qt.PenStyle.NoPen)
        match ground.kind:
            case "code":
                painter.setBrush(self._colour("code_back"))
                painter.drawRoundedRect(area, 7, 7)
                painter.setFont(self._small)
                painter.setPen(self._colour("muted"))
                head = QRectF(area.left() + CARD_PADDING, area.top(), area.width(), CODE_HEADER)
                painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, ground.language)
            case "user":
                painter.setBrush(self._colour("bubble"))
                painter.drawRoundedRect(area, 7, 7)
            case "rule":
                painter.fillRect(QRectF(0, area.center().y(), area.right(), 1), self._colour("line_strong"))
            case _:
                painter.fillRect(area, self._colour(ground.colour))

    def _colour(self, name: str) -> QColor:
        return QColor(self._look.colours[name])


def _is_right_to_left(block: QTextBlock) -> bool:
    return block.blockFormat().layoutDirection() is Qt.LayoutDirection.RightToLeft


def _around(block: QTextBlock) -> tuple[float, float]:
    """Pixels that a card has above and below this line of it."""
    look = block.blockFormat()
    kind, card = look.property(CARD_KIND), look.intProperty(CARD)
    if not kind:
        return 0, 0
    above, below = (CODE_HEADER, GAP) if kind == "code" else (GAP / 2, GAP / 2)
    before, after = block.previous(), block.next()
    begins = not before.isValid() or before.blockFormat().intProperty(CARD) != card
    ends = not after.isValid() or after.blockFormat().intProperty(CARD) != card
    return above if begins else 0, below if ends else 0


async def lay_out(message: Message, author: str, look: Look, page: QSizeF, images: Images | None = None) -> Paper:
    """`message` as wide as `page`; others have their turn meanwhile.

    Of `images` those are drawn that are there, and those that came with the text; nothing is fetched.
    """
    document = QTextDocument()
    if images is not None:
        document.documentLayout().registerHandler(IMAGE, _Pictures(document, images, page.height() * HIGHEST))
    document.setDocumentMargin(0)
    document.setDefaultFont(look.font)
    document.setTextWidth(page.width())
    _write_heading(document, look, author, clock(message.created_at))
    writer = Writer(document, look)
    if message.role is Role.USER:
        character, block = QTextCharFormat(), QTextBlockFormat()
        character.setFont(look.font)
        block.setLeftMargin(CARD_PADDING)
        block.setRightMargin(CARD_PADDING)
        block.setProperty(CARD_KIND, "user")
        writer.plain(message.text, character, block)
        await _write_attachments(document, message, look, images)
    else:
        text = message.text
        blocks = await asyncio.to_thread(parse, text) if len(text) > THREAD else parse(text)
        if images is not None:
            for address in _held(blocks):
                await images.load(address, _no_proxy)
        turn = Turn()
        for part in _parts(blocks):
            writer.write([part])
            await turn.over()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _fit(frame, page.width())
    paper = Paper(document, look, page.width())
    await paper.measure(page.height())
    return paper


def _write_heading(document: QTextDocument, look: Look, author: str, moment: str) -> None:
    name, small = QTextCharFormat(), QTextCharFormat()
    font = QFont(look.font)
    font.setWeight(QFont.Weight.DemiBold)
    name.setFont(font)
    font = QFont(look.font)
    font.setPointSizeF(SMALL)
    small.setFont(font)
    small.setForeground(QColor(look.colours["muted"]))
    block = QTextBlockFormat()
    block.setBottomMargin(GAP)
    block.setProperty(MESSAGE, True)
    writer = Writer(document, look)
    writer.paragraph(author, name, block)
    writer.more(f"   {moment}", small)


async def _write_attachments(document: QTextDocument, message: Message, look: Look, images: Images | None) -> None:
    """On the card of what is said: pictures, and the names of texts."""
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    block, character = cursor.blockFormat(), QTextCharFormat()
    block.setTopMargin(GAP)
    character.setFont(look.font)
    character.setForeground(QColor(look.colours["muted"]))
    for one in message.attachments:
        cursor.insertBlock(block, character)
        if one.is_image and images is not None:
            address = images.hold(one)
            await images.load(address, _no_proxy)
            picture = QTextCharFormat(character)
            format_image(picture, one.name, address)
            cursor.insertText(OBJECT, picture)
        else:
            cursor.insertText(one.name, character)


def _parts(blocks: Sequence[Block]) -> Iterator[Block]:
    """Tables as a whole, for their headers to stand on each page; long code in parts."""
    table: Block | None = None
    for block in blocks:
        if table is not None and block.kind is Kind.TABLE and block.continues:
            table = replace(table, rows=(*table.rows, *block.rows))
            continue
        if table is not None:
            yield table
        table = block if block.kind is Kind.TABLE else None
        if block.kind is Kind.CODE:
            yield from _code_parts(block)
        elif table is None:
            yield block
    if table is not None:
        yield table


def _code_parts(block: Block) -> Iterator[Block]:
    lines = block.text.split("\n")
    for begin in range(0, len(lines), LINES):
        end = begin + LINES
        yield replace(
            block,
            spans=(Span("\n".join(lines[begin:end]), Style.CODE),),
            continues=block.continues or begin > 0,
            goes_on=block.goes_on or end < len(lines),
        )


def _fit(table: QTextTable, width: float) -> None:
    """Have all columns on the page, since nobody can scroll there: the narrow ones as they wish, the wide ones less."""
    look = table.format()
    wishes, space = [float(one) for one in look.property(COLUMNS)], width - look.leftMargin()
    widths = fit(wishes, space, space / len(wishes))
    look.setColumnWidthConstraints([QTextLength(QTextLength.Type.FixedLength, one) for one in widths])
    table.setFormat(look)


def _held(blocks: Sequence[Block]) -> Iterator[str]:
    """The names of the pictures that came with the text."""
    for block in blocks:
        for spans in (block.spans, *(cell for row in block.rows for cell in row)):
            yield from (span.link for span in spans if span.style & Style.IMAGE and not is_web(span.link))


async def _no_proxy(_address: str) -> None:
    """What came with the text is not fetched."""


def _in_pixels(font: QFont) -> QFont:
    """Points would be the device's."""
    result = QFont(font)
    result.setPixelSize(QFontInfo(font).pixelSize())
    return result


class _Pictures(QPyTextObject):
    """Pictures on paper; what says what they are about, in place of those that are not there."""

    def __init__(self, document: QTextDocument, images: Images, highest: float) -> None:
        super().__init__(document)
        self._images = images
        self._highest = highest

    @override
    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        size = self._images.of(str(format.property(ADDRESS))).size
        widest = max(room(doc, posInDocument), 1.0)
        if size is None:
            letters = QFontMetricsF(format.toCharFormat().font())
            width = letters.horizontalAdvance(self._text(format)) + 2 * CARD_PADDING
            return QSizeF(min(width, widest), letters.height() + GAP)
        return QSizeF(size) * min(1.0, widest / size.width(), self._highest / size.height())

    @override
    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, posInDocument: int, format: QTextFormat
    ) -> None:
        image = self._images.of(str(format.property(ADDRESS))).image
        area = QRectF(rect)
        if image is not None:
            painter.drawImage(area, image)
            return
        look = format.toCharFormat()
        font = _in_pixels(look.font())
        painter.setFont(font)
        painter.setPen(look.foreground().color())
        text = QFontMetricsF(font).elidedText(self._text(format), Qt.TextElideMode.ElideRight, area.width())
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _text(self, look: QTextFormat) -> str:
        alternative, address = str(look.property(ALTERNATIVE)), str(look.property(ADDRESS))
        return f"{alternative} ({address})" if is_web(address) and alternative != address else alternative
