"""A conversation on paper: message by message, page by page, while the window goes on.

All is laid out twice: how many pages there are is said on the first one. What is short is kept in between, and no
more, so a conversation of any length takes the room of a few pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from gui.errors import ExportFailed
from gui.markdown.document import GAP
from gui.windows.paging import Pager, Slice
from gui.windows.paper import Paper, Turn, lay_out, paper_look, small_font
from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPagedPaintDevice

    from gui.conversation import Message
    from gui.windows.images import Images

MARGIN = 18.0  # mm around the text
FOOT = 26  # px at the bottom of a page, for its number
NUMBER = 80  # px of it
POINTS = 72  # to the inch
KEPT = 200_000  # characters of a conversation that is laid out once


async def paint(
    messages: Sequence[Message],
    author: Callable[[Message], str],
    device: QPagedPaintDevice,
    title: str,
    images: Images | None = None,
    reached: Callable[[float], object] = lambda _part: None,
) -> None:
    """All pages of a conversation, each with the title and its number below.

    `reached` is told how much is done, 0 to 1, and ends it by raising. Raises ExportFailed.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise ExportFailed(file=title, reason=translate("printing", "the printer does not take it"))
    try:
        await _Printing(messages, author, device, title, images, reached).run(painter)
    finally:
        painter.end()


class _Printing:
    """One conversation on its way to a device. Pixels are the screen's."""

    def __init__(
        self,
        messages: Sequence[Message],
        author: Callable[[Message], str],
        device: QPagedPaintDevice,
        title: str,
        images: Images | None,
        reached: Callable[[float], object],
    ) -> None:
        self._messages = messages
        self._author = author
        self._device = device
        self._title = title
        self._images = images
        self._reached = reached
        self._look = paper_look()
        screen = QGuiApplication.primaryScreen().logicalDotsPerInchX()
        self._scale = device.logicalDpiX() / screen
        page = device.pageLayout().paintRect(QPageLayout.Unit.Point)
        self._page = QSizeF(page.width() * screen / POINTS, page.height() * screen / POINTS - FOOT)
        self._small = small_font(self._look)
        self._kept: dict[str, Paper] = {}
        self._turn = Turn()

    async def run(self, painter: QPainter) -> None:
        is_short = sum(len(message.text) for message in self._messages) <= KEPT
        pager = Pager(self._page.height())
        slices: list[list[Slice]] = []
        for number, message in enumerate(self._messages):
            paper = await self._paper(message)
            if is_short:
                self._kept[message.id] = paper
            slices.append(pager.place(paper.pieces, 2 * GAP))
            await self._pause(number / len(self._messages) / 2)
        page = -1
        for number, message in enumerate(self._messages):
            paper = await self._paper(message)
            for part in slices[number]:
                while page < part.page:
                    page += 1
                    self._begin_page(painter, page, pager.page + 1)
                painter.save()
                painter.translate(0, part.y - part.top)
                paper.paint(painter, part.top, part.bottom)
                painter.restore()
                await self._pause(0.5 + number / len(self._messages) / 2)
        if page < 0:
            self._begin_page(painter, 0, 1)

    async def _paper(self, message: Message) -> Paper:
        if (kept := self._kept.get(message.id)) is not None:
            return kept
        return await lay_out(message, self._author(message), self._look, self._page, self._images)

    async def _pause(self, part: float) -> None:
        self._reached(part)
        await self._turn.over()

    def _begin_page(self, painter: QPainter, number: int, count: int) -> None:
        if number:
            self._device.newPage()
        painter.resetTransform()
        painter.scale(self._scale, self._scale)
        painter.setFont(self._small)
        painter.setPen(QColor(self._look.colours["muted"]))
        foot = QRectF(0, self._page.height(), self._page.width(), FOOT)
        bottom = Qt.AlignmentFlag.AlignBottom
        letters, room = QFontMetricsF(self._small), foot.width() - NUMBER
        title = letters.elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(foot, bottom | Qt.AlignmentFlag.AlignLeft, title)
        painter.drawText(foot, bottom | Qt.AlignmentFlag.AlignRight, f"{number + 1} / {count}")


async def pdf_of(
    messages: Sequence[Message],
    author: Callable[[Message], str],
    title: str,
    images: Images | None = None,
    reached: Callable[[float], object] = lambda _part: None,
) -> bytes:
    """A conversation as PDF; the arguments are those of `paint`. Raises ExportFailed."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("GPROChat")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN), QPageLayout.Unit.Millimeter)
    await paint(messages, author, writer, title, images, reached)
    return bytes(buffer.data().data())
