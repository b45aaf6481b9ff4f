"""Real peers: llama.cpp's own OpenAI-compatible server (the embedded engine), straight and through each real proxy."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from gui import errors
from gui.providers import transport
from gui.providers.base import Finish, Usage
from gui.providers.local import Engine, find_model
from gui.providers.openai import OpenAI
from tests.servers import proxies
from tests.servers.proxies import proxy_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from gui.providers.base import ChatMessage
    from gui.providers.local import Address

ASK: list[ChatMessage] = [{"role": "user", "content": "Say hello."}]
USER, PASSWORD = "proxyuser", "Pr0xy.P-ss_w0rd"
STARTS = {"http": proxies.tinyproxy, "squid": proxies.squid, "socks5h": proxies.microsocks}


@pytest.fixture
async def llama(tmp_path: Path) -> AsyncIterator[Address]:
    """Where a llama.cpp server listens, and the key it demands."""
    engine = Engine(find_model(tmp_path))
    yield await engine.start()
    await engine.close()


async def test_it_is_a_server_like_any_other(llama: Address) -> None:
    url = f"{llama.url}/v1"
    (model,) = await OpenAI.fetch_models(url, llama.key)
    pieces = [
        piece async for piece in OpenAI.create_async_generator(model, ASK, url=url, api_key=llama.key, max_tokens=8)
    ]
    assert "".join(piece for piece in pieces if isinstance(piece, str))
    assert any(isinstance(piece, Finish) for piece in pieces)
    (usage,) = [piece for piece in pieces if isinstance(piece, Usage)]
    assert 0 < usage.completion_tokens <= 8


async def test_its_refusals(llama: Address) -> None:
    url = f"{llama.url}/v1"
    with pytest.raises(errors.BadApiKey):
        await OpenAI.create_async("", ASK, url=url, api_key="wrong")
    long: list[ChatMessage] = [{"role": "user", "content": "word " * 20_000}]
    with pytest.raises(errors.ContextTooLong):
        await OpenAI.create_async("", long, url=url, api_key=llama.key)
    with pytest.raises(errors.NotThisProtocol):
        await OpenAI.create_async("", ASK, url=f"{llama.url}/nowhere", api_key=llama.key)


@pytest.mark.parametrize("login", [True, False])
@pytest.mark.parametrize("kind", STARTS)
async def test_through_each_proxy(llama: Address, kind: str, login: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_loopback", lambda _host: False)
    mine = (USER, PASSWORD) if login else ("", "")
    with STARTS[kind](*mine) as address:
        proxy = proxy_url("http" if kind == "squid" else kind, address, *mine)
        url = f"{llama.url}/v1"
        assert await OpenAI.create_async("", ASK, proxy, url=url, api_key=llama.key, max_tokens=4)
        if login:
            wrong = proxy_url("http" if kind == "squid" else kind, address, USER, "wrong")
            with pytest.raises(errors.ProxyLoginRefused):
                await OpenAI.create_async("", ASK, wrong, url=url, api_key=llama.key)


async def test_a_reply_that_is_stopped_leaves_it_free_for_the_next(llama: Address) -> None:
    url = f"{llama.url}/v1"
    pieces = OpenAI.create_async_generator("", ASK, url=url, api_key=llama.key, max_tokens=400)
    async with contextlib.aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, str):
                break
    assert await asyncio.wait_for(OpenAI.create_async("", ASK, url=url, api_key=llama.key, max_tokens=4), 5)
