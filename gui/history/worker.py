"""A thread that does what it is given, one thing after the other, for a loop that must not wait."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Worker:
    """One thread. A daemon, unlike those of ThreadPoolExecutor: a dead drive must not keep the program from ending."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """Queue `job`. It is done in any case: cancelling whoever waits for it does not take it back."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        self._jobs.put((job, future))
        return future

    def end(self) -> None:
        """Leave when all that was submitted is done; what is submitted later is never done."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, future = item
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001 -- raised again where the job is waited for
                future.set_exception(error)
            else:
                future.set_result(result)
                del result
            del item, job, future  # nothing of a finished job is kept until the next one comes
