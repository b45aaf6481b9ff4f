"""An OpenAI-compatible server that answers all that comes with mixed Markdown until its input ends; prints its address.

`python -m tests.bench.programs.replying_server LENGTH PACE`: LENGTH characters in tokens of 4, PACE of them a second.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import suppress

from tests.bench.sample import mixed_markdown
from tests.servers.raw import EVENTS, LAST, chunk

TOKEN = 4


def event(token: str) -> bytes:
    return chunk(b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": token}}]}).encode() + b"\n\n")


async def main(length: int, pace: int) -> None:
    whole = mixed_markdown(length)
    events = [event(whole[start : start + TOKEN]) for start in range(0, length, TOKEN)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            sizes = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
            await reader.readexactly(int(sizes[0]) if sizes else 0)
            writer.write(EVENTS)
            began = time.perf_counter()
            for number, one in enumerate(events):
                await asyncio.sleep(max(began + number / pace - time.perf_counter(), 0))
                writer.write(one)
                await writer.drain()
            writer.write(chunk(b"data: [DONE]\n\n") + LAST)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    sys.stdout.write(f"http://{host}:{port}/v1\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)  # whoever still reads a reply has left


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
