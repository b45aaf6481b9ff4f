"""From a byte on the socket to the text in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings


def measure(around: Surroundings) -> Iterator[Row]:
    """The server stamps each token as it writes it, the program as its document changes: one clock for both."""
    report = around.run("answered_window", str(around.data_dir()))
    yield Row("socket to document, median", report["median"] * 1000, "ms")
    yield Row("socket to document, p99", report["p99"] * 1000, "ms")
