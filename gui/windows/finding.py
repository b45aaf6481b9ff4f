"""Finding in a conversation: in all of it, also in what is not loaded."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from gui.conversation import Role, State
from gui.markdown.find import Findable, fold
from gui.windows.tints import Tints

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from gui.conversation import Message
    from gui.windows.pages import Pages
    from gui.windows.parts import Parts
    from gui.windows.transcript import Transcript

BATCH = 200
"""Messages that are read at once."""

SLICE = 0.004
"""Seconds after which whoever else waits has a turn."""

PAUSE = 300  # ms after which what has changed meanwhile is counted again


class Finding(QObject):
    """Looks from the latest message upwards, so that what is near is found first.

    Signals: counted(number, total, whether that is all) -- the number of the current one, from 1; 0 while it is not
    known.
    """

    counted = Signal(int, int, bool)

    def __init__(
        self,
        parts: Parts,
        pages: Pages,
        transcript: Transcript,
        spawn: Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]],
    ) -> None:
        super().__init__(transcript)
        self._parts = parts
        self._pages = pages
        self._transcript = transcript
        self._spawn = spawn
        self.tints = Tints(transcript, parts.appearance)
        self._texts: dict[str, tuple[Findable, str | None]] = {}  # with the parent of the message
        self._wanted = ""
        self._begin = 0  # the position in the document from which the first one is looked for
        self._seen: dict[str, int] = {}  # messages that were looked at, and how often it is in each; the latest first
        self._complete = False
        self._counted = ("", "")  # the state of the conversation
        self._current: tuple[str, int] | None = None
        self._scan: asyncio.Task[Any] | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(PAUSE)
        self._again.timeout.connect(self._count_again)

    def look_for(self, text: str) -> None:
        """Find `text` from where the reader is; what was looked for before is given up. "" for nothing. Lines that were
        pasted are looked for as one.
        """
        text = text.strip("\n").replace("\n", " ")
        selected = self._transcript.textCursor()
        same = bool(text) and fold(selected.selectedText()) == fold(text)
        begin = selected.selectionStart() if same else self.tints.position
        changed = self._transcript.document().contentsChanged
        if text and not self._wanted:
            changed.connect(self._changed)
        elif self._wanted and not text:
            changed.disconnect(self._changed)
        self._wanted = fold(text)
        self._begin = begin
        self._current = None
        self.tints.look_for(self._wanted)
        self._seen = {}
        self._complete = not self._wanted
        self._start(self._seen)
        if self._complete:
            self._tell()

    def end(self) -> None:
        """Look for nothing any more, and keep nothing."""
        self.look_for("")
        self._texts.clear()

    def step(self, by: int) -> None:
        """Go to the next (1) or the one before (-1), at the end to the first."""
        found = [message_id for message_id, count in reversed(self._seen.items()) if count]
        if self._current is None or not found:
            return
        message_id, number = self._current
        number += by
        if not 0 <= number < self._seen.get(message_id, 0):
            place = (found.index(message_id) if message_id in found else 0) + by
            message_id = found[place % len(found)]
            number = 0 if by > 0 else self._seen[message_id] - 1
        self._spawn(self._go(message_id, number))

    async def _go(self, message_id: str, number: int) -> None:
        self._current = (message_id, number)
        self._tell()
        if self._pages.get(message_id) is None and not await self._pages.reveal(message_id):
            return
        if self._current == (message_id, number):
            self.tints.show(message_id, number)

    # -- counting -----------------------------------------------------------------------------------------------

    def _start(self, seen: dict[str, int]) -> None:
        """Count anew, into `seen`."""
        if self._scan is not None:
            self._scan.cancel()
        self._again.stop()
        self._counted = self._state()
        self._scan = self._spawn(self._look(seen)) if self._wanted else None

    async def _look(self, seen: dict[str, int]) -> None:
        messages = self._pages.messages
        message_id = messages[-1].id if messages else None
        until = time.perf_counter() + SLICE
        while message_id is not None and message_id not in seen:
            if self._pages.running_id == message_id:
                seen[message_id] = self._count_running(message_id)
                message_id = messages[-1].parent_id
            else:
                text, parent = self._texts.get(message_id) or await self._read(message_id)
                seen[message_id] = text.count(self._wanted)
                message_id = parent
            if time.perf_counter() > until:
                await self._choose_first()
                self._tell()
                await asyncio.sleep(0)
                until = time.perf_counter() + SLICE
        self._seen = seen
        self._complete = True
        await self._choose_first()
        self._tell()

    async def _read(self, message_id: str) -> tuple[Findable, str | None]:
        history = await self._parts.history
        for message in await history.branch(self._pages.conversation_id, message_id, limit=BATCH):
            if message.state is not State.RUNNING:
                self._texts[message.id] = (_findable(message), message.parent_id)
        return self._texts[message_id]

    async def _choose_first(self) -> None:
        if self._current is None and (first := self._first()) is not None:
            await self._go(*first)

    def _first(self) -> tuple[str, int] | None:
        """The one at or below where the reader is, or else the last one above; None if it is not known yet."""
        here = self._transcript.headings.around(self._begin)
        if not here:
            return None
        inside = self.tints.ranges(here)
        below = [number for number, (begin, _end) in enumerate(inside) if begin >= self._begin]
        if below:
            return here, below[0]
        if here not in self._seen:
            return None
        found = [message_id for message_id, count in self._seen.items() if count or message_id == here]
        place = found.index(here)
        if place > 0:
            return found[place - 1], 0
        if inside:
            return here, len(inside) - 1
        return (found[1], self._seen[found[1]] - 1) if len(found) > 1 else None

    def _changed(self) -> None:
        if not self._again.isActive():
            self._again.start()

    def _count_again(self) -> None:
        """More was said meanwhile, or another version is shown."""
        latest, running = self._state()
        if not self._complete:
            self._again.start()
        elif (latest, running) != self._counted:
            if self._current is None:
                self._begin = self.tints.position
            self._start({})
        elif latest == running:
            self._seen[latest] = self._count_running(latest)
            self._tell()

    def _count_running(self, message_id: str) -> int:
        """What is drawn of it; nothing while it is out of sight."""
        return len(self.tints.ranges(message_id)) if self._pages.get(message_id) is not None else 0

    def _state(self) -> tuple[str, str]:
        """The latest message, and the one that is being written: where these are the same, so is what was said."""
        return self._pages.messages[-1].id if self._pages.messages else "", self._pages.running_id

    def _tell(self) -> None:
        number = 0
        if self._complete and self._current is not None and self._current[0] in self._seen:
            ids = list(self._seen)
            above = ids[ids.index(self._current[0]) + 1 :]
            number = sum(self._seen[one] for one in above) + self._current[1] + 1
        self.counted.emit(number, sum(self._seen.values()), self._complete)


def _findable(message: Message) -> Findable:
    return Findable(message.text, markdown=message.role is not Role.USER)
