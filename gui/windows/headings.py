"""Where the messages of a transcript are: which begins where, and which is at a place."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QTextBlock, QTextCursor

from gui.markdown.document import MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QTextEdit

LEAST = 26  # px of a message that have to be seen for it to be in sight


class Headings:
    """Of the messages in `edit`, by their ids. They follow what is written above them. Pixels are the viewport's."""

    def __init__(self, edit: QTextEdit) -> None:
        self._edit = edit
        self._ids: list[str] = []  # from top to bottom
        self._cursors: dict[str, QTextCursor] = {}

    def add(self, message_id: str, block: QTextBlock, *, first: bool) -> None:
        """The heading of a message is in `block`; `first`: it stands above the others, or else below them."""
        self._ids.insert(0 if first else len(self._ids), message_id)
        self._cursors[message_id] = QTextCursor(block)

    def clear(self) -> None:
        self._ids.clear()
        self._cursors.clear()

    def drop_before(self, message_id: str) -> None:
        del self._ids[: self._ids.index(message_id)]
        self._cursors = {one: self._cursors[one] for one in self._ids}

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._cursors

    def cursor(self, message_id: str) -> QTextCursor:
        """At the beginning of the message."""
        return QTextCursor(self._cursors[message_id].block())

    def rectangle(self, message_id: str) -> QRect:
        """Where the first line begins."""
        return self._edit.cursorRect(self.cursor(message_id))

    def span(self, message_id: str) -> tuple[int, int]:
        """Where the message begins, and where the next one does or the text ends."""
        following = self._ids.index(message_id) + 1
        top = self.rectangle(message_id).top()
        if following < len(self._ids):
            return top, self.rectangle(self._ids[following]).top()
        end = QTextCursor(self._edit.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        return top, self._edit.cursorRect(end).bottom()

    def between(self, first: str, last: str) -> list[str]:
        """The ids from the message `first` to `last`, both among them."""
        return self._ids[self._ids.index(first) : self._ids.index(last) + 1]

    def end(self, message_id: str) -> int:
        """The position of the document at which the message ends."""
        if self.is_last(message_id):
            return self._edit.document().characterCount() - 1
        return self._cursors[self._ids[self._ids.index(message_id) + 1]].position() - 1

    def is_last(self, message_id: str) -> bool:
        return message_id == self._ids[-1]

    def blocks(self, message_id: str) -> Iterator[QTextBlock]:
        """Of a message, without its heading."""
        block = self.cursor(message_id).block().next()
        while block.isValid() and not block.blockFormat().hasProperty(MESSAGE):
            yield block
            block = block.next()

    def around(self, position: int) -> str:
        """The id of the message at a position of the document; "" if there is no message."""
        number = bisect_right(self._ids, position, key=lambda one: self._cursors[one].position())
        return self._ids[max(number - 1, 0)] if self._ids else ""

    def at(self, place: QPoint) -> str:
        """The id of the message at this place; "" if there is no message."""
        return self.around(self._edit.cursorForPosition(place).position())

    def in_sight(self, *, last: bool) -> str:
        """The id of the first or last message whose heading is in sight; or of the one that fills the viewport."""
        height = self._edit.viewport().height()
        inside = [one for one in self._ids if 0 <= self.rectangle(one).top() < height - LEAST]
        return inside[-1 if last else 0] if inside else self.at(QPoint(0, 0))
