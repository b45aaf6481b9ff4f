"""The transport through real proxies: tinyproxy (HTTP) and microsocks (SOCKS5), both with a login.

The servers are on loopback, which is never proxied; so the fixture `proxied` switches that one rule off.
test_transport.py shows the rule itself.
"""

from __future__ import annotations

import asyncio
import base64
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from yarl import URL

from gui import errors
from gui.providers import tls, transport
from gui.providers.gprochat import GPROChat
from gui.providers.openai import OpenAI
from gui.providers.proxy import Proxy
from gui.providers.transport import Limits, open_session, request
from tests.providers.test_transport import tls_server as tls_server  # noqa: PLC0414 -- a fixture
from tests.servers import proxies
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.servers.openai import OpenAIServer
from tests.servers.proxies import free_port, proxy_url
from tests.servers.raw import CHUNKED, CLOSE, RESET, SILENCE, RawServer, Step, chunk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.providers.base import ChatMessage

pytestmark = pytest.mark.skipif(not proxies.installed(), reason="tinyproxy and microsocks are not installed")

ASK: list[ChatMessage] = [{"role": "user", "content": "Hello?"}]
USER, PASSWORD = "proxyuser", "Pr0xy.P-ss_w0rd"
KEY, SITE, API = "s1gning-Key", "s1te-P ss/word", "sk-Api-K3y"
QUICK = Limits(connect=2.0, first_byte=0.3, silence=0.3)
SCHEMES = ["http", "socks5", "socks5h"]


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_loopback", lambda _host: False)


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, str]]:
    """The address of a running proxy for each scheme."""
    with proxies.tinyproxy(USER, PASSWORD) as http, proxies.microsocks(USER, PASSWORD) as socks:
        yield {"http": http, "socks5": socks, "socks5h": socks}


async def collect(url: str, proxy: str, **options: Any) -> tuple[str, errors.GProChatError | None]:
    text = ""
    options = {"limits": QUICK, "secret_key": KEY, "password": SITE, **options}
    try:
        async for piece in GPROChat.create_async_generator("", ASK, proxy, url=url, **options):
            text += str(piece)
    except errors.GProChatError as error:
        return text, error
    return text, None


def assert_no_secret(error: BaseException) -> None:
    seen: BaseException | None = error
    shown = "".join(traceback.format_exception(error))
    while seen is not None:
        shown += f"{seen} {seen!r} {seen.args} {getattr(seen, 'details', '')}"
        seen = seen.__cause__ or seen.__context__
    assert isinstance(error, errors.GProChatError)
    shown += error.to_json()
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    for secret in (PASSWORD, KEY, SITE, API, login, quote(SITE), quote(SITE, safe="")):
        assert secret not in shown


# -- through ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("own", [True, False])
async def test_a_reply_comes_through_a_proxy_with_a_login(running: dict[str, str], scheme: str, own: bool) -> None:
    proxy = proxy_url(scheme, running[scheme], USER, PASSWORD)
    reply = Reply("Hello, ", "wörld", delay=0.01)
    async with GPROChatServer(reply, secret=KEY, password=SITE) as server, open_session(proxy) as session:
        for _ in range(2):
            assert await collect(server.url, proxy, session=session if own else None) == ("Hello, wörld", None)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_pieces_come_through_one_by_one(running: dict[str, str], scheme: str) -> None:
    proxy = proxy_url(scheme, running[scheme], USER, PASSWORD)
    async with GPROChatServer(Reply("one", end="silence")) as server:
        pieces = GPROChat.create_async_generator("", ASK, proxy, url=server.url)
        assert await asyncio.wait_for(anext(pieces), 2) == "one"
        await pieces.aclose()


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_openai_comes_through(running: dict[str, str], scheme: str) -> None:
    proxy = proxy_url(scheme, running[scheme], USER, PASSWORD)
    async with OpenAIServer(key=API) as server:
        assert await OpenAI.create_async("", ASK, proxy, url=server.url, api_key=API) == "Hello"
        assert await OpenAI.fetch_models(server.url, API, proxy) == ["one", "two"]


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_https_comes_through(
    running: dict[str, str], scheme: str, tls_server: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_server[1]))
    tls.tls_context.cache_clear()
    proxy = proxy_url(scheme, running[scheme], USER, PASSWORD)
    async with request("GET", URL(f"https://localhost:{tls_server[0]}/"), proxy=proxy) as response:
        assert await response.text(9) == "Hello"
    tls.tls_context.cache_clear()


@pytest.mark.usefixtures("proxied")
async def test_the_mark_of_a_failure_is_found_behind_an_http_proxy(running: dict[str, str]) -> None:
    proxy = proxy_url("http", running["http"], USER, PASSWORD)
    async with GPROChatServer(Reply("one ", "two ", failing=True), secret=KEY, password=SITE) as server:
        text, error = await collect(server.url, proxy)
    assert text == "one two "
    assert isinstance(error, errors.ReplyBroken)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_without_a_login(scheme: str) -> None:
    start = proxies.tinyproxy if scheme == "http" else proxies.microsocks
    async with GPROChatServer() as server:
        with start() as address:
            assert (await collect(server.url, proxy_url(scheme, address), secret_key=""))[1] is None
        assert isinstance((await collect(server.url, proxy_url(scheme, address)))[1], errors.ProxyUnreachable)


async def test_any_characters_in_the_login_of_an_http_proxy() -> None:
    login = "юзер", "p@ss:wörd/%"
    headers = Proxy.parse(proxy_url("http", "proxy:8080", *login)).headers
    assert headers["Proxy-Authorization"] == "Basic " + base64.b64encode(":".join(login).encode()).decode()


# -- failures, and no secret in them ----------------------------------------------------------------------------


@contextmanager
def nobody() -> Iterator[str]:
    yield f"127.0.0.1:{free_port()}"


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("target", ["http", "https"])
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_dead_proxy(scheme: str, target: str) -> None:
    async with GPROChatServer() as server:
        with nobody() as address:
            url = server.url.replace("http", target, 1)
            _, error = await collect(url, proxy_url(scheme, address, USER, PASSWORD))
        assert server.connections == 0
    assert isinstance(error, errors.ProxyUnreachable)
    assert error.details == {"host": address}
    assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("target", ["http", "https"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("login", [(USER, "wrong" + PASSWORD), ("", "")], ids=["wrong", "none"])
async def test_a_refused_login(running: dict[str, str], scheme: str, target: str, login: tuple[str, str]) -> None:
    async with GPROChatServer() as server:
        url = server.url.replace("http", target, 1)
        _, error = await collect(url, proxy_url(scheme, running[scheme], *login))
        assert server.connections == 0
    assert isinstance(error, errors.ProxyLoginRefused)
    assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
async def test_a_proxy_s_407() -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with RawServer([refusal, CLOSE]) as proxy:
        for url in ("http://example.org", "https://example.org"):
            _, error = await collect(url, proxy_url("http", proxy.host, USER, PASSWORD))
            assert isinstance(error, errors.ProxyLoginRefused)
            assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("target", ["http", "https"])
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_server_the_proxy_cannot_reach(running: dict[str, str], scheme: str, target: str) -> None:
    url = f"{target}://127.0.0.1:{free_port()}"
    _, error = await collect(url, proxy_url(scheme, running[scheme], USER, PASSWORD))
    assert isinstance(error, errors.ProxyRefused)
    assert error.details["host"] == running[scheme]
    assert error.details["reason"]
    assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
async def test_a_proxy_that_repeats_the_login_in_its_refusal() -> None:
    refusal = f"HTTP/1.1 502 no {USER}:{PASSWORD}\r\nContent-Length: 0\r\n\r\n".encode()
    async with RawServer([refusal, CLOSE]) as proxy:
        _, error = await collect("https://example.org", proxy_url("http", proxy.host, USER, PASSWORD))
    assert isinstance(error, errors.ProxyRefused)
    assert error.details["reason"] == "502 no …"
    assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("step", [CLOSE, RESET, SILENCE, b"garbage\r\n\r\n"])
@pytest.mark.parametrize("url", ["http://example.org", "https://example.org"])
async def test_a_proxy_that_fails(step: Step, url: str) -> None:
    async with RawServer([step, SILENCE]) as proxy:
        limits = Limits(connect=0.3, first_byte=0.3)
        _, error = await collect(url, proxy_url("http", proxy.host, USER, PASSWORD), limits=limits)
    assert isinstance(error, (errors.NetworkError, errors.NotThisProtocol))
    assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("steps", "text", "kind"),
    [
        pytest.param([CLOSE], "", errors.ReplyError, id="closed before the head"),
        pytest.param([SILENCE], "", errors.FirstByteTimeout, id="silent before the head"),
        pytest.param([CHUNKED, chunk(b"Hello"), 0.05, CLOSE], "Hello", errors.ConnectionCut, id="closed in the body"),
        pytest.param([CHUNKED, chunk(b"Hello"), SILENCE], "Hello", errors.SilenceTimeout, id="silent in the body"),
    ],
)
async def test_a_server_that_fails_behind_a_proxy(
    running: dict[str, str], scheme: str, steps: list[Step], text: str, kind: type[errors.GProChatError]
) -> None:
    async with RawServer(steps) as server:
        got, error = await collect(server.url, proxy_url(scheme, running[scheme], USER, PASSWORD))
    assert got == text
    assert isinstance(error, kind)
    assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503])
async def test_a_server_that_repeats_every_secret(running: dict[str, str], scheme: str, status: int) -> None:
    everything = f"{KEY} {SITE} {PASSWORD} {quote(SITE)} {USER}:{PASSWORD}"
    proxy = proxy_url(scheme, running[scheme], USER, PASSWORD)
    for body in (Failure.said(status, everything).body, everything):
        async with GPROChatServer(Failure(status, body), secret=KEY, password=SITE) as server:
            _, error = await collect(server.url, proxy)
        assert isinstance(error, errors.ServerError)
        assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_certificate_refused_behind_a_proxy(
    running: dict[str, str], scheme: str, tls_server: tuple[int, Path]
) -> None:
    url = f"https://localhost:{tls_server[0]}"
    _, error = await collect(url, proxy_url(scheme, running[scheme], USER, PASSWORD))
    assert isinstance(error, errors.CertificateRejected)
    assert error.details["host"] == f"localhost:{tls_server[0]}"
    assert_no_secret(error)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_name_the_proxy_does_not_know(running: dict[str, str], scheme: str) -> None:
    proxy = proxy_url(scheme, running[scheme], USER, PASSWORD)
    _, error = await collect("http://no-such-host.invalid", proxy, limits=Limits(connect=5, first_byte=5))
    assert isinstance(error, errors.ProxyRefused)
    assert_no_secret(error)


async def test_an_unreadable_proxy_is_not_repeated() -> None:
    _, error = await collect("http://example.org", f"http//{USER}:{PASSWORD}@proxy")
    assert isinstance(error, errors.ProxyUnreadable)
    assert_no_secret(error)
