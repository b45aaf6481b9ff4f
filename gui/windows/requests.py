"""Does what is wanted of a start of the program, the first one and each that finds it running."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.request import Kind
from gui.windows.wording import one_line

if TYPE_CHECKING:
    from gui.request import Request
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.quick_window import QuickWindow


class Requests(QObject):
    """Signals: hidden() -- the quick window is seen no more.

    `started`: what is kept is shown, or cannot be; what a request opens comes after it.
    """

    hidden = Signal()

    def __init__(self, parts: Parts, window: MainWindow) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self.quick_window: QuickWindow | None = None
        self.started = asyncio.Event()

    async def fulfil(self, request: Request, token: str = "") -> None:
        """Raises HistoryError. `token`: the desktop's leave to come to the front, or ""."""
        files = [Path(file) for file in request.files]
        if request.kind is Kind.QUICK:
            self.open_quick(request.text, token)
            if files and self.quick_window is not None:
                self.quick_window.pane.attach(files)
            return
        if request.kind is Kind.BACKGROUND and self._window.presence.has_tray:
            return
        window = self._window
        window.come_forward(token)
        await self.started.wait()
        if request.kind is Kind.NEW:
            window.workspace.begin(request.text)
        elif request.kind is Kind.CONVERSATION:
            await self._open(request.conversation)
        elif request.kind is Kind.NOWHERE:
            self._say(self.tr("This link leads nowhere: {link}").format(link=one_line(request.text)))
        window.file_drops.take(files)

    async def _open(self, conversation_id: str) -> None:
        history = await self._parts.history
        if await history.conversation(conversation_id) is None:
            self._say(self.tr("There is no chat “{id}”.").format(id=one_line(conversation_id)))
            return
        await self._window.open(conversation_id)

    def _say(self, text: str) -> None:
        self._window.pane.bar.show_message(text)

    # -- the quick window ---------------------------------------------------------------------------------------

    def open_quick(self, text: str = "", token: str = "") -> None:
        """Have something asked in a small window."""
        if self.quick_window is None:
            from gui.windows.quick_window import QuickWindow

            self.quick_window = QuickWindow(self._window.workspace)
            self.quick_window.moved_on.connect(self._move_on)
            self.quick_window.hidden.connect(self.hidden)
        self.quick_window.take_keys(self._window.actions_by_name)
        self.quick_window.ask(text, token)

    def _move_on(self) -> None:
        """What was asked there goes on in the main window."""
        if self.quick_window is None:
            return
        left, self.quick_window = self.quick_window, None
        self._window.come_forward()
        self._window.workspace.adopt(left.pane)
        left.close()
        left.deleteLater()

    def hide(self) -> None:
        """Have the quick window be seen no more."""
        if self.quick_window is not None:
            self.quick_window.hide()

    def forget_draft(self) -> None:
        """Of a question that was never asked: no start shows it again."""
        if self.quick_window is not None and self.quick_window.pane.is_empty:
            self.quick_window.pane.composer.set_text("")

    def end(self) -> None:
        """Be rid of it."""
        if self.quick_window is not None:
            from shiboken6 import delete

            delete(self.quick_window)
            self.quick_window = None
