"""What a selection of the transcript is on the clipboard: plain text, Markdown and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QTextCursor

from gui.markdown.document import CARD_KIND, MESSAGE
from gui.markdown.parser import to_html
from gui.markdown.writing import markdown_of
from gui.windows.excerpt import blocks_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from PySide6.QtWidgets import QWidget

MARKDOWN = "text/markdown"


def mime_data(selection: QTextCursor, sources: Mapping[str, str]) -> QMimeData:
    """`sources` are the messages' texts by id. One that is selected as a whole is copied as it was written; of a part
    of one Markdown is written that becomes what is seen.
    """
    markdown = [text for part, source in _parts(selection, sources) if (text := _markdown(part, source))]
    data = QMimeData()
    data.setText(text_of(selection))
    data.setHtml("".join(map(to_html, markdown)))
    data.setData(MARKDOWN, "\n\n".join(markdown).encode("utf-8", "replace"))
    return data


def text_data(selection: QTextCursor) -> QMimeData:
    """Only the text."""
    data = QMimeData()
    data.setText(text_of(selection))
    return data


def _markdown(part: QTextCursor, source: str | None) -> str:
    if source is not None:
        return source.strip("\n")
    first = part.document().findBlock(part.selectionStart()).blockFormat()
    is_typed = first.property(CARD_KIND) == "user"  # it is Markdown already, and drawn as it was written
    return (text_of(part) if is_typed else markdown_of(blocks_of(part))).strip("\n")


def message_data(source: str, plain: str) -> QMimeData:
    """A message as a whole: as it was written, as HTML made of that, and as the text that is seen of it."""
    data = QMimeData()
    data.setText(plain)
    data.setHtml(to_html(source))
    data.setData(MARKDOWN, source.encode("utf-8", "replace"))
    return data


def tell_copied(widget: QWidget) -> None:
    """Have those told who do not see the mark that something is on the clipboard."""
    words = QCoreApplication.translate("copying", "Copied to the clipboard")
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def _parts(selection: QTextCursor, sources: Mapping[str, str]) -> Iterator[tuple[QTextCursor, str | None]]:
    """The selection, cut where messages begin and their headings end; with the source if it is all of a message."""
    begin, end = selection.selectionStart(), selection.selectionEnd()
    document = selection.document()
    block = document.findBlock(begin)
    while block.isValid() and not block.blockFormat().hasProperty(MESSAGE):
        block = block.previous()
    while block.isValid() and block.position() < end:
        body = block.next()
        following = body
        while following.isValid() and not following.blockFormat().hasProperty(MESSAGE):
            following = following.next()
        heading_end = block.position() + block.length() - 1
        if begin < heading_end:
            yield _part(selection, max(begin, block.position()), min(end, heading_end)), None
        first = body.position() if body.isValid() else heading_end
        last = following.position() - 1 if following.isValid() else document.characterCount() - 1
        if first < end and begin < last:
            whole = begin <= first and last <= end
            source = sources.get(str(block.blockFormat().property(MESSAGE))) if whole else None
            yield _part(selection, max(begin, first), min(end, last)), source
        block = following


def _part(selection: QTextCursor, begin: int, end: int) -> QTextCursor:
    part = QTextCursor(selection)
    part.setPosition(begin)
    part.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return part
