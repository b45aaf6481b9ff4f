"""Tasks of the windows: kept while they run, their errors shown, all of them ended at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.errors import GProChatError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine

    from PySide6.QtCore import QObject


class Tasks:
    """`present` shows an error that a person can act on. Any other error is a bug and reaches the loop's handler."""

    def __init__(self, present: Callable[[GProChatError], None]) -> None:
        self._present = present
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(
        self, coroutine: Coroutine[Any, Any, Any], present: Callable[[GProChatError], None] | None = None
    ) -> asyncio.Task[Any]:
        """Run `coroutine` as a task; `present` takes its error in place of the common one."""
        import asyncio  # the window is painted before it

        task = asyncio.get_event_loop().create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(lambda done: self._done(done, present or self._present))
        return task

    @staticmethod
    def bind(task: asyncio.Task[Any], widget: QObject) -> None:
        """Have `task` end when `widget` does, which it shows something in."""
        widget.destroyed.connect(lambda: task.cancel())

    async def end(self) -> None:
        """Cancel whatever runs and wait until each has tidied up."""
        import asyncio

        while running := list(self._running):
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            self._running.difference_update(running)

    def _done(self, task: asyncio.Task[Any], present: Callable[[GProChatError], None]) -> None:
        self._running.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, GProChatError):
            present(error)
            return
        task.get_loop().call_exception_handler(
            {
                "message": "A task ended with a bug",
                "exception": error,
                "task": task,
            }
        )
