"""What will go along with the message that is being written in a pane: made in a thread, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.errors import AttachmentUnfit
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from gui.conversation import Attachment
    from gui.windows.message_bar import MessageBar
    from gui.windows.tasks import Tasks

    Maker = tuple[str, Callable[[], Attachment]]

SOON = 0.3  # s, within which most are made, and nothing is said of it
MOST_TOLD = 4  # files of which it is told why they cannot go along


class Attachments:
    """What cannot be attached stands in the bar, and keeps no other file back."""

    def __init__(self, tasks: Tasks, bar: Callable[[], MessageBar]) -> None:
        self._tasks, self._bar = tasks, bar
        self._making: set[asyncio.Task[bool]] = set()

    def make(self, makers: Sequence[Maker], take: Callable[[Attachment], None]) -> None:
        """Have go along what these make: `take` is handed each as it is there."""
        task = self._tasks.spawn(self._make(makers, take))
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    async def settled(self) -> bool:
        """Wait until all is made; whether all of it can go along."""
        import asyncio

        return all(await asyncio.gather(*self._making))

    async def _make(self, makers: Sequence[Maker], take: Callable[[Attachment], None]) -> bool:
        refused: list[str] = []
        for name, make in makers:
            try:
                take(await self._make_one(name, make))
            except AttachmentUnfit as error:
                refused.append(explain(error))
        if refused:
            more = len(refused) - MOST_TOLD
            rest = [translate("attachments", "… and {count} more.").format(count=more)] if more > 0 else []
            self._bar().show_message("\n".join([*refused[:MOST_TOLD], *rest]))
        return not refused

    async def _make_one(self, name: str, make: Callable[[], Attachment]) -> Attachment:
        import asyncio

        made = asyncio.ensure_future(asyncio.to_thread(make))
        if (await asyncio.wait([made], timeout=SOON))[0]:
            return made.result()
        said = translate("attachments", "Reading {name}…").format(name=name)
        self._bar().show_message(said, trouble=False)
        try:
            return await made
        finally:
            if self._bar().text == said:
                self._bar().dismiss()
