"""Files and pictures made into what can be said along with a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt

from gui.chat.attachments import OTHER_PICTURE, TOO_LARGE, UNREADABLE, name_of, read_text
from gui.conversation import Attachment
from gui.errors import AttachmentUnfit, ImageError, ImageTooLarge
from gui.windows.images import decode, kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

LONGEST_SIDE = 1568
"""Pixels: models see no more of an image."""

QUALITY = 85  # of JPEG, in percent
LARGEST = 60_000_000  # bytes of a file
MOST_PIXELS = 120_000_000  # of a photograph
IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"}
OTHERS = {".heic", ".heif", ".avif", ".tif", ".tiff", ".ico", ".jxl", ".psd"}
"""Pictures that Qt does not read by itself."""

IMPORTS = {".json", ".zip", ".html", ".htm"}
"""Files that are taken for histories when they are dropped; chosen in the composer, they are attached."""


def is_attachable(file: Path) -> bool:
    """Whether a file that is dropped on a chat is meant for it."""
    return file.suffix.lower() not in IMPORTS | {".gguf"}


def attach(file: Path) -> Attachment:
    """For any thread. Raises AttachmentUnfit."""
    if file.suffix.lower() in OTHERS:
        raise AttachmentUnfit(file=file.name, reason=OTHER_PICTURE)
    if not _is_image(file):
        return read_text(file)
    try:
        if file.stat().st_size > LARGEST:
            raise AttachmentUnfit(file=file.name, reason=TOO_LARGE)
        image, _size = decode(file.read_bytes(), MOST_PIXELS)
    except ImageTooLarge:
        raise AttachmentUnfit(file=file.name, reason=TOO_LARGE) from None
    except (OSError, ImageError):
        raise AttachmentUnfit(file=file.name, reason=UNREADABLE) from None
    return attach_image(image, name_of(file))


def _is_image(file: Path) -> bool:
    """By its name, or by its first bytes where the name says something else."""
    if file.suffix.lower() in IMAGES or not file.is_file():
        return file.is_file()
    try:
        with file.open("rb") as content:
            return kind_of(content.read(16)) not in {"", "bmp"}  # "BM" may begin a text
    except OSError:
        return False


def attach_image(image: QImage, name: str) -> Attachment:
    """Scaled to what a model sees: PNG where something shines through, or where that is smaller, else JPEG."""
    if max(image.width(), image.height()) > LONGEST_SIDE:
        image = image.scaled(
            LONGEST_SIDE,
            LONGEST_SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    png = _written(image, "png")
    jpeg = None if image.hasAlphaChannel() else _written(image, "jpeg")
    if jpeg is not None and len(jpeg) < len(png):
        return Attachment(name, "image/jpeg", jpeg)
    return Attachment(name, "image/png", png)


def _written(image: QImage, kind: str) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, QUALITY if kind == "jpeg" else -1)  # type: ignore[call-overload]
    return bytes(content.data())
