"""Whom TLS trusts, and what it shows: more authorities, a certificate of the client, and nobody checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from yarl import URL

from gui import errors
from gui.providers import transport
from gui.providers.tls import Trust, tls_context
from gui.providers.transport import open_session, request
from tests.providers.test_transport import QUICK
from tests.servers import proxies
from tests.servers.certificates import Authority, Pair
from tests.servers.proxies import proxy_url
from tests.servers.raw import CHUNKED, LAST, RawServer, chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE = [CHUNKED, chunk(b"Hello"), LAST]


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    yield Authority(tmp_path)
    tls_context.cache_clear()


async def fetch(server: RawServer, trust: Trust, **options: Any) -> bytes:
    url = URL(f"https://{server.host.replace('127.0.0.1', 'localhost')}/")
    got = b""
    async with request("GET", url, trust=trust, limits=QUICK, **options) as response:
        async for data, _ in response.pieces():
            got += data
    return got


async def test_one_more_authority_is_trusted_by_the_connection_that_names_it(authority: Authority) -> None:
    async with RawServer(WHOLE, tls=authority.issue().server_context()) as server:
        assert await fetch(server, Trust(authorities=(str(authority.file),))) == b"Hello"
        with pytest.raises(errors.CertificateRejected):
            await fetch(server, Trust())


async def test_it_does_not_make_another_host_s_certificate_right(authority: Authority) -> None:
    async with RawServer(WHOLE, tls=authority.issue("other.example").server_context()) as server:
        with pytest.raises(errors.CertificateRejected):
            await fetch(server, Trust(authorities=(str(authority.file),)))


async def test_a_file_that_is_renewed_or_gone_is_noticed(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "other").mkdir()
    file = tmp_path / "ca.pem"
    trust = Trust(authorities=(str(file),))
    async with RawServer(WHOLE, tls=authority.issue().server_context()) as server:
        file.write_bytes(Authority(tmp_path / "other").file.read_bytes())
        with pytest.raises(errors.CertificateRejected):
            await fetch(server, trust.as_written())
        file.write_bytes(authority.file.read_bytes())
        assert await fetch(server, trust.as_written()) == b"Hello"
        file.unlink()
        with pytest.raises(errors.TrustUnreadable):
            await fetch(server, trust.as_written())


@pytest.mark.parametrize("in_one_file", [True, False])
async def test_a_client_s_certificate_is_shown(authority: Authority, in_one_file: bool, tmp_path: Path) -> None:
    own = authority.issue("client.example")
    if in_one_file:
        both = tmp_path / "both.pem"
        both.write_bytes(own.certificate.read_bytes() + own.key.read_bytes())
        own = Pair(both, Path())
    trust = Trust((str(authority.file),), str(own.certificate), "" if in_one_file else str(own.key))
    async with RawServer(WHOLE, tls=authority.issue().server_context(clients=authority.file)) as server:
        assert await fetch(server, trust) == b"Hello"
        with pytest.raises(errors.NetworkError):
            await fetch(server, Trust(authorities=trust.authorities))


@pytest.mark.parametrize("pair", [{"signed": False}, {"ends": -1, "begins": -3}, {"name": "other.example"}])
async def test_unchecked_any_certificate_will_do_for_that_connection_alone(
    authority: Authority, pair: dict[str, Any]
) -> None:
    async with RawServer(WHOLE, tls=authority.issue(**pair).server_context()) as server:
        assert await fetch(server, Trust(check=False)) == b"Hello"
        with pytest.raises(errors.CertificateRejected):
            await fetch(server, Trust(authorities=(str(authority.file),)))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(lambda it: Trust(authorities=("/no/such.pem",)), "No such file", id="no file"),
        pytest.param(lambda it: Trust(authorities=(__file__,)), "not a certificate", id="no certificate"),
        pytest.param(lambda it: Trust(certificate=str(it.issue().certificate)), "key", id="no key"),
    ],
)
async def test_a_file_that_cannot_be_used_is_named_and_nothing_is_sent(
    authority: Authority, make: Any, why: str
) -> None:
    async with RawServer(WHOLE, tls=authority.issue().server_context()) as server:
        with pytest.raises(errors.TrustUnreadable, match=why):
            await fetch(server, make(authority))
        assert server.connections == 0


async def test_a_key_with_a_password_is_refused_and_nobody_asked(authority: Authority) -> None:
    locked = authority.issue("client.example", password=b"geheim")
    with pytest.raises(errors.TrustUnreadable, match="password"):
        open_session(None, Trust(certificate=str(locked.certificate), key=str(locked.key)))


async def test_a_second_request_needs_no_second_handshake(authority: Authority) -> None:
    trust = Trust(authorities=(str(authority.file),))
    async with (
        RawServer(WHOLE, tls=authority.issue().server_context()) as server,
        open_session(None, trust) as session,
    ):
        for _ in range(3):
            assert await fetch(server, trust, session=session) == b"Hello"
        assert (server.requests, server.connections) == (3, 1)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_nor_through_a_proxy(authority: Authority, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_loopback", lambda _host: False)
    trust = Trust(authorities=(str(authority.file),))
    with (proxies.tinyproxy if scheme == "http" else proxies.microsocks)() as address:
        proxy = proxy_url(scheme, address)
        async with (
            RawServer(WHOLE, tls=authority.issue().server_context()) as server,
            open_session(proxy, trust) as session,
        ):
            for _ in range(3):
                assert await fetch(server, trust, session=session, proxy=proxy) == b"Hello"
            assert (server.requests, server.connections) == (3, 1)
