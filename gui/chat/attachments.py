"""What is said along with a message, as a model gets it; and files made into that."""

from __future__ import annotations

import base64
import io
import logging
from typing import TYPE_CHECKING, Final

from gui.chat.tokens import estimate
from gui.conversation import Attachment
from gui.errors import QT_TRANSLATE_NOOP, AttachmentUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from gui.conversation import Message
    from gui.providers.base import ChatMessage

IMAGE_TOKENS: Final = 1100
"""Of an image that is as large as one is sent; what it is worth differs from model to model."""

LARGEST_TEXT: Final = 2_000_000  # bytes
LARGEST_PDF: Final = 100_000_000
MOST_PAGES: Final = 500

BLANK: Final = 0x20  # what lies below it is no letter in any code

TOO_LARGE = QT_TRANSLATE_NOOP("errors", "it is too large")
NO_TEXT = QT_TRANSLATE_NOOP("errors", "it is no text")
OTHER_CODE = QT_TRANSLATE_NOOP("errors", "its text is not in UTF-8; save it as that")
OTHER_PICTURE = QT_TRANSLATE_NOOP("errors", "pictures of its kind cannot be read; save it as PNG or JPEG")
EMPTY = QT_TRANSLATE_NOOP("errors", "there is no text in it")
LOCKED = QT_TRANSLATE_NOOP("errors", "it asks for a password")
BROKEN = QT_TRANSLATE_NOOP("errors", "it is damaged")
UNREADABLE = QT_TRANSLATE_NOOP("errors", "it cannot be read")


def name_of(file: Path) -> str:
    """As it is shown and said: a name on a disk may hold new lines, and signs that turn its ending around."""
    return "".join(one if one.isprintable() else "_" for one in file.name)


def tokens(attachment: Attachment) -> int:
    """Estimated."""
    return IMAGE_TOKENS if attachment.is_image else estimate(attachment.text)


def as_said(message: Message, *, images: bool) -> ChatMessage:
    """`message` with its attachments: texts stand before what is said, and images beside it; where the provider takes
    none, their names stand in their place.
    """
    before = []
    pictures = []
    for one in message.attachments:
        if not one.is_image:
            fence = _fence(one.text)
            before.append(f"{one.name}:\n{fence}\n{one.text}\n{fence}")
        elif images:
            pictures.append(f"data:{one.type};base64,{base64.b64encode(one.content).decode()}")
        else:
            before.append(f"[{one.name}]")
    said: ChatMessage = {"role": message.role, "content": "\n\n".join([*before, message.text]).strip("\n")}
    return {**said, "images": pictures} if pictures else said


def _fence(text: str) -> str:
    """Longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return fence


def read_text(file: Path) -> Attachment:
    """A text, code, or what a PDF says. For any thread. Raises AttachmentUnfit."""
    if not file.is_file():  # what is none may have no end, or never begin
        raise AttachmentUnfit(file=file.name, reason=UNREADABLE)
    limit = LARGEST_PDF if file.suffix.lower() == ".pdf" else LARGEST_TEXT
    try:
        with file.open("rb") as content:
            data = content.read(limit + 1)
    except OSError:
        raise AttachmentUnfit(file=file.name, reason=UNREADABLE) from None
    if len(data) > limit:
        raise AttachmentUnfit(file=file.name, reason=TOO_LARGE)
    text = _of_pdf(file.name, data) if data.startswith(b"%PDF-") else _of_text(file.name, data)
    if not text.strip():
        raise AttachmentUnfit(file=file.name, reason=EMPTY)
    return Attachment(name_of(file), "text/plain", text.encode())


def _of_text(name: str, data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        readable = not wide and not any(byte < BLANK and byte not in b"\t\n\r\f" for byte in data)
        raise AttachmentUnfit(file=name, reason=OTHER_CODE if readable else NO_TEXT) from None
    if "\0" in text:
        raise AttachmentUnfit(file=name, reason=NO_TEXT)
    return text.replace("\r\n", "\n")


def _of_pdf(name: str, data: bytes) -> str:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every small fault in a file
    reason, text = "", ""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            reason = LOCKED
        elif len(reader.pages) > MOST_PAGES:
            reason = TOO_LARGE
        else:
            text = "\n\n".join(page.extract_text().strip() for page in reader.pages).strip()
    except Exception:  # noqa: BLE001 -- a damaged file makes the library fail in every way there is
        reason = BROKEN
    if reason:
        raise AttachmentUnfit(file=name, reason=reason)
    return text
