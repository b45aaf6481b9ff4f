"""An OpenAI-compatible server. `async with OpenAIServer(stream("Hel", "lo")) as server: … server.url`"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from types import TracebackType

DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Answer:
    """`pieces` go out one by one, `delay` seconds apart; `cut`: the connection then ends without the last chunk."""

    pieces: tuple[bytes, ...]
    status: int = 200
    content_type: str = "text/event-stream"
    delay: float = 0.0
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def event(data: object) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def delta(finish: str | None = None, **fields: Any) -> bytes:
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]})


def usage(prompt: int, completion: int) -> bytes:
    return event({"choices": [], "usage": {"prompt_tokens": prompt, "completion_tokens": completion}})


def stream(*texts: str, finish: str = "stop") -> Answer:
    """As OpenAI's own looks: a first delta with null content, the texts, the finish reason, usage, [DONE]."""
    first = delta(role="assistant", content=None)
    return Answer((first, *(delta(content=text) for text in texts), delta(finish), usage(7, len(texts)), DONE))


def failure(status: int, body: object, content_type: str = "application/json") -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer((raw,), status, content_type)


class OpenAIServer:
    """Gives each request the next answer, the last one again and again. `requests` are the bodies, `headers` theirs.

    `pages` are what other paths ("/props") say, in JSON; `asked` are the paths of all that was asked beside replies.
    """

    def __init__(
        self, *answers: Answer, key: str = "", models: object = None, pages: dict[str, object] | None = None
    ) -> None:
        self.answers = list(answers) or [stream("Hello")]
        self.key = key
        self.models = models or {"object": "list", "data": [{"id": "one"}, {"id": "two"}]}
        self.pages = pages or {}
        self.asked: list[str] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._complete)
        application.router.add_get("/v1/models", self._models)
        application.router.add_route("*", "/{path:.*}", self._page)
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)

    async def __aenter__(self) -> OpenAIServer:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def _refused(self, request: web.Request) -> web.Response | None:
        if not self.key or request.headers.get("Authorization") == f"Bearer {self.key}":
            return None
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        error = {"message": f"Incorrect API key provided: {given}.", "code": "invalid_api_key"}
        return web.json_response({"error": error}, status=401)

    async def _page(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path not in self.pages:
            return web.Response(status=404)
        return self._refused(request) or web.json_response(self.pages[request.path])

    async def _models(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return self._refused(request) or web.json_response(self.models)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        if refused := self._refused(request):
            return refused
        self.requests.append(await request.json())
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        response = web.StreamResponse(
            status=answer.status, headers={"Content-Type": answer.content_type, **answer.headers}
        )
        response.enable_chunked_encoding()
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):  # the client has stopped reading, as it may
            for index, piece in enumerate(answer.pieces):
                if index and answer.delay:
                    await asyncio.sleep(answer.delay)
                await response.write(piece)
            if answer.cut:
                assert request.transport
                request.transport.close()
            else:
                await response.write_eof()
        return response
