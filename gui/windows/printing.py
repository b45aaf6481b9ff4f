"""A conversation on paper: drawn as in the window, in the light theme, page by page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPyTextObject,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
    QTextTableFormat,
)
from typing_extensions import override

from gui.conversation import Message, Role
from gui.errors import ExportFailed
from gui.markdown.blocks import Style
from gui.markdown.document import (
    CARD,
    CARD_KIND,
    CARD_PADDING,
    CODE_HEADER,
    GAP,
    LANGUAGE,
    MESSAGE,
    QUOTE_INDENT,
    QUOTES,
    RULE,
    Look,
    Writer,
    fit_tables,
)
from gui.markdown.objects import ADDRESS, ALTERNATIVE, IMAGE, is_web, room
from gui.markdown.stream import parse
from gui.windows.saving import write_whole
from gui.windows.theme import load_theme
from gui.windows.wording import clock, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPagedPaintDevice, QTextBlock

    from gui.markdown.blocks import Block
    from gui.windows.images import Images

POINT_SIZE, CODE_POINT_SIZE, SMALL = 10.0, 8.6, 8.0
MARGIN = 18.0  # mm around the text
FOOT = 26  # px at the bottom of a page, for its number
POINTS = 72  # to the inch
HIGHEST = 0.6  # of a page, that a picture takes


def paper_look() -> Look:
    """Fonts and colours for paper, whatever the window's are."""
    theme = load_theme("light")
    font, code = QFont(QGuiApplication.font()), QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(POINT_SIZE)
    code.setPointSizeF(CODE_POINT_SIZE)
    return Look(font, code, theme.palette, theme.code, wrap_code=True)


async def write(
    messages: Sequence[Message], author: Callable[[Message], str], images: Images | None = None
) -> QTextDocument:
    """The conversation as a document; the window has its turn after each message.

    Of `images` those are drawn that are there, and those that came with the text; nothing is fetched.
    """
    document = QTextDocument()
    if images is not None:
        document.documentLayout().registerHandler(IMAGE, _Pictures(document, images))
    document.setDocumentMargin(0)
    look = paper_look()
    document.setDefaultFont(look.font)
    for message in messages:
        _heading(document, look, author(message), clock(message.created_at))
        writer = Writer(document, look)
        if message.role is Role.USER:
            character, block = QTextCharFormat(), QTextBlockFormat()
            character.setFont(look.font)
            block.setLeftMargin(CARD_PADDING)
            block.setRightMargin(CARD_PADDING)
            block.setProperty(CARD_KIND, "user")
            writer.plain(message.text, character, block)
        else:
            blocks = parse(message.text)
            if images is not None:
                for address in _held(blocks):
                    await images.load(address, _no_proxy)
            writer.write(blocks)
        await asyncio.sleep(0)
    _give_lines(document, look)
    return document


def _held(blocks: Sequence[Block]) -> Iterator[str]:
    """The names of the pictures that came with the text."""
    for block in blocks:
        for spans in (block.spans, *(cell for row in block.rows for cell in row)):
            yield from (span.link for span in spans if span.style & Style.IMAGE and not is_web(span.link))


async def _no_proxy(_address: str) -> None:
    """What came with the text is not fetched."""


class _Pictures(QPyTextObject):
    """Pictures on paper; what says what they are about, in place of those that are not there."""

    def __init__(self, document: QTextDocument, images: Images) -> None:
        super().__init__(document)
        self._images = images

    @override
    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        size = self._images.of(str(format.property(ADDRESS))).size
        widest = max(room(doc, posInDocument), 1.0)
        if size is None:
            letters = QFontMetricsF(format.toCharFormat().font())
            width = letters.horizontalAdvance(self._text(format)) + 2 * CARD_PADDING
            return QSizeF(min(width, widest), letters.height() + GAP)
        page = doc.pageSize().height() * HIGHEST
        return QSizeF(size) * min(1.0, widest / size.width(), page / size.height() if page > 0 else 1.0)

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
        font = QFont(look.font())
        font.setPixelSize(QFontInfo(font).pixelSize())  # points would be the device's
        painter.setFont(font)
        painter.setPen(look.foreground().color())
        text = QFontMetricsF(font).elidedText(self._text(format), Qt.TextElideMode.ElideRight, area.width())
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _text(self, look: QTextFormat) -> str:
        alternative, address = str(look.property(ALTERNATIVE)), str(look.property(ADDRESS))
        return f"{alternative} ({address})" if is_web(address) and alternative != address else alternative


def _keep_together(document: QTextDocument) -> None:
    """A heading stands on the page of what it is a heading of."""
    layout, height = document.documentLayout(), document.pageSize().height()
    block, first = document.firstBlock(), document.firstBlock()  # of the headings that follow each other
    while block.next().isValid():
        if not _is_heading(block.previous()):
            first = block
        following = layout.blockBoundingRect(block.next())
        if following.height():
            line = block.next().layout().lineAt(0)
            end = following.top() + line.y() + line.height() - 1
            if _is_heading(block) and int(layout.blockBoundingRect(first).top() / height) != int(end / height):
                look = first.blockFormat()
                look.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(first).setBlockFormat(look)
        block = block.next()
    document.markContentsDirty(0, document.characterCount())  # or what is far below would stand as it stood


def _is_heading(block: QTextBlock) -> bool:
    look = block.blockFormat()
    return block.isValid() and (look.headingLevel() > 0 or look.hasProperty(MESSAGE))


def _heading(document: QTextDocument, look: Look, author: str, moment: str) -> None:
    name, small = QTextCharFormat(), QTextCharFormat()
    font = QFont(look.font)
    font.setWeight(QFont.Weight.DemiBold)
    name.setFont(font)
    font = QFont(look.font)
    font.setPointSizeF(SMALL)
    small.setFont(font)
    small.setForeground(QColor(look.colours["muted"]))
    block = QTextBlockFormat()
    block.setTopMargin(0 if document.isEmpty() else 2 * GAP)
    block.setBottomMargin(GAP)
    block.setProperty(MESSAGE, True)
    writer = Writer(document, look)
    writer.paragraph(author, name, block)
    writer.more(f"   {moment}", small)


def _give_lines(document: QTextDocument, look: Look) -> None:
    """Tables with Qt's own lines, which break over pages with them."""
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            table: QTextTableFormat = frame.format()
            table.setBorder(1)
            table.setBorderCollapse(True)
            table.setBorderStyle(QTextTableFormat.BorderStyle.BorderStyle_Solid)
            table.setBorderBrush(QBrush(QColor(look.colours["line_strong"])))
            frame.setFormat(table)


@dataclass(slots=True)
class _Ground:
    """What stands behind some blocks: a "code" or "user" card, the bar of a "quote", a "rule"."""

    kind: str
    area: QRectF
    number: int = 0  # of the card
    language: str = ""


def _grounds(document: QTextDocument, width: float) -> list[_Ground]:
    """In order, as they are laid out."""
    found: list[_Ground] = []
    block = document.firstBlock()
    while block.isValid():
        look = block.blockFormat()
        area = document.documentLayout().blockBoundingRect(block)
        area.setLeft(look.leftMargin() - CARD_PADDING)
        area.setRight(width)
        card = look.intProperty(CARD)
        kind = str(look.property(CARD_KIND) or "")
        if kind and found and found[-1].number == card:
            found[-1].area = found[-1].area.united(area)
        elif kind:
            found.append(_Ground(kind, area, card, str(look.property(LANGUAGE) or "")))
        elif look.hasProperty(RULE):
            found.append(_Ground("rule", area))
        for level in range(look.intProperty(QUOTES)):
            bar = QRectF(level * QUOTE_INDENT + 2, area.top() - GAP / 2, 3, area.height() + GAP)
            found.append(_Ground("quote", bar))
        block = block.next()
    return found


def _paint_ground(painter: QPainter, ground: _Ground, look: Look, small: QFont) -> None:
    area = ground.area
    painter.setPen(Qt.PenStyle.NoPen)
    match ground.kind:
        case "code":
            painter.setBrush(QColor(look.colours["code_back"]))
            painter.drawRoundedRect(area.adjusted(0, -CODE_HEADER, 0, GAP), 7, 7)
            painter.setFont(small)
            painter.setPen(QColor(look.colours["muted"]))
            head = QRectF(area.left() + CARD_PADDING, area.top() - CODE_HEADER, area.width(), CODE_HEADER)
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, ground.language)
        case "user":
            painter.setBrush(QColor(look.colours["bubble"]))
            painter.drawRoundedRect(area.adjusted(0, -GAP / 2, 0, GAP / 2), 7, 7)
        case "rule":
            painter.fillRect(QRectF(0, area.center().y(), area.right(), 1), QColor(look.colours["line_strong"]))
        case _:
            painter.fillRect(area, QColor(look.colours["quote_bar"]))


def paint(document: QTextDocument, device: QPagedPaintDevice, title: str) -> None:
    """All pages of `document`, each with the title and its number below. Raises ExportFailed."""
    screen = QGuiApplication.primaryScreen().logicalDotsPerInchX()
    painter = QPainter()
    if not painter.begin(device):
        raise ExportFailed(file=title, reason=translate("printing", "the printer does not take it"))
    scale = device.logicalDpiX() / screen
    page = device.pageLayout().paintRect(QPageLayout.Unit.Point)
    width, height = page.width() * screen / POINTS, page.height() * screen / POINTS - FOOT
    document.setPageSize(QSizeF(width, height))
    look = paper_look()
    fit_tables(document, look, column=0)  # what does not fit cannot be scrolled to
    _keep_together(document)
    pages = document.pageCount()
    small = QFont(look.font)
    small.setPixelSize(round(SMALL * screen / POINTS))  # points would be the device's
    grounds = _grounds(document, width)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, QColor(look.colours["text"]))
    for number in range(pages):
        if number:
            device.newPage()
        painter.resetTransform()
        painter.scale(scale, scale)
        painter.setFont(small)
        painter.setPen(QColor(look.colours["muted"]))
        foot = QRectF(0, height, width, FOOT)
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot.adjusted(0, 0, -80, 0), bottom | Qt.AlignmentFlag.AlignLeft, title)
        painter.drawText(foot, bottom | Qt.AlignmentFlag.AlignRight, f"{number + 1} / {pages}")
        painter.translate(0, -number * height)
        context.clip = QRectF(0, number * height, width, height)
        painter.setClipRect(context.clip)
        for ground in grounds:
            if ground.area.adjusted(0, -CODE_HEADER, 0, GAP).intersects(context.clip):
                _paint_ground(painter, ground, look, small)
        document.documentLayout().draw(painter, context)
        painter.setClipping(False)
    painter.end()


def pdf_of(document: QTextDocument, title: str) -> bytes:
    """`document` as PDF. Raises ExportFailed."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("GPROChat")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN), QPageLayout.Unit.Millimeter)
    paint(document, writer, title)
    return bytes(buffer.data().data())


def save_pdf(document: QTextDocument, file: Path, title: str) -> None:
    """Write `document` to `file` as PDF, as a whole or not at all. Raises ExportFailed."""
    write_whole(file, pdf_of(document, title))
