"""From the start of the process to its first paint: the program against a bare window."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

RUNS = 15
REACH = 1.35


def measure(around: Surroundings) -> Iterator[Row]:
    """The least of RUNS, alternating: whatever else the machine does only adds to it."""
    data = str(around.data_dir())
    programs = {
        "real": ("real_window", "paint", data),
        "bare": ("bare_window", "paint"),
        "loop": ("bare_window", "loop"),
    }
    best = {name: dict.fromkeys(("seconds", "cpu"), float("inf")) for name in programs}
    for run in range(RUNS + 1):
        for name, program in programs.items():
            began = time.perf_counter()
            report = around.run(*program)
            if run == 0:
                continue  # it compiled the modules
            for what, least in best[name].items():
                taken = report[what] - (began if what == "seconds" else 0.0)
                best[name][what] = min(least, taken)
    real, bare, loop = best["real"], best["bare"], best["loop"]
    yield Row("start to first paint", real["seconds"] * 1000, "ms")
    yield Row("start to first paint, bare window", bare["seconds"] * 1000, "ms")
    yield Row("start to first paint / bare window", real["seconds"] / bare["seconds"], "×", REACH)
    yield Row("CPU to first paint / bare window", real["cpu"] / bare["cpu"], "×")
    yield Row("CPU to first paint / bare window on qasync", real["cpu"] / loop["cpu"], "×")
