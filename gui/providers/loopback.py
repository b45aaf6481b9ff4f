"""A GPROChat server of a few lines on 127.0.0.1, inside this process: what --self-test talks to."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiohttp import web

from gui.providers.gprochat import GPROChat

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

PAUSE = 0.02
"""Seconds between two words, so that streaming can be seen to be streaming."""


@contextlib.asynccontextmanager
async def loopback_server(words: Sequence[str], secret_key: str) -> AsyncGenerator[str]:
    """Its base address. It answers every rightly signed message with `words`, one after the other."""

    async def generate(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        text = "".join(part["text"] for part in body["messages"][-1]["parts"])
        if body["sign"] != GPROChat.generate_signature(body["time"], text, secret_key):
            return web.json_response({"error": {"message": "Invalid signature."}}, status=401)
        reply = web.StreamResponse(headers={"Content-Type": "text/plain; charset=utf-8"})
        await reply.prepare(request)
        for word in words:
            await reply.write(word.encode())
            await asyncio.sleep(PAUSE)
        return reply

    application = web.Application()
    application.router.add_post(GPROChat.api_endpoint, generate)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
