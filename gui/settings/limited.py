"""A call that may never return, with a limit in time, and without keeping the process from ending."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


async def limited(call: Callable[[], Result], seconds: float, name: str) -> Result:
    """The result of `call` in a thread called `name`. Raises TimeoutError after `seconds` (the thread then runs on,
    and nobody waits for it), and what `call` raises.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: Exception | None) -> None:
        if answer.done():
            return  # nobody waits any longer
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]  # it is there when the error is not

    def run() -> None:
        result, error = None, None
        try:
            result = call()
        except Exception as raised:  # noqa: BLE001 -- it is raised where it is awaited
            error = raised
        # The loop is closed when the program ended before this did.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    # Not an executor: the interpreter waits for the threads of one before it ends.
    threading.Thread(target=run, name=name, daemon=True).start()
    async with asyncio.timeout(seconds):
        return await answer
