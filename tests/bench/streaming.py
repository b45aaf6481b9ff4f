"""CPU of a reply that streams: the transcript against plain text."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

RUNS = 3


def measure(around: Surroundings) -> Iterator[Row]:
    """100,000 characters of mixed Markdown, 64 of them a frame. The median of RUNS, alternating."""
    drawn, plain = [], []
    for _ in range(RUNS):
        drawn.append(around.run("streamed_text", "transcript"))
        plain.append(around.run("streamed_text", "plain"))
    cpu = median(report["cpu"] for report in drawn)
    yield Row("CPU of streaming 100,000 characters", cpu, "s")
    yield Row("CPU of streaming / plain insertText", cpu / median(report["cpu"] for report in plain), "×")
    yield Row("GUI thread per frame, p99", median(report["p99"] for report in drawn) * 1000, "ms")
    yield Row("GUI thread per frame, longest", median(report["longest"] for report in drawn) * 1000, "ms")
