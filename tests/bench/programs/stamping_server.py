"""An OpenAI-compatible server for one reply: prints its address, and then when it wrote the last byte.

`python -m tests.bench.programs.stamping_server words`: numbered words at random moments, 100 a second on average: at
even ones they would always meet the frames at one phase. Says when it wrote each of them, too.
`… text LENGTH PACE`: mixed Markdown in tokens of 4 characters, PACE of them a second.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from itertools import accumulate
from typing import TYPE_CHECKING

from tests.bench.sample import mixed_markdown
from tests.servers.raw import EVENTS, LAST, chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = 600
PAUSE = 0.010
"""Seconds, on average, between two words."""

PARAGRAPH = 20
"""Words to a paragraph."""

TOKEN = 4
"""Characters."""


def words() -> Iterator[tuple[float, str]]:
    chance = random.Random(1)
    for number, moment in enumerate(accumulate(chance.expovariate(1 / PAUSE) for _ in range(WORDS))):
        yield moment, f"w{number}" + ("\n\n" if number % PARAGRAPH == PARAGRAPH - 1 else " ")


def text(length: int, pace: int) -> Iterator[tuple[float, str]]:
    whole = mixed_markdown(length)
    for number, start in enumerate(range(0, length, TOKEN)):
        yield number / pace, whole[start : start + TOKEN]


def event(token: str) -> bytes:
    return chunk(b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": token}}]}).encode() + b"\n\n")


async def main() -> None:
    done = asyncio.Event()
    tokens = list(words() if sys.argv[1] == "words" else text(*map(int, sys.argv[2:])))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(EVENTS)
        began = time.perf_counter()
        written = []
        for moment, token in tokens:
            await asyncio.sleep(max(began + moment - time.perf_counter(), 0))
            written.append(time.perf_counter())
            writer.write(event(token))
        last = time.perf_counter()
        writer.write(chunk(b"data: [DONE]\n\n") + LAST)
        await writer.drain()
        writer.close()
        # Those of a long text would take megabytes of the program that is measured, which reads this.
        stamps = {"tokens": written} if sys.argv[1] == "words" else {}
        sys.stdout.write(json.dumps({**stamps, "last": last}) + "\n")
        sys.stdout.flush()
        done.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    sys.stdout.write(f"http://{host}:{port}/v1\n")
    sys.stdout.flush()
    await done.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
