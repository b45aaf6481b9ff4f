"""OpenAI-compatible servers: POST /chat/completions, the reply as server-sent events.

Forms of OpenAI, Ollama, llama.cpp, vLLM, OpenRouter and Gemini's compatible address are understood.
https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from gui.errors import BadApiKey, ConnectionCut, EmptyReply, NotThisProtocol
from gui.providers import failures, transport
from gui.providers.base import (
    AsyncGeneratorProvider,
    ChatMessage,
    Finish,
    ModelInfo,
    Piece,
    Progress,
    ProviderModelMixin,
    Reasoning,
    Stage,
    Usage,
)
from gui.providers.sse import Event, SseDecoder
from gui.providers.thinking import ThinkSplitter
from gui.providers.tls import SYSTEM, Trust
from gui.providers.transport import LIMITS, Limits, well_formed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    import aiohttp
    from yarl import URL

    from gui.providers.response import Response

WHOLE_REPLY: Final = 32 * 1024 * 1024  # bytes, of an answer that is not a stream

CONTEXT_NAMES: Final = ("max_model_len", "context_length", "context_window", "max_context_length")
"""Of vLLM, OpenRouter, Groq and Mistral."""

MOST: Final = 1_000_000_000
"""Tokens, and milliseconds: a server that tells of more has not counted."""

_MODELS_LIMITS: Final = Limits(first_byte=30.0, silence=30.0)


class OpenAI(AsyncGeneratorProvider, ProviderModelMixin):
    """Any server that speaks OpenAI's chat completions. The list of models is the server's: see `fetch_models`."""

    takes_images = True
    settable = frozenset({"system_prompt", "temperature", "top_p", "max_tokens", "stop"})

    @classmethod
    @override
    async def create_async_generator(
        cls,
        model: str,
        messages: list[ChatMessage],
        proxy: str | None = None,
        *,
        url: str = "",
        api_key: str | None = None,
        system_prompt: str | None = None,
        session: aiohttp.ClientSession | None = None,
        limits: Limits = LIMITS,
        trust: Trust = SYSTEM,
        temperature: float | None = None,
        top_p: float | None = None,
        max_tokens: int | None = None,
        stop: list[str] | str | None = None,
        extra: dict[str, Any] | None = None,
        **_options: Any,
    ) -> AsyncGenerator[Piece, None]:
        """Stream the reply: str, Reasoning, Progress as they come; Finish and Usage at its end, if the server tells.

        `url` is the base that ends in /v1, which is added to an address without a path. `extra` goes into the request
        as it is, over the rest. `session` is one of `transport.open_session(proxy, trust)`.
        Raises InvalidAddress, ProxyUnreadable, a NetworkError (ConnectionCut also for a stream that ended without
        [DONE] or a finish reason), a ServerError, ReplyBroken and EmptyReply.
        """
        base = base_of(url)
        model = cls.get_model(model)
        system: list[ChatMessage] = [{"role": "system", "content": system_prompt}] if system_prompt else []
        sent = [{"role": m["role"], "content": _content(m)} for m in (*system, *messages)]
        given = {"temperature": temperature, "top_p": top_p, "max_tokens": max_tokens, "stop": stop}
        body = {
            **({"model": model} if model else {}),
            "messages": sent,
            "stream": True,
            "stream_options": {"include_usage": True},
            **{key: value for key, value in given.items() if value is not None},
            **(extra or {}),
        }
        async with (
            transport.request(
                "POST",
                base / "chat" / "completions",
                proxy=proxy,
                session=session,
                headers=authorization(api_key, base),
                body=body,
                limits=limits,
                trust=trust,
                secrets=(api_key,),
            ) as response,
            contextlib.aclosing(_read_reply(response, model)) as reply,
        ):
            async for piece in reply:
                yield piece

    @classmethod
    async def fetch_models(
        cls,
        url: str,
        api_key: str | None = None,
        proxy: str | None = None,
        session: aiohttp.ClientSession | None = None,
        limits: Limits = _MODELS_LIMITS,
        trust: Trust = SYSTEM,
    ) -> list[str]:
        """The ids of the server's models, in its order. Raises as `create_async_generator` does."""
        return [model.id for model in await cls.describe_models(url, api_key, proxy, session, limits, trust)]

    @classmethod
    async def describe_models(
        cls,
        url: str,
        api_key: str | None = None,
        proxy: str | None = None,
        session: aiohttp.ClientSession | None = None,
        limits: Limits = _MODELS_LIMITS,
        trust: Trust = SYSTEM,
    ) -> list[ModelInfo]:
        """The server's models with what it tells of them. Raises as `create_async_generator` does."""
        base = base_of(url)
        async with transport.request(
            "GET",
            base / "models",
            proxy=proxy,
            session=session,
            headers=authorization(api_key, base),
            limits=limits,
            trust=trust,
            secrets=(api_key,),
        ) as response:
            if response.status != HTTPStatus.OK:
                raise failures.of_openai(failures.Source.of(response), await response.error_text())
            found = failures.parse(await response.text(WHOLE_REPLY))
        entries = found.get("data") if isinstance(found, dict) else None
        if not isinstance(entries, list):
            raise NotThisProtocol(host=response.host, status=response.status, message="")
        return [
            ModelInfo(entry["id"], context_of(entry))
            for entry in entries
            if isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"].strip()
        ]


def _content(message: ChatMessage) -> str | list[dict[str, Any]]:
    text = well_formed(message["content"])
    images = message.get("images")
    if not images:
        return text
    words = [{"type": "text", "text": text}] if text else []
    return [*({"type": "image_url", "image_url": {"url": url}} for url in images), *words]


def context_of(entry: dict[str, Any]) -> int | None:
    """What an entry of /models says of the context, in whatever way the server has for it."""
    meta = entry.get("meta")  # llama.cpp's; its n_ctx_train is what the model could, not what the server does
    told = [entry.get(name) for name in CONTEXT_NAMES] + [meta.get("n_ctx") if isinstance(meta, dict) else None]
    return next((size for size in map(counted, told) if size), None)


def counted(told: Any) -> int | None:
    """How many tokens a server tells of; None for anything that nobody can have counted."""
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= MOST else None


def base_of(url: str) -> URL:
    """What the paths of the protocol are put behind; an address that has one of them already goes without it.

    Raises InvalidAddress.
    """
    address = transport.server_address(url)
    address = address.with_path(address.raw_path.removesuffix("/chat/completions"), encoded=True)
    return address / "v1" if address.path in {"", "/"} else address


def authorization(api_key: str | None, base: URL) -> dict[str, str]:
    """The header that carries the key. Raises BadApiKey for one that no header can."""
    key = (api_key or "").strip()
    if not (key.isascii() and key.isprintable()):
        # What no header can carry; most often a quotation mark or a line that was pasted along.
        raise BadApiKey(host=transport.host_of(base), message="It holds a character that no key can have.")
    return {"Authorization": f"Bearer {key}"} if key else {}


async def _read_reply(response: Response, model: str) -> AsyncGenerator[Piece, None]:
    source = failures.Source.of(response, model)
    if response.status != HTTPStatus.OK:
        raise failures.of_openai(source, await response.error_text())
    if response.is_html:
        raise NotThisProtocol(host=response.host, status=response.status, message="")
    reader = _ReplyReader(source)
    if response.content_type == "application/json":  # it does not stream, whatever was asked for
        for piece in reader.whole(await response.text(WHOLE_REPLY)):
            yield piece
    else:
        async with contextlib.aclosing(_events(response)) as events:
            async for together, certain in events:
                for event in together:
                    for piece in reader.take(event, certain=certain):
                        yield piece
                if reader.done:
                    break
        if not reader.understood and response.content_type != "text/event-stream":
            raise NotThisProtocol(host=response.host, status=response.status, message="")
    for piece in reader.end():
        yield piece


async def _events(response: Response) -> AsyncGenerator[tuple[list[Event], bool], None]:
    """The events that arrived together, and whether each was closed by its sender."""
    decoder = SseDecoder()
    async with contextlib.aclosing(response.data()) as pieces:
        async for data in pieces:
            if events := decoder.feed(data):
                yield events, True
    yield decoder.flush(), False


class _ReplyReader:
    """Events (or one whole answer) to pieces."""

    def __init__(self, source: failures.Source) -> None:
        self._source = source
        self._usage: tuple[int, int] | None = None  # tokens of the prompt, and of the reply
        self._writing_ms: int | None = None
        self._finished = False
        self._text = False
        self._splitter = ThinkSplitter()
        self.understood = False  # something was an event of the protocol
        self.done = False

    def take(self, event: Event, *, certain: bool) -> list[Piece]:
        """The pieces of one event; `certain` is False for one that the end of the stream may have cut."""
        if self.done:
            return []
        chunk = failures.parse(event.data)
        if not isinstance(chunk, dict):
            if event.data.strip() == "[DONE]":
                self.done = self.understood = True
            elif certain:
                raise NotThisProtocol(host=self._source.host, status=self._source.status, message="")
            return []
        self.understood = True
        if event.event == "error" or chunk.get("error"):
            raise failures.in_openai_stream(self._source, chunk)
        return self._choice(chunk, "delta")

    def whole(self, text: str) -> list[Piece]:
        """The pieces of an answer that is not a stream."""
        answer = failures.parse(text)
        if isinstance(answer, dict) and answer.get("error"):
            raise failures.in_openai_stream(self._source, answer)
        if not isinstance(answer, dict) or not isinstance(answer.get("choices"), list):
            raise NotThisProtocol(host=self._source.host, status=self._source.status, message="")
        self.done = True
        return self._choice(answer, "message")

    def end(self) -> Iterator[Piece]:
        """What comes last. Raises ConnectionCut or EmptyReply for a reply that is not whole."""
        yield from self._told(self._splitter.end())
        if self._usage:
            yield Usage(*self._usage, self._writing_ms)
        if not self.done and not self._finished:
            raise ConnectionCut(host=self._source.host)
        if not self._text:
            raise EmptyReply(host=self._source.host)

    def _choice(self, chunk: dict[str, Any], key: str) -> list[Piece]:
        # A list, not a generator: this is once for each token.
        pieces: list[Piece] = []
        if "usage" in chunk or "timings" in chunk:
            self._count(chunk.get("usage"), chunk.get("timings"))
        if "prompt_progress" in chunk:
            pieces += _progress(chunk["prompt_progress"])
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None  # the usage has none
        if not isinstance(choice, dict):
            return pieces
        delta = choice.get(key)
        if isinstance(delta, dict):
            thought = delta.get("reasoning_content") or delta.get("reasoning")
            if thought and isinstance(thought, str):
                pieces.append(Reasoning(thought))
            text = delta.get("content") or delta.get("refusal")
            if text and isinstance(text, str):
                if self._text and self._splitter.passes:
                    pieces.append(text)
                else:
                    pieces += self._told(self._splitter.feed(text))
        reason = choice.get("finish_reason")
        if reason and isinstance(reason, str) and not self._finished:
            self._finished = True
            pieces.append(Finish(reason))
        return pieces

    def _told(self, pieces: Iterator[str | Reasoning]) -> Iterator[str | Reasoning]:
        for piece in pieces:
            self._text = self._text or isinstance(piece, str)
            yield piece

    def _count(self, usage: Any, timings: Any) -> None:
        # Some servers count along in each event: the last one is right.
        if isinstance(timings, dict):  # llama.cpp's
            told = timings.get("predicted_ms")
            self._writing_ms = round(told) if isinstance(told, (int, float)) and 0 < told <= MOST else None
        if isinstance(usage, dict):
            prompt, completion = counted(usage.get("prompt_tokens")), counted(usage.get("completion_tokens"))
            if prompt is not None and completion is not None:
                self._usage = (prompt, completion)


def _progress(told: Any) -> Iterator[Progress]:
    """llama.cpp's `prompt_progress`: {"total", "cache", "processed", "time_ms"}, in tokens."""
    told = told if isinstance(told, dict) else {}
    processed, total = counted(told.get("processed")), counted(told.get("total"))
    if processed is not None and total is not None:
        yield Progress(Stage.READING, min(1.0, processed / max(1, total)))
