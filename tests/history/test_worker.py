from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from functools import partial

import pytest

from gui.history.worker import Worker

HANGS = """
import asyncio, threading
from gui.history.worker import Worker

async def main():
    Worker("w").submit(threading.Event().wait)
    await asyncio.sleep(0.05)

asyncio.run(main())
"""


async def test_jobs_are_done_in_order_in_one_other_thread() -> None:
    worker = Worker("w")
    done: list[int] = []

    def job(number: int) -> int:
        done.append(number)
        return threading.get_ident()

    futures = [worker.submit(partial(job, number)) for number in range(50)]
    worker.end()
    threads = [await asyncio.wrap_future(future) for future in futures]

    assert done == list(range(50))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_an_error_reaches_who_waits_and_the_next_job_is_done() -> None:
    worker = Worker("w")
    failing = worker.submit(lambda: 1 // 0)
    after = worker.submit(lambda: "done")
    worker.end()

    with pytest.raises(ZeroDivisionError):
        await asyncio.wrap_future(failing)
    assert await asyncio.wrap_future(after) == "done"


def test_a_job_that_never_ends_does_not_keep_the_process() -> None:
    assert subprocess.run([sys.executable, "-c", HANGS], timeout=10, check=False).returncode == 0
