"""A provider that reads a reply, without a window: its CPU against a bare read, and how soon its first token is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.surroundings import Surroundings

RUNS = 5


def measure(around: Surroundings) -> Iterator[Row]:
    """10,000 tokens, 2,000 a second: the least of RUNS, alternating, as all else on the machine only adds to it; and
    the first token of 200 replies.
    """
    ours, bare = [], []
    for _ in range(RUNS):
        ours.append(around.run("decoded_reply", "provider")["cpu"])
        bare.append(around.run("decoded_reply", "reader")["cpu"])
    yield Row("CPU of the OpenAI provider, 10,000 tokens over HTTP", min(ours), "s")
    yield Row("the same / bare aiohttp read", min(ours) / min(bare), "×", 1.3)
    first = around.run("decoded_reply", "first")
    yield Row("server's first byte to the first token, median", first["median"] * 1000, "ms", 1)
    yield Row("server's first byte to the first token, p99", first["p99"] * 1000, "ms")
