"""What an answer means that is not a reply: the error for its status and body, in each protocol.

What a server says of it is shortened, and cleared of the secrets that were sent, before it becomes a detail.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from gui.errors import (
    BadApiKey,
    BadPassword,
    BadRequest,
    BadSignature,
    ClockWrong,
    ContextTooLong,
    ModelNotFound,
    NotThisProtocol,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    ReplyBroken,
    RequestTooLarge,
    ServerError,
    ServerFailed,
    UpstreamError,
    VerificationRequired,
)
from gui.providers import transport

if TYPE_CHECKING:
    from gui.errors import ReplyError
    from gui.providers.response import Response

_BY_STATUS: Final[dict[int, type[ServerError]]] = {
    400: BadRequest,
    409: BadRequest,
    413: RequestTooLarge,
    422: BadRequest,
    429: RateLimited,
    503: Overloaded,
    529: Overloaded,  # Anthropic's and OpenRouter's own
}
_decode: Final = json.JSONDecoder().decode  # what json.loads comes to, for each token
CLOCK: Final = 5 * 60  # s that a server's clock may differ from ours, where it looks at all
_UPSTREAM_STATUS: Final = re.compile(r"\[(\d{3}) ")
_TOO_LONG: Final = re.compile(
    r"context (length|size|window)|maximum context|(prompt is|input is) too long|token count.*exceed"
    r"|exceeds the maximum number of tokens",
    re.IGNORECASE | re.DOTALL,
)
_TOO_LONG_CODES: Final = {"exceed_context_size_error", "context_length_exceeded"}
_QUOTA_CODES: Final = {"insufficient_quota", "billing_hard_limit_reached"}
_NO_MODEL: Final = re.compile(r"\bmodel\b", re.IGNORECASE)
_NO_MODEL_CODES: Final = {"model_not_found", "model_not_found_error"}


@dataclass(frozen=True, slots=True)
class Source:
    """Who answered, and how. `model` is the one that was asked for; `ahead`: seconds of its clock before ours;
    `retry_after`: seconds until it wants to be asked again.
    """

    host: str
    status: int
    model: str = ""
    secrets: tuple[str, ...] = ()
    html: bool = False
    ahead: float = 0.0
    retry_after: int | None = None

    @classmethod
    def of(cls, response: Response, model: str = "") -> Source:
        return cls(
            response.host,
            response.status,
            model,
            response.secrets,
            response.is_html,
            response.ahead,
            response.retry_after,
        )

    def show(self, message: str) -> str:
        return transport.shorten(message, self.secrets)

    def when(self, failure: ServerError) -> ServerError:
        """`failure`, with when to ask again, if that was told."""
        if self.retry_after is not None and isinstance(failure, (RateLimited, Overloaded)):
            failure.details["retry_after"] = self.retry_after
        return failure


def parse(text: str) -> Any:
    """The JSON in `text`; None where there is none."""
    try:
        return _decode(text)
    except (ValueError, RecursionError):
        return None


def of_gprochat(source: Source, text: str) -> ServerError:
    """For an answer of a GPROChat server with a status that is not 200. The protocol's bodies are JSON labelled as
    text; anything else (empty, HTML) comes from elsewhere, or from a server that could not read the request.
    """
    error = parse(text)
    error = error.get("error") if isinstance(error, dict) else None
    if not isinstance(error, dict):
        return source.when(_by_status(source, "" if source.html else text, speaks=False))
    message = error.get("message")
    message = message if isinstance(message, str) else ""
    if source.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _of_upstream(source, message)
    for status, word, kind in (
        (HTTPStatus.UNAUTHORIZED, "signature", BadSignature),
        (HTTPStatus.UNAUTHORIZED, "password", BadPassword),
        (HTTPStatus.FORBIDDEN, "", VerificationRequired),
    ):
        if source.status == status and word in message.lower():
            if kind is BadSignature and abs(source.ahead) > CLOCK:
                return ClockWrong(host=source.host, message="", minutes=round(abs(source.ahead) / 60))
            return kind(host=source.host, message=source.show(message))
    return source.when(_by_status(source, message, speaks=True))


def _of_upstream(source: Source, message: str) -> ServerError:
    """The service behind a GPROChat server told its status in the message, in brackets, unless it was 400."""
    found = _UPSTREAM_STATUS.search(message)
    status = int(found[1]) if found else 0
    kind = ContextTooLong if _TOO_LONG.search(message) else _BY_STATUS.get(status, UpstreamError)
    kind = {BadRequest: UpstreamError, RateLimited: QuotaUsedUp}.get(kind, kind)
    return kind(host=source.host, status=status, message=source.show(message))


def of_openai(source: Source, text: str) -> ServerError:
    """For an answer of an OpenAI-compatible server with a status that is not 200."""
    told = _Told.read(parse(text))
    if told is not None:
        return source.when(_of_told(source, told))
    if source.status == HTTPStatus.UNAUTHORIZED or (source.status == HTTPStatus.FORBIDDEN and not source.html):
        return BadApiKey(host=source.host, message="")
    return source.when(_by_status(source, "" if source.html else text, speaks=False))


def in_openai_stream(source: Source, body: dict[str, Any]) -> ReplyError:
    """For an error where the reply, or the rest of it, should be. Its status is the one it holds, if any."""
    told = _Told.read(body) or _Told("")
    status = told.status or HTTPStatus.BAD_REQUEST
    failure = _of_told(Source(source.host, status, source.model, source.secrets), told)
    if isinstance(failure, (BadRequest, ServerFailed, NotThisProtocol)):
        return ReplyBroken(host=source.host, message=failure.details["message"])
    return failure


def _of_told(source: Source, told: _Told) -> ServerError:
    message = source.show(told.message)
    asks_for_key = source.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    limited = source.status == HTTPStatus.TOO_MANY_REQUESTS  # "… tokens per minute for this context length"
    if told.codes & _TOO_LONG_CODES or (_TOO_LONG.search(told.message) and not asks_for_key and not limited):
        return ContextTooLong(host=source.host, message=message)
    if asks_for_key:
        return BadApiKey(host=source.host, message=message)
    unknown = source.status == HTTPStatus.NOT_FOUND and _NO_MODEL.search(told.message)
    if unknown or told.codes & _NO_MODEL_CODES:
        return ModelNotFound(host=source.host, model=source.model, message=message)
    if limited and told.codes & _QUOTA_CODES:
        return QuotaUsedUp(host=source.host, message=message)
    return _by_status(source, told.message, speaks=True)


def _by_status(source: Source, message: str, *, speaks: bool) -> ServerError:
    """`speaks`: the body has the protocol's form; without it a bare 400 says nothing."""
    kind = _BY_STATUS.get(source.status)
    if kind is None or (kind is BadRequest and not speaks):
        kind = ServerFailed if source.status >= HTTPStatus.INTERNAL_SERVER_ERROR else NotThisProtocol
    return kind(host=source.host, status=source.status, message=source.show(message))


@dataclass(frozen=True, slots=True)
class _Told:
    """An error of an OpenAI-compatible server. `codes` are its `code` and `type` in lower case; `status` is 0 if none
    of them is one of HTTP's.
    """

    message: str
    codes: frozenset[str] = frozenset()

    @property
    def status(self) -> int:
        return next((int(code) for code in self.codes if re.fullmatch(r"[45]\d\d", code)), 0)

    @classmethod
    def read(cls, body: Any) -> _Told | None:
        """OpenAI, llama.cpp, Ollama: {"error": {…}} or {"error": str}; Gemini: that in a list; vLLM: the fields
        themselves; FastAPI: {"detail": …}. None: not an error.
        """
        body = body[0] if isinstance(body, list) and body else body
        if not isinstance(body, dict):
            return None
        error = body.get("error") or (body if "message" in body else body.get("detail"))
        if not error:
            return None
        if not isinstance(error, dict):
            return cls(error if isinstance(error, str) else json.dumps(error, ensure_ascii=False))
        message = error.get("message")
        codes = frozenset(str(error[key]).lower() for key in ("code", "type") if error.get(key))
        return cls(message if isinstance(message, str) else "", codes)
