"""Long work in a thread: how far it is, and a way to end it."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class Ended(Exception):
    """The work was ended before its end; nothing of it was done."""


class Job:
    """`part`: how much is done, 0 to 1. Whoever works calls `reached`; whoever waits may call `end`."""

    def __init__(self) -> None:
        self.part = 0.0
        self._ending = threading.Event()

    def reached(self, part: float) -> None:
        """In any thread. Raises Ended if no more is wanted."""
        if self._ending.is_set():
            raise Ended
        self.part = part

    def end(self) -> None:
        self._ending.set()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives, which is done in a thread. Raises Ended, and what `work` raises."""
        return await self.wait(asyncio.to_thread(work))

    async def wait(self, working: Awaitable[T]) -> T:
        """As `run`, for work that is under way elsewhere. If the waiting is cancelled, the work has ended before."""
        task = asyncio.ensure_future(working)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self.end()
            await asyncio.wait([task])
            task.cancelled() or task.exception()  # looked at, so that nobody is told of it
            raise
