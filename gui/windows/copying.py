"""What a selection of the transcript is on the clipboard: plain text, Markdown and HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QTextCursor

from gui.markdown.document import MESSAGE
from gui.markdown.objects import OBJECT, SOURCE
from gui.markdown.parser import to_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from PySide6.QtWidgets import QWidget

MARKDOWN = "text/markdown"

_PLAIN = {0x2029: "\n", 0x2028: "\n", 0xFDD0: "\n", 0xFDD1: None, 0xFFFC: None, 0xA0: " "}
"""What Qt writes for the ends of blocks, lines and cells, and for objects that have no source."""


def mime_data(selection: QTextCursor, sources: Mapping[str, str]) -> QMimeData:
    """`sources` are the messages' texts by id. One that is selected as a whole is copied as it was written, in
    Markdown and in HTML made of that; a part of one is text.
    """
    markdown, html = [], []
    for part, source in _parts(selection, sources):
        if source is None:
            text = selected_text(part).strip("\n")
            if text:
                markdown.append(text)
                html.append("".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n")))
        else:
            markdown.append(source.strip("\n"))
            html.append(to_html(source))
    data = QMimeData()
    data.setText(selected_text(selection))
    data.setHtml("".join(html))
    data.setData(MARKDOWN, "\n\n".join(markdown).encode())
    return data


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


def selected_text(selection: QTextCursor) -> str:
    """What is selected, a formula or an image as it is written in Markdown."""
    first, *others = selection.selectedText().split(OBJECT)
    texts = [first]
    place = QTextCursor(selection)
    place.setPosition(selection.selectionStart() + _positions(first))
    for text in others:
        place.movePosition(QTextCursor.MoveOperation.NextCharacter)  # a cursor tells the format before it
        texts += [str(place.charFormat().property(SOURCE) or ""), text]
        place.setPosition(place.position() + _positions(text))
    return "".join(texts).translate(_PLAIN)


def _positions(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


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
