"""A long conversation: opened, read upwards, drawn in another theme."""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

SHORT, LONG = 100, 10_000
RUNS = 3
MEGABYTE = 1_000_000


def measure(around: Surroundings) -> Iterator[Row]:
    """Medians of RUNS, alternating."""
    folders = {count: around.folder / f"conversation-of-{count}" for count in (SHORT, LONG)}
    for count, folder in folders.items():
        folder.mkdir()
        around.run("long_conversation", "make", str(folder), str(count))
    opened: dict[int, list[dict[str, float]]] = {SHORT: [], LONG: []}
    for _ in range(RUNS):
        for count, folder in folders.items():
            opened[count].append(around.run("long_conversation", "open", str(folder)))
    seconds = {count: median(report["seconds"] for report in reports) for count, reports in opened.items()}
    memory = {count: median(report["bytes"] for report in reports) for count, reports in opened.items()}
    yield Row("opening a conversation of 10,000 messages", seconds[LONG] * 1000, "ms")
    yield Row("the same / one of 100 messages", seconds[LONG] / seconds[SHORT], "×", 1.3)
    if sys.platform == "linux":
        yield Row("memory with it, more than with 100", (memory[LONG] - memory[SHORT]) / MEGABYTE, "MB", 10)
    above = around.run("long_conversation", "prepend", str(folders[LONG]))
    yield Row("loading older messages, longest turn", above["longest"] * 1000, "ms", 16)
    yield Row("loading older messages, drift", above["drift"], "px", 0)
    changed = around.run("long_conversation", "theme", str(folders[LONG]))
    yield Row("another theme with 50 messages, GUI thread", changed["seconds"] * 1000, "ms", 150)
