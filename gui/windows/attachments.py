"""What will go along with the message that is being written in a pane: files are read one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.errors import AttachmentUnfit
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gui.conversation import Attachment
    from gui.windows.message_bar import MessageBar
    from gui.windows.tasks import Tasks

SOON = 0.3  # s, within which most files are read, and nothing is said of it
MOST_TOLD = 4  # files of which it is told why they cannot go along


class Attachments:
    """What cannot be attached stands in the bar, and keeps no other file back."""

    def __init__(self, tasks: Tasks, bar: Callable[[], MessageBar]) -> None:
        self._tasks, self._bar = tasks, bar
        self._reading: set[asyncio.Task[bool]] = set()

    def read(self, files: Sequence[Path], take: Callable[[Attachment], None]) -> None:
        """Have these go along: `take` is handed each of them as it is read."""
        task = self._tasks.spawn(self._read(files, take))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def settled(self) -> bool:
        """Wait until all is read; whether all of it can go along."""
        import asyncio

        return all(await asyncio.gather(*self._reading))

    async def _read(self, files: Sequence[Path], take: Callable[[Attachment], None]) -> bool:
        refused: list[str] = []
        for file in files:
            try:
                take(await self._read_one(file))
            except AttachmentUnfit as error:
                refused.append(explain(error))
        if refused:
            more = len(refused) - MOST_TOLD
            rest = [translate("attachments", "… and {count} more.").format(count=more)] if more > 0 else []
            self._bar().show_message("\n".join([*refused[:MOST_TOLD], *rest]))
        return not refused

    async def _read_one(self, file: Path) -> Attachment:
        import asyncio

        from gui.windows.attaching import attach

        reading = asyncio.ensure_future(asyncio.to_thread(attach, file))
        if (await asyncio.wait([reading], timeout=SOON))[0]:
            return reading.result()
        said = translate("attachments", "Reading {name}…").format(name=file.name)
        self._bar().show_message(said, trouble=False)
        try:
            return await reading
        finally:
            if self._bar().text == said:
                self._bar().dismiss()
