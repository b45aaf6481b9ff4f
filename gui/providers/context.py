"""How many tokens a server reads and writes in all: asked in whatever way the server has to tell."""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from gui.providers import failures, transport
from gui.providers.openai import WHOLE_REPLY, authorization, base_of, context_of, counted
from gui.providers.tls import SYSTEM, Trust
from gui.providers.transport import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiohttp
    from yarl import URL

LIMIT: Final = 5.0  # seconds for all of it: a reply waits for the answer

OLLAMA_DEFAULT: Final = 4096
"""Tokens that Ollama loads a model with if nobody says another number, however many the model could take."""


async def fetch_context(
    url: str,
    model: str,
    api_key: str | None = None,
    proxy: str | None = None,
    session: aiohttp.ClientSession | None = None,
    trust: Trust = SYSTEM,
) -> int | None:
    """The size of `model`'s context at the OpenAI-compatible server at `url`; None if the server does not tell.

    Raises a ReplyError or TimeoutError where the server is not reached in time.
    """
    server = _Server(base_of(url), api_key, proxy, session, trust)
    async with asyncio.timeout(LIMIT):
        return await _ask(server, model)


class _Server:
    def __init__(
        self, base: URL, api_key: str | None, proxy: str | None, session: aiohttp.ClientSession | None, trust: Trust
    ) -> None:
        self.base = base
        self.root = base.parent if base.name == "v1" else base
        self._key = api_key
        self._proxy = proxy
        self._session = session
        self._trust = trust

    async def ask(self, address: URL, body: Mapping[str, Any] | None = None) -> Any:
        """What it answers in JSON; None for anything else."""
        async with transport.request(
            "GET" if body is None else "POST",
            address,
            proxy=self._proxy,
            session=self._session,
            headers=authorization(self._key, self.base),
            body=body,
            limits=Limits(first_byte=LIMIT, silence=LIMIT),
            trust=self._trust,
            secrets=(self._key,),
        ) as response:
            return failures.parse(await response.text(WHOLE_REPLY)) if response.status == HTTPStatus.OK else None


async def _ask(server: _Server, model: str) -> int | None:
    listed = await server.ask(server.base / "models")
    entries = _list(listed, "data")
    entry = next((one for one in entries if one.get("id") == model), entries[0] if len(entries) == 1 else {})
    told = context_of(entry)
    if told is not None:
        return told
    match entry.get("owned_by"):
        case "llamacpp":
            return await _llama_cpp(server)
        case "library":
            return await _ollama(server, model or str(entry.get("id")))
        case _:
            return None


async def _llama_cpp(server: _Server) -> int | None:
    properties = await server.ask(server.root / "props")
    return _size(_object(properties, "default_generation_settings").get("n_ctx"))


async def _ollama(server: _Server, model: str) -> int | None:
    """What the model is loaded with, else what it will be: longer prompts are cut by Ollama, and nobody is told."""
    running = await server.ask(server.root / "api" / "ps")
    for one in _list(running, "models"):
        if model in {one.get("name"), one.get("model")} and (size := _size(one.get("context_length"))):
            return size
    shown = await server.ask(server.root / "api" / "show", {"model": model})
    parameters = shown.get("parameters") if isinstance(shown, dict) else None
    if isinstance(parameters, str) and (found := re.search(r"^num_ctx\s+(\d+)", parameters, re.MULTILINE)):
        return _size(int(found[1][:10]))
    most = [_size(value) for key, value in _object(shown, "model_info").items() if key.endswith(".context_length")]
    return min([size for size in most if size] + [OLLAMA_DEFAULT])


def _list(value: Any, key: str) -> list[dict[str, Any]]:
    found = value.get(key) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _object(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _size(value: Any) -> int | None:
    return counted(value) or None
