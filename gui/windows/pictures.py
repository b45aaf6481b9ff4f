"""Pictures in the lines of a transcript: a card with a button until a person wants to see one, then the picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.markdown.objects import ADDRESS, ALTERNATIVE, IMAGE, OBJECT, is_web, middle, room
from gui.windows.images import ATTACHED, Picture, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtGui import QTextBlock
    from PySide6.QtWidgets import QTextEdit

    from gui.conversation import Attachment
    from gui.windows.images import Images
    from gui.windows.theme import Appearance

CARD_EMS = 30  # a card's width at the most, in the font's height
HIGHEST_EMS = 24  # of a picture
ATTACHED_EMS = 11  # of one that the person sent along, and knows
PADDING = 12  # px inside of a card
ICON = 20  # px
ROUND = 8  # px, of a card's corners
SCALED = 12  # pictures that are kept as they were last drawn

translate = QCoreApplication.translate


class Pictures(QPyTextObject):
    """Of the document of `edit`.

    Signals: requested(address) -- the person wants to see it, or it came with the text; changed(address) -- it may
    take another room.
    """

    requested = Signal(str)
    changed = Signal(str)

    def __init__(self, edit: QTextEdit, appearance: Appearance, images: Images) -> None:
        super().__init__(edit)
        self._edit = edit
        self._appearance = appearance
        self._images = images
        self._asked: set[str] = set()
        self._scaled: dict[tuple[str, QSize], QPixmap] = {}
        edit.document().documentLayout().registerHandler(IMAGE, self)
        images.changed.connect(self.changed)
        images.progressed.connect(lambda _address: edit.viewport().update())

    def hold(self, attachment: Attachment) -> str:
        """What an image that is here is called in the document."""
        return self._images.hold(attachment)

    def places(self, address: str) -> list[int]:
        """The positions of the document at which this picture stands."""
        document = self._edit.document()
        found: list[int] = []
        block = document.firstBlock()
        while block.isValid():
            if OBJECT in block.text():
                at = block.begin()
                while not at.atEnd():
                    fragment = at.fragment()
                    if fragment.charFormat().property(ADDRESS) == address:
                        found += range(fragment.position(), fragment.position() + fragment.length())
                    at += 1
            block = block.next()
        return found

    def in_blocks(self, blocks: Iterable[QTextBlock]) -> dict[str, tuple[str, Picture]]:
        """The pictures that stand there, by their addresses, with what is said in place of each."""
        looks = [look for block in blocks for look in _objects(block) if look.hasProperty(ADDRESS)]
        return {
            (address := str(look.property(ADDRESS))): (str(look.property(ALTERNATIVE)), self._images.of(address))
            for look in looks
        }

    def at(self, place: QPoint) -> str:
        """The address of the picture, or of its card, at this place of the viewport; "" for none."""
        position = self._position(place)
        return str(self._format(position).property(ADDRESS)) if position is not None else ""

    def button_at(self, place: QPoint) -> str:
        """The address of the picture whose button is at this place of the viewport; "" for none."""
        address, position = self.at(place), self._position(place)
        if position is None or not self._offers(address, self._images.of(address)):
            return ""
        button = self._button(self._area(position), self._images.of(address))
        return address if button.contains(self._in_document(place)) else ""

    def _position(self, place: QPoint) -> int | None:
        point = self._in_document(place)
        near = self._edit.document().documentLayout().hitTest(point, Qt.HitTestAccuracy.FuzzyHit)
        for position in (near, near - 1):
            if self._format(position).property(ADDRESS) and self._area(position).contains(point):
                return position
        return None

    def _in_document(self, place: QPoint) -> QPointF:
        scrolled = QPointF(self._edit.horizontalScrollBar().value(), self._edit.verticalScrollBar().value())
        return QPointF(place) + scrolled

    def _offers(self, address: str, picture: Picture) -> bool:
        """Whether there is a button: what came with the text and is broken will stay so."""
        return picture.state is State.WAITING or (picture.state is State.FAILED and is_web(address))

    def _format(self, position: int) -> QTextCharFormat:
        """Of the object there; one without an address if there is none."""
        document = self._edit.document()
        at = document.findBlock(max(position, 0)).begin()
        while not at.atEnd():
            fragment = at.fragment()
            if fragment.contains(position):
                return fragment.charFormat()
            at += 1
        return QTextCharFormat()

    def _area(self, position: int) -> QRectF:
        """Of an object, in the document."""
        document = self._edit.document()
        block = document.findBlock(position)
        inside = position - block.position()
        line = block.layout().lineForTextPosition(inside)
        left, right = (line.cursorToX(place)[0] for place in (inside, inside + 1))  # type: ignore[index]  # a pair
        corner = document.documentLayout().blockBoundingRect(block).topLeft()
        look = self._format(position)
        size = self._size(document, position, look)
        top = corner.y() + line.y() + line.ascent() - (size.height() + middle(look)) / 2
        return QRectF(QPointF(corner.x() + min(left, right), top), size)

    # -- Qt's own ---------------------------------------------------------------------------------------------------

    @override
    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        address = str(format.property(ADDRESS))
        if not is_web(address) and address not in self._asked:
            self._asked.add(address)  # it is here already; but not while the text is laid out
            QTimer.singleShot(0, self, lambda: self.requested.emit(address))
        return self._size(doc, posInDocument, format)

    @override
    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, posInDocument: int, format: QTextFormat
    ) -> None:
        address = str(format.property(ADDRESS))
        picture = self._images.of(address)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if picture.image is not None:
            self._draw_picture(painter, QRectF(rect), address, picture)
        else:
            self._draw_card(painter, QRectF(rect), format, picture)
        painter.restore()

    # -- sizes ------------------------------------------------------------------------------------------------------

    def _size(self, document: QTextDocument, position: int, look: QTextFormat) -> QSizeF:
        address = str(look.property(ADDRESS))
        picture = self._images.of(address)
        em = QFontMetricsF(self._appearance.look().font).height()
        widest = max(room(document, position), 1.0)
        if picture.size is not None:
            size = QSizeF(picture.size)
            highest = (ATTACHED_EMS if address.startswith(ATTACHED) else HIGHEST_EMS) * em
            return size * min(1.0, widest / size.width(), highest / size.height())
        texts = self._texts(look, picture)
        height = len(texts) * em + 2 * PADDING
        width = max(QFontMetricsF(self._appearance.font(scale)).horizontalAdvance(text) for text, scale, _ in texts)
        width += 3 * PADDING + ICON
        if self._offers(address, picture):
            width += self._button(QRectF(), picture).width() + 2 * PADDING
        return QSizeF(min(math.ceil(width), CARD_EMS * em, widest), height)

    def _button(self, card: QRectF, picture: Picture) -> QRectF:
        letters = QFontMetricsF(self._appearance.font(0.94))
        width = letters.horizontalAdvance(self._button_text(picture)) + 2 * PADDING
        height = letters.height() + 10
        return QRectF(card.right() - width - PADDING, card.center().y() - height / 2, width, height)

    # -- drawing ----------------------------------------------------------------------------------------------------

    def _draw_picture(self, painter: QPainter, area: QRectF, address: str, picture: Picture) -> None:
        if picture.image is None:
            return
        device = painter.device()
        if not isinstance(device, QWidget | QPixmap):  # a printer is sharper
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, picture.image)
            return
        ratio = device.devicePixelRatio()
        size = (area.size() * ratio).toSize()
        key = (address, size)
        if key not in self._scaled:
            while len(self._scaled) >= SCALED:
                del self._scaled[next(iter(self._scaled))]
            mode = Qt.TransformationMode.SmoothTransformation
            self._scaled[key] = QPixmap.fromImage(
                picture.image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
            )
        whole = QRectF(QPointF(area.topLeft().toPoint()), area.size())  # pixels on pixels
        painter.drawPixmap(whole, self._scaled[key], QRectF(self._scaled[key].rect()))

    def _draw_card(self, painter: QPainter, area: QRectF, look: QTextFormat, picture: Picture) -> None:
        painter.setPen(QPen(self._appearance.colour("code_line"), 1))
        painter.setBrush(self._appearance.colour("code_back"))
        card = area.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(card, ROUND, ROUND)
        failed = picture.state is State.FAILED
        icon = QRectF(area.left() + PADDING, area.center().y() - ICON / 2, ICON, ICON).toRect()
        self._appearance.icon("warning" if failed else "image", "danger" if failed else "muted").paint(painter, icon)
        inside = area.adjusted(2 * PADDING + ICON, PADDING, -PADDING, -PADDING)
        if self._offers(str(look.property(ADDRESS)), picture):
            inside.setRight(self._draw_button(painter, area, picture) - PADDING)
        texts = self._texts(look, picture)
        step = inside.height() / len(texts)
        for number, (text, scale, colour) in enumerate(texts):
            painter.setFont(self._appearance.font(scale))
            painter.setPen(self._appearance.colour(colour))
            line = QRectF(inside.left(), inside.top() + number * step, inside.width(), step)
            fitting = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, line.width() + 1)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)

    def _texts(self, look: QTextFormat, picture: Picture) -> list[tuple[str, float, str]]:
        """The lines of a card, with their size and colour."""
        address, alternative = str(look.property(ADDRESS)), str(look.property(ALTERNATIVE))
        title = "" if alternative == address else alternative
        below = [_place(address)] if is_web(address) else []
        if picture.state is State.LOADING:
            below.append(self._progress(picture))
        elif picture.state is State.FAILED:
            below = [picture.trouble]
        colour = "danger" if picture.state is State.FAILED else "muted"
        texts = [(title or translate("Pictures", "Image"), 1.0, "text"), (" · ".join(below), 0.88, colour)]
        return [one for one in texts if one[0]]

    def _draw_button(self, painter: QPainter, area: QRectF, picture: Picture) -> float:
        """Where it begins."""
        button = self._button(area, picture)
        painter.setPen(QPen(self._appearance.colour("line_strong"), 1))
        painter.setBrush(self._appearance.colour("raised"))
        painter.drawRoundedRect(button.adjusted(0.5, 0.5, -0.5, -0.5), ROUND - 2, ROUND - 2)
        painter.setPen(self._appearance.colour("text"))
        painter.setFont(self._appearance.font(0.94))
        painter.drawText(button, Qt.AlignmentFlag.AlignCenter, self._button_text(picture))
        return button.left()

    def _button_text(self, picture: Picture) -> str:
        if picture.state is State.FAILED:
            return translate("Pictures", "Try again")
        return translate("Pictures", "Load image")

    def _progress(self, picture: Picture) -> str:
        if picture.percent < 0:
            return translate("Pictures", "Loading…")
        return translate("Pictures", "Loading… {percent} %").format(percent=picture.percent)


def _objects(block: QTextBlock) -> Iterator[QTextCharFormat]:
    if OBJECT in block.text():
        at = block.begin()
        while not at.atEnd():
            yield at.fragment().charFormat()
            at += 1


def _place(address: str) -> str:
    """The host, which says who would be asked."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2] or address
    except ValueError:
        return address
