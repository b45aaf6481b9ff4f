"""The server of a program that measures a reply, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from gui.settings.connections import Connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

LINE = 2**24
"""Bytes of what it says at the end, at the most."""


class Serving:
    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self._process = process
        self.url = url

    async def written(self) -> dict[str, Any]:
        """When it wrote what, once it has."""
        assert self._process.stdout
        stamps: dict[str, Any] = json.loads(await self._process.stdout.readline())
        await self._process.wait()
        return stamps


@asynccontextmanager
async def serving(*arguments: str) -> AsyncIterator[Serving]:
    """A `stamping_server` with these arguments."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.programs.stamping_server", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE,
    )
    assert process.stdout
    yield Serving(process, (await process.stdout.readline()).decode().strip())


@asynccontextmanager
async def replying(length: int, pace: int) -> AsyncIterator[str]:
    """The address of a `replying_server`."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.programs.replying_server", str(length), str(pace)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


async def prepare(window: MainWindow, parts: Parts, url: str) -> Pane:
    """A new chat with the server at `url`, its question written and not yet sent."""
    parts.preferences.set("titles_by_model", False)  # what is asked is what is measured
    parts.connections.save(Connection("bench", "Bench", "openai", url, "bench"))
    window.new_chat()
    await parts.tasks.spawn(window.pane.choose("bench", "bench"))
    window.pane.composer.set_text("Write.")
    return window.pane
