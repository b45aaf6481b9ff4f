"""An hour's use, replayed at speed: whether anything is left over, and whether memory grows."""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

ROUNDS, THINGS = 8, 40
LIMIT = 600.0  # seconds
MEGABYTE = 1_000_000


def measure(around: Surroundings) -> Iterator[Row]:
    """After each round everything is closed, and weighed; what there is more of then is named."""
    data_dir = around.folder / "use"
    data_dir.mkdir()
    report = around.run("hour_of_use", str(data_dir), str(ROUNDS), str(THINGS), limit=LIMIT)
    more = ", ".join(f"{count} {name}" for name, count in sorted(report["more"].items()))
    yield Row(f"left over after an hour's use{': ' if more else ''}{more}", sum(report["more"].values()), "", 0)
    if sys.platform == "linux":
        weights = report["weights"]
        first, second = median(weights[: ROUNDS // 2]), median(weights[ROUNDS // 2 :])
        yield Row("memory at rest after an hour's use", second / MEGABYTE, "MB")
        yield Row("memory, second half of the hour / first", second / first, "×", 1.05)
