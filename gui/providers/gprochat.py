"""GPROChat: one POST, a signature, a reply as a stream of plain text. https://github.com/babaohuang/GeminiProChat

The reply has no end mark beside HTTP's own, and one way to fail that looks like text: see ReplyDecoder.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final

from typing_extensions import override

from gui.errors import BadRequest, ConnectionCut, EmptyReply, NetworkError, NotThisProtocol, ReplyBroken
from gui.providers import failures, transport
from gui.providers.base import AsyncGeneratorProvider, ChatMessage, Piece, ProviderModelMixin
from gui.providers.tls import SYSTEM, Trust
from gui.providers.transport import LIMITS, Limits, well_formed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import aiohttp

    from gui.providers.response import Response

MARKER: Final = b"Internal server error"
MAX_MESSAGES: Final = 99  # as the site's own page sends, the new one included

_ROLES: Final = {"user": "user", "assistant": "model"}

NativeMessage = dict[str, Any]
"""{"role": "user"|"model", "parts": [{"text": str}]}"""


class GPROChat(AsyncGeneratorProvider, ProviderModelMixin):
    """Any GPROChat server. The public one has been out of order since 2025, so there is no default address.

    The server chooses its model, not the client: `models` is closed over the one name it was built for.
    """

    url: ClassVar[str] = ""
    api_endpoint: ClassVar[str] = "/api/generate"
    working: ClassVar[bool] = True
    supports_stream: ClassVar[bool] = True
    supports_message_history: ClassVar[bool] = True
    default_model: ClassVar[str] = "gemini-1.5-pro"
    models: ClassVar[list[str]] = [default_model]
    most_messages: ClassVar[int | None] = MAX_MESSAGES

    @staticmethod
    def generate_signature(timestamp: int, message: str, secret_key: str = "") -> str:
        """Lower-case hex of sha256 over "timestamp:message:secret_key". `timestamp` is in ms since the epoch, `message`
        the text of the last message, exactly as it is sent.
        """
        signed = well_formed(f"{timestamp}:{message}:{secret_key}")
        return hashlib.sha256(signed.encode()).hexdigest()

    @classmethod
    @override
    async def create_async_generator(
        cls,
        model: str,
        messages: list[ChatMessage],
        proxy: str | None = None,
        *,
        url: str = "",
        secret_key: str = "",
        password: str | None = None,
        system_prompt: str | None = None,
        session: aiohttp.ClientSession | None = None,
        limits: Limits = LIMITS,
        trust: Trust = SYSTEM,
        **_options: Any,
    ) -> AsyncGenerator[Piece, None]:
        """Stream the reply to `messages`, whose last one is the user's; see `native_messages` for what is sent.

        `url` is the server's base address, `secret_key` its PUBLIC_SECRET_KEY, `password` its site password,
        `session` one of `transport.open_session(proxy, trust)`. Options of other providers are ignored.
        Raises UnknownModel, InvalidAddress, ProxyUnreadable, a NetworkError, a ServerError, EmptyReply, and
        ReplyBroken when the model failed in the middle.
        """
        cls.get_model(model)
        base = transport.server_address(url or cls.url)
        contents = native_messages(messages, system_prompt)
        if not contents or contents[-1]["role"] != "user":
            raise BadRequest(host=transport.host_of(base), message="The last message must be from the user.")
        now = time.time_ns() // 1_000_000
        body = {
            "messages": contents,
            "time": now,
            "pass": well_formed(password) if password else None,
            "sign": cls.generate_signature(now, contents[-1]["parts"][0]["text"], secret_key),
        }
        async with (
            transport.request(
                "POST",
                base.joinpath(cls.api_endpoint.lstrip("/")),
                proxy=proxy,
                session=session,
                body=body,
                limits=limits,
                trust=trust,
                secrets=(secret_key, password),
            ) as response,
            contextlib.aclosing(_read_reply(response)) as reply,
        ):
            async for text in reply:
                yield text

    @classmethod
    async def accepts_password(
        cls,
        url: str,
        password: str | None = None,
        proxy: str | None = None,
        session: aiohttp.ClientSession | None = None,
        limits: Limits = LIMITS,
        trust: Trust = SYSTEM,
    ) -> bool | None:
        """Whether the site password is right, or none is needed; None where the server does not tell. The secret key
        is not tried. Raises as `create_async_generator` does.
        """
        async with transport.request(
            "POST",
            transport.server_address(url) / "api" / "auth",
            proxy=proxy,
            session=session,
            body={"pass": well_formed(password) if password else None},
            limits=limits,
            trust=trust,
            secrets=(password,),
        ) as response:
            answer = failures.parse(await response.error_text()) if response.status == HTTPStatus.OK else None
        code = answer.get("code") if isinstance(answer, dict) else None
        return {0: True, -1: False}.get(code) if isinstance(code, int) else None


async def _read_reply(response: Response) -> AsyncGenerator[str, None]:
    if response.status != HTTPStatus.OK:
        raise failures.of_gprochat(failures.Source.of(response), await response.error_text())
    if response.is_html:
        raise NotThisProtocol(host=response.host, status=response.status, message="")
    decoder = ReplyDecoder(pieces_visible=response.chunked and not response.via_proxy)
    cut: NetworkError | None = None
    try:
        async with contextlib.aclosing(response.pieces()) as pieces:
            async for data, begins in pieces:
                if text := decoder.feed(data, begins=begins):
                    yield text
    except NetworkError as error:
        cut = error
    text, broken = decoder.finish()
    if text:
        yield text
    if cut:
        raise cut
    if broken:
        raise ReplyBroken(host=response.host, message="")
    if not response.delimited:
        # A body that ends with the connection ends the same way when it is cut; a GPROChat server sends chunks.
        raise ConnectionCut(host=response.host)
    if decoder.empty:
        raise EmptyReply(host=response.host)


class ReplyDecoder:
    """The reply's bytes to its text, without the mark of a failure.

    A server whose model fails after the stream was opened writes "Internal server error" as the reply's last piece
    and ends it cleanly. So a tail that may become that mark is held back (20 bytes at most, and only while it matches)
    until more comes. A reply that ends in the mark has failed, and the mark is dropped:

    - when the mark begins a piece, or is the whole reply, as the server itself sends it;
    - when a proxy may have joined or split the pieces: they are not visible (no chunks, a Via header, a single piece);
    - when it stands inside a visible piece, glued to the text before it with no space between.

    What is left is a reply of several visible pieces whose last one holds more than the mark, with a space before it
    ("HTTP 500 means Internal server error"): the model's own words, which are kept. A proxy that shows the
    other pieces but joins the mark to one that ends in a space is mistaken for that; a model whose last token is the
    whole phrase is mistaken for a failure, and loses the phrase.
    """

    def __init__(self, *, pieces_visible: bool = False) -> None:
        self._visible = pieces_visible
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = b""
        self._held_begins = False  # whether a piece begins where `_held` does
        self._before = b""  # the byte before `_held`
        self._pieces = 0
        self.empty = True

    def feed(self, data: bytes, *, begins: bool) -> str:
        """The text that is certain now. `begins`: a piece begins with `data`."""
        self.empty = False
        self._pieces += begins
        seam, pending = len(self._held), self._held + data
        # The mark is ASCII, so it can be looked for in UTF-8, and has one "I" only: the last one decides.
        start = pending.rfind(MARKER[:1])
        if start < 0 or not MARKER.startswith(pending[start:]):
            start = len(pending)
        self._held_begins = begins if start == seam else start == 0 and self._held_begins
        self._before = pending[start - 1 : start] if start else self._before
        self._held = pending[start:]
        return self._utf8.decode(pending[:start])

    def finish(self) -> tuple[str, bool]:
        """The rest of the text, and whether the reply ended in the mark of a failure."""
        words_of_the_model = self._visible and self._pieces > 1 and not self._held_begins and self._before == b" "
        broken = self._held == MARKER and not words_of_the_model
        return self._utf8.decode(b"" if broken else self._held, final=True), broken


def native_messages(messages: list[ChatMessage], system_prompt: str | None = None) -> list[NativeMessage]:
    """`messages` as the protocol wants them: "user" and "model" in turn, a user's first, at most MAX_MESSAGES.

    Neighbours of one role are joined by an empty line, empty messages and a model's words before the first question
    are left out, lone surrogates become U+FFFD. There is no system role: `system_prompt` and system messages come
    first in the first user message that is sent.
    """
    system = [system_prompt] if system_prompt else []
    turns: list[tuple[str, list[str]]] = []
    for message in messages:
        role, text = message["role"], message["content"]
        if not text:
            continue
        if role == "system":
            system.append(text)
        elif turns and turns[-1][0] == _ROLES[role]:
            turns[-1][1].append(text)
        else:
            turns.append((_ROLES[role], [text]))
    turns = turns[-MAX_MESSAGES:]
    if turns and turns[0][0] == "model":
        del turns[0]
    if turns:
        turns[0][1][:0] = system
    return [{"role": role, "parts": [{"text": well_formed("\n\n".join(texts))}]} for role, texts in turns]
