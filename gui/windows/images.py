"""The pictures of replies: where each of them stands, what was decoded of them."""

from __future__ import annotations

import base64
import binascii
import enum
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLoggingCategory, QObject, QSize, Signal
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from gui.errors import GProChatError, ImageTooLarge, ImageUnreadable
from gui.markdown.data_images import address_of
from gui.markdown.objects import is_web
from gui.windows.saving import write_whole
from gui.windows.wording import explain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gui.conversation import Attachment

MOST_PIXELS = 40_000_000
"""Of a picture that is decoded."""

SHARPEST = 4_000_000
"""Pixels that are kept of one: a page is not wider."""

KEPT = 96_000_000
"""Bytes of all that are kept; those loaded first go first, and can be loaded again."""

ATTACHED = "attachment:"
"""Begins the address of a picture that was sent along with a message."""

_DATA = re.compile(r"data:image/[a-z]+;base64,", re.IGNORECASE)
_SIGNATURES = (
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("bmp", re.compile(rb"BM")),
)


class State(enum.Enum):
    WAITING = enum.auto()  # for the person
    LOADING = enum.auto()
    SHOWN = enum.auto()
    FAILED = enum.auto()


@dataclass(slots=True)
class Picture:
    """`size` is its own, in pixels; `image` may have fewer. `percent` is -1 where it is not known."""

    state: State = State.WAITING
    image: QImage | None = None
    size: QSize | None = None
    percent: int = -1
    trouble: str = ""


class Images(QObject):
    """Of all windows, by address, until the program ends.

    Signals: changed(address) -- it may take another room; progressed(address).
    """

    changed = Signal(str)
    progressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._pictures: dict[str, Picture] = {}
        self._held: dict[str, bytes] = {}

    def hold(self, attachment: Attachment) -> str:
        """An address under which the content of `attachment` is loaded."""
        address = ATTACHED + attachment.id
        self._held[address] = attachment.content
        return address

    def of(self, address: str) -> Picture:
        return self._pictures.setdefault(address, Picture())

    async def load(self, address: str, proxy_for: Callable[[str], Awaitable[str | None]]) -> None:
        """Fetch and decode it, once; what goes wrong stands in its place."""
        import asyncio

        picture = self.of(address)
        if picture.state in {State.LOADING, State.SHOWN}:
            return
        picture.state, picture.percent = State.LOADING, -1
        self.changed.emit(address)
        done = Picture()
        try:
            if is_web(address):
                from gui.providers.images import fetch_image

                data = await fetch_image(address, proxy_for, lambda some, whole: self._arrived(address, some, whole))
            else:
                data = self._held.get(address) or _data_of(address)
            image, size = await asyncio.to_thread(decode, data)
            done = Picture(State.SHOWN, image, size)
        except GProChatError as error:
            done = Picture(State.FAILED, trouble=explain(error))
        finally:
            self._pictures.pop(address, None)
            self._pictures[address] = done  # now the youngest
            self._let_go()
            self.changed.emit(address)

    def _arrived(self, address: str, some: int, whole: int | None) -> None:
        picture = self.of(address)
        percent = min(100 * some // whole, 100) if whole else -1
        if percent != picture.percent:
            picture.percent = percent
            self.progressed.emit(address)

    def _let_go(self) -> None:
        shown = [(address, one.image) for address, one in self._pictures.items() if one.image is not None]
        size = sum(image.sizeInBytes() for _address, image in shown)
        for address, image in shown[:-1]:
            if size <= KEPT:
                return
            size -= image.sizeInBytes()
            self._pictures[address] = Picture()
            self.changed.emit(address)


def _data_of(name: str) -> bytes:
    address = address_of(name)
    found = _DATA.match(address)
    if found is None:
        raise ImageTooLarge if name.endswith("too-large") else ImageUnreadable
    try:
        return base64.b64decode(address[found.end() :], validate=True)
    except binascii.Error:
        raise ImageUnreadable from None


def kind_of(data: bytes) -> str:
    """What kind of picture begins with `data`, by Qt's name; "" for none that is known here."""
    return next((name for name, signature in _SIGNATURES if signature.match(data)), "")


def decode(data: bytes, most: int = MOST_PIXELS) -> tuple[QImage, QSize]:
    """A picture and its own size. What kind it is its first bytes say, whatever it is called.

    For any thread. Raises ImageTooLarge for more than `most` pixels, ImageUnreadable.
    """
    kind = kind_of(data)
    if not kind:
        raise ImageUnreadable
    _be_quiet()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise ImageUnreadable
    pixels = size.width() * size.height()
    if pixels > most:
        raise ImageTooLarge
    if pixels > SHARPEST:
        reader.setScaledSize(size * (SHARPEST / pixels) ** 0.5)
    image = reader.read()
    if image.isNull():
        raise ImageUnreadable
    if (image.width() > image.height()) is not (size.width() > size.height()):  # it lies on its side
        size.transpose()
    return image, size


def write_image(image: QImage, file: Path) -> None:
    """As PNG, as a whole or not at all. Raises ExportFailed."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    write_whole(file, bytes(buffer.data().data()))


@cache
def _be_quiet() -> None:
    """What is wrong with a picture stands in its place, and nowhere else."""
    QLoggingCategory.setFilterRules("qt.gui.imageio.*=false")
