"""Long commands, each shown as one step: its title, one line that says how far it is, and all it said when it fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPORT_INTERVAL = 10.0
"""Seconds between two lines of progress where a line cannot be written over."""

LINE_LENGTH = 100

_MEGABYTE = 1_000_000


class StepFailed(Exception):
    """A command ended with an error, or could not be started. `output` holds the last lines it printed."""

    def __init__(self, command: Sequence[str], output: str) -> None:
        super().__init__(f"{command[0]} failed")
        self.output = output

    @property
    def reason(self) -> str:
        """The line that most likely says why."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        errors = [line for line in lines if re.match(r"(E:|ERROR:|fatal:|\w*Error\b)", line)]
        return (errors or lines or ["it said nothing"])[-1]


def run_step(title: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run `command`, with `environment` added to ours, and show it as a step. Raises StepFailed."""
    print(f"• {title}", flush=True)
    started = time.monotonic()
    output: deque[str] = deque(maxlen=200)
    progress = _Progress()
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=os.environ | dict(environment or {}),
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                output.append(line)
                progress.show(line)
    except OSError as error:
        raise StepFailed(command, str(error)) from error
    finally:
        progress.clear()
    if process.returncode:
        raise StepFailed(command, "".join(output))
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


class _Progress:
    """One line that is written over on a terminal, and repeated now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._reported = time.monotonic()
        self._subject = ""

    def show(self, line: str) -> None:
        line = line.strip()
        # pip's --progress-bar raw
        if amount := re.fullmatch(r"Progress (\d+) of (\d+)", line):
            done, total = (int(figure) / _MEGABYTE for figure in amount.groups())
            text = f"{self._subject}: {done:.1f} of {total:.1f} MB"
        else:
            text = self._subject = re.sub(r"https?://\S*/", "", line)
        if self._terminal:
            width = shutil.get_terminal_size().columns - 3
            print(f"\r  {text[:width]}\x1b[K", end="", flush=True)
        elif time.monotonic() - self._reported >= REPORT_INTERVAL:
            self._reported = time.monotonic()
            print(f"  {text[:LINE_LENGTH]}", flush=True)

    def clear(self) -> None:
        if self._terminal:
            print("\r\x1b[K", end="", flush=True)
