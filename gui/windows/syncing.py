"""The history kept equal with other computers while the program runs, if the person has named a folder for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSysInfo, Signal

from gui.conversation import now
from gui.errors import GProChatError, HistoryError, SyncFolderUnusable
from gui.history.sync import Sync

if TYPE_CHECKING:
    from gui.windows.parts import Parts

PERIOD = 5.0
"""Seconds from one look into the folder to the next: watching for its changes does not work on every drive."""

LAST = 2.0
"""Seconds that the end of the program waits for what was said last to be written there."""


@dataclass(frozen=True, slots=True)
class State:
    """`folder`: "" where there is none. `last`: when it went well last, in milliseconds since the epoch, or None.
    `unread`: files there that cannot be read yet.
    """

    folder: str = ""
    last: int | None = None
    unread: int = 0
    trouble: GProChatError | None = None


class Syncing(QObject):
    """Signals: changed(ids) -- these conversations were changed on another computer; troubled(error) -- said once,
    until it went well again; state_changed(State).
    """

    changed = Signal(object)
    troubled = Signal(object)
    state_changed = Signal(object)

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._task: asyncio.Task[None] | None = None
        self.state = State()

    def start(self) -> None:
        """Begin with the folder of the preferences, or end if there is none."""
        before = self._task
        if before is not None:
            before.cancel()
        folder = self._parts.preferences.get("sync_folder")
        self._tell(State(folder))
        if folder:
            self._task = self._parts.tasks.spawn(self._keep_equal(Path(folder), before))

    async def _keep_equal(self, folder: Path, before: asyncio.Task[None] | None) -> None:
        if before is not None:  # what it still writes is not to be taken for written here
            await asyncio.wait([before])
        history = await self._parts.history
        sync = Sync(history, folder, QSysInfo.machineUniqueId().toStdString())
        try:
            while True:
                await self._round(sync)
                await asyncio.sleep(PERIOD)
        finally:
            if self.state.trouble is None:
                with suppress(TimeoutError, HistoryError, SyncFolderUnusable):
                    await asyncio.wait_for(sync.send(), LAST)
            sync.close()

    async def _round(self, sync: Sync) -> None:
        folder = str(sync.folder)
        try:
            changed = await sync.round()
        except (HistoryError, SyncFolderUnusable) as error:
            before = self.state.trouble
            self._tell(State(folder, self.state.last, self.state.unread, error))
            if before is None or str(before) != str(error):
                self.troubled.emit(error)
            return
        self._tell(State(folder, now(), sync.unread))
        if changed:
            self.changed.emit(changed)

    def _tell(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)
