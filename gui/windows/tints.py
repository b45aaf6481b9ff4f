"""The tints of what was found, in that part of a transcript that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from gui.markdown.document import MESSAGE, OUTSIDE
from gui.markdown.find import fold, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.windows.theme import Appearance
    from gui.windows.transcript import Transcript

Range = tuple[int, int]
"""From and to, in positions of the document."""


class Tints:
    """Follows the text while there is something to look for, and costs nothing while there is not."""

    def __init__(self, transcript: Transcript, appearance: Appearance) -> None:
        self._transcript = transcript
        self._appearance = appearance
        self._wanted = ""
        self._current: tuple[str, int] | None = None
        self._at = QTextCursor(transcript.document())  # selects the current one
        self._drawn: list[tuple[Range, bool]] = []
        self._timer = QTimer(transcript)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.draw)

    def look_for(self, wanted: str) -> None:
        """Tint wherever `wanted`, which is folded, is seen; "" for nothing."""
        document = self._transcript.document()
        if wanted and not self._wanted:
            self._transcript.moved.connect(self.draw)
            document.contentsChanged.connect(self._timer.start)
        elif self._wanted and not wanted:
            self._transcript.moved.disconnect(self.draw)
            document.contentsChanged.disconnect(self._timer.start)
        self._wanted = wanted
        self._current = None
        self.redraw()

    def redraw(self) -> None:
        """What is looked for, or the theme, is another one."""
        self._drawn.clear()
        self._transcript.set_tints([])
        self.draw()

    def show(self, message_id: str, number: int) -> bool:
        """Have the n-th of a message that is shown stand out, and in sight; False if it has none of this number."""
        found = self.ranges(message_id)
        if number >= len(found):
            return False
        self._current = (message_id, number)
        self._select(found[number])
        self._transcript.bring_into_sight(self._at)
        self.draw()
        return True

    @property
    def position(self) -> int:
        """Where the current one begins, or else what is seen."""
        if self._current is not None and self._at.hasSelection():
            return self._at.selectionStart()
        return self._transcript.cursorForPosition(QPoint(0, 0)).position()

    def ranges(self, message_id: str) -> list[Range]:
        """All in a message that is shown, from its beginning."""
        return [one for block in self._transcript.headings.blocks(message_id) for one in self._in_block(block)]

    def draw(self) -> None:
        if not self._wanted:
            return
        if self._current is not None and fold(self._at.selectedText()) != self._wanted:
            self._find_current_again()
        current = (self._at.selectionStart(), self._at.selectionEnd()) if self._current is not None else None
        drawn = [(one, one == current) for block in self._seen() for one in self._in_block(block)]
        if drawn == self._drawn:
            return
        self._drawn = drawn
        plain, strong = QTextCharFormat(), QTextCharFormat()
        plain.setBackground(self._appearance.colour("found"))
        strong.setBackground(self._appearance.colour("found_now"))
        strong.setForeground(self._appearance.colour("found_now_text"))
        tints = []
        for (begin, end), is_current in drawn:
            tint = QTextEdit.ExtraSelection()
            tint.cursor = self._cursor(begin, end)
            tint.format = strong if is_current else plain
            tints.append(tint)
        self._transcript.set_tints(tints)

    def _find_current_again(self) -> None:
        """The text was drawn anew."""
        if self._current is None or self._transcript.get(self._current[0]) is None:
            return
        found = self.ranges(self._current[0])
        if self._current[1] < len(found):
            self._select(found[self._current[1]])

    def _select(self, one: Range) -> None:
        self._at = self._cursor(*one)

    def _cursor(self, begin: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self._transcript.document())
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _seen(self) -> Iterator[QTextBlock]:
        block = self._transcript.cursorForPosition(QPoint(0, 0)).block()
        bottom = self._transcript.viewport().height()
        while block.isValid() and self._transcript.cursorRect(QTextCursor(block)).top() < bottom:
            yield block
            block = block.next()

    def _in_block(self, block: QTextBlock) -> Iterator[Range]:
        look = block.blockFormat()
        if look.hasProperty(MESSAGE) or look.hasProperty(OUTSIDE):
            return
        text = block.text()
        for begin, end in occurrences(text, self._wanted):
            yield block.position() + _units(text, begin), block.position() + _units(text, end)


def _units(text: str, length: int) -> int:
    """Positions of a text document that the first `length` characters take: UTF-16 units."""
    return length if text.isascii() else len(text[:length].encode("utf-16-le", "surrogatepass")) // 2
