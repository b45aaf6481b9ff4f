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
    SilenceTimeout,
)
from gui.providers.proxy import Proxy, parse_url, socks_connector
from gui.providers.tls import tls_context

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

    from yarl import URL

KEEP_ALIVE: Final = 4.0  # s; a GPROChat server closes idle connections after 5
ERROR_BODY: Final = 64 * 1024  # bytes read of an error's body,
ERROR_BODY_SECONDS: Final = 10.0  # and how long that may take
MESSAGE: Final = 300  # characters shown of what a server says

_STALE: Final = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED}
_LOGIN_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}
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
    """Whether a name can be looked up: its labels have 63 characters at the most (RFC 1035)."""
    try:
        host.encode("idna")
    except UnicodeError:
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


def open_session(proxy: str | None) -> aiohttp.ClientSession:
    """A session for any number of requests through `proxy` (http, https, socks4, socks4a, socks5 or socks5h URL, its
    login percent-encoded), or direct ones. Names are resolved by the proxy, except by plain socks4. The environment
    is not read, cookies are not kept. Raises ProxyUnreadable; to be called where a loop runs, closed by the caller.
    """
    parsed = Proxy.parse(proxy) if proxy else None
    options: dict[str, Any] = {"ssl": tls_context(), "limit": 0, "keepalive_timeout": KEEP_ALIVE}
    connector = socks_connector(parsed, options) if parsed and parsed.socks else aiohttp.TCPConnector(**options)
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_created)
    trace.on_connection_reuseconn.append(_reused)
    return aiohttp.ClientSession(
        connector=connector,
        proxy=parsed.url if parsed and not parsed.socks else None,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        trace_configs=[trace],
        timeout=aiohttp.ClientTimeout(total=None),
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
        """Whether the server had closed a kept connection before the request came: it was reset, or it ended without
        one byte of a response (then `message` is a str).
        """
        if not self.reused:
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
) -> AsyncIterator[Response]:
    """Send `body` as JSON; leaving the context ends the request. No redirect is followed: it would carry a password
    to another host.

    `session` is one of `open_session(proxy)`, with the same proxy; without it one is opened for this request. An
    address on this computer is reached directly, whatever `proxy` says. `secrets` are kept out of every error.
    Raises a NetworkError, NotThisProtocol or ProxyUnreadable. A kept connection that turns out to be stale is
    replaced once, if no byte of an answer had come.
    """
    if proxy and is_loopback(url.host or ""):
        proxy, session = None, None
    call = _Call(method, url, Proxy.parse(proxy) if proxy else None, headers or {}, body, limits, secrets)
    async with contextlib.AsyncExitStack() as stack:
        if session is None:
            session = await stack.enter_async_context(open_session(proxy))
        sent = await call.send(session)
        if sent is None:  # other kept connections may be as stale: a session of its own has none
            sent = await call.send(await stack.enter_async_context(open_session(proxy)))
        if sent is None:
            raise AssertionError("a new connection cannot be a kept one")
        raw, deadline = sent
        stack.callback(raw.close)
        response = Response(raw, call, deadline)
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
            return CertificateRejected(host=self.host, reason=shorten(reason, self.secrets))
        if isinstance(error, aiohttp.ClientResponseError):
            return NotThisProtocol(host=self.host, status=0, message="")
        kinds: tuple[tuple[type[Exception], type[NetworkError]], ...] = (
            (aiohttp.ClientConnectorDNSError, NameNotResolved),
            (aiohttp.ClientConnectorError, ServerUnreachable),
            (aiohttp.ClientError, ConnectionCut),
            (OSError, ConnectionCut),
        )
        return next((kind(host=self.host) for library, kind in kinds if isinstance(error, library)), None)

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


class _Watch:
    """Ends a read, inside of which it is entered, with TimeoutError after `seconds`.

    It has one timer for all reads, which looks at the latest one when it runs out: a limit in time for each token takes
    a timer for each, and costs the event loop more than the reading.
    """

    def __init__(self, content: aiohttp.StreamReader, seconds: float) -> None:
        self._content, self._seconds = content, seconds
        self._loop = asyncio.get_running_loop()
        self._since: float | None = None  # when the read under way began
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        self._since = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._look)

    def __exit__(self, *_error: object) -> None:
        self._since = None

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._since is None:
            return
        due = self._since + self._seconds
        if self._loop.time() < due:
            self._timer = self._loop.call_at(due, self._look)
        else:
            self._content.set_exception(TimeoutError())


class Response:
    """The head of a response, and its body as it comes.

    `content_type` is lower-case, without parameters. `delimited`: the body tells its own end, so that a cut shows.
    `length`: its bytes, if the head says so. `location`: of a redirect, which nobody follows for the caller.
    `etag`, `content_range`: these headers. `chunked`: its pieces are visible as the sender (or the last machine on the
    way that joined them) wrote them.
    """

    def __init__(self, raw: aiohttp.ClientResponse, call: _Call, deadline: float) -> None:
        self._raw, self._call, self._deadline = raw, call, deadline
        self._watch = _Watch(raw.content, call.limits.silence)
        self.status = raw.status
        self.reason = raw.reason or ""
        self.host, self.secrets = call.host, call.secrets
        self.content_type = raw.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        self.chunked = "chunked" in raw.headers.get("Transfer-Encoding", "").lower()
        self.delimited = self.chunked or "Content-Length" in raw.headers
        self.via_proxy = "Via" in raw.headers
        self.length = raw.content_length
        self.etag = raw.headers.get("ETag", "")
        self.content_range = raw.headers.get("Content-Range", "")
        self.location = raw.headers.get("Location", "")

    @property
    def is_html(self) -> bool:
        return self.content_type in {"text/html", "application/xhtml+xml"}

    async def pieces(self) -> AsyncGenerator[tuple[bytes, bool], None]:
        """(bytes, whether they begin a piece as it was sent) until the body ends.

        Raises FirstByteTimeout, SilenceTimeout or ConnectionCut, after giving all that had arrived.
        """
        begins = True
        try:
            while True:
                data, ends = await self._read()
                if data:
                    self._deadline = 0.0
                    yield data, begins
                elif not ends:
                    return
                begins = ends
        finally:
            self._watch.end()

    async def _read(self) -> tuple[bytes, bool]:
        limits, content = self._call.limits, self._raw.content
        first = self._deadline > 0
        failure: NetworkError
        try:
            # Of its own: a malformed chunk size leaves aiohttp waiting, past its own limits.
            if first:
                async with asyncio.timeout_at(self._deadline):
                    return await content.readchunk()
            with self._watch:
                return await content.readchunk()
        except TimeoutError:
            kind, seconds = (FirstByteTimeout, limits.first_byte) if first else (SilenceTimeout, limits.silence)
            failure = kind(host=self.host, seconds=f"{seconds:g}")
        except (aiohttp.ClientError, OSError):
            # aiohttp raises before it hands over what it had read until then.
            if rest := content._read_nowait(-1):  # noqa: SLF001 -- there is no public way to it
                return rest, False
            failure = ConnectionCut(host=self.host)
        raise failure

    async def text(self, limit: int) -> str:
        """The whole body, or its first `limit` bytes. Raises as `pieces` does."""
        body = bytearray()
        await self._collect(body, limit)
        return body.decode("utf-8-sig", "replace")

    async def error_text(self) -> str:
        """What can be had of an error's body, quickly."""
        body = bytearray()
        with contextlib.suppress(NetworkError, TimeoutError):
            async with asyncio.timeout(ERROR_BODY_SECONDS):
                await self._collect(body, ERROR_BODY)
        return body.decode("utf-8-sig", "replace")

    async def _collect(self, body: bytearray, limit: int) -> None:
        async with contextlib.aclosing(self.pieces()) as pieces:
            async for data, _ in pieces:
                body += data[: limit - len(body)]
                if len(body) >= limit:
                    return
