"""The download of a model's file: it goes on whatever dialog is open."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.errors import GProChatError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gui.windows.tasks import Tasks


class Downloads(QObject):
    """One at a time. Signals: changed() -- how far it is; ended(GProChatError or None) -- None: `target` is there;
    stopped().
    """

    changed = Signal()
    ended = Signal(object)
    stopped = Signal()

    def __init__(self, folder: Path, proxy_for: Callable[[str], Awaitable[str | None]], tasks: Tasks) -> None:
        super().__init__()
        self._folder = folder
        self._proxy_for = proxy_for
        self._tasks = tasks
        self._task: asyncio.Task[None] | None = None
        self._error: GProChatError | None = None
        self.target: Path | None = None
        self.there = 0
        self.whole: int | None = None

    @property
    def running(self) -> bool:
        return self._task is not None

    def start(self, address: str, sha256: str) -> None:
        """Fetch the file at `address` into the program's folder; nothing while another one is fetched."""
        if self.running:
            return
        from gui.providers.download import name_of

        name = name_of(address) or "model"
        self.target = _free(self._folder / (name if name.lower().endswith(".gguf") else f"{name}.gguf"))
        self.there, self.whole = 0, None
        self._task = self._tasks.spawn(self._fetch(address, self.target, sha256))
        self._task.add_done_callback(lambda _task: self._done())
        self.changed.emit()

    def stop(self) -> None:
        """What there is of it is kept, and gone on with the next time."""
        if self._task is not None:
            self._task.cancel()

    async def _fetch(self, address: str, target: Path, sha256: str) -> None:
        from gui.providers.download import download

        self._error = None
        try:
            await download(address, target, self._proxy_for, sha256, self._arrived)
        except GProChatError as error:
            self._error = error

    def _done(self) -> None:
        task, self._task = self._task, None
        if task is not None and task.cancelled():
            self.stopped.emit()
        else:
            self.ended.emit(self._error)

    def _arrived(self, there: int, whole: int | None) -> None:
        self.there, self.whole = there, whole
        self.changed.emit()


def _free(file: Path) -> Path:
    """`file`, or that with a number: many models have one name, and the one that is there may be in use."""
    names = (file.with_stem(f"{file.stem}-{number}") for number in itertools.count(2))
    return next(one for one in itertools.chain([file], names) if not one.exists())
