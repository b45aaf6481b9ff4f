"""Says on the desktop that a reply is there which nobody looks at; a click leads to it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from gui.conversation import State
from gui.errors import from_json
from gui.markdown.plain import plain_text
from gui.windows.wording import explain

if TYPE_CHECKING:
    import asyncio

    from gui.conversation import Conversation, Message
    from gui.windows.parts import Parts
    from gui.windows.session_bus import SessionBus

TRIES = 2
"""The bus may have gone since it was used last."""

LENGTH = 160  # characters of a reply that are shown


class Notifications(QObject):
    """Signals: clicked(conversation id, message id, token) -- `token` is the desktop's leave to come to the front."""

    clicked = Signal(str, str, str)

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._bus: SessionBus | None = None
        self._running: asyncio.Task[None] | None = None
        self._tray: QSystemTrayIcon | None = None
        self._last = ("", "")
        self._keys: dict[str, str] = {}  # the message of each conversation that was told last

    def tell(self, conversation: Conversation, message: Message) -> None:
        """A reply has ended; nothing if the person wants to hear of none."""
        if self._parts.preferences.get("notifications"):
            self._parts.tasks.spawn(self._tell(conversation, message))

    async def _tell(self, conversation: Conversation, message: Message) -> None:
        text = first_line(message)
        self._keys[conversation.id] = message.id
        if sys.platform not in {"win32", "darwin"}:
            for _ in range(TRIES):
                if await self._session_bus().show(conversation.title, text, self.tr("Open"), conversation.id):
                    return
                self._leave_bus()
        self._show_at_tray(conversation, message, text)

    def withdraw(self, conversation_id: str) -> None:
        """What was told of has been read."""
        if self._bus is not None:
            self._parts.tasks.spawn(self._bus.withdraw(conversation_id))

    def _leave_bus(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _session_bus(self) -> SessionBus:
        if self._bus is None or self._running is None or self._running.done():
            from gui.windows.session_bus import SessionBus

            self._bus = SessionBus(self._clicked)
            self._running = self._parts.tasks.spawn(self._bus.run())
        return self._bus

    def _clicked(self, key: object, token: str) -> None:
        conversation_id = str(key)
        self.clicked.emit(conversation_id, self._keys.get(conversation_id, ""), token)

    def _show_at_tray(self, conversation: Conversation, message: Message, text: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._tray.messageClicked.connect(lambda: self.clicked.emit(*self._last, ""))
        self._last = (conversation.id, message.id)
        self._tray.show()
        self._tray.showMessage(conversation.title, text, QApplication.windowIcon())


def first_line(message: Message) -> str:
    """What of a reply is told to whoever stands before the screen: its beginning, or why there is none."""
    if message.state is State.FAILED:
        return explain(from_json(message.error))
    lines = (line.strip() for line in plain_text(message.text[: 10 * LENGTH]).split("\n"))
    line = next((line for line in lines if line), "")
    return line if len(line) <= LENGTH else f"{line[:LENGTH].rstrip()}…"
