"""HTTP as the providers need it: one session a proxy, three limits, and every library error turned into one of ours.

The details of an error name the host and never hold a secret: what a server or a proxy says is searched for each
secret that was sent to it. The errors are raised outside of the `except` that caught the library's, so that its text
(aiohttp's proxy error holds the proxy's password) hangs on no chain.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import errno
import io
import ipaddress
import json
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import aiohttp

from gui.errors import (
    CertificateRejected,
    ConnectionCut,
    ConnectionDropped,
    ConnectTimeout,
    FirstByteTimeout,
    GProChatError,
    InvalidAddress,
    NameNotResolved,
    NetworkError,
    NotThisProtocol,
    ProxyLoginRefused,
    ProxyRefused,
    ProxyUnreachable,
    ServerUnreachable,
    TlsMissing,
)
from gui.providers.proxy import Proxy, parse_url, socks_connector
from gui.providers.response import Response
from gui.providers.tls import SYSTEM, Trust, new_context, tls_context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from yarl import URL

    from gui.providers.course import Course

KEEP_ALIVE: Final = 4.0  # s; a GPROChat server closes idle connections after 5
MESSAGE: Final = 300  # characters shown of what a server says

_STALE: Final = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED}
_LOGIN_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}
_NO_TLS: Final = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"}
_PROXY_PAGES: Final = {401, 403, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. `connect`: name, socket, proxy and TLS together; `first_byte`: from there to the first byte of the
    reply's body; `silence`: between two reads after that. The whole has no limit.
    """

    connect: float = 15.0
    first_byte: float = 300.0
    silence: float = 120.0


LIMITS: Final = Limits()


def server_address(url: str) -> URL:
    """The base address of a server, from what a person typed: without query, fragment and closing slash.

    Raises InvalidAddress for anything but http(s)://host…; a login in it is refused too, since addresses are kept
    in a file.
    """
    address = parse_url(url)
    if (
        address is None
        or address.scheme not in {"http", "https"}
        or not address.host
        or address.raw_user is not None
        or address.raw_password is not None
        or not _is_host(address.host)
    ):
        raise InvalidAddress(url=url.rpartition("@")[2])
    return address.with_path(address.raw_path.rstrip("/"), encoded=True)


def _is_host(host: str) -> bool:
    """Whether a name can be looked up: its labels have 63 characters at the most (RFC 1035); numbers alone are an IPv4
    address in full, as aiohttp takes no other.
    """
    try:
        host.encode("idna")
        if host.replace(".", "").isdigit():
            ipaddress.IPv4Address(host)
    except ValueError:  # UnicodeError is one
        return False
    return True


def host_of(url: URL) -> str:
    """Host and port as errors name them; a scheme's own port is left out."""
    return url.host_port_subcomponent or ""


def is_loopback(host: str) -> bool:
    """Whether `host` is this computer: localhost, 127.0.0.0/8, ::1, and the unspecified address, which ends there."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def well_formed(text: str) -> str:
    """`text` as UTF-8 can carry it: each lone surrogate becomes U+FFFD, as JavaScript's encoder does it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def shorten(text: str, secrets: Iterable[str] = ()) -> str:
    """One line of at most MESSAGE characters, without any of `secrets` (in plain, URL, JSON or Basic form)."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "…")
    line = " ".join(text.split())
    return line if len(line) <= MESSAGE else line[: MESSAGE - 1] + "…"


def _forms(secret: str) -> set[str]:
    text = well_formed(secret)
    encoded = base64.b64encode(text.encode()).decode()
    return {secret, text, text.strip() or text, quote(text, safe=""), quote(text), json.dumps(text)[1:-1], encoded}


def open_session(proxy: str | None, trust: Trust = SYSTEM, course: Course | None = None) -> aiohttp.ClientSession:
    """A session for any number of requests through `proxy` (http, https, socks4, socks4a, socks5 or socks5h URL, its
    login percent-encoded), or direct ones. Names are resolved by the proxy, except by plain socks4. The environment
    is not read, cookies are not kept. `course` is told of the one request of a session that is made to look.
    Raises ProxyUnreadable, TrustUnreadable; to be called where a loop runs, closed by the caller.
    """
    parsed = Proxy.parse(proxy) if proxy else None
    context = new_context(trust) if course else tls_context(trust)
    options: dict[str, Any] = {"ssl": context, "limit": 0, "keepalive_timeout": KEEP_ALIVE}
    connector = socks_connector(parsed, options) if parsed and parsed.socks else aiohttp.TCPConnector(**options)
    traces = [aiohttp.TraceConfig()]
    if course:
        course.follow(context)
        traces.append(course.trace())
    trace = traces[0]
    trace.on_connection_create_end.append(_created)
    trace.on_connection_reuseconn.append(_reused)
    return aiohttp.ClientSession(
        connector=connector,
        proxy=parsed.url if parsed and not parsed.socks else None,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        trace_configs=traces,
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        headers={"User-Agent": "GPROChat", "Accept-Encoding": "identity"},
    )


@dataclass(slots=True)
class _Attempt:
    """One sending of the request. aiohttp tells it when the connection stands; then the limit becomes the next one."""

    timeout: asyncio.Timeout
    first_byte: float
    connected: bool = False
    reused: bool = False
    deadline: float = 0.0

    def stands(self, *, reused: bool) -> None:
        self.connected, self.reused = True, reused
        self.deadline = asyncio.get_running_loop().time() + self.first_byte
        self.timeout.reschedule(self.deadline)

    def went_stale(self, error: Exception) -> bool:
        """Whether the server had closed a kept connection before the request came."""
        return self.reused and self.unanswered(error)

    def unanswered(self, error: Exception) -> bool:
        """Whether the connection stood, and then was reset or ended without one byte of a response (`message` is a
        str then).
        """
        if not self.connected:
            return False
        if isinstance(error, aiohttp.ServerDisconnectedError):
            return isinstance(error.message, str)
        # aiohttp wraps what happens while it writes; its own "closing transport" has no number.
        return any(
            isinstance(cause, ConnectionError) or (isinstance(cause, OSError) and cause.errno in _STALE)
            for cause in _causes(error)
        )


async def _created(_session: aiohttp.ClientSession, context: Any, _params: Any) -> None:
    context.trace_request_ctx.stands(reused=False)


async def _reused(_session: aiohttp.ClientSession, context: Any, _params: Any) -> None:
    context.trace_request_ctx.stands(reused=True)


@contextlib.asynccontextmanager
async def request(
    method: str,
    url: URL,
    *,
    proxy: str | None = None,
    session: aiohttp.ClientSession | None = None,
    headers: dict[str, str] | None = None,
    body: Any = None,
    limits: Limits = LIMITS,
    secrets: Iterable[str | None] = (),
    trust: Trust = SYSTEM,
) -> AsyncIterator[Response]:
    """Send `body` as JSON; leaving the context ends the request. No redirect is followed: it would carry a password
    to another host.

    `session` is one of `open_session(proxy, trust)`, with the same two; without it one is opened for this request. An
    address on this computer is reached directly, whatever `proxy` says. `secrets` are kept out of every error.
    Raises a NetworkError, NotThisProtocol or ProxyUnreadable. A kept connection that turns out to be stale is
    replaced once, if no byte of an answer had come.
    """
    if proxy and is_loopback(url.host or ""):
        proxy, session = None, None
    call = _Call(method, url, Proxy.parse(proxy) if proxy else None, headers or {}, body, limits, secrets)
    async with contextlib.AsyncExitStack() as stack:
        if session is None:
            session = await stack.enter_async_context(open_session(proxy, trust))
        sent = await call.send(session)
        if sent is None:  # other kept connections may be as stale: a session of its own has none
            sent = await call.send(await stack.enter_async_context(open_session(proxy, trust)))
        if sent is None:
            raise AssertionError("a new connection cannot be a kept one")
        raw, deadline = sent
        stack.callback(raw.close)
        response = Response(raw, call.host, call.secrets, limits, deadline)
        call.check_proxy(response)
        yield response


class _Call:
    def __init__(
        self,
        method: str,
        url: URL,
        proxy: Proxy | None,
        headers: dict[str, str],
        body: Any,
        limits: Limits,
        secrets: Iterable[str | None],
    ) -> None:
        self.method, self.url, self.proxy, self.limits = method, url, proxy, limits
        self.headers = headers
        self.body = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.host = host_of(url)
        self.secrets = (*(secret for secret in secrets if secret), *(proxy.secrets if proxy else ()))

    async def send(self, session: aiohttp.ClientSession) -> tuple[aiohttp.ClientResponse, float] | None:
        """The response's head, and when (loop time) the first byte of its body is due. None: the connection was a kept
        one, and stale.
        """
        timeout = asyncio.timeout(self.limits.connect)
        attempt = _Attempt(timeout, self.limits.first_byte)
        try:
            async with timeout:
                return await session.request(self.method, self.url, **self._options(attempt)), attempt.deadline
        except Exception as error:
            if attempt.went_stale(error):
                return None
            failure = self._explain(error, attempt)
            if failure is None:
                raise
        raise failure

    def _options(self, attempt: _Attempt) -> dict[str, Any]:
        headers = dict(self.headers)
        options: dict[str, Any] = {"allow_redirects": False, "trace_request_ctx": attempt, "headers": headers}
        if self.body is not None:
            headers["Content-Type"] = "application/json"
            options["data"] = io.BytesIO(self.body)  # aiohttp warns of large bytes
        if self.proxy and not self.proxy.socks:
            options["proxy"] = self.proxy.url
            if self.url.scheme == "https":
                options["proxy_headers"] = self.proxy.headers
            else:
                headers |= self.proxy.headers
        return options

    def _explain(self, error: Exception, attempt: _Attempt) -> GProChatError | None:
        """Our error for one raised before the head of a response; None: it is a bug."""
        if self.proxy and (failure := self._explain_proxy(self.proxy, error, attempt)):
            return failure
        if isinstance(error, TimeoutError):
            if attempt.connected:
                return FirstByteTimeout(host=self.host, seconds=f"{self.limits.first_byte:g}")
            return ConnectTimeout(host=self.host, seconds=f"{self.limits.connect:g}")
        if reason := _tls_reason(error):
            kind = TlsMissing if reason in _NO_TLS else CertificateRejected
            return kind(host=self._whose_tls(error), reason=shorten(reason, self.secrets))
        if isinstance(error, aiohttp.ClientResponseError):
            return NotThisProtocol(host=self.host, status=0, message="")
        kinds: tuple[tuple[type[Exception], type[NetworkError]], ...] = (
            (aiohttp.ClientConnectorDNSError, NameNotResolved),
            (aiohttp.ClientConnectorError, ServerUnreachable),
            (aiohttp.ClientError, ConnectionCut),
            (OSError, ConnectionCut),
        )
        failed = next((kind for library, kind in kinds if isinstance(error, library)), None)
        if failed is ConnectionCut and attempt.unanswered(error):
            failed = ConnectionDropped
        return failed(host=self.host) if failed else None

    def _whose_tls(self, error: Exception) -> str:
        """Who failed to prove who it is: the server, or an HTTPS proxy."""
        if self.proxy and self.proxy.url.scheme == "https":
            met = getattr(error, "host", None), getattr(error, "port", None)
            if self.url.scheme == "http" or met == (self.proxy.url.host, self.proxy.url.port):
                return self.proxy.host
        return self.host

    def _explain_proxy(self, proxy: Proxy, error: Exception, attempt: _Attempt) -> GProChatError | None:
        if isinstance(error, aiohttp.ClientHttpProxyError):
            return self._refused(proxy, error.status, error.message)
        if attempt.connected or _tls_reason(error):
            return None  # it did its part
        if proxy.socks and not isinstance(error, TimeoutError):
            return self._explain_socks(proxy, error)
        if isinstance(error, (TimeoutError, aiohttp.ClientConnectorError)):
            return ProxyUnreachable(host=proxy.host)
        if isinstance(error, aiohttp.ClientError):
            return ProxyRefused(host=proxy.host, reason="it closed the connection")
        return None

    def _explain_socks(self, proxy: Proxy, error: Exception) -> GProChatError | None:
        import python_socks
        from aiohttp_socks import ProxyConnectionError, ProxyError

        causes = list(_causes(error))
        if any(isinstance(cause, (ProxyConnectionError, python_socks.ProxyConnectionError)) for cause in causes):
            return ProxyUnreachable(host=proxy.host)
        if isinstance(error, (ProxyError, python_socks.ProxyError)):
            # The library tells a refused login from other refusals by its words alone.
            if "authentication" in str(error).lower():
                return ProxyLoginRefused(host=proxy.host)
            return ProxyRefused(host=proxy.host, reason=shorten(str(error), self.secrets))
        # The library's own reads raise EOFError. With TLS, an OSError may also be of the server behind the proxy.
        if isinstance(error, EOFError) or (isinstance(error, OSError) and self.url.scheme == "http"):
            return ProxyRefused(host=proxy.host, reason="it closed the connection")
        return None

    def _refused(self, proxy: Proxy, status: int, reason: str | None) -> GProChatError:
        if status in _LOGIN_REFUSED:
            return ProxyLoginRefused(host=proxy.host)
        return ProxyRefused(host=proxy.host, reason=shorten(f"{status} {reason or ''}", self.secrets))

    def check_proxy(self, response: Response) -> None:
        """Raise what an HTTP proxy says in the server's place: 407, or (plain http only) its HTML page for a failure.

        Such a page of the server itself is taken for the proxy's; neither kind of server has one.
        """
        if self.proxy is None or self.proxy.socks or self.url.scheme == "https":
            return
        if response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED or (
            response.is_html and response.status in _PROXY_PAGES
        ):
            raise self._refused(self.proxy, response.status, response.reason)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _tls_reason(error: Exception) -> str:
    """Why TLS failed, in OpenSSL's words; "" if it was something else."""
    failures = [cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)]
    words = (getattr(failure, name, "") for failure in failures for name in ("verify_message", "reason"))
    return next((word for word in words if word), "TLS") if failures else ""
