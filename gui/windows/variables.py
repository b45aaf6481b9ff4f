"""The {{variables}} of a prompt, asked for in the input: Tab goes to the next one, and fills those of the same name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from gui.override import override

if TYPE_CHECKING:
    from gui.windows.composer import Composer

VARIABLE = re.compile(r"\{\{([^{}\n]+)\}\}")


class Variables(QObject):
    def __init__(self, composer: Composer) -> None:
        super().__init__(composer)
        self._composer = composer
        self._name, self._begin = "", 0  # of the one that is selected, or being filled

    def begin(self) -> None:
        """Select the first one; nothing where there is none."""
        self._composer.input.removeEventFilter(self)
        self._name = ""
        if self._select_next(0):
            self._composer.input.installEventFilter(self)

    def _select_next(self, after: int) -> bool:
        text = self._composer.text
        found = VARIABLE.search(text, after) or VARIABLE.search(text)
        if found is None:
            return False
        self._name, self._begin = found[1], _units(text[: found.start()])
        cursor = self._composer.input.textCursor()
        cursor.setPosition(self._begin)
        cursor.setPosition(self._begin + _units(found[0]), QTextCursor.MoveMode.KeepAnchor)
        self._composer.input.setTextCursor(cursor)
        return True

    def _fill(self) -> None:
        """What was typed in the place of a variable goes to the places of the others of its name."""
        cursor = self._composer.input.textCursor()
        end, length = cursor.position(), self._composer.input.document().characterCount()
        if cursor.hasSelection() or not self._begin < end < length:
            return
        cursor.setPosition(self._begin, QTextCursor.MoveMode.KeepAnchor)
        typed = cursor.selectedText().replace("\u2029", "\n")
        mark = f"{{{{{self._name}}}}}"
        if "{{" in typed:
            return
        document = self._composer.input.document()
        change = QTextCursor(document)
        change.beginEditBlock()
        place = document.find(mark, 0)
        while not place.isNull():
            place.insertText(typed)
            place = document.find(mark, place)
        change.endEditBlock()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Tab or event.modifiers():
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        self._fill()
        cursor = self._composer.input.textCursor()
        before = self._composer.text.encode("utf-16-le")[: 2 * cursor.selectionEnd()].decode("utf-16-le", "ignore")
        if self._select_next(len(before)):
            return True
        self._composer.input.removeEventFilter(self)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._composer.input.setTextCursor(cursor)
        return True


def _units(text: str) -> int:
    """How many places of a QTextDocument it takes."""
    return len(text.encode("utf-16-le")) // 2
