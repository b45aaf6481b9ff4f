"""How many tokens a server takes: asked as each kind of server tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.errors import ServerUnreachable
from gui.providers.context import OLLAMA_DEFAULT, fetch_context
from gui.providers.local import Engine, find_model
from tests.servers.openai import OpenAIServer

if TYPE_CHECKING:
    from pathlib import Path

LLAMA = {"data": [{"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx_train": 131072}}]}
OLLAMA = {"data": [{"id": "m:1b", "owned_by": "library"}, {"id": "n", "owned_by": "library"}]}


@pytest.mark.parametrize(
    ("models", "pages", "context"),
    [
        ({"data": [{"id": "m", "max_model_len": 32768}]}, {}, 32768),
        ({"data": [{"id": "x", "max_model_len": 1}, {"id": "m", "max_model_len": 32768}]}, {}, 32768),
        ({"data": [{"id": "another name", "max_model_len": 32768}]}, {}, 32768),
        (LLAMA, {"/props": {"default_generation_settings": {"n_ctx": 8192}}}, 8192),
        (LLAMA, {"/props": []}, None),
        (LLAMA, {}, None),
        (
            {"data": [{"id": "m", "owned_by": "openai"}]},
            {"/props": {"default_generation_settings": {"n_ctx": 1}}},
            None,
        ),
        ({"data": 7}, {}, None),
    ],
)
async def test_how_it_is_told(models: object, pages: dict[str, object], context: int | None) -> None:
    async with OpenAIServer(models=models, pages=pages) as server:
        assert await fetch_context(server.url, "m") == context


@pytest.mark.parametrize(
    ("running", "shown", "context"),
    [
        ([{"name": "m:1b", "context_length": 16384}], {"parameters": "num_ctx 8192"}, 16384),
        ([{"name": "n", "context_length": 16384}], {"parameters": 'stop "<|end|>"\nnum_ctx    8192'}, 8192),
        ([], {"model_info": {"llama.context_length": 131072}}, OLLAMA_DEFAULT),
        ([], {"model_info": {"bert.context_length": 512}}, 512),
        ([], {}, OLLAMA_DEFAULT),
    ],
)
async def test_ollama_tells_what_the_model_is_loaded_with_or_will_be(
    running: object, shown: object, context: int
) -> None:
    pages = {"/api/ps": {"models": running}, "/api/show": shown}
    async with OpenAIServer(models=OLLAMA, pages=pages) as server:
        assert await fetch_context(server.url, "m:1b") == context


async def test_a_server_that_refuses_does_not_tell_and_one_that_is_not_there_raises() -> None:
    async with OpenAIServer(key="k") as server:
        assert await fetch_context(server.url, "m", "wrong") is None
    with pytest.raises(ServerUnreachable):
        await fetch_context(server.url, "m")


async def test_llama_cpp_for_real(tmp_path: Path) -> None:
    engine = Engine(find_model(tmp_path))
    try:
        address = await engine.start()
        assert await fetch_context(f"{address.url}/v1", "", address.key) == 4096
    finally:
        await engine.close()
