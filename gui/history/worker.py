"""A thread that does what it is given, one thing after the other, for a loop that must not wait."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Item:
    job: Callable[[], Any]
    future: Future[Any]
    joins: bool


class Worker:
    """One thread. A daemon, unlike those of ThreadPoolExecutor: a dead drive must not keep the program from ending.

    `together` does several jobs that wait in a row and were said to join, at the price of one; what it returns are
    their results. Where it raises, nothing was done, and each job is done for itself.
    """

    def __init__(self, name: str, together: Callable[[Sequence[Any]], Sequence[Any]] | None = None) -> None:
        self._together = together
        self._jobs: SimpleQueue[_Item | None] = SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, job: Callable[[], T], *, joins: bool = False) -> Future[T]:
        """Queue `job`. It is done in any case: cancelling whoever waits for it does not take it back."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        self._jobs.put(_Item(job, future, joins))
        return future

    def end(self) -> None:
        """Leave when all that was submitted is done; what is submitted later is never done."""
        self._jobs.put(None)

    def _work(self) -> None:
        following: deque[_Item | None] = deque()
        while (item := following.popleft() if following else self._jobs.get()) is not None:
            group = [item]
            while item.joins and not following:
                try:
                    another = self._jobs.get_nowait()
                except Empty:
                    break
                if another is not None and another.joins:
                    group.append(another)
                else:
                    following.append(another)
            if len(group) == 1 or not self._do_together(group):
                for one in group:
                    _do(one)
                    del one
            del item, group  # nothing of a finished job is kept until the next one comes

    def _do_together(self, group: Sequence[_Item]) -> bool:
        if self._together is None:
            return False
        try:
            results = self._together([one.job for one in group])
        except Exception:  # noqa: BLE001 -- whose it is shows when each is done for itself
            return False
        for one, result in zip(group, results, strict=True):
            one.future.set_result(result)
        return True


def _do(item: _Item) -> None:
    try:
        result = item.job()
    except BaseException as error:  # noqa: BLE001 -- raised again where the job is waited for
        item.future.set_exception(error)
    else:
        item.future.set_result(result)
