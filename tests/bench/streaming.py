"""CPU of a reply that streams: the transcript against plain text."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

RUNS = 3
LENGTH = "100000"
PANES_LENGTH = "40000"
SHORT, LONG = 25_000, 400_000
SINGLE = ("fence", "list", "table", "paragraph")
INSIDE = ("fence in an item", "table in an item", "points in an item", "fence in a quote", "table in a quote")


def measure(around: Surroundings) -> Iterator[Row]:
    """100,000 characters, 64 of them a frame. Mixed Markdown: the median of RUNS, alternating."""
    drawn, plain = [], []
    for _ in range(RUNS):
        drawn.append(around.run("streamed_text", "transcript", "mixed", LENGTH))
        plain.append(around.run("streamed_text", "plain", "mixed", LENGTH))
    cpu = median(report["cpu"] for report in drawn)
    yield Row("CPU of streaming 100,000 characters", cpu, "s")
    yield Row("CPU of streaming / plain insertText", cpu / median(report["cpu"] for report in plain), "×", 2.6)
    yield Row("GUI thread per frame, p99", median(report["p99"] for report in drawn) * 1000, "ms", 3.5)
    yield Row("GUI thread per frame, longest", median(report["longest"] for report in drawn) * 1000, "ms", 8)
    panes = around.run("streamed_panes", "4", PANES_LENGTH)
    yield Row("GUI thread per turn with 4 panes streaming, p99", panes["p99"] * 1000, "ms", 8)
    yield Row("GUI thread per turn with 4 panes streaming, longest", panes["longest"] * 1000, "ms")
    for kind in SINGLE:
        ours, bare = (around.run("streamed_text", edit, kind, LENGTH)["cpu"] for edit in ("transcript", "plain"))
        yield Row(f"the same as one {kind} / plain insertText", ours / bare, "×", 3)
    for kind in ("mixed", *SINGLE):
        short, long = (around.run("streamed_text", "transcript", kind, str(size))["cpu"] for size in (SHORT, LONG))
        exponent = math.log(long / short) / math.log(LONG / SHORT)
        yield Row(f"growth from 25,000 to 400,000 characters, {kind}", exponent, "", 1.1)
    for kind in INSIDE:
        short, long = (around.run("streamed_text", "transcript", kind, str(size)) for size in (SHORT, LONG))
        yield Row(f"GUI thread per frame, p99, {kind}", long["p99"] * 1000, "ms", 3.5)
        yield Row(f"GUI thread per frame, longest, {kind}", long["longest"] * 1000, "ms", 8)
        exponent = math.log(long["cpu"] / short["cpu"]) / math.log(LONG / SHORT)
        yield Row(f"growth from 25,000 to 400,000 characters, {kind}", exponent, "", 1.1)
