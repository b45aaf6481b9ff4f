"""Storing one message: for how long the window's thread is away, and until the message is on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings


def measure(around: Surroundings) -> Iterator[Row]:
    """400 messages of 400 characters, one after the other."""
    report = around.run("stored_messages", str(around.data_dir()))
    yield Row("storing one message; GUI thread away, CPU, p99", report["cpu p99"], "ms", 1)
    yield Row("the same by the clock, median", report["clock p50"], "ms")
    yield Row("the same while nothing is stored, median", report["idle clock p50"], "ms")
    yield Row("until it is on the disk, median", report["taken p50"], "ms")
