"""A reply of 10,000 tokens over HTTP, at 2,000 a second, read without a window.

`python -m tests.bench.programs.decoded_reply provider`: seconds of CPU of the OpenAI provider with its decoder.
`… reader`: of an aiohttp client that reads the same bytes and does nothing with them.
`… first`: of 200 replies over one connection, seconds from the server's first byte of events to the first token.
"""

from __future__ import annotations

import asyncio
import sys
import time
from statistics import median

import aiohttp

from gui.providers.openai import OpenAI
from gui.providers.transport import open_session
from tests.bench.programs.report import say_and_leave
from tests.bench.programs.serving import serving
from tests.bench.programs.stamping_server import event
from tests.servers.raw import EVENTS, LAST, chunk

REPLY = ("text", "40000", "2000")
REPLIES = 200
WARM_UP = 10


async def read() -> None:
    async with serving(*REPLY) as server, aiohttp.ClientSession() as session:
        began = time.process_time()
        async with session.post(f"{server.url}/chat/completions", json={"stream": True}) as response:
            async for _data in response.content.iter_any():
                pass
        cpu = time.process_time() - began
        await server.written()
    say_and_leave({"cpu": cpu})


async def provide() -> None:
    async with serving(*REPLY) as server, open_session(None) as session:
        began = time.process_time()
        length = 0
        async for piece in OpenAI.create_async_generator(
            "bench", [{"role": "user", "content": "Write."}], url=server.url, session=session
        ):
            length += len(piece) if isinstance(piece, str) else 0
        cpu = time.process_time() - began
        await server.written()
    assert length == int(REPLY[1])
    say_and_leave({"cpu": cpu})


async def first() -> None:
    written = 0.0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            writer.write(EVENTS)
            await asyncio.sleep(0.005)
            written = time.perf_counter()
            writer.write(event("one"))
            await asyncio.sleep(0.005)
            writer.write(chunk(b"data: [DONE]\n\n") + LAST)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    waits = []
    async with open_session(None) as session:
        for _ in range(REPLIES):
            pieces = OpenAI.create_async_generator(
                "bench", [{"role": "user", "content": "Write."}], url=f"http://{host}:{port}/v1", session=session
            )
            waits += [time.perf_counter() - written async for piece in pieces if isinstance(piece, str)]
    waits = sorted(waits[WARM_UP:])
    say_and_leave({"median": median(waits), "p99": waits[len(waits) * 99 // 100]})


asyncio.run({"provider": provide, "reader": read, "first": first}[sys.argv[1]]())
