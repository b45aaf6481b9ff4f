"""A GPROChat server: checks what the real one checks, in its order, and plays each of its ways to answer and to fail.

In a test: `async with GPROChatServer(Reply("Hel", "lo"), secret="s") as server: … server.url`.
On its own: `python -m tests.servers.gprochat --delay 0.1 --reply "one two three"` prints its URL, ends with its input.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import sys
import time
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web

if TYPE_CHECKING:
    from types import TracebackType

MARKER = "Internal server error"
LABEL = "text/plain;charset=UTF-8"
UPSTREAM = "[GoogleGenerativeAI Error]: Error fetching from https://example.org/v1: [{} {}] {}"


class Reply:
    """A reply with status 200. Each piece is one HTTP chunk.

    `failing`: the model fails after the last piece; `glued`: a proxy joins that mark to the last piece.
    `end`: "clean"; "cut": without the last chunk; "silence": nothing more comes.
    Seconds: `first` before the first byte, `delay` before each later piece. `headers` are added.
    """

    def __init__(
        self,
        *pieces: str | bytes,
        failing: bool = False,
        glued: bool = False,
        end: Literal["clean", "cut", "silence"] = "clean",
        first: float = 0.0,
        delay: float = 0.0,
        headers: dict[str, str] | None = None,
    ) -> None:
        encoded = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
        if failing:
            last = encoded.pop() if glued else b""
            encoded.append(last + MARKER.encode())
        self.pieces, self.end, self.first, self.delay = encoded, end, first, delay
        self.headers = headers or {}


@dataclass(frozen=True)
class Failure:
    """An answer instead of a reply; without `content_type` its body is empty."""

    status: int
    body: str | bytes = b""
    content_type: str | None = LABEL

    @classmethod
    def said(cls, status: int, message: str, **more: str) -> Failure:
        return cls(status, json.dumps({"error": {**more, "message": message}}))

    @classmethod
    def upstream(cls, status: int, reason: str = "", text: str = "") -> Failure:
        """What the model service refuses: always 500; an upstream 400 is told without its status."""
        message = text if status == 400 else UPSTREAM.format(status, reason, text)
        return cls.said(500, message, code="Error")


class GPROChatServer:
    """Answers request after request from its script, whose last entry is repeated.

    `requests` are the bodies of those that passed the checks, `connections` the sockets opened.
    `skew`: the ±5 minute check that a deployment may enable. `verification`: Turnstile is on. `ahead`: seconds that
    its clock goes before ours.
    """

    def __init__(
        self,
        *script: Reply | Failure,
        secret: str = "",
        password: str | None = None,
        skew: bool = False,
        verification: bool = False,
        ahead: float = 0.0,
    ) -> None:
        self.script = list(script) or [Reply("Hello", ", ", "world")]
        self.secret, self.password, self.skew, self.verification = secret, password, skew, verification
        self.ahead = ahead
        self.requests: list[dict[str, Any]] = []
        self.peers: set[Any] = set()
        self.url = ""
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.on_response_prepare.append(self._date)
        application.router.add_post("/api/generate", self._generate)
        application.router.add_post("/api/auth", self._auth)
        application.router.add_get("/", self._page)
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1, keepalive_timeout=5
        )

    async def __aenter__(self) -> GPROChatServer:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def connections(self) -> int:
        return len(self.peers)

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = formatdate(time.time() + self.ahead, usegmt=True)

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>chat</title>", content_type="text/html")

    async def _auth(self, request: web.Request) -> web.Response:
        given = (await request.json()).get("pass")
        return web.json_response({"code": 0 if self.password in (None, given) else -1})

    async def _generate(self, request: web.Request) -> web.StreamResponse:
        assert request.transport
        self.peers.add(request.transport.get_extra_info("peername"))
        try:
            body = json.loads((await request.read()).decode())
            failure = self._check(body)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            body, failure = {}, Failure(500, content_type=None)
        if failure:
            return _answer(failure)
        self.requests.append(body)
        entry = self.script[min(len(self.requests), len(self.script)) - 1]
        return _answer(entry) if isinstance(entry, Failure) else await _stream(request, entry)

    def _check(self, body: dict[str, Any]) -> Failure | None:
        messages = body["messages"]
        if not messages or messages[-1]["role"] != "user":
            return Failure.said(400, "Invalid message history: The last message must be from user role.")
        if self.verification:
            return Failure.said(403, "Please complete the verification to continue.")
        if self.password is not None and body["pass"] != self.password:
            return Failure.said(401, "Invalid password.")
        text = "".join(part["text"] for part in messages[-1]["parts"])
        # JavaScript writes a whole float without its point.
        moment = int(body["time"]) if float(body["time"]).is_integer() else body["time"]
        right = hashlib.sha256(f"{moment}:{text}:{self.secret}".encode()).hexdigest()
        late = self.skew and abs((time.time() + self.ahead) * 1000 - moment) > 5 * 60 * 1000
        return Failure.said(401, "Invalid signature.") if body["sign"] != right or late else None


def _answer(failure: Failure) -> web.Response:
    body = failure.body.encode() if isinstance(failure.body, str) else failure.body
    # aiohttp sends no Content-Type with an empty body, as the real server does.
    headers = {"Content-Type": failure.content_type} if failure.content_type else {}
    return web.Response(status=failure.status, body=body, headers=headers)


async def _stream(request: web.Request, reply: Reply) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain; charset=utf-8", **reply.headers})
    response.enable_chunked_encoding()
    await asyncio.sleep(reply.first)  # not even the status line comes before the first token
    await response.prepare(request)
    try:
        for index, piece in enumerate(reply.pieces):
            if index and reply.delay:
                await asyncio.sleep(reply.delay)
            await response.write(piece)
    except ConnectionResetError:  # the client has stopped reading, as it may
        return response
    if reply.end == "silence":
        await asyncio.sleep(3600)
    if reply.end == "cut":
        assert request.transport
        request.transport.close()
    else:
        with contextlib.suppress(ConnectionResetError):
            await response.write_eof()
    return response


async def _serve() -> None:
    parser = argparse.ArgumentParser(description="A GPROChat server on loopback.")
    parser.add_argument("--secret", default="")
    parser.add_argument("--password")
    parser.add_argument("--reply", default="Hello from the test server.", help="sent word by word")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between the words")
    parser.add_argument("--first", type=float, default=0.0, help="seconds before the first one")
    parser.add_argument("--end", choices=("clean", "cut", "silence"), default="clean")
    parser.add_argument("--failing", action="store_true", help="the model fails at the end")
    options = parser.parse_args()
    words = [word for word in options.reply.replace(" ", " \0").split("\0") if word]
    reply = Reply(*words, failing=options.failing, end=options.end, first=options.first, delay=options.delay)
    async with GPROChatServer(reply, secret=options.secret, password=options.password) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.to_thread(_read_to_end)


def _read_to_end() -> None:
    while sys.stdin.read(4096):
        pass


if __name__ == "__main__":
    asyncio.run(_serve())
