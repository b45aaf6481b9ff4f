"""What stands in the line of text and is no text: formulas, which are drawn here, and pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from typing_extensions import override

from gui.markdown.math import FORMULAS, INK, X_HEIGHT, Formula, is_display

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter
    from PySide6.QtSvg import QSvgRenderer

OBJECT = "\ufffc"
"""The character that an object is."""

FORMULA = QTextFormat.ObjectTypes.UserObject + 1
IMAGE = QTextFormat.ObjectTypes.UserObject + 2

SOURCE = QTextFormat.Property.UserProperty + 20  # the object in Markdown
ADDRESS = QTextFormat.Property.UserProperty + 21  # of an image
ALTERNATIVE = QTextFormat.Property.UserProperty + 22  # what an image's address says of it

SMALLEST, LARGEST = 0.95, 1.3
"""How much a formula's em may differ from the font's, for their small letters to be of one height."""

BETWEEN = 0.12
"""Of the font's height, between two lines: a formula may use it."""

RENDERERS = 200
"""Formulas that are kept as Qt draws them."""

POINTS = 72  # to the inch
_BREAKING = re.compile(r"[\s()<>]")


def format_formula(look: QTextCharFormat, source: str) -> None:
    """Make `look`, which has its font, that of a formula that can be set."""
    look.setObjectType(FORMULA)
    look.setProperty(SOURCE, source)
    formula = FORMULAS.get(source)
    if formula is not None and not is_display(source) and formula.depth * em_of(look.font()) > _below(look):
        # Qt knows two ways for an object to stand in a line: on the baseline, and around the middle of its letters.
        look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)


def is_tall(look: QTextCharFormat) -> bool:
    """Whether an object needs more room than a line of text has."""
    return look.verticalAlignment() is QTextCharFormat.VerticalAlignment.AlignMiddle


def format_image(look: QTextCharFormat, alternative: str, address: str) -> None:
    """Make `look` that of an image."""
    look.setObjectType(IMAGE)
    look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    look.setProperty(ADDRESS, address)
    look.setProperty(ALTERNATIVE, alternative)
    written = f"<{address}>" if _BREAKING.search(address) else address
    look.setProperty(SOURCE, f"![{alternative}]({written})" if is_web(address) else alternative)


def is_web(address: str) -> bool:
    """Whether what is there has to be fetched, which only a person starts."""
    return address.lower().startswith(("http://", "https://"))


def add_formulas(document: QTextDocument) -> None:
    """Have `document` draw formulas, if it does not yet."""
    layout = document.documentLayout()
    if layout.handlerForObject(FORMULA) is None:
        layout.registerHandler(FORMULA, FormulaObject(document))


def room(document: QTextDocument, position: int) -> float:
    """Pixels from the left to the right of the text around `position`, if its width is known."""
    block = document.findBlock(position)
    if (table := QTextCursor(block).currentTable()) is not None:
        column = table.format().columnWidthConstraints()[table.cellAt(position).column()]
        width = column.rawValue() - 2 * table.format().cellPadding()
    else:
        look = block.blockFormat()
        width = document.textWidth() - 2 * document.documentMargin() - look.leftMargin() - look.rightMargin()
    return width if width > 0 else float("inf")


class FormulaObject(QPyTextObject):
    """Draws the formulas of one document."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._renderers: dict[tuple[str, str], QSvgRenderer] = {}

    @override
    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        look = format.toCharFormat()
        source = str(look.property(SOURCE))
        formula = FORMULAS.get(source)
        if formula is None:
            return QSizeF()
        em = min(em_of(look.font(), doc), room(doc, posInDocument) / formula.width)
        above, below = formula.height * em, formula.depth * em
        if is_display(source):
            return QSizeF(formula.width * em, above + below)
        if not is_tall(look):  # what is below the baseline has its room in the line
            return QSizeF(formula.width * em, max(above, QFontMetricsF(look.font()).ascent()))
        half = middle(look)
        return QSizeF(formula.width * em, max(2 * above - half, 2 * below + half))

    @override
    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, posInDocument: int, format: QTextFormat
    ) -> None:
        look = format.toCharFormat()
        source = str(look.property(SOURCE))
        formula = FORMULAS.get(source)
        if formula is None:
            return
        em = rect.width() / formula.width
        baseline = rect.bottom()
        if is_display(source):
            baseline -= formula.depth * em
        elif is_tall(look):
            baseline = rect.top() + (rect.height() + middle(look)) / 2
        area = QRectF(rect.left(), baseline - formula.height * em, rect.width(), (formula.height + formula.depth) * em)
        self._renderer(source, formula, look.foreground().color().name()).render(painter, area)

    def _renderer(self, source: str, formula: Formula, colour: str) -> QSvgRenderer:
        key = (source, colour)
        if key not in self._renderers:
            if len(self._renderers) >= RENDERERS:
                self._renderers.clear()
            from PySide6.QtSvg import QSvgRenderer  # a text without formulas does without it

            # Qt's PDF writer draws a line around each outline, as if it were bold, unless its width is none.
            svg = formula.svg.replace(INK, f'"{colour}"'.encode()).replace(b"<svg ", b'<svg stroke-width="0" ', 1)
            self._renderers[key] = QSvgRenderer(svg)
        return self._renderers[key]


def em_of(font: QFont, document: QTextDocument | None = None) -> float:
    """Pixels of a formula's em beside this font."""
    pixels = float(font.pixelSize())
    device = document.documentLayout().paintDevice() if document is not None else None
    if pixels <= 0:
        dots = device.logicalDpiY() if device is not None else QGuiApplication.primaryScreen().logicalDotsPerInchY()
        pixels = font.pointSizeF() * dots / POINTS
    letters = QFontMetricsF(font, device) if device is not None else QFontMetricsF(font)
    return min(max(letters.xHeight() / X_HEIGHT, SMALLEST * pixels), LARGEST * pixels)


def _below(look: QTextCharFormat) -> float:
    """Pixels below the baseline that a line has anyway: the tails of its letters, and what is between two lines."""
    letters = QFontMetricsF(look.font())
    return letters.descent() + BETWEEN * letters.height()


def middle(look: QTextCharFormat) -> float:
    """What Qt adds to the height above the baseline and takes from that below, of what stands around the middle."""
    return QFontMetrics(look.font()).xHeight() / 2
