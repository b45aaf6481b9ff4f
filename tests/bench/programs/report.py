"""How a program of the bench says what it measured. Imports nothing that a bare window would not."""

from __future__ import annotations

import os
import sys
import time

IDLE = 3.0
"""Seconds until a window counts as idle: what is imported and loaded after the first paint is there."""

FILE = 4
"""Where a line of smaps, split, has the file that is mapped, after the addresses."""


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


def memory() -> int:
    """Bytes of memory that this process takes, of what it shares its share; but what it maps of files of its own
    environment, Qt above all, as if nobody else did: the number must not fall with other programs. Linux only.
    """
    environment = os.path.realpath(sys.prefix) + "/"
    taken, own = 0, False
    with open("/proc/self/smaps", encoding="utf-8") as mappings:  # noqa: PTH123 -- a bare window has no pathlib
        for line in mappings:
            name, *values = line.split()
            if not name.endswith(":"):
                own = len(values) > FILE and values[FILE].startswith(environment)
            elif name == ("Rss:" if own else "Pss:"):
                taken += int(values[0]) * 1024
    return taken
