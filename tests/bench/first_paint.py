"""From the start of the process to its first paint: the program against a bare window."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

RUNS = 21
REACH = 1.35


def measure(around: Surroundings) -> Iterator[Row]:
    """Medians; a ratio is that of two starts one after the other: what else the machine does then slows both."""
    around.data_dir()
    programs = {
        "real": ("real_window", "paint"),
        "bare": ("bare_window", "paint"),
        "loop": ("bare_window", "loop"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    cpu: dict[str, list[float]] = {name: [] for name in programs}
    for run in range(RUNS + 1):
        for name, program in programs.items():
            began = time.perf_counter()
            report = around.run(*program)
            if run > 0:  # the first compiled the modules
                seconds[name].append(report["seconds"] - began)
                cpu[name].append(report["cpu"])
    yield Row("start to first paint", statistics.median(seconds["real"]) * 1000, "ms")
    yield Row("start to first paint, bare window", statistics.median(seconds["bare"]) * 1000, "ms")
    yield Row("start to first paint / bare window", _ratio(seconds["real"], seconds["bare"]), "×", REACH)
    yield Row("CPU to first paint / bare window", _ratio(cpu["real"], cpu["bare"]), "×")
    yield Row("CPU to first paint / bare window on qasync", _ratio(cpu["real"], cpu["loop"]), "×")


def _ratio(ours: list[float], others: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, others, strict=True))
