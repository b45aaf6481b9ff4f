"""What the window says and does when conversations cannot be read or written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.errors import HistoryDamaged, HistoryError, HistoryProtected, Remedy
from gui.windows.wording import explain, remedy_text

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from gui.history.recovery import Repaired
    from gui.history.store import History
    from gui.windows.message_bar import MessageBar
    from gui.windows.tasks import Tasks


class Keeping(QObject):
    """Signals: restored() -- the history can be had again, and may hold something else than what is shown;
    settled(text) -- what was said in this text is true no longer.
    """

    restored = Signal()
    settled = Signal(str)

    def __init__(self, history: History, tasks: Tasks, bar: Callable[[], MessageBar], parent: QObject) -> None:
        """`bar`: that of the pane which is before the person."""
        super().__init__(parent)
        self._history = history
        self._tasks = tasks
        self._bar = bar
        self._said = ""
        self._trying: asyncio.Task[None] | None = None
        self._repairing = False
        history.watch(self._told)

    @property
    def is_trouble(self) -> bool:
        """Whether something may be waiting to be written."""
        return self._history.trouble is not None or isinstance(self._history.read_only, HistoryProtected)

    def say_again(self) -> None:
        """Another pane is before the person, or another conversation in it."""
        if self._history.trouble is not None and not self._bar().text:
            self._told(self._history.trouble)

    def retry(self) -> None:
        """Have all that waits to be written tried at once."""
        self._history.retry()

    async def repair(self) -> None:
        """Mend a damaged history and say what came of it."""
        if self._repairing:
            return
        self._repairing = True
        self._say(self.tr("The history is damaged and is being repaired. Please wait; nothing is thrown away."), [])
        try:
            repaired = await self._history.repair()
        except HistoryError as error:
            self._say(explain(error), [(remedy_text(Remedy.RETRY), lambda: self._tasks.spawn(self.repair()))])
            return
        finally:
            self._repairing = False
        self.restored.emit()
        self._bar().show_message(self._became(repaired), trouble=False)

    def _became(self, repaired: Repaired) -> str:
        if not repaired.kept:
            return self.tr("A part of the history was damaged and was made anew. All messages are there.")
        text = self.tr(
            "The history was damaged. What could be read of it is here: chats: {chats}, messages: {messages}."
            " The damaged file is kept as {file} in {folder}."
        )
        kept = Path(repaired.kept)
        said = text.format(chats=repaired.conversations, messages=repaired.messages, file=kept.name, folder=kept.parent)
        if repaired.from_snapshot:
            more = self.tr("Messages taken from the last snapshot: {count}.")
            said = f"{said} {more.format(count=repaired.from_snapshot)}"
        return said

    def _told(self, trouble: HistoryError | None) -> None:
        if self._repairing:
            return
        if trouble is None:
            self.settled.emit(self._said)
            return
        remedy = trouble.remedy
        acts: dict[Remedy, Callable[[], object]] = {
            Remedy.RETRY: self.retry,
            Remedy.REPAIR: lambda: self._tasks.spawn(self.repair()),
        }
        self._say(explain(trouble), [(remedy_text(remedy), acts[remedy])] if remedy in acts else [])
        if not isinstance(trouble, HistoryDamaged) and (self._trying is None or self._trying.done()):
            self._trying = self._tasks.spawn(self._try())

    def _say(self, text: str, actions: list[tuple[str, Callable[[], object]]]) -> None:
        self.settled.emit(self._said)
        self._said = text
        self._bar().show_message(text, actions)

    async def _try(self) -> None:
        """Find out when the trouble is over, also where nobody has anything to write."""
        failures = 0
        while self._history.trouble is not None and not isinstance(self._history.trouble, HistoryDamaged):
            failures += 1
            await self._history.again(failures)
            if self._history.waiting == 0:
                with suppress(HistoryError):
                    await self._history.check()
        self.restored.emit()
