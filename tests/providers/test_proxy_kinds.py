"""HTTPS proxies, and SOCKS 4: what the common proxies of test_proxies.py are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from yarl import URL

from gui import errors
from gui.providers import transport
from gui.providers.tls import SYSTEM, Trust, tls_context
from gui.providers.transport import request
from tests.providers.test_transport import QUICK
from tests.servers import proxies
from tests.servers.certificates import Authority
from tests.servers.proxies import proxy_url
from tests.servers.raw import CHUNKED, LAST, RawServer, chunk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE = [CHUNKED, chunk(b"Hello"), LAST]
USER, PASSWORD = "proxyuser", "Pr0xy.P-ss_w0rd"


@pytest.fixture(autouse=True)
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_loopback", lambda _host: False)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    yield Authority(tmp_path)
    tls_context.cache_clear()


async def fetch(url: str, proxy: str, trust: Trust = SYSTEM) -> bytes:
    got = b""
    async with request("POST", URL(url), proxy=proxy, body={}, limits=QUICK, trust=trust) as response:
        async for data in response.data():
            got += data
    return got


@pytest.mark.parametrize("encrypted", [False, True])
async def test_an_https_proxy_with_a_login(authority: Authority, encrypted: bool) -> None:
    trust = Trust(authorities=(str(authority.file),))
    context = authority.issue().server_context()
    with proxies.tinyproxy(USER, PASSWORD) as plain:
        async with (
            proxies.behind_tls(plain, context) as address,
            RawServer(WHOLE, tls=context if encrypted else None) as server,
        ):
            url = f"https://{server.host.replace('127.0.0.1', 'localhost')}" if encrypted else server.url
            assert await fetch(url, proxy_url("https", address, USER, PASSWORD), trust) == b"Hello"
            with pytest.raises(errors.ProxyLoginRefused):
                await fetch(url, proxy_url("https", address, USER, "wrong"), trust)


async def test_an_https_proxy_that_cannot_prove_who_it_is(authority: Authority) -> None:
    with proxies.tinyproxy() as plain:
        async with (
            proxies.behind_tls(plain, authority.issue().server_context()) as address,
            RawServer(WHOLE) as server,
        ):
            with pytest.raises(errors.NetworkError) as caught:
                await fetch(server.url, proxy_url("https", address))
            assert isinstance(caught.value, errors.CertificateRejected)
            assert caught.value.details["host"] == address
            assert server.connections == 0


async def test_socks4() -> None:
    async with proxies.socks4() as address, RawServer(WHOLE) as server:
        assert await fetch(server.url, f"socks4://{address}") == b"Hello"
        assert await fetch(server.url.replace("127.0.0.1", "localhost"), f"socks4://{address}") == b"Hello"


async def test_socks4_knows_a_user() -> None:
    async with proxies.socks4("me") as address, RawServer(WHOLE) as server:
        assert await fetch(server.url, f"socks4://me@{address}") == b"Hello"
        with pytest.raises(errors.ProxyError):
            await fetch(server.url, f"socks4://other@{address}")


async def test_socks4_in_tls(authority: Authority) -> None:
    trust = Trust(authorities=(str(authority.file),))
    async with proxies.socks4() as address, RawServer(WHOLE, tls=authority.issue().server_context()) as server:
        url = f"https://{server.host.replace('127.0.0.1', 'localhost')}"
        assert await fetch(url, f"socks4://{address}", trust) == b"Hello"
