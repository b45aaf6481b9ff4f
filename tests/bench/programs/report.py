"""How a program of the bench says what it measured. Imports nothing that a bare window would not."""

from __future__ import annotations

import os
import sys
import time

IDLE = 3.0
"""Seconds until a window counts as idle: what is imported and loaded after the first paint is there."""


def say_and_leave(report: dict[str, object]) -> None:
    """Print `report` and end the process at once: what shutting down takes is not measured."""
    import json

    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()
    os._exit(0)


def painted() -> None:
    """The window's first paint event has come: say when, by this machine's clock (the same in each process), after how
    many seconds of CPU since the process began, and what had been imported by then, and of QtCore made.
    """
    seconds, cpu = time.perf_counter(), time.process_time()
    made = list(vars(sys.modules["PySide6.QtCore"]))  # its classes are, when they are first asked for
    say_and_leave({"seconds": seconds, "cpu": cpu, "modules": list(sys.modules), "made": made})


def pss() -> int:
    """Bytes of memory that this process takes, of what it shares its share. Linux only."""
    import re
    from pathlib import Path

    rollup = Path("/proc/self/smaps_rollup").read_text("ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert found
    return int(found[1]) * 1024
