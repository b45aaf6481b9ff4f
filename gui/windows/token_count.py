"""How many tokens the message that is being written has, about, and how many there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QTimer

from gui.chat.attachments import tokens
from gui.chat.tokens import estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.windows.composer import Composer

DELAY = 150
"""Milliseconds from the last key: no key waits for the counting."""


class TokenCount(QObject):
    """`room`: the tokens that the model reads and writes in all, None where that is not known."""

    def __init__(self, composer: Composer, room: Callable[[], int | None]) -> None:
        super().__init__(composer)
        self._composer = composer
        self._room = room
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._count)
        composer.changed.connect(self._timer.start)

    def _count(self) -> None:
        count = estimate(self._composer.text) + sum(map(tokens, self._composer.attachments))
        room = self._room()
        numbers = QLocale()
        if not count:
            self._composer.show_count("", too_much=False)
        elif room is None:
            said = self.tr("≈ {count} tokens").format(count=numbers.toString(count))
            self._composer.show_count(said, too_much=False)
        else:
            said = self.tr("≈ {count} / {room} tokens")
            said = said.format(count=numbers.toString(count), room=numbers.toString(room))
            self._composer.show_count(said, too_much=count > room)
