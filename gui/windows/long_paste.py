"""A long text that was pasted: it is in the input, and offered to go along as a file instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject

from gui.chat.attachments import LARGEST_TEXT
from gui.conversation import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.windows.composer import Composer
    from gui.windows.message_bar import MessageBar

MOST_LETTERS, MOST_LINES = 8_000, 120


def is_long(text: str) -> bool:
    return len(text) > MOST_LETTERS or text.count("\n") >= MOST_LINES


class LongPaste(QObject):
    def __init__(self, composer: Composer, bar: Callable[[], MessageBar]) -> None:
        super().__init__(composer)
        self._composer = composer
        self._bar = bar

    def offer(self, text: str) -> None:
        """This was pasted just now."""
        if len(text.encode(errors="replace")) > LARGEST_TEXT:
            return
        said = self.tr("You pasted a long text, of {count} characters.").format(count=QLocale().toString(len(text)))
        self._bar().show_message(said, [(self.tr("Attach it as a file"), lambda: self._attach(text))], trouble=False)

    def _attach(self, text: str) -> None:
        before, found, after = self._composer.text.partition(text)
        if not found:
            return  # it was changed meanwhile
        names = {one.name for one in self._composer.attachments}
        number = next(n for n in range(1, len(names) + 2) if self._name(n) not in names)
        one = Attachment(self._name(number), "text/plain", text.encode(errors="replace"))
        whole = self._composer.text
        self._composer.set_text(before + after)
        self._composer.set_attachments((*self._composer.attachments, one))
        self._composer.setFocus()
        actions = [(self.tr("Undo"), lambda: self._undo(one, whole, before + after))]
        self._bar().show_message(self.tr("The text goes along as a file."), actions, trouble=False)

    def _undo(self, one: Attachment, whole: str, left: str) -> None:
        if one not in self._composer.attachments:
            return
        self._composer.set_attachments(tuple(other for other in self._composer.attachments if other is not one))
        more = self._composer.text.removeprefix(left)  # typed since
        self._composer.set_text(
            whole + more if self._composer.text.startswith(left) else f"{whole}\n{self._composer.text}"
        )
        self._composer.setFocus()

    def _name(self, number: int) -> str:
        return self.tr("pasted.txt") if number == 1 else self.tr("pasted {number}.txt").format(number=number)
