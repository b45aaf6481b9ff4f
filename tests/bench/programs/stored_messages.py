"""How long the window's thread is away while a message is stored.

`python -m tests.bench.programs.stored_messages DATA_DIR`: milliseconds, the median and the 99th percentile of the
longest turn of the event loop during each message (of its CPU: other programs take of any turn what they like; and by
the clock), the same where none is stored, and until a message is on the disk.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gui.app import run_window
from gui.conversation import Conversation, Message, Role
from tests.bench.programs.report import IDLE, say_and_leave

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

MESSAGES = 400
TEXT = "Four hundred characters of a message that somebody may have written. " * 6
PAUSE = 0.005  # seconds


async def turns(doing: Coroutine[Any, Any, Any]) -> tuple[float, float, float]:
    """The longest one's CPU, the longest one by the clock, and how long `doing` took; in milliseconds."""
    task = asyncio.ensure_future(doing)
    began = last = time.perf_counter()
    last_cpu = time.thread_time()
    longest = longest_cpu = 0.0
    while not task.done():
        await asyncio.sleep(0)
        moment, cpu = time.perf_counter(), time.thread_time()
        longest, last = max(longest, moment - last), moment
        longest_cpu, last_cpu = max(longest_cpu, cpu - last_cpu), cpu
    await task
    return longest_cpu * 1000, longest * 1000, (last - began) * 1000


async def visit(_window: MainWindow, parts: Parts) -> None:
    history = await parts.history
    chat = Conversation("Stored")
    await history.add_conversation(chat)
    await asyncio.sleep(IDLE)
    measured: dict[str, list[float]] = {name: [] for name in ("cpu", "clock", "taken", "idle cpu", "idle clock")}
    parent = None
    for number in range(MESSAGES):
        message = Message(chat.id, Role.USER, f"{number} {TEXT}", parent)
        cpu, clock, taken = await turns(history.add_message(message))
        idle_cpu, idle_clock, _ = await turns(asyncio.sleep(taken / 1000))
        for values, value in zip(measured.values(), (cpu, clock, taken, idle_cpu, idle_clock), strict=True):
            values.append(value)
        parent = message.id
        await asyncio.sleep(PAUSE)
    report: dict[str, object] = {}
    for name, values in measured.items():
        ordered = sorted(values)
        report |= {f"{name} p50": ordered[len(ordered) // 2], f"{name} p99": ordered[len(ordered) * 99 // 100]}
    say_and_leave(report)


run_window(Path(sys.argv[1]), f"GPROChat {sys.argv[1]}", visit)
