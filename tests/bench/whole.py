"""The whole program while a long reply comes over HTTP, against the least that can read it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

MEGABYTE = 1_000_000


def measure(around: Surroundings) -> Iterator[Row]:
    """100,000 characters at 1,000 tokens a second: 25 seconds each."""
    ours = around.run("written_reply", "program", str(around.data_dir()))
    bare = around.run("written_reply", "reader")
    yield Row("CPU of the program, 100,000 characters over HTTP", ours["cpu"], "s")
    yield Row("the same / bare aiohttp reader", ours["cpu"] / bare["cpu"], "×", 3.2)
    yield Row("last byte on the socket until all is painted", ours["drawn"] * 1000, "ms", 30)
    if sys.platform == "linux":
        yield Row("memory after that reply", ours["bytes"] / MEGABYTE, "MB", 120)
