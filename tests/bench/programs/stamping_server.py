"""An OpenAI-compatible server for one reply: prints its address, and then when it wrote each token.

Tokens come at random moments, 100 a second on average: at even ones they would always meet the frames at one phase.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

from tests.servers.raw import EVENTS, LAST, chunk

TOKENS = 600
PAUSE = 0.010
"""Seconds, on average, between two tokens."""

PARAGRAPH = 20
"""Tokens to a paragraph."""


def event(text: str) -> bytes:
    return chunk(b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode() + b"\n\n")


async def main() -> None:
    done = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(EVENTS)
        chance = random.Random(1)
        written = []
        for number in range(TOKENS):
            await asyncio.sleep(chance.expovariate(1 / PAUSE))
            text = f"w{number}" + ("\n\n" if number % PARAGRAPH == PARAGRAPH - 1 else " ")
            written.append(time.perf_counter())
            writer.write(event(text))
        writer.write(chunk(b"data: [DONE]\n\n") + LAST)
        await writer.drain()
        writer.close()
        sys.stdout.write(json.dumps(written) + "\n")
        sys.stdout.flush()
        done.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    sys.stdout.write(f"http://{host}:{port}/v1\n")
    sys.stdout.flush()
    await done.wait()
    server.close()


asyncio.run(main())
