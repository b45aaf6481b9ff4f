"""Texts read aloud by the system's voice, a child process, where there is one."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from gui.windows.tasks import Tasks

VOICES: Sequence[Sequence[str]] = (
    (("say", "--"),) if sys.platform == "darwin" else (("spd-say", "--wait", "--"), ("espeak-ng", "--"))
)
"""Programs that say what comes after these arguments and end when it is said, the best one first."""

SILENCE = {"spd-say": ("spd-say", "--stop")}
"""What ends the voice where it is another process that speaks."""

LONGEST = 4000  # characters that are handed over at once


class Speech:
    """One text at a time: the next one takes its place. Ended with the window's tasks."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._reading: asyncio.Task[None] | None = None

    @property
    def available(self) -> bool:
        """Whether the system has a voice."""
        return _voice() is not None

    def read(self, text: str) -> asyncio.Task[None]:
        """Begin to say `text`; the task ends when all of it is said, or `stop` was called."""
        self.stop()
        self._reading = self._tasks.spawn(_say(_voice() or (), pieces(text)))
        return self._reading

    def stop(self) -> None:
        """Be silent."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


def _voice() -> Sequence[str] | None:
    return next((one for one in VOICES if shutil.which(one[0])), None)


def pieces(text: str) -> list[str]:
    """`text` as its paragraphs, the long ones cut between words."""
    found = []
    for paragraph in text.split("\n\n"):
        rest = paragraph.strip()
        while len(rest) > LONGEST:
            end = rest.rfind(" ", 0, LONGEST)
            end = end if end > 0 else LONGEST
            found.append(rest[:end])
            rest = rest[end:].strip()
        found += [rest] if rest else []
    return found


async def _say(voice: Sequence[str], texts: Sequence[str]) -> None:
    import asyncio

    for text in texts:
        quiet = asyncio.subprocess.DEVNULL
        child = await asyncio.create_subprocess_exec(
            *voice, text.replace("\0", ""), stdin=quiet, stdout=quiet, stderr=quiet
        )
        try:
            await child.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                child.terminate()
            if voice[0] in SILENCE:
                silencing = await asyncio.create_subprocess_exec(*SILENCE[voice[0]], stdout=quiet, stderr=quiet)
                await silencing.wait()
            await child.wait()
            raise
