"""Keys that are typed while replies stream in eight panes of two windows."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

RUNS = 3
PANES, PACE = "8", "200"


def measure(around: Surroundings) -> Iterator[Row]:
    """The median of RUNS, alternating. Against the idle window what counts is how much the GUI thread worked between
    key and glyph: by the clock, other programs of a busy machine would be measured with it.
    """
    idle, busy = [], []
    for run in range(RUNS):
        idle.append(around.run("typed_beside_replies", str(around.folder / f"idle-{run}"), "0", "0"))
        busy.append(around.run("typed_beside_replies", str(around.folder / f"busy-{run}"), PANES, PACE))

    def of(reports: list[dict[str, float]], name: str) -> float:
        return median(report[name] for report in reports)

    yield Row("key to glyph in an idle window, median", of(idle, "median") * 1000, "ms")
    yield Row("key to glyph beside 8 replies, median", of(busy, "median") * 1000, "ms")
    yield Row("key to glyph beside 8 replies, p95", of(busy, "p95") * 1000, "ms")
    yield Row("key to glyph, GUI thread, 8 replies / idle", of(busy, "worked") / of(idle, "worked"), "×", 1.5)
    yield Row("drawings in panes that are hidden", max(report["behind"] for report in busy), "", 0)
