"""Earlier prompts, had back into an empty input: Up is the one before, Down the one after, Esc the empty input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from gui.override import override

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from gui.windows.composer import Composer


class Recall(QObject):
    """`load` gives the prompts, the newest first. What was recalled and then changed is a draft like any other."""

    def __init__(
        self,
        composer: Composer,
        load: Callable[[], Awaitable[Sequence[str]]],
        spawn: Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]],
    ) -> None:
        super().__init__(composer)
        self._composer = composer
        self._load = load
        self._spawn = spawn
        self._texts: Sequence[str] = ()
        self._place = -1  # of the one that is shown; -1: none is

    def begin(self) -> None:
        self._spawn(self._begin())

    async def _begin(self) -> None:
        texts = await self._load()
        if texts and not self._composer.text and self._place < 0:
            self._texts = texts
            self._composer.input.installEventFilter(self)
            self._go(0)

    def _go(self, place: int) -> None:
        self._place = place
        if place < 0:
            self._end()
        self._composer.set_text(self._texts[place] if place >= 0 else "")

    def _end(self) -> None:
        self._place = -1
        self._composer.input.removeEventFilter(self)

    @property
    def _is_shown(self) -> bool:
        """Whether the input is as it was recalled, cursor and all."""
        text = self._texts[self._place]
        return self._composer.text == text and self._composer.input.textCursor().atEnd()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() not in {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape}:
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if not self._is_shown:
            self._end()
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Esc does not stop the reply
            return event.key() == Qt.Key.Key_Escape
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._go(-1)
        elif event.key() == Qt.Key.Key_Up:
            self._go(min(self._place + 1, len(self._texts) - 1))
        else:
            self._go(self._place - 1)
        return True
