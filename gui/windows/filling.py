"""The window filled with what is kept, as it was left; and again when that could not be had for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.errors import HistoryDamaged
from gui.windows import wiring
from gui.windows.browsing import Browsing
from gui.windows.drafts import NEW
from gui.windows.keeping import Keeping
from gui.windows.notifications import Notifications

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


class Filling(QObject):
    """Makes what the window has only with a history: `keeping`, `browsing` and `notifications`."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts

    async def start(self) -> None:
        window = self._window
        self._take_over_draft()
        window.browsing = Browsing(self._parts, window.sidebar, window)
        window.notifications = Notifications(self._parts, window)
        wiring.wire_the_rest(window, self._parts)
        window.keeping = Keeping(await self._parts.history, self._parts.tasks, lambda: window.pane.bar, window)
        window.keeping.restored.connect(lambda: self._parts.tasks.spawn(self._refill()))
        window.keeping.settled.connect(self._take_back)
        try:
            await self._fill()
        except HistoryDamaged:
            await window.keeping.repair()
        if self._parts.preferences.get("secrets_left_behind"):
            from gui.settings.secrets import delete_left_behind

            self._parts.tasks.spawn(delete_left_behind(self._parts.secrets, self._parts.preferences))
        for trouble in (self._parts.preferences.trouble, self._parts.connections.trouble, window.queue.trouble):
            if trouble is not None:
                window.present(trouble)

    def _take_back(self, text: str) -> None:
        for pane in self._window.panes():
            pane.take_back(text)

    def _take_over_draft(self) -> None:
        """Of a new chat, as older versions have kept it."""
        window = self._window
        draft = window.drafts.of(NEW)
        if draft and not window.pane.composer.text:
            window.pane.composer.set_text(draft)
        window.drafts.put(NEW, "")

    async def _fill(self) -> None:
        window = self._window
        history = await self._parts.history
        await window.browsing.list_all()
        await window.remembering.restore()
        if self._parts.preferences.get("sync_folder"):
            window.syncing.start()
        if history.read_only is not None:
            window.present(history.read_only)

    async def _refill(self) -> None:
        """Show what is kept after it could not be had for a while."""
        window = self._window
        if not window.remembering.restored:
            await self._fill()
            return
        await window.browsing.list_all()
        for pane in window.panes():
            if not pane.is_empty:
                await pane.reload()
        if self._parts.preferences.get("sync_folder"):
            window.syncing.start()  # what it knew of the folder may be true no longer
