"""Memory of the idle window."""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

RUNS = 3
MEGABYTE = 1_000_000


def measure(around: Surroundings) -> Iterator[Row]:
    """PSS: what is shared with other processes counts by share. The median of RUNS, alternating."""
    if sys.platform != "linux":
        return
    data = str(around.data_dir())
    real, bare = [], []
    for _ in range(RUNS):
        real.append(around.run("real_window", "memory", data)["bytes"])
        bare.append(around.run("bare_window", "memory")["bytes"])
    yield Row("memory of the idle window", median(real) / MEGABYTE, "MB")
    yield Row("memory of the idle window / bare window", median(real) / median(bare), "×")
